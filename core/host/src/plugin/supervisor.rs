//! The one thread that starts workers, reads what they print, and ends those that nobody needs.
//!
//! It lives as long as the host. A worker asks the kernel to die with its parent, and to the kernel the parent is
//! the thread that started it: a worker of a thread that comes and goes would go with it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::pipe::{PipeFlags, pipe_with};

use super::cage::CageChoice;
use super::inside::SUBCOMMAND;
use super::printed::Printed;

/// How often idle workers are looked for.
const ROUND: Duration = Duration::from_millis(500);

/// A wish for a worker.
struct Wish {
    library: Option<OwnedFd>,
    label: String,
    granted: Sender<io::Result<(Child, OwnedFd)>>,
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
}

impl Supervisor {
    /// Starts the thread. `round` is called about twice a second on it, and must not wait for anything.
    ///
    /// # Errors
    /// Where the system gives no thread or no pipe.
    pub fn start(program: PathBuf, cage: CageChoice, round: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (ears, bell) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        let (wishes, heard) = mpsc::channel();
        let mut thread = Thread { program, cage, wishes: heard, bell: ears, printed: Vec::new() };
        thread::Builder::new().name("falin-plugins".into()).spawn(move || thread.run(&round))?;
        Ok(Self { wishes, bell })
    }

    /// Has the thread start a worker.
    ///
    /// # Errors
    /// Where the process could not be started.
    pub fn spawn(&self, library: Option<OwnedFd>, label: &str) -> io::Result<(Child, OwnedFd)> {
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
        let started = self.spawn(wish.library, wish.label);
        if let Err(mpsc::SendError(Ok((mut child, _)))) = wish.granted.send(started) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn spawn(&mut self, library: Option<OwnedFd>, label: String) -> io::Result<(Child, OwnedFd)> {
        let (pipe, theirs) = pipe_with(PipeFlags::CLOEXEC)?;
        let started = spawn(&self.program, self.cage, library, theirs)?;
        rustix::io::ioctl_fionbio(&pipe, true)?;
        self.printed.push(Printed::new(pipe, label));
        Ok(started)
    }
}

/// Starts a worker from the calling thread. Its stdin is the socket, its stdout the library: both go in without
/// anything that would keep the standard library from `posix_spawn`.
pub fn spawn(
    program: &std::path::Path,
    cage: CageChoice,
    library: Option<OwnedFd>,
    stderr: impl Into<Stdio>,
) -> io::Result<(Child, OwnedFd)> {
    let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    let child = Command::new(program)
        .arg(SUBCOMMAND)
        .arg(std::process::id().to_string())
        .arg(cage.word())
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(theirs))
        .stdout(library.map_or_else(Stdio::null, Stdio::from))
        .stderr(stderr)
        .spawn()?;
    Ok((child, ours))
}
