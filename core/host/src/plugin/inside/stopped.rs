//! What a loader asks by calls that could also ask about any path, `openat` and `newfstatat`: the filter stops them, and
//! this answers, about the one library and about open descriptors alone. Whoever puts another answer in its place gets
//! no other files by it, and learns of none: the kernel never makes the stopped call.

#![allow(unsafe_code)]

use std::ffi::CStr;
use std::os::fd::{IntoRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, Ordering};

use libc::{c_int, c_long, c_void, siginfo_t, ucontext_t};

use crate::plugin::refusal::Refused;

/// The name under which the library is loaded. There is no such file.
pub const LIBRARY: &CStr = c"/plugin.so";

/// What the one opening of that name is answered with.
static OPENED: AtomicI32 = AtomicI32::new(NOTHING);

const NOTHING: i32 = -1;

/// Puts the answers in place, before the filter that needs them. The library was opened before the cage closed; whoever
/// opens it by its name gets it, once.
pub fn answer(library: Option<OwnedFd>) -> Result<(), Refused> {
    OPENED.store(library.map_or(NOTHING, IntoRawFd::into_raw_fd), Ordering::Relaxed);
    // SAFETY: all zeros is a valid `sigaction`: no flags, an empty mask. The handler keeps to what may be done in one:
    // it reads what the stopped call was given, makes one system call at most, and puts `errno` back.
    let done = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = stopped as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER | libc::SA_ONSTACK;
        libc::sigaction(libc::SIGSYS, &action, std::ptr::null_mut())
    };
    if done == 0 { Ok(()) } else { Err(Refused::Process) }
}

/// A stopped call: its number, and the first four of what it was given.
struct Stopped {
    number: c_long,
    given: [u64; 4],
}

#[cfg(target_arch = "x86_64")]
fn read(context: &ucontext_t) -> Stopped {
    let word = |at: c_int| context.uc_mcontext.gregs[at as usize] as u64;
    let given = [libc::REG_RDI, libc::REG_RSI, libc::REG_RDX, libc::REG_R10].map(word);
    Stopped { number: word(libc::REG_RAX) as c_long, given }
}

#[cfg(target_arch = "x86_64")]
fn write(context: &mut ucontext_t, result: i64) {
    context.uc_mcontext.gregs[libc::REG_RAX as usize] = result;
}

#[cfg(target_arch = "aarch64")]
fn read(context: &ucontext_t) -> Stopped {
    let words = &context.uc_mcontext.regs;
    Stopped { number: words[8] as c_long, given: [words[0], words[1], words[2], words[3]] }
}

#[cfg(target_arch = "aarch64")]
fn write(context: &mut ucontext_t, result: i64) {
    context.uc_mcontext.regs[0] = result as u64;
}

/// There is no list of calls for other machines, and so no cage.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn read(_: &ucontext_t) -> Stopped {
    Stopped { number: -1, given: [0; 4] }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn write(_: &mut ucontext_t, _: i64) {}

extern "C" fn stopped(_: c_int, _: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel gives a handler of this kind the context of the call that it has stopped.
    let context = unsafe { &mut *context.cast::<ucontext_t>() };
    let asked = read(context);
    let path = asked.given[1] as *const u8;
    let result = match asked.number {
        libc::SYS_openat => opened(path),
        libc::SYS_newfstatat => told(asked.given[0], path, asked.given[2], asked.given[3]),
        _ => None,
    };
    write(context, result.unwrap_or(-i64::from(libc::EPERM)));
}

/// The library, for whoever opens it first by its name.
fn opened(path: *const u8) -> Option<i64> {
    if path.is_null() {
        return None;
    }
    // SAFETY: a path is a text that the caller owns, and no byte behind its end is read; one that is none ends the
    // process, which is its own fault.
    let named =
        LIBRARY.to_bytes_with_nul().iter().enumerate().all(|(at, byte)| unsafe { *path.add(at) == *byte });
    let library = if named { OPENED.swap(NOTHING, Ordering::Relaxed) } else { NOTHING };
    (library != NOTHING).then_some(library.into())
}

/// `fstat`: what is known of an open descriptor.
fn told(descriptor: u64, path: *const u8, answer: u64, flags: u64) -> Option<i64> {
    // SAFETY: as above; a path may be null here. `fstat` checks the place of its answer itself. `errno` is this thread's.
    unsafe {
        if !(path.is_null() || *path == 0) || flags != libc::AT_EMPTY_PATH as u64 {
            return None;
        }
        let (place, before) = (libc::__errno_location(), *libc::__errno_location());
        let told = libc::syscall(libc::SYS_fstat, descriptor as c_int, answer);
        let result = if told < 0 { -i64::from(*place) } else { told };
        *place = before;
        Some(result)
    }
}
