//! The `sunwatch` program: see [`sunwatch::cli`].

fn main() -> std::process::ExitCode {
    sunwatch::cli::main()
}
