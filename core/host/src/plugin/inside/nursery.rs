//! The process that workers are born from: this program, started once, and forked for each worker.
//!
//! A program's pages that the loader has put right are shared between a process and what it forks, and a megabyte or
//! two of them for every worker would be most of what a worker weighs. The newborn is the server's child, not the
//! nursery's (`CLONE_PARENT`): the server kills it, waits for it, and takes it along when it dies.

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fd::BorrowedFd;
use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use rustix::process::Pid;

use crate::plugin::refusal::Refused;

/// Most descriptors that a newborn gets: socket, log, library.
const MOST: usize = 3;

/// Asks the nursery at the other end for a worker with these descriptors, and returns its process id.
pub fn ask(nursery: BorrowedFd<'_>, descriptors: &[BorrowedFd<'_>]) -> std::io::Result<Pid> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    control.push(SendAncillaryMessage::ScmRights(descriptors));
    sendmsg(nursery, &[IoSlice::new(&[1])], &mut control, SendFlags::NOSIGNAL)?;
    let mut number = [0; 4];
    let (_, read) = rustix::net::recv(nursery, &mut number[..], RecvFlags::WAITALL)?;
    let number = i32::from_le_bytes(number);
    // 0 says that there was no room for another process; nothing else below 2 is anybody's child.
    let pid = if read == 4 && number > 1 { Pid::from_raw(number) } else { None };
    pid.ok_or_else(|| std::io::ErrorKind::BrokenPipe.into())
}

/// Answers the server until it closes its end (None), and returns in every newborn with its descriptors.
pub fn run(server: BorrowedFd<'_>) -> Option<Newborn> {
    loop {
        let descriptors = hear(server)?;
        match bear() {
            Ok(None) => return Newborn::new(descriptors),
            Ok(Some(pid)) => tell(server, pid.as_raw_nonzero().get())?,
            Err(_) => tell(server, 0)?,
        }
    }
}

/// What a newborn gets.
pub struct Newborn {
    socket: OwnedFd,
    log: OwnedFd,
    library: Option<OwnedFd>,
}

impl Newborn {
    fn new(descriptors: Vec<OwnedFd>) -> Option<Self> {
        let mut all = descriptors.into_iter();
        Some(Self { socket: all.next()?, log: all.next()?, library: all.next() })
    }

    /// Puts them where a worker looks for them; the nursery's own go.
    pub fn settle(self) -> Result<(), Refused> {
        let settled = rustix::stdio::dup2_stdin(&self.socket)
            .and_then(|()| rustix::stdio::dup2_stderr(&self.log))
            .and_then(|()| self.library.as_ref().map_or(Ok(()), rustix::stdio::dup2_stdout));
        settled.map_err(|_| Refused::Process)
    }
}

fn hear(server: BorrowedFd<'_>) -> Option<Vec<OwnedFd>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let heard = loop {
        match recvmsg(server, &mut [IoSliceMut::new(&mut byte)], &mut control, RecvFlags::CMSG_CLOEXEC) {
            Err(Errno::INTR) => {}
            other => break other.ok()?,
        }
    };
    if heard.bytes == 0 {
        return None;
    }
    let messages = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
        _ => None,
    });
    Some(messages.flatten().collect())
}

fn tell(server: BorrowedFd<'_>, number: i32) -> Option<()> {
    let sent = rustix::net::send(server.as_fd(), &number.to_le_bytes(), SendFlags::NOSIGNAL).ok()?;
    (sent == 4).then_some(())
}

/// A fork whose child is the server's. None in the newborn.
#[allow(unsafe_code)]
fn bear() -> std::io::Result<Option<Pid>> {
    let flags = libc::CLONE_PARENT | libc::SIGCHLD;
    // SAFETY: the nursery has one thread and holds no lock; without CLONE_VM this copies it, as fork does. Neither
    // side relies on what the C library does around its own fork: no handlers are registered, and the thread id
    // that it remembers is asked from the kernel where it matters (abort).
    let born = unsafe { libc::syscall(libc::SYS_clone, libc::c_long::from(flags), 0, 0, 0, 0) };
    match i32::try_from(born) {
        Ok(0) => Ok(None),
        Ok(pid) if pid > 0 => Ok(Pid::from_raw(pid)),
        _ => Err(std::io::Error::last_os_error()),
    }
}
