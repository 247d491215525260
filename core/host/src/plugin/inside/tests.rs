//! The lists of system calls: numbers right, filters compiled for both machines, nothing let through by accident.

use std::collections::HashSet;

use rustix::process::getpid;
use seccompiler::TargetArch;

use super::calls::CALLS;
use super::filter::{Stage, program, stops};

/// Every name of the table against the number that the C library's headers have for this machine.
macro_rules! numbers_here {
    ($($name:ident = $constant:ident),* $(,)?) => {
        [$((stringify!($name), libc::$constant),)*]
    };
}

#[test]
fn the_numbers_are_this_machines() {
    let here = numbers_here![
        read = SYS_read,
        write = SYS_write,
        readv = SYS_readv,
        writev = SYS_writev,
        close = SYS_close,
        brk = SYS_brk,
        munmap = SYS_munmap,
        mremap = SYS_mremap,
        madvise = SYS_madvise,
        mmap = SYS_mmap,
        mprotect = SYS_mprotect,
        rt_sigaction = SYS_rt_sigaction,
        rt_sigprocmask = SYS_rt_sigprocmask,
        rt_sigreturn = SYS_rt_sigreturn,
        sigaltstack = SYS_sigaltstack,
        tgkill = SYS_tgkill,
        getpid = SYS_getpid,
        gettid = SYS_gettid,
        futex = SYS_futex,
        sched_yield = SYS_sched_yield,
        nanosleep = SYS_nanosleep,
        clock_nanosleep = SYS_clock_nanosleep,
        clock_gettime = SYS_clock_gettime,
        clock_getres = SYS_clock_getres,
        gettimeofday = SYS_gettimeofday,
        restart_syscall = SYS_restart_syscall,
        getrandom = SYS_getrandom,
        exit = SYS_exit,
        exit_group = SYS_exit_group,
        openat = SYS_openat,
        pread64 = SYS_pread64,
        fstat = SYS_fstat,
        newfstatat = SYS_newfstatat,
        prctl = SYS_prctl,
        seccomp = SYS_seccomp,
    ];
    for (name, wanted) in here {
        let call = CALLS.iter().find(|call| call.name == name).unwrap_or_else(|| panic!("{name}"));
        let number = if cfg!(target_arch = "aarch64") { call.aarch64 } else { Some(call.x86_64) };
        assert_eq!(number, Some(wanted), "{name}");
    }
}

#[test]
fn no_call_stands_twice() {
    let x86: HashSet<_> = CALLS.iter().map(|call| call.x86_64).collect();
    assert_eq!(x86.len(), CALLS.len());
    let arm: Vec<_> = CALLS.iter().filter_map(|call| call.aarch64).collect();
    assert_eq!(arm.iter().collect::<HashSet<_>>().len(), arm.len());
}

#[test]
fn both_filters_compile_for_both_machines() {
    for machine in [TargetArch::x86_64, TargetArch::aarch64] {
        let loading = program(Stage::Loading, machine, getpid()).unwrap();
        let serving = program(Stage::Serving, machine, getpid()).unwrap();
        assert!(serving.len() < loading.len());
        assert!(!stops(machine).unwrap().is_empty());
    }
}

#[test]
fn nothing_that_reaches_out_is_in_the_lists() {
    let never = [
        "socket",
        "connect",
        "sendto",
        "sendmsg",
        "recvmsg",
        "clone",
        "clone3",
        "fork",
        "vfork",
        "execve",
        "execveat",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "kill",
        "tkill",
        "pidfd_open",
        "pidfd_send_signal",
        "memfd_create",
        "io_uring_setup",
        "bpf",
        "perf_event_open",
        "userfaultfd",
        "keyctl",
        "add_key",
        "mount",
        "unshare",
        "setns",
        "chroot",
        "pivot_root",
        "init_module",
        "dup",
        "dup2",
        "dup3",
        "fcntl",
        "ioctl",
        "pipe2",
        "unlinkat",
        "renameat2",
        "linkat",
        "mkdirat",
        "openat2",
        "open_by_handle_at",
        "shmget",
        "msgget",
        "mq_open",
        "setuid",
        "setresuid",
        "capset",
        "personality",
        "modify_ldt",
        "pkey_mprotect",
        "remap_file_pages",
        "prlimit64",
        "setrlimit",
        "sched_setaffinity",
        "setpriority",
        "timer_create",
        "splice",
        "vmsplice",
        "sendfile",
        "inotify_init1",
        "fanotify_init",
    ];
    for name in never {
        assert!(CALLS.iter().all(|call| call.name != name), "{name}");
    }
}
