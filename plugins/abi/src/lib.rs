//! The border between the server and a county workflow: three structs, six functions, numbers for what is asked.
//!
//! `include/falin_plugin.h` says the same in C and is the manual: who calls, on which thread, who frees, what null
//! means. `schemas/` holds the JSON Schema of every payload. This crate knows nothing else and depends on nothing.
//!
//! Within major version 1 fields are only appended (a reader looks at `size` before it touches one), and a new
//! capability is a new op number: who does not know an op answers [`status::UNKNOWN_OP`].

mod op;
pub mod status;

use core::ffi::{c_char, c_void};

pub use op::{HostOp, PluginOp};

/// `FALINPLG`, read as a little-endian number: the first eight bytes of every table.
pub const MAGIC: u64 = u64::from_le_bytes(*b"FALINPLG");

/// Major version of the border. It is also in the symbol's name, so that two majors never meet.
pub const MAJOR: u16 = 1;

/// Minor version: counts the appended fields and ops.
pub const MINOR: u16 = 0;

/// The one symbol that a library exports, of type [`Entry`].
pub const ENTRY_SYMBOL: &[u8] = b"falin_plugin_v1\0";

/// Longest payload in either direction, bytes.
pub const MOST_BYTES: usize = 4 << 20;

/// Type of [`ENTRY_SYMBOL`]: returns the library's table, which lives as long as the library. Null is refused.
pub type Entry = unsafe extern "C" fn() -> *const Plugin;

/// Where the answer to a call is written. Lives until the call returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Sink {
    /// Bytes of this struct as its maker knows it.
    pub size: u32,
    /// None yet; zero.
    pub flags: u32,
    /// Handed back to `write` as it is.
    pub ctx: *mut c_void,
    /// Appends bytes to the answer; may be called any number of times. 0, or [`status::TOO_LARGE`].
    pub write: Option<unsafe extern "C" fn(ctx: *mut c_void, bytes: *const u8, len: usize) -> i32>,
}

/// What the server offers to a plugin. Lives from `create` until after `destroy`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// Bytes of this struct as the server knows it.
    pub size: u32,
    /// [`MAJOR`] of the server.
    pub major: u16,
    /// [`MINOR`] of the server.
    pub minor: u16,
    /// Handed back to both functions as it is.
    pub ctx: *mut c_void,
    /// Asks the server for something ([`HostOp`]); only during a plugin's `call`, on the same thread.
    pub call: Option<
        unsafe extern "C" fn(
            ctx: *mut c_void,
            op: u32,
            bytes: *const u8,
            len: usize,
            answer: *const Sink,
        ) -> i32,
    >,
    /// Writes a line to the server's log: 1 error, 2 warning, 3 information. No names or numbers of persons.
    pub log: Option<unsafe extern "C" fn(ctx: *mut c_void, level: u32, text: *const u8, len: usize)>,
}

/// What a library offers to the server.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Plugin {
    /// [`MAGIC`].
    pub magic: u64,
    /// Bytes of this struct as the library knows it.
    pub size: u32,
    /// [`MAJOR`] that the library was built against.
    pub major: u16,
    /// [`MINOR`] that the library was built against; a higher one than the server's is no reason to refuse.
    pub minor: u16,
    /// The manifest's `id`, ended by a zero byte.
    pub id: *const c_char,
    /// The manifest's `version`, ended by a zero byte.
    pub version: *const c_char,
    /// SHA-256 of `plugin.toml` as packed: a library never runs with another version's forms.
    pub manifest_sha256: [u8; 32],
    /// Makes the one instance of this process. `host` stays valid until after `destroy`. 0, or a fault.
    pub create: Option<unsafe extern "C" fn(host: *const Host, instance: *mut *mut c_void) -> i32>,
    /// Answers one call ([`PluginOp`]). `bytes` are borrowed until it returns; the answer goes to the sink.
    pub call: Option<
        unsafe extern "C" fn(
            instance: *mut c_void,
            op: u32,
            bytes: *const u8,
            len: usize,
            answer: *const Sink,
        ) -> i32,
    >,
    /// Ends the instance. Not called when the process is killed.
    pub destroy: Option<unsafe extern "C" fn(instance: *mut c_void)>,
}

#[allow(unsafe_code)]
// SAFETY: a table is never written after it was made, and its pointers lead to constants of the library.
unsafe impl Sync for Plugin {}
