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
