//! A library that breaks on purpose, in the way that the form names. Written against the border alone, so that the
//! program's build script can compile it with nothing but the compiler that is there anyway.

#[path = "../../sdk/src/sha256.rs"]
mod sha256;

use std::ffi::{CStr, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

use falin_abi::{Host, HostOp, MAGIC, MAJOR, MINOR, Plugin, PluginOp, Sink, status};

static SERVER: AtomicPtr<Host> = AtomicPtr::new(std::ptr::null_mut());

static TABLE: Plugin = Plugin {
    magic: MAGIC,
    size: size_of::<Plugin>() as u32,
    major: MAJOR,
    minor: MINOR,
    id: ID.as_ptr(),
    version: VERSION.as_ptr(),
    manifest_sha256: sha256::sha256(include_bytes!("../plugin.toml")),
    create: Some(create),
    call: Some(call),
    destroy: Some(destroy),
};
const ID: &CStr = c"crash-test";
const VERSION: &CStr = c"1.0.0";

/// The one exported function.
#[unsafe(no_mangle)]
pub extern "C" fn falin_plugin_v1() -> *const Plugin {
    &TABLE
}

unsafe extern "C" fn create(host: *const Host, instance: *mut *mut c_void) -> i32 {
    SERVER.store(host.cast_mut(), Ordering::Relaxed);
    // SAFETY: the header promises a place for one pointer.
    unsafe { instance.write(std::ptr::null_mut()) };
    status::OK
}

unsafe extern "C" fn destroy(_: *mut c_void) {}

unsafe extern "C" fn call(_: *mut c_void, op: u32, bytes: *const u8, len: usize, answer: *const Sink) -> i32 {
    // SAFETY: the header promises `len` readable bytes until this returns.
    let asked = if len == 0 { &[][..] } else { unsafe { std::slice::from_raw_parts(bytes, len) } };
    let asked = String::from_utf8_lossy(asked);
    match PluginOp::from_number(op) {
        Some(PluginOp::Guard | PluginOp::Action) => {
            break_as(&asked);
            say(answer, "{\"said\":{\"key\":\"survived\"}}")
        }
        Some(PluginOp::Page) => say(answer, &format!("{{\"model\":{{\"process\":{}}}}}", std::process::id())),
        Some(PluginOp::Selftest) => say(answer, "{\"checks\":[{\"name\":\"loads\",\"ok\":true}]}"),
        _ => status::UNKNOWN_OP,
    }
}

/// Breaks in the way that the form names; comes back where it names none, or where the cage does not let it.
fn break_as(asked: &str) {
    let wants =
        |way: &str| ["way", "fault"].iter().any(|field| asked.contains(&format!("\"{field}\":\"{way}\"")));
    if wants("abort") {
        std::process::abort();
    }
    if wants("null") {
        // SAFETY: there is none. This is the fault that was asked for.
        unsafe { std::ptr::null_mut::<u8>().write_volatile(1) };
    }
    if wants("loop") {
        loop {
            std::hint::spin_loop();
        }
    }
    if wants("memory") {
        let mut all: Vec<Vec<u8>> = Vec::new();
        loop {
            all.push(std::hint::black_box(vec![1; 1 << 20]));
        }
    }
    while wants("flood") {
        ask(HostOp::Clock);
    }
    if wants("open") && std::fs::read("/etc/passwd").is_err() {
        // What the cage keeps shut is told by falling over, so that it is seen.
        std::process::abort();
    }
}

fn ask(op: HostOp) {
    // SAFETY: the server's table lives as long as the process.
    let Some(server) = (unsafe { SERVER.load(Ordering::Relaxed).as_ref() }) else { return };
    if let Some(call) = server.call {
        // SAFETY: the input outlives the call, and no answer is wanted.
        unsafe { call(server.ctx, op.number(), b"{}".as_ptr(), 2, std::ptr::null()) };
    }
}

fn say(answer: *const Sink, text: &str) -> i32 {
    // SAFETY: the header promises a sink for as long as the call lasts.
    let Some(Sink { ctx, write: Some(write), .. }) = (unsafe { answer.as_ref() }) else {
        return status::BAD_INPUT;
    };
    // SAFETY: the sink's own function with its own context; the text outlives the call.
    unsafe { write(*ctx, text.as_ptr(), text.len()) }
}
