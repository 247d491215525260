//! The system calls that a worker may make, with their numbers on both machines, while loading and afterwards.
//!
//! Everything that is not here fails with EPERM, also calls that kernels will yet invent. Reviewed call by call: no
//! entry opens, names or makes anything outside the process.

/// When a call is let through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// Always.
    Always,
    /// Only while the library is loaded.
    Loading,
    /// Never: it is stopped, and answered in the process ([`super::stopped`]). `openat`, `newfstatat`.
    Stopped,
    /// Never executable; while loading, pages of a file may be if they are not writable. `mmap`.
    Mapping,
    /// Never executable. `mprotect`.
    Protecting,
    /// Only to the process itself: `abort` sends its signal so.
    ToItself,
    /// Only while loading, and only the few requests that the worker itself makes.
    OwnRequests,
    /// Only while loading, and only to add a filter with no flags.
    AddFilter,
}

/// One call: name, number on x86-64, number on aarch64 (None where it does not exist), when.
pub struct Call {
    /// The kernel's name; what the tests check the numbers by.
    #[cfg_attr(not(test), allow(dead_code))]
    pub name: &'static str,
    /// Number on x86-64.
    pub x86_64: i64,
    /// Number on aarch64.
    pub aarch64: Option<i64>,
    /// When it is let through.
    pub when: When,
}

const fn call(name: &'static str, x86_64: i64, aarch64: i64, when: When) -> Call {
    Call { name, x86_64, aarch64: Some(aarch64), when }
}

/// All of them.
pub const CALLS: &[Call] = &[
    // Talking to the server and to the log; there are no other descriptors.
    call("read", 0, 63, When::Always),
    call("write", 1, 64, When::Always),
    call("readv", 19, 65, When::Always),
    call("writev", 20, 66, When::Always),
    call("close", 3, 57, When::Always),
    // Memory.
    call("brk", 12, 214, When::Always),
    call("munmap", 11, 215, When::Always),
    call("mremap", 25, 216, When::Always),
    call("madvise", 28, 233, When::Always),
    call("mmap", 9, 222, When::Mapping),
    call("mprotect", 10, 226, When::Protecting),
    // Signals within the process: Rust's stack guard, abort.
    call("rt_sigaction", 13, 134, When::Always),
    call("rt_sigprocmask", 14, 135, When::Always),
    call("rt_sigreturn", 15, 139, When::Always),
    call("sigaltstack", 131, 132, When::Always),
    call("tgkill", 234, 131, When::ToItself),
    call("getpid", 39, 172, When::Always),
    call("gettid", 186, 178, When::Always),
    // Waiting and time, where the kernel's page does not answer without a call.
    call("futex", 202, 98, When::Always),
    call("sched_yield", 24, 124, When::Always),
    call("nanosleep", 35, 101, When::Always),
    call("clock_nanosleep", 230, 115, When::Always),
    call("clock_gettime", 228, 113, When::Always),
    call("clock_getres", 229, 114, When::Always),
    call("gettimeofday", 96, 169, When::Always),
    call("restart_syscall", 219, 128, When::Always),
    // Hash tables seed themselves.
    call("getrandom", 318, 278, When::Always),
    call("exit", 60, 93, When::Always),
    call("exit_group", 231, 94, When::Always),
    // Loading: what the C library's `dlopen` does with one file. `fstat` is `newfstatat` in newer ones.
    call("openat", 257, 56, When::Stopped),
    call("pread64", 17, 67, When::Loading),
    call("fstat", 5, 80, When::Loading),
    call("newfstatat", 262, 79, When::Stopped),
    call("prctl", 157, 167, When::OwnRequests),
    call("seccomp", 317, 277, When::AddFilter),
    // Where there is no page for it.
    Call { name: "time", x86_64: 201, aarch64: None, when: When::Always },
];
