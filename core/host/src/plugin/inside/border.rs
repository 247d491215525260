//! The worker's half of the border: the functions that the plugin is given, and the loop that calls it.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::io;
use std::ptr;

use falin_abi::{Host, MAJOR, MINOR, MOST_BYTES, Plugin, Sink, status};

use super::socket;
use crate::plugin::refusal::Refused;
use crate::plugin::wire::{self, Header, Kind, LONGEST_LINE, STATUS_BYTES};

/// Lines to the log that one call may write; the others are dropped.
const LINES_A_CALL: u32 = 100;

/// The state behind `falin_host`; it lives until the process ends.
pub struct Border {
    /// The call that is being answered.
    call: Cell<Option<u64>>,
    lines: Cell<u32>,
    /// What the server answered to a host call.
    heard: RefCell<Vec<u8>>,
}

/// The plugin's table with the instance that it made.
pub struct Live {
    table: &'static Plugin,
    instance: *mut c_void,
}

/// An answer in the making: the status goes in front once it is known.
struct Answer {
    bytes: Vec<u8>,
    too_large: bool,
}

impl Border {
    /// For good: the plugin may keep the pointer until the process ends.
    pub fn new() -> &'static Self {
        let heard = RefCell::new(Vec::new());
        Box::leak(Box::new(Self { call: Cell::new(None), lines: Cell::new(0), heard }))
    }

    /// Has the plugin make its instance.
    #[allow(unsafe_code)]
    pub fn create(&'static self, table: &'static Plugin) -> Result<Live, Refused> {
        let create = table.create.ok_or(Refused::NoFunction)?;
        let ctx = ptr::from_ref(self).cast_mut().cast();
        let size = size_of::<Host>() as u32;
        let host = Box::leak(Box::new(Host {
            size,
            major: MAJOR,
            minor: MINOR,
            ctx,
            call: Some(host_call),
            log: Some(host_log),
        }));
        let mut instance = ptr::null_mut();
        // SAFETY: the table was checked; both pointers are valid, the first for as long as the process lives.
        match unsafe { create(host, &mut instance) } {
            status::OK => Ok(Live { table, instance }),
            other => Err(Refused::Create(other)),
        }
    }

    /// Answers calls until the server closes its end.
    pub fn serve(&self, plugin: &Live) -> io::Result<()> {
        let mut input = Vec::new();
        let mut answer = Answer { bytes: Vec::new(), too_large: false };
        loop {
            let header = match wire::receive(socket(), &mut input) {
                Ok(header) if header.kind == Kind::Call => header,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                _ => return Err(io::ErrorKind::InvalidData.into()),
            };
            self.call.set(Some(header.call));
            self.lines.set(0);
            let status = plugin.answer(u32::from(header.op), &input, &mut answer);
            self.call.set(None);
            answer.bytes[..STATUS_BYTES].copy_from_slice(&status.to_le_bytes());
            let back = Header::new(Kind::Return, header.op, header.call);
            wire::send(socket(), back, &[&answer.bytes])?;
            wire::shrink(&mut input);
            wire::shrink(&mut answer.bytes);
            wire::shrink(&mut self.heard.borrow_mut());
        }
    }

    /// Sends a host call and waits for the server's answer, which is left in `heard` behind its status.
    fn ask(&self, call: u64, op: u16, bytes: &[u8]) -> io::Result<i32> {
        wire::send(socket(), Header::new(Kind::Ask, op, call), &[bytes])?;
        let mut heard = self.heard.borrow_mut();
        let header = wire::receive(socket(), &mut heard)?;
        let status = heard.first_chunk::<STATUS_BYTES>().map(|bytes| i32::from_le_bytes(*bytes));
        match status {
            Some(status) if header.kind == Kind::Told && header.call == call => Ok(status),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

impl Live {
    #[allow(unsafe_code)]
    fn answer(&self, op: u32, input: &[u8], answer: &mut Answer) -> i32 {
        answer.bytes.clear();
        answer.bytes.resize(STATUS_BYTES, 0);
        answer.too_large = false;
        let Some(call) = self.table.call else { return status::FAULT };
        let ctx = ptr::from_mut(answer).cast();
        let sink = Sink { size: size_of::<Sink>() as u32, flags: 0, ctx, write: Some(sink_write) };
        // SAFETY: the table was checked; input and sink outlive the call, and `answer` is not touched through any
        // other path while the plugin has it.
        let status = unsafe { call(self.instance, op, input.as_ptr(), input.len(), &sink) };
        if answer.too_large {
            answer.bytes.truncate(STATUS_BYTES);
            return status::TOO_LARGE;
        }
        status
    }
}

#[allow(unsafe_code)]
unsafe extern "C" fn sink_write(ctx: *mut c_void, bytes: *const u8, len: usize) -> i32 {
    // SAFETY: `ctx` is what `answer` above put into the sink, and the call that it belongs to still runs.
    let answer = unsafe { &mut *ctx.cast::<Answer>() };
    if answer.too_large || len > MOST_BYTES || answer.bytes.len() + len > MOST_BYTES + STATUS_BYTES {
        answer.too_large = true;
        return status::TOO_LARGE;
    }
    // SAFETY: the header promises `len` readable bytes.
    answer.bytes.extend_from_slice(unsafe { borrowed(bytes, len) });
    status::OK
}

#[allow(unsafe_code)]
unsafe extern "C" fn host_call(
    ctx: *mut c_void,
    op: u32,
    bytes: *const u8,
    len: usize,
    answer: *const Sink,
) -> i32 {
    // SAFETY: `ctx` is the border that `create` put into the table; it lives as long as the process.
    let border = unsafe { &*ctx.cast::<Border>() };
    let Some(call) = border.call.get() else { return status::NOT_NOW };
    let Ok(op) = u16::try_from(op) else { return status::UNKNOWN_OP };
    if len > MOST_BYTES {
        return status::TOO_LARGE;
    }
    // SAFETY: the header promises `len` readable bytes.
    let Ok(said) = border.ask(call, op, unsafe { borrowed(bytes, len) }) else {
        // The server is gone, or sends nonsense: there is nobody left to work for.
        std::process::exit(1)
    };
    // SAFETY: null, or a sink that the plugin keeps until this returns.
    let Some(sink) = (unsafe { answer.as_ref() }) else { return said };
    let heard = border.heard.take();
    let written = match (sink.write, &heard[STATUS_BYTES.min(heard.len())..]) {
        (_, []) => status::OK,
        // SAFETY: the plugin's own function with the plugin's own context; the bytes live until it returns.
        (Some(write), rest) => unsafe { write(sink.ctx, rest.as_ptr(), rest.len()) },
        (None, _) => status::BAD_INPUT,
    };
    border.heard.replace(heard);
    if written == status::OK { said } else { written }
}

#[allow(unsafe_code)]
unsafe extern "C" fn host_log(ctx: *mut c_void, level: u32, text: *const u8, len: usize) {
    // SAFETY: as in `host_call`.
    let border = unsafe { &*ctx.cast::<Border>() };
    let (Some(call), lines) = (border.call.get(), border.lines.get()) else { return };
    if lines >= LINES_A_CALL {
        return;
    }
    border.lines.set(lines + 1);
    // SAFETY: the header promises `len` readable bytes; fewer are read.
    let text = unsafe { borrowed(text, len.min(LONGEST_LINE)) };
    let _ = wire::send(socket(), Header::new(Kind::Log, level.min(3) as u16, call), &[text]);
}

/// The bytes of a payload, which may have a null pointer if it is empty.
///
/// # Safety
/// `len` bytes must be readable at `bytes` for as long as the slice is used.
#[allow(unsafe_code)]
unsafe fn borrowed<'a>(bytes: *const u8, len: usize) -> &'a [u8] {
    if len == 0 || bytes.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise, which is the header's.
    unsafe { std::slice::from_raw_parts(bytes, len) }
}
