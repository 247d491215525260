//! Attempts to get out: each one is a system call that must fail, and says whether it did.

use libc::{c_long, syscall};

/// A name and whether the attempt succeeded.
type Found = (&'static str, bool);

macro_rules! attempts {
    ($($name:literal: $number:ident($($argument:expr),* $(,)?);)*) => {
        vec![$(($name, unsafe { !refused(syscall(libc::$number, $($argument as c_long),*)) }),)*]
    };
}

fn errno() -> libc::c_int {
    unsafe { *libc::__errno_location() }
}

/// Whether a call was refused before the kernel looked at what it was given: whatever else it complains of (that there is
/// no such process, descriptor or place) says that it was let through.
fn refused(result: c_long) -> bool {
    result < 0 && errno() == libc::EPERM
}

fn text(text: &'static std::ffi::CStr) -> *const std::ffi::c_char {
    text.as_ptr()
}

/// All of them.
pub fn all() -> Vec<Found> {
    let mut found = files();
    found.extend(names());
    found.extend(descriptors());
    found.extend(sockets());
    found.extend(processes());
    found.extend(others());
    found.extend(power());
    found.extend(memory());
    found.extend(kernel());
    found
}

fn files() -> Vec<Found> {
    let mut told = [0u8; 256];
    let mut found = attempts! {
        "openat /etc/passwd": SYS_openat(libc::AT_FDCWD, text(c"/etc/passwd"), libc::O_RDONLY, 0);
        "openat /": SYS_openat(libc::AT_FDCWD, text(c"/"), libc::O_RDONLY | libc::O_DIRECTORY, 0);
        "openat path only": SYS_openat(libc::AT_FDCWD, text(c"/etc"), libc::O_PATH | libc::O_CLOEXEC, 0);
        "openat . of the server": SYS_openat(libc::AT_FDCWD, text(c"."), libc::O_RDONLY, 0);
        "open own memory": SYS_openat(libc::AT_FDCWD, text(c"/proc/self/mem"), libc::O_RDWR, 0);
        "open own maps": SYS_openat(libc::AT_FDCWD, text(c"/proc/self/maps"), libc::O_RDONLY, 0);
        "open another's environment": SYS_openat(libc::AT_FDCWD, text(c"/proc/1/environ"), libc::O_RDONLY, 0);
        "open a C library": SYS_openat(libc::AT_FDCWD, text(c"/etc/ld.so.cache"), libc::O_RDONLY, 0);
        "open the kernel's memory": SYS_openat(libc::AT_FDCWD, text(c"/dev/mem"), libc::O_RDONLY, 0);
        "open a terminal": SYS_openat(libc::AT_FDCWD, text(c"/dev/tty"), libc::O_RDWR, 0);
        "create /tmp/falin-rogue": SYS_openat(libc::AT_FDCWD, text(c"/tmp/falin-rogue"), libc::O_CREAT | libc::O_WRONLY, 0o600);
        "temporary file": SYS_openat(libc::AT_FDCWD, text(c"/tmp"), libc::O_TMPFILE | libc::O_RDWR, 0o600);
        "openat of what is not there": SYS_openat(libc::AT_FDCWD, text(c"/not-there"), libc::O_RDONLY, 0);
        "openat of its own library": SYS_openat(libc::AT_FDCWD, text(c"/plugin.so"), libc::O_RDONLY | libc::O_CLOEXEC, 0);
        "openat2": SYS_openat2(libc::AT_FDCWD, text(c"/etc/passwd"), [0u64; 3].as_ptr(), 24);
        "stat": SYS_newfstatat(libc::AT_FDCWD, text(c"/etc/passwd"), told.as_mut_ptr(), 0);
        "stat of another process": SYS_newfstatat(libc::AT_FDCWD, text(c"/proc/1"), told.as_mut_ptr(), libc::AT_EMPTY_PATH);
        "handle of a file": SYS_name_to_handle_at(libc::AT_FDCWD, text(c"/etc/passwd"), [128u32; 64].as_mut_ptr(), [0u64; 1].as_mut_ptr(), 0);
        "open by handle": SYS_open_by_handle_at(libc::AT_FDCWD, [0u32; 64].as_mut_ptr(), 0);
    };
    #[cfg(target_arch = "x86_64")]
    found.extend(attempts! {
        "open /etc/shadow": SYS_open(text(c"/etc/shadow"), libc::O_RDONLY, 0);
        "creat": SYS_creat(text(c"/tmp/falin-rogue"), 0o600);
    });
    found
}

fn names() -> Vec<Found> {
    let (here, name, other) = (libc::AT_FDCWD, text(c"/tmp/falin-rogue"), text(c"/tmp/falin-rogue-2"));
    attempts! {
        "mkdir": SYS_mkdirat(here, name, 0o700);
        "unlink": SYS_unlinkat(here, text(c"/tmp/falin-rogue-victim"), 0);
        "rename": SYS_renameat2(here, text(c"/tmp/falin-rogue-victim"), here, other, 0);
        "link": SYS_linkat(here, text(c"/etc/passwd"), here, other, 0);
        "symlink": SYS_symlinkat(text(c"/etc/passwd"), here, other);
        "mknod": SYS_mknodat(here, name, libc::S_IFIFO | 0o600, 0);
        "chmod": SYS_fchmodat(here, text(c"/tmp"), 0o1777);
        "chown": SYS_fchownat(here, text(c"/tmp"), 0, 0, 0);
        "touch": SYS_utimensat(here, text(c"/tmp"), 0, 0);
        "truncate": SYS_truncate(text(c"/tmp/falin-rogue-victim"), 0);
        "list a directory": SYS_getdents64(0, [0u8; 512].as_mut_ptr(), 512);
        "read a link": SYS_readlinkat(here, text(c"/proc/self/exe"), [0u8; 64].as_mut_ptr(), 64);
        "where am I": SYS_getcwd([0u8; 512].as_mut_ptr(), 512);
        "go elsewhere": SYS_chdir(text(c"/"));
        "may I": SYS_faccessat(here, text(c"/etc/passwd"), 0);
        "statx": SYS_statx(here, text(c"/etc/passwd"), 0, 0, [0u8; 256].as_mut_ptr());
        "extended attribute": SYS_setxattr(text(c"/tmp"), text(c"user.x"), text(c"x"), 1, 0);
        "watch a directory": SYS_inotify_init1(0);
    }
}

fn descriptors() -> Vec<Found> {
    attempts! {
        "dup": SYS_dup(0);
        "dup3": SYS_dup3(0, 5, 0);
        "fcntl dup": SYS_fcntl(0, libc::F_DUPFD, 5);
        "ioctl": SYS_ioctl(0, libc::FIONREAD, [0u32; 1].as_mut_ptr());
        "pipe": SYS_pipe2([0i32; 2].as_mut_ptr(), 0);
        "eventfd": SYS_eventfd2(0, 0);
        "epoll": SYS_epoll_create1(0);
        "memfd": SYS_memfd_create(text(c"x"), 0);
        "timerfd": SYS_timerfd_create(0, 0);
        "signalfd": SYS_signalfd4(-1, [0u64; 1].as_mut_ptr(), 8, 0);
        "splice": SYS_splice(0, 0, 2, 0, 1, 0);
        "tee": SYS_tee(0, 2, 1, 0);
        "sendfile": SYS_sendfile(2, 0, 0, 1);
        "copy_file_range": SYS_copy_file_range(0, 0, 2, 0, 1, 0);
        "io_uring": SYS_io_uring_setup(1, [0u8; 120].as_mut_ptr());
        "aio": SYS_io_setup(1, [0u64; 1].as_mut_ptr());
        "close_range": SYS_close_range(100, 200, 0);
    }
}

fn sockets() -> Vec<Found> {
    attempts! {
        "socket to the network": SYS_socket(libc::AF_INET, libc::SOCK_STREAM, 0);
        "socket to the machine": SYS_socket(libc::AF_UNIX, libc::SOCK_STREAM, 0);
        "socket to the kernel": SYS_socket(libc::AF_NETLINK, libc::SOCK_RAW, 0);
        "socket for packets": SYS_socket(libc::AF_PACKET, libc::SOCK_RAW, 0);
        "socketpair": SYS_socketpair(libc::AF_UNIX, libc::SOCK_STREAM, 0, [0i32; 2].as_mut_ptr());
        "connect": SYS_connect(0, [0u8; 16].as_ptr(), 16);
        "bind": SYS_bind(0, [0u8; 16].as_ptr(), 16);
        "listen": SYS_listen(0, 1);
        "accept": SYS_accept4(0, 0, 0, 0);
        "sendto": SYS_sendto(0, [0u8; 1].as_ptr(), 0, 0, 0, 0);
        "send a descriptor": SYS_sendmsg(0, [0u8; 56].as_ptr(), 0);
        "receive a descriptor": SYS_recvmsg(0, [0u8; 56].as_mut_ptr(), libc::MSG_DONTWAIT);
        "socket option": SYS_setsockopt(0, libc::SOL_SOCKET, libc::SO_PASSCRED, [1i32; 1].as_ptr(), 4);
        "who is there": SYS_getsockopt(0, libc::SOL_SOCKET, libc::SO_PEERCRED, [0u8; 12].as_mut_ptr(), [12u32; 1].as_mut_ptr());
        "hang up": SYS_shutdown(1, 0);
    }
}

fn processes() -> Vec<Found> {
    let thread = libc::CLONE_THREAD | libc::CLONE_VM | libc::CLONE_SIGHAND;
    let mut found = attempts! {
        "clone a process": SYS_clone(libc::SIGCHLD, 0, 0, 0, 0);
        "clone a thread": SYS_clone(thread, 0, 0, 0, 0);
        "clone into namespaces": SYS_clone(libc::CLONE_NEWUSER | libc::SIGCHLD, 0, 0, 0, 0);
        "clone3": SYS_clone3([0u64; 11].as_mut_ptr(), 88);
        "exec": SYS_execve(text(c"/bin/true"), 0, 0);
        "exec own memory": SYS_execveat(0, text(c""), 0, 0, libc::AT_EMPTY_PATH);
        "wait for others": SYS_wait4(-1, 0, libc::WNOHANG, 0);
    };
    #[cfg(target_arch = "x86_64")]
    found.push(("fork", unsafe { forked(syscall(libc::SYS_fork)) }));
    found
}

/// A child that came to be after all must not run on.
#[cfg(target_arch = "x86_64")]
fn forked(result: c_long) -> bool {
    if result == 0 {
        unsafe { libc::_exit(0) };
    }
    !refused(result)
}

fn others() -> Vec<Found> {
    let parent = unsafe { libc::getppid() };
    attempts! {
        "ptrace the server": SYS_ptrace(libc::PTRACE_ATTACH, parent, 0, 0);
        "seize the server": SYS_ptrace(libc::PTRACE_SEIZE, parent, 0, 0);
        "be traced": SYS_ptrace(libc::PTRACE_TRACEME, 0, 0, 0);
        "read the server's memory": SYS_process_vm_readv(parent, 0, 0, 0, 0, 0);
        "write the server's memory": SYS_process_vm_writev(parent, 0, 0, 0, 0, 0);
        "compare with the server": SYS_kcmp(parent, parent, 0, 0, 0);
        "signal the server": SYS_kill(parent, 0);
        "signal everybody": SYS_kill(-1, 0);
        "signal a thread": SYS_tkill(parent, 0);
        "signal the server's thread": SYS_tgkill(parent, parent, 0);
        "queue a signal": SYS_rt_sigqueueinfo(parent, 0, [0u8; 128].as_ptr());
        "hold the server": SYS_pidfd_open(parent, 0);
        "signal what is held": SYS_pidfd_send_signal(0, 0, 0, 0);
        "take a descriptor": SYS_pidfd_getfd(0, 0, 0);
        "the server's priority": SYS_setpriority(libc::PRIO_PROCESS, parent, 10);
        "the server's limits": SYS_prlimit64(parent, libc::RLIMIT_NOFILE, 0, 0);
        "the server's processors": SYS_sched_setaffinity(parent, 8, [1u64; 1].as_ptr());
        "the server's memory policy": SYS_move_pages(parent, 0, 0, 0, 0, 0);
    }
}

fn power() -> Vec<Found> {
    attempts! {
        "become root": SYS_setuid(0);
        "root's group": SYS_setgid(0);
        "all three": SYS_setresuid(0, 0, 0);
        "groups": SYS_setgroups(0, 0);
        "file system's user": SYS_setfsuid(0);
        "capabilities": SYS_capset([0x2008_0522u32, 0].as_ptr(), [u32::MAX; 6].as_ptr());
        "outlive the server": SYS_prctl(libc::PR_SET_PDEATHSIG, 0, 0, 0, 0);
        "be dumpable": SYS_prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0);
        "keep capabilities": SYS_prctl(libc::PR_SET_KEEPCAPS, 1, 0, 0, 0);
        "another name": SYS_prctl(libc::PR_SET_NAME, text(c"systemd"), 0, 0, 0);
        "more files": SYS_setrlimit(libc::RLIMIT_NOFILE, [64u64, 64].as_ptr());
        "more memory": SYS_prlimit64(0, libc::RLIMIT_DATA, [u64::MAX; 2].as_ptr(), 0);
        "another personality": SYS_personality(0x0040_0000);
        "new namespaces": SYS_unshare(libc::CLONE_NEWNS | libc::CLONE_NEWUSER);
        "another's namespaces": SYS_setns(0, 0);
        "chroot": SYS_chroot(text(c"/"));
        "pivot_root": SYS_pivot_root(text(c"/"), text(c"/"));
        "mount": SYS_mount(text(c"none"), text(c"/"), text(c"tmpfs"), 0, 0);
        "unmount": SYS_umount2(text(c"/"), 0);
        "listen to filters": SYS_seccomp(1, 8, [0u64; 2].as_ptr());
        "an own session": SYS_setsid();
    }
}

fn memory() -> Vec<Found> {
    const PAGE: usize = 4096;
    let anonymous = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    let all = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
    let mut found = attempts! {
        "map memory to write and run": SYS_mmap(0, PAGE, all, anonymous, -1, 0);
        "map memory to run": SYS_mmap(0, PAGE, libc::PROT_READ | libc::PROT_EXEC, anonymous, -1, 0);
        "map shared memory": SYS_mmap(0, PAGE, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS, -1, 0);
        "map a second stack": SYS_mmap(0, PAGE, libc::PROT_READ | libc::PROT_WRITE, anonymous | libc::MAP_GROWSDOWN, -1, 0);
        "map huge pages": SYS_mmap(0, 2 << 20, libc::PROT_READ | libc::PROT_WRITE, anonymous | libc::MAP_HUGETLB, -1, 0);
        "shared memory": SYS_shmget(libc::IPC_PRIVATE, PAGE, 0o600);
        "message queue": SYS_msgget(libc::IPC_PRIVATE, 0o600);
        "semaphore": SYS_semget(libc::IPC_PRIVATE, 1, 0o600);
        "posix message queue": SYS_mq_open(text(c"/rogue"), libc::O_CREAT | libc::O_RDWR, 0o600, 0);
        "user faults": SYS_userfaultfd(0);
        "protection keys": SYS_pkey_alloc(0, 0);
        "lock memory": SYS_mlockall(libc::MCL_FUTURE);
    };
    found.push(("run what was written", exec_gain()));
    found
}

/// Writes to a page and asks to run it.
pub fn exec_gain() -> bool {
    let anonymous = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    unsafe {
        let page =
            libc::mmap(std::ptr::null_mut(), 4096, libc::PROT_READ | libc::PROT_WRITE, anonymous, -1, 0);
        page != libc::MAP_FAILED && libc::mprotect(page, 4096, libc::PROT_READ | libc::PROT_EXEC) == 0
    }
}

fn kernel() -> Vec<Found> {
    attempts! {
        "bpf": SYS_bpf(5, [0u8; 64].as_ptr(), 64);
        "perf": SYS_perf_event_open([0u8; 112].as_ptr(), 0, -1, -1, 0);
        "add a key": SYS_add_key(text(c"user"), text(c"x"), text(c"x"), 1, -3);
        "read keys": SYS_keyctl(0, -3, 0);
        "load a module": SYS_init_module(0, 0, text(c""));
        "load a module's file": SYS_finit_module(0, text(c""), 0);
        "another kernel": SYS_kexec_load(0, 0, 0, 0);
        "reboot": SYS_reboot(0xfee1_deadu32, 672_274_793, 0, 0);
        "swap": SYS_swapoff(text(c"/none"));
        "host name": SYS_sethostname(text(c"rogue"), 5);
        "set the clock": SYS_clock_settime(0, [1u64, 0].as_ptr());
        "bend the clock": SYS_adjtimex([0u8; 208].as_mut_ptr());
        "kernel's log": SYS_syslog(3, [0u8; 64].as_mut_ptr(), 64);
        "accounting": SYS_acct(0);
        "a timer": SYS_timer_create(0, 0, [0i32; 1].as_mut_ptr());
        "an alarm": SYS_setitimer(0, [0u64; 4].as_ptr(), 0);
        "the machine's name": SYS_uname([0u8; 400].as_mut_ptr());
        "the machine's load": SYS_sysinfo([0u8; 128].as_mut_ptr());
        "another scheduler": SYS_sched_setscheduler(0, 0, [0i32; 1].as_ptr());
    }
}
