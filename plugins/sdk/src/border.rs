//! The functions of the table, written once for every workflow: bytes in, a caught panic, bytes out.

use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use falin_abi::{Host as RawHost, MAGIC, MAJOR, MINOR, Plugin, Sink, status};

use crate::host::Host;
use crate::stop::Stop;
use crate::workflow::{Workflow, dispatch};

/// What stands behind `instance`.
struct Instance<W> {
    host: *const RawHost,
    workflow: W,
}

/// The table of a workflow; [`crate::export!`] makes a static of it.
pub const fn table<W: Workflow>(id: &'static CStr, version: &'static CStr, manifest: [u8; 32]) -> Plugin {
    Plugin {
        magic: MAGIC,
        size: size_of::<Plugin>() as u32,
        major: MAJOR,
        minor: MINOR,
        id: id.as_ptr(),
        version: version.as_ptr(),
        manifest_sha256: manifest,
        create: Some(create::<W>),
        call: Some(call::<W>),
        destroy: Some(destroy::<W>),
    }
}

#[allow(unsafe_code)]
unsafe extern "C" fn create<W: Workflow>(host: *const RawHost, instance: *mut *mut c_void) -> i32 {
    let Ok(workflow) = catch_unwind(W::default) else { return status::PANICKED };
    let made = Box::into_raw(Box::new(Instance { host, workflow }));
    // SAFETY: the header promises a place for one pointer.
    unsafe { instance.write(made.cast()) };
    status::OK
}

#[allow(unsafe_code)]
unsafe extern "C" fn call<W: Workflow>(
    instance: *mut c_void,
    op: u32,
    bytes: *const u8,
    len: usize,
    sink: *const Sink,
) -> i32 {
    let work = AssertUnwindSafe(|| {
        // SAFETY: `create` made it for this very type, and the server calls one at a time on one thread.
        let instance = unsafe { &mut *instance.cast::<Instance<W>>() };
        // SAFETY: the header promises that the host's table outlives the instance.
        let host = unsafe { Host::at_border(instance.host) };
        // SAFETY: the header promises `len` readable bytes until this returns.
        let bytes = unsafe { borrowed(bytes, len) };
        dispatch(&mut instance.workflow, &host, op, bytes)
    });
    let (status, answer) = match catch_unwind(work) {
        Ok(outcome) => spoken(outcome),
        Err(panic) => {
            // Even dropping what a panic carries may panic; the process is replaced anyway.
            std::mem::forget(panic);
            (status::PANICKED, Vec::new())
        }
    };
    // SAFETY: the header promises a sink for as long as the call lasts.
    match unsafe { write(sink, &answer) } {
        status::OK => status,
        failed => failed,
    }
}

#[allow(unsafe_code)]
unsafe extern "C" fn destroy<W: Workflow>(instance: *mut c_void) {
    let work = AssertUnwindSafe(|| {
        // SAFETY: `create` made it for this very type, and the server calls this last of all.
        drop(unsafe { Box::from_raw(instance.cast::<Instance<W>>()) });
    });
    if let Err(panic) = catch_unwind(work) {
        std::mem::forget(panic);
    }
}

/// Status and bytes of an outcome.
pub(crate) fn spoken(outcome: Result<Vec<u8>, Stop>) -> (i32, Vec<u8>) {
    match outcome {
        Ok(answer) => (status::OK, answer),
        Err(Stop::Refused(refusal)) => (status::REFUSED, serde_json::to_vec(&refusal).unwrap_or_default()),
        Err(Stop::Fault(status, said)) => {
            (status, serde_json::json!({ "said": said }).to_string().into_bytes())
        }
    }
}

/// # Safety
/// `bytes` must be readable for `len` bytes while the slice is used; null means empty.
#[allow(unsafe_code)]
pub(crate) unsafe fn borrowed<'a>(bytes: *const u8, len: usize) -> &'a [u8] {
    if len == 0 || bytes.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(bytes, len) }
}

/// # Safety
/// `sink` must be null or a sink that lives until this returns.
#[allow(unsafe_code)]
unsafe fn write(sink: *const Sink, answer: &[u8]) -> i32 {
    // SAFETY: the caller's promise.
    let Some(sink) = (unsafe { sink.as_ref() }) else { return status::BAD_INPUT };
    match sink.write {
        _ if answer.is_empty() => status::OK,
        // SAFETY: the sink's own function with its own context; the bytes live until it returns.
        Some(write) => unsafe { write(sink.ctx, answer.as_ptr(), answer.len()) },
        None => status::BAD_INPUT,
    }
}
