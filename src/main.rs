//! The `sunwatch` program: see [`sunwatch::cli`].

/// Comparing schemas makes and drops many small things.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    sunwatch::cli::main()
}
