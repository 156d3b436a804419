//! Threads with room on their stacks for code that is nested as deeply as is followed.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Bytes of a stack. The deepest code takes two megabytes without optimisation, as much
/// as a thread has that nobody gave more; what is not used is not taken from the memory.
const STACK: usize = 16 << 20;

/// Runs work on such threads, as many as there would be otherwise.
pub(super) fn with_room<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    static POOL: LazyLock<Option<ThreadPool>> =
        LazyLock::new(|| ThreadPoolBuilder::new().stack_size(STACK).build().ok());
    match &*POOL {
        Some(pool) => pool.install(work),
        None => work(),
    }
}
