//! `fstat` for a loader that asks by `newfstatat`, which could also ask about a path: the filter stops that call, and
//! this answers it, about an open descriptor alone. Whoever puts another answer in its place gets no other files by it:
//! the kernel never makes the stopped call.

#![allow(unsafe_code)]

use libc::{c_int, c_void, siginfo_t, ucontext_t};

use crate::plugin::refusal::Refused;

/// Puts the answer in place, before the filter that needs it.
pub fn answer_stopped() -> Result<(), Refused> {
    // SAFETY: all zeros is a valid `sigaction`: no flags, an empty mask. The handler keeps to what may be done in one:
    // it reads what the stopped call was given, makes one system call, and puts `errno` back.
    let done = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = stopped as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER | libc::SA_ONSTACK;
        libc::sigaction(libc::SIGSYS, &action, std::ptr::null_mut())
    };
    if done == 0 { Ok(()) } else { Err(Refused::Process) }
}

/// What a stopped call was given: descriptor, path, where the answer goes, flags.
struct Stopped {
    descriptor: u64,
    path: *const u8,
    answer: u64,
    flags: u64,
}

#[cfg(target_arch = "x86_64")]
fn read(context: &ucontext_t) -> Stopped {
    let word = |at: c_int| context.uc_mcontext.gregs[at as usize] as u64;
    let path = word(libc::REG_RSI) as *const u8;
    Stopped { descriptor: word(libc::REG_RDI), path, answer: word(libc::REG_RDX), flags: word(libc::REG_R10) }
}

#[cfg(target_arch = "x86_64")]
fn write(context: &mut ucontext_t, result: i64) {
    context.uc_mcontext.gregs[libc::REG_RAX as usize] = result;
}

#[cfg(target_arch = "aarch64")]
fn read(context: &ucontext_t) -> Stopped {
    let words = &context.uc_mcontext.regs;
    Stopped { descriptor: words[0], path: words[1] as *const u8, answer: words[2], flags: words[3] }
}

#[cfg(target_arch = "aarch64")]
fn write(context: &mut ucontext_t, result: i64) {
    context.uc_mcontext.regs[0] = result as u64;
}

/// There is no list of calls for other machines, and so no cage.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn read(_: &ucontext_t) -> Stopped {
    Stopped { descriptor: 0, path: std::ptr::null(), answer: 0, flags: 0 }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn write(_: &mut ucontext_t, _: i64) {}

extern "C" fn stopped(_: c_int, _: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel gives a handler of this kind the context of the call that it has stopped.
    let context = unsafe { &mut *context.cast::<ucontext_t>() };
    let asked = read(context);
    // SAFETY: a path is null or a text that the caller owns; one that is neither ends the process, which is its own
    // fault. `fstat` checks the place of its answer itself. `errno` is this thread's.
    let result = unsafe {
        let empty = asked.path.is_null() || *asked.path == 0;
        if empty && asked.flags == libc::AT_EMPTY_PATH as u64 {
            let (place, before) = (libc::__errno_location(), *libc::__errno_location());
            let told = libc::syscall(libc::SYS_fstat, asked.descriptor as c_int, asked.answer);
            let result = if told < 0 { -i64::from(*place) } else { told };
            *place = before;
            result
        } else {
            -i64::from(libc::EPERM)
        }
    };
    write(context, result);
}
