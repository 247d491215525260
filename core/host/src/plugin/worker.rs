//! The server's hold on one worker: its process, its socket, one call at a time, and a deadline on everything.

use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send};

use super::fault::{End, Fault};
use super::inside::{OUT_OF_TURN, Order, Ready};
use super::limits::Budget;
use super::process::Process;
use super::refusal::Refused;
use super::wire::{self, HEADER_BYTES, Header, Kind, LONGEST_LINE, STATUS_BYTES};
use super::{Answer, Ask, HostAnswer, HostOp};

/// What one read takes: most answers whole.
const READ_BYTES: usize = 16 << 10;

/// How long a wait lasts before the worker's memory is looked at, and between two looks.
const SLICE: Duration = Duration::from_millis(20);

/// Memory that a worker may have beyond its plugin's: this program's own pages, the library's, the stack.
const OWN_BYTES: u64 = 64 << 20;

/// Hundredths of a second that an idle worker may be at work between two looks: it has nothing to do.
const IDLE_TICKS: u64 = 5;

/// A frame of an earlier call.
const STALE: &str = "spoke of an earlier call";

/// A process that is ready for a call, or is at one. Dropping it ends the process.
#[derive(Debug)]
pub struct Worker {
    process: Process,
    socket: OwnedFd,
    inbox: Vec<u8>,
    /// Bytes of `inbox` that hold something.
    filled: usize,
    outbox: Vec<u8>,
    /// Most memory that it may have, its own included.
    memory: u64,
    /// When its memory was last looked at, or its call began.
    looked: Instant,
    /// Its time on a processor when it was last found idle; None once it is called.
    idle_ticks: Option<u64>,
    /// When it last came back from a call.
    pub idle_since: Instant,
}

impl Worker {
    /// Takes over a process that has just been started.
    pub fn new(process: Process, socket: OwnedFd) -> Self {
        let (inbox, outbox, now) = (Vec::new(), Vec::new(), Instant::now());
        let (memory, idle_ticks) = (u64::MAX, None);
        Self { process, socket, inbox, filled: 0, outbox, memory, looked: now, idle_ticks, idle_since: now }
    }

    /// Gives the order and waits until the worker is ready.
    pub fn load(&mut self, order: &Order, within: Duration) -> Result<Ready, Refused> {
        let deadline = Instant::now() + within;
        self.memory = order.memory.saturating_add(OWN_BYTES);
        let told = self.send(Header::new(Kind::Load, 0, 0), &[&order.to_bytes()], deadline);
        let mut heard = told.and_then(|()| self.receive(deadline));
        let caged = matches!(&heard, Ok(header) if header.kind == Kind::Caged);
        if caged && let Ok(header) = heard {
            self.forget(&header);
            heard = self.receive(deadline);
        }
        match heard {
            Ok(header) if header.kind == Kind::Ready => {
                let ready = Ready::from_bytes(self.body(&header)).ok_or(Refused::Lied);
                self.forget(&header);
                if self.filled > 0 { Err(Refused::Lied) } else { ready }
            }
            Ok(header) if header.kind == Kind::Failed => {
                let refused = Refused::from_bytes(self.body(&header)).unwrap_or(Refused::Lied);
                // Once caged, the machine has done its part.
                Err(if caged && refused.is_the_machines() { Refused::Lied } else { refused })
            }
            Ok(_) | Err(Fault::Malformed(_)) => Err(Refused::Lied),
            Err(Fault::Late) => Err(Refused::Late),
            Err(_) => Err(Refused::Died),
        }
    }

    /// Whether it still lives and has said nothing since its last answer.
    pub fn is_quiet(&self) -> Result<(), Fault> {
        let mut byte = [0];
        match recv(&self.socket, &mut byte[..], RecvFlags::DONTWAIT | RecvFlags::PEEK) {
            Err(Errno::AGAIN) => Ok(()),
            Ok((_, 0)) | Err(_) => Err(Fault::Malformed("died while idle")),
            Ok(_) => Err(Fault::Malformed("spoke after its answer")),
        }
    }

    /// Whether it keeps still while nobody calls it, and keeps to its memory. Asked now and then, never in a call.
    pub fn is_still(&mut self) -> Result<(), Fault> {
        let Some(taken) = self.process.taken() else { return Ok(()) };
        let before = self.idle_ticks.replace(taken.ticks).unwrap_or(taken.ticks);
        if taken.ticks.saturating_sub(before) > IDLE_TICKS {
            return Err(Fault::Malformed("worked while idle"));
        }
        if taken.memory > self.memory { Err(self.killed()) } else { Ok(()) }
    }

    /// Makes one call. After a fault that is not the plugin's own word the worker must not be used again.
    pub fn call(
        &mut self,
        ask: &Ask<'_>,
        budget: &mut Budget,
        host: &mut dyn FnMut(HostOp, &[u8]) -> HostAnswer,
        log: &mut dyn FnMut(u16, &str),
    ) -> Result<Answer, Fault> {
        (self.looked, self.idle_ticks) = (Instant::now(), None);
        let header = Header::new(Kind::Call, ask.op, ask.call);
        self.send(header, &[ask.payload], ask.deadline)?;
        loop {
            let header = self.receive(ask.deadline)?;
            if header.call != ask.call {
                return Err(Fault::Malformed(if header.call < ask.call { STALE } else { "forged call id" }));
            }
            match header.kind {
                Kind::Ask => self.answer_ask(&header, ask.deadline, budget, host)?,
                Kind::Log => {
                    budget.line()?;
                    if header.len > LONGEST_LINE {
                        return Err(Fault::Malformed("a line that no worker sends"));
                    }
                    log(header.op, &String::from_utf8_lossy(self.body(&header)));
                    self.forget(&header);
                    // What stands behind it may have come already, and is given without a wait.
                    if Instant::now() >= ask.deadline {
                        return Err(Fault::Late);
                    }
                }
                Kind::Return => return self.take_return(&header, ask.op),
                _ => return Err(Fault::Malformed("a frame of the server's own kind")),
            }
        }
    }

    fn answer_ask(
        &mut self,
        header: &Header,
        deadline: Instant,
        budget: &mut Budget,
        host: &mut dyn FnMut(HostOp, &[u8]) -> HostAnswer,
    ) -> Result<(), Fault> {
        if self.filled > HEADER_BYTES + header.len {
            return Err(Fault::Malformed("spoke before it was answered"));
        }
        budget.host_call(header.len)?;
        let answer = match HostOp::from_number(u32::from(header.op)) {
            Some(op) => host(op, self.body(header)),
            None => HostAnswer { status: falin_abi::status::UNKNOWN_OP, payload: Vec::new() },
        };
        self.forget(header);
        budget.bytes(answer.payload.len())?;
        let told = Header::new(Kind::Told, header.op, header.call);
        if answer.payload.len() > falin_abi::MOST_BYTES {
            return self.send(told, &[&falin_abi::status::TOO_LARGE.to_le_bytes()], deadline);
        }
        self.send(told, &[&answer.status.to_le_bytes(), &answer.payload], deadline)
    }

    fn take_return(&mut self, header: &Header, op: u16) -> Result<Answer, Fault> {
        if self.filled > HEADER_BYTES + header.len {
            return Err(Fault::Malformed("spoke after its answer"));
        }
        if header.op != op {
            return Err(Fault::Malformed("answer to another op"));
        }
        let body = self.body(header);
        let Some((status, payload)) = body.split_first_chunk::<STATUS_BYTES>() else {
            return Err(Fault::Malformed("answer without a status"));
        };
        let (status, payload) = (i32::from_le_bytes(*status), payload.to_vec());
        self.forget(header);
        wire::shrink(&mut self.inbox);
        wire::shrink(&mut self.outbox);
        match status {
            falin_abi::status::OK => Ok(Answer::Done(payload)),
            1.. => Ok(Answer::Refused(payload)),
            falin_abi::status::PANICKED => Err(Fault::Panicked),
            fault => Err(Fault::Said(fault, payload)),
        }
    }

    /// Whether a call failed for what the worker did in an earlier one. It has made no host call then, so that
    /// another worker may be asked the same.
    pub fn is_old_sin(fault: &Fault) -> bool {
        let out_of_turn = End::Exit(i32::from(OUT_OF_TURN));
        matches!(fault, Fault::Malformed(STALE)) || *fault == Fault::Died(out_of_turn)
    }

    /// Kills the process.
    pub fn end(&mut self) {
        self.process.end();
    }

    fn body(&self, header: &Header) -> &[u8] {
        &self.inbox[HEADER_BYTES..HEADER_BYTES + header.len]
    }

    /// Drops a frame that has been dealt with.
    fn forget(&mut self, header: &Header) {
        let used = HEADER_BYTES + header.len;
        self.inbox.copy_within(used..self.filled, 0);
        self.filled -= used;
    }

    fn send(&mut self, header: Header, parts: &[&[u8]], deadline: Instant) -> Result<(), Fault> {
        wire::frame(&mut self.outbox, header, parts).map_err(|_| Fault::TooLarge)?;
        let mut sent = 0;
        while sent < self.outbox.len() {
            let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
            match send(&self.socket, &self.outbox[sent..], flags) {
                Ok(more) => sent += more,
                Err(Errno::AGAIN) => self.wait(PollFlags::OUT, deadline)?,
                Err(Errno::INTR) => {}
                Err(_) => return Err(self.death()),
            }
        }
        Ok(())
    }

    /// Waits for a whole frame at the head of the inbox.
    fn receive(&mut self, deadline: Instant) -> Result<Header, Fault> {
        loop {
            if let Some(bytes) = self.inbox[..self.filled].first_chunk::<HEADER_BYTES>() {
                let header = Header::from_bytes(bytes).ok_or(Fault::Malformed("no header"))?;
                if self.filled >= HEADER_BYTES + header.len {
                    return Ok(header);
                }
                self.make_room(HEADER_BYTES + header.len);
            } else {
                self.make_room(READ_BYTES);
            }
            self.read_some(deadline)?;
        }
    }

    fn make_room(&mut self, bytes: usize) {
        if self.inbox.len() < bytes {
            self.inbox.resize(bytes, 0);
        }
    }

    /// Reads what there is, waiting for it if there is nothing.
    fn read_some(&mut self, deadline: Instant) -> Result<(), Fault> {
        loop {
            self.wait(PollFlags::IN, deadline)?;
            match recv(&self.socket, &mut self.inbox[self.filled..], RecvFlags::DONTWAIT) {
                Ok((_, 0)) => return Err(self.death()),
                Ok((_, read)) => {
                    self.filled += read;
                    return Ok(());
                }
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(_) => return Err(self.death()),
            }
        }
    }

    /// Waits for the socket in slices, and looks at the worker's memory after each, however much it says meanwhile.
    fn wait(&mut self, what: PollFlags, deadline: Instant) -> Result<(), Fault> {
        loop {
            let now = Instant::now();
            let left = deadline.saturating_duration_since(now).min(SLICE);
            if left.is_zero() {
                return Err(Fault::Late);
            }
            if now.duration_since(self.looked) >= SLICE {
                self.looked = now;
                if self.process.taken().is_some_and(|taken| taken.memory > self.memory) {
                    return Err(self.killed());
                }
            }
            let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
            match poll(&mut [PollFd::from_borrowed_fd(self.socket.as_fd(), what)], Some(&left)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(()),
                Err(_) => return Err(Fault::Malformed("its socket cannot be waited for")),
            }
        }
    }

    /// Over its memory: what the kernel's own limit does not count ends it the same way.
    fn killed(&mut self) -> Fault {
        self.process.end().map_or(Fault::Malformed("its end is unknown"), Fault::Died)
    }

    /// The other end is closed: the process is dying, or pretends to.
    fn death(&mut self) -> Fault {
        let ended = self.process.ended().or_else(|| self.process.end());
        ended.map_or(Fault::Malformed("its end is unknown"), Fault::Died)
    }
}

#[cfg(test)]
mod tests {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
    use rustix::process::Pid;

    use super::super::limits::Limits;
    use super::super::status;
    use super::*;

    /// A worker whose words are written beforehand.
    // The worker's process is waited for where it is dropped.
    #[allow(clippy::zombie_processes)]
    fn saying(frames: &[(Kind, &[u8])]) -> (Worker, OwnedFd) {
        let (ours, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None).unwrap();
        for (kind, body) in frames {
            wire::send(theirs.as_fd(), Header::new(*kind, 3, 1), &[body]).unwrap();
        }
        let child = std::process::Command::new("true").spawn().unwrap();
        let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
        (Worker::new(Process::new(pid), ours), theirs)
    }

    fn call(worker: &mut Worker, payload: &[u8], log: &mut dyn FnMut(u16, &str)) -> Result<Answer, Fault> {
        let ask = Ask { op: 3, payload, call: 1, deadline: Instant::now() + Duration::from_millis(100) };
        let mut host = |_: HostOp, _: &[u8]| HostAnswer::unknown();
        worker.call(&ask, &mut Budget::new(&Limits::default()), &mut host, log)
    }

    #[test]
    fn frames_that_have_come_already_do_not_stretch_the_deadline() {
        let (mut worker, _theirs) = saying(&[(Kind::Log, &b"line"[..]); 100]);
        let mut lines = 0;
        let outcome = call(&mut worker, b"{}", &mut |_, _| {
            lines += 1;
            std::thread::sleep(Duration::from_millis(10));
        });
        assert_eq!(outcome, Err(Fault::Late));
        assert!(lines <= 11, "{lines}");
    }

    #[test]
    fn a_large_answer_leaves_no_large_buffers() {
        let large = [&status::OK.to_le_bytes()[..], &[b' '; 100 << 10]].concat();
        let (mut worker, _theirs) = saying(&[(Kind::Return, &large)]);
        assert!(call(&mut worker, &[b' '; 80 << 10], &mut |_, _| ()).is_ok());
        assert!(worker.inbox.capacity() <= 64 << 10, "{}", worker.inbox.capacity());
        assert!(worker.outbox.capacity() <= 64 << 10, "{}", worker.outbox.capacity());
    }
}
