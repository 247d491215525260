//! Frames between the server and a worker: a header of sixteen bytes, then at most four MiB.
//!
//! Length (4), kind (1), flags (1, zero), op (2), call id (8), little-endian. Neither side forgives: a byte that
//! does not belong ends the worker. The call id is the server's own note; what a worker says of it is only compared.

use std::io;

use falin_abi::MOST_BYTES;
use rustix::fd::BorrowedFd;
use rustix::io::Errno;

/// Bytes of a header.
pub const HEADER_BYTES: usize = 16;

/// Bytes of the status that stands in front of an answer's payload.
pub const STATUS_BYTES: usize = 4;

/// Longest frame behind its header: a payload with its status.
pub const MOST_BODY: usize = MOST_BYTES + STATUS_BYTES;

/// Longest line of the log, bytes; the worker cuts what is longer.
pub const LONGEST_LINE: usize = 1000;

/// What a buffer keeps of its room between calls.
const KEPT_BYTES: usize = 64 << 10;

/// What a frame is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// To the worker: the order, before all else.
    Load = 1,
    /// From the worker: loaded, caged, created.
    Ready = 2,
    /// From the worker: not loaded, and why.
    Failed = 3,
    /// To the worker: a call; the op is the plugin's.
    Call = 4,
    /// From the worker: a host call; the op is the server's.
    Ask = 5,
    /// To the worker: the answer to a host call.
    Told = 6,
    /// From the worker: the answer to the call.
    Return = 7,
    /// From the worker: a line for the log; the op is its level.
    Log = 8,
    /// From the worker: caged, the library comes next; what it says from here on may be the library's word.
    Caged = 9,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Load,
        Self::Ready,
        Self::Failed,
        Self::Call,
        Self::Ask,
        Self::Told,
        Self::Return,
        Self::Log,
        Self::Caged,
    ];
}

/// The sixteen bytes in front of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// Bytes that follow.
    pub len: usize,
    /// What it is.
    pub kind: Kind,
    /// Number of the op.
    pub op: u16,
    /// Which call it belongs to.
    pub call: u64,
}

impl Header {
    /// A header whose length is filled in when it is sent.
    pub fn new(kind: Kind, op: u16, call: u64) -> Self {
        Self { len: 0, kind, op, call }
    }

    /// As it travels.
    pub fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..4].copy_from_slice(&(self.len as u32).to_le_bytes());
        bytes[4] = self.kind as u8;
        bytes[6..8].copy_from_slice(&self.op.to_le_bytes());
        bytes[8..].copy_from_slice(&self.call.to_le_bytes());
        bytes
    }

    /// What the bytes say; None if it is too long, of an unknown kind, or flagged.
    pub fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let [l0, l1, l2, l3, kind, flags, o0, o1, call @ ..] = *bytes;
        let len = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        let kind = Kind::ALL.into_iter().find(|known| *known as u8 == kind)?;
        let sound = len <= MOST_BODY && flags == 0;
        sound.then_some(Self { len, kind, op: u16::from_le_bytes([o0, o1]), call: u64::from_le_bytes(call) })
    }
}

/// A whole frame in one piece of memory, so that it leaves in one system call.
pub fn frame(out: &mut Vec<u8>, mut header: Header, parts: &[&[u8]]) -> io::Result<()> {
    header.len = parts.iter().map(|part| part.len()).sum();
    if header.len > MOST_BODY {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    out.clear();
    out.extend_from_slice(&header.to_bytes());
    for part in parts {
        out.extend_from_slice(part);
    }
    Ok(())
}

/// Gives back what a buffer has beyond what one keeps between calls. Room is only given back behind the last byte.
pub fn shrink(buffer: &mut Vec<u8>) {
    buffer.truncate(KEPT_BYTES);
    buffer.shrink_to(KEPT_BYTES);
}

/// Sends a frame and waits until it is taken. The worker's way: it has nothing else to do.
pub fn send(socket: BorrowedFd<'_>, header: Header, parts: &[&[u8]]) -> io::Result<()> {
    let mut bytes = Vec::new();
    frame(&mut bytes, header, parts)?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        match rustix::io::write(socket, rest) {
            Ok(sent) => rest = &rest[sent..],
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Waits for a frame and leaves what follows its header in `body`. The worker's way, as [`send`].
///
/// # Errors
/// `UnexpectedEof` where the other side has closed, `InvalidData` for a header that is none.
pub fn receive(socket: BorrowedFd<'_>, body: &mut Vec<u8>) -> io::Result<Header> {
    let mut bytes = [0; HEADER_BYTES];
    fill(socket, &mut bytes)?;
    let header = Header::from_bytes(&bytes).ok_or(io::ErrorKind::InvalidData)?;
    body.clear();
    body.resize(header.len, 0);
    fill(socket, body)?;
    Ok(header)
}

fn fill(socket: BorrowedFd<'_>, mut room: &mut [u8]) -> io::Result<()> {
    while !room.is_empty() {
        match rustix::io::read(socket, &mut *room) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => room = &mut room[read..],
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
