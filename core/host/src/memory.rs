//! Memory that a process has freed and that its C library has kept for the next time.

/// Gives whole pages of it back to the system, in every arena. A few milliseconds at most, while which other threads may
/// wait for memory.
#[cfg(target_env = "gnu")]
#[allow(unsafe_code)]
pub fn give_back() {
    // SAFETY: a call of the C library that may be made at any time by any thread; it returns pages that nothing lies on.
    unsafe { libc::malloc_trim(0) };
}

/// Other C libraries give back what they can by themselves.
#[cfg(not(target_env = "gnu"))]
pub fn give_back() {}

/// Keeps it in as many places as there are processors, where the C library would make eight a processor, each of which
/// keeps what it has freed for itself. Asked before threads are started: what there is by then stays.
#[cfg(target_env = "gnu")]
#[allow(unsafe_code)]
pub fn keep_together() {
    let processors = std::thread::available_parallelism().map_or(2, |n| n.get().max(2));
    // SAFETY: a call of the C library with an option that it knows and a positive number.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, libc::c_int::try_from(processors).unwrap_or(libc::c_int::MAX))
    };
}

/// Other C libraries keep it in one place.
#[cfg(not(target_env = "gnu"))]
pub fn keep_together() {}
