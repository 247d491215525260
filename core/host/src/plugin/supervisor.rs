//! The one thread that starts workers, reads what they print, and ends those that nobody needs.
//!
//! It lives as long as the host. A worker asks the kernel to die with its parent, and to the kernel the parent is
//! the thread that started it (and the nursery, whose children are this one's): a worker of a thread that comes and
//! goes would go with it.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::Pid;

use super::cage::CageChoice;
use super::inside::{NURSERY, nursery};
use super::printed::Printed;
use super::process::Process;

/// How often idle workers are looked for.
const ROUND: Duration = Duration::from_millis(500);

/// A nursery that has not answered for so long is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// A wish for a worker.
struct Wish {
    library: OwnedFd,
    label: String,
    granted: Sender<io::Result<(Process, OwnedFd)>>,
}

/// The way to the thread. It ends when the last of them is dropped.
#[derive(Debug)]
pub struct Supervisor {
    wishes: Sender<Wish>,
    /// Written to so that the thread looks at its wishes.
    bell: OwnedFd,
}

/// The thread's own things.
struct Thread {
    program: PathBuf,
    cage: CageChoice,
    wishes: Receiver<Wish>,
    bell: OwnedFd,
    printed: Vec<Printed>,
    /// Started with the first wish.
    nursery: Option<(Process, OwnedFd)>,
}

impl Supervisor {
    /// Starts the thread. `round` is called about twice a second on it, and must not wait for anything.
    ///
    /// # Errors
    /// Where the system gives no thread or no pipe.
    pub fn start(program: PathBuf, cage: CageChoice, round: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (ears, bell) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        let (wishes, heard) = mpsc::channel();
        let (printed, nursery) = (Vec::new(), None);
        let mut thread = Thread { program, cage, wishes: heard, bell: ears, printed, nursery };
        thread::Builder::new().name("falin-plugins".into()).spawn(move || thread.run(&round))?;
        Ok(Self { wishes, bell })
    }

    /// Has the thread start a worker.
    ///
    /// # Errors
    /// Where the process could not be started.
    pub fn spawn(&self, library: OwnedFd, label: &str) -> io::Result<(Process, OwnedFd)> {
        let (granted, answer) = mpsc::channel();
        let wish = Wish { library, label: label.to_owned(), granted };
        self.wishes.send(wish).map_err(|_| io::ErrorKind::BrokenPipe)?;
        // A full pipe has rung already.
        let _ = rustix::io::write(&self.bell, &[1]);
        answer.recv().map_err(|_| io::ErrorKind::BrokenPipe)?
    }
}

impl Thread {
    fn run(&mut self, round: &dyn Fn()) {
        let mut next = Instant::now() + ROUND;
        loop {
            self.wait(next);
            loop {
                match self.wishes.try_recv() {
                    Ok(wish) => self.grant(wish),
                    Err(mpsc::TryRecvError::Empty) => break,
                    Err(mpsc::TryRecvError::Disconnected) => return,
                }
            }
            let now = Instant::now();
            self.printed.retain_mut(|printed| printed.read(now));
            if now >= next {
                round();
                next = now + ROUND;
            }
        }
    }

    /// Until the bell rings, a worker prints something, or the round is due.
    fn wait(&self, next: Instant) {
        let now = Instant::now();
        let left = next.saturating_duration_since(now);
        let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
        let mut all = vec![PollFd::from_borrowed_fd(self.bell.as_fd(), PollFlags::IN)];
        let heard = self.printed.iter().filter(|printed| printed.may_be_read(now));
        all.extend(heard.map(|printed| PollFd::from_borrowed_fd(printed.pipe.as_fd(), PollFlags::IN)));
        let _ = poll(&mut all, Some(&left));
        let _ = rustix::io::read(&self.bell, &mut [0; 64][..]);
    }

    fn grant(&mut self, wish: Wish) {
        let started = self.bear(wish.library, wish.label);
        if let Err(mpsc::SendError(Ok((mut process, _)))) = wish.granted.send(started) {
            process.end();
        }
    }

    /// Has the nursery bear a worker; one that does not answer any more is replaced, once.
    fn bear(&mut self, library: OwnedFd, label: String) -> io::Result<(Process, OwnedFd)> {
        let (ours, theirs) = sockets()?;
        let (pipe, log) = pipe_with(PipeFlags::CLOEXEC)?;
        rustix::io::ioctl_fionbio(&pipe, true)?;
        let given = [theirs.as_fd(), log.as_fd(), library.as_fd()];
        let pid = match self.ask_nursery(&given) {
            Ok(pid) => pid,
            Err(_) => {
                self.nursery = None;
                self.ask_nursery(&given)?
            }
        };
        self.printed.push(Printed::new(pipe, label));
        Ok((Process::new(pid), ours))
    }

    fn ask_nursery(&mut self, given: &[BorrowedFd<'_>]) -> io::Result<Pid> {
        let nursery = match self.nursery.take() {
            Some(nursery) => nursery,
            None => start(&self.program, NURSERY, self.cage, Stdio::null())?,
        };
        let (_, socket) = self.nursery.insert(nursery);
        nursery::ask(socket.as_fd(), given)
    }
}

fn sockets() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?)
}

/// Starts this program in one of its hidden parts from the calling thread, with a socket as its stdin: nothing here
/// keeps the standard library from `posix_spawn`.
pub fn start(program: &Path, part: &str, cage: CageChoice, stderr: Stdio) -> io::Result<(Process, OwnedFd)> {
    let (ours, theirs) = sockets()?;
    let child = Command::new(program)
        .arg(part)
        .arg(std::process::id().to_string())
        .arg(cage.word())
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(theirs))
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()?;
    set_socket_timeout(&ours, Timeout::Recv, Some(PATIENCE))?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    pid.map(|pid| (Process::new(pid), ours)).ok_or_else(|| io::ErrorKind::Other.into())
}
