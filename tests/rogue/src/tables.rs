//! Wrong tables and hostile constructors: what goes wrong before the first call.

use falin_sdk::abi::{Host, Plugin, Sink};
use falin_sdk::border::table;
use std::ffi::c_void;
use std::sync::OnceLock;

use crate::{Rogue, frames, probes, switch};

/// What the constructor's probes found.
pub static CONSTRUCTED: OnceLock<Vec<(&'static str, bool)>> = OnceLock::new();

#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = construct;

extern "C" fn construct() {
    match switch() {
        "ctor-probes" => drop(CONSTRUCTED.set(probes::all())),
        "ctor-loop" => loop {
            std::hint::spin_loop();
        },
        "ctor-exit" => unsafe { libc::_exit(0) },
        "ctor-segv" => unsafe { std::ptr::null_mut::<u8>().write_volatile(1) },
        "ctor-garbage" => frames::raw(&[0xff; 64]),
        "ctor-ready" => frames::forged_ready(),
        "ctor-no-cage" => frames::forged_refusal(b"no_cage\0"),
        "ctor-process" => frames::forged_refusal(b"process\0"),
        "ctor-close" => frames::close_to(3),
        "ctor-hog" => drop(std::hint::black_box(vec![1u8; 1 << 30])),
        "ctor-flood" => frames::flood_stderr(64 << 20),
        _ => {}
    }
}

/// The library's one symbol.
#[unsafe(no_mangle)]
pub extern "C" fn falin_plugin_v1() -> *const Plugin {
    if switch() == "null-table" {
        return std::ptr::null();
    }
    Box::leak(Box::new(chosen(switch())))
}

fn chosen(word: &str) -> Plugin {
    let good = table::<Rogue>(c"rogue", c"1.0.0", [7; 32]);
    match word {
        "magic" => Plugin { magic: 1, ..good },
        "size" => Plugin { size: 16, ..good },
        "longer" => Plugin { size: 4096, minor: 9, ..good },
        "major" => Plugin { major: 2, ..good },
        "id" => Plugin { id: c"petition".as_ptr(), ..good },
        "null-id" => Plugin { id: std::ptr::null(), ..good },
        "wild-id" => Plugin { id: std::ptr::without_provenance(8), ..good },
        "endless-id" => Plugin { id: [b'a' as std::ffi::c_char; 4096].leak_me(), ..good },
        "version" => Plugin { version: c"9.9.9".as_ptr(), ..good },
        "manifest" => Plugin { manifest_sha256: [8; 32], ..good },
        "null-create" => Plugin { create: None, ..good },
        "null-call" => Plugin { call: None, ..good },
        "null-destroy" => Plugin { destroy: None, ..good },
        "create-fails" => Plugin { create: Some(fails), ..good },
        "create-loops" => Plugin { create: Some(loops), ..good },
        "create-asks" => Plugin { create: Some(asks), ..good },
        _ => good,
    }
}

trait LeakMe {
    fn leak_me(self) -> *const std::ffi::c_char;
}

impl<const N: usize> LeakMe for [std::ffi::c_char; N] {
    fn leak_me(self) -> *const std::ffi::c_char {
        Box::leak(Box::new(self)).as_ptr()
    }
}

unsafe extern "C" fn fails(_: *const Host, _: *mut *mut c_void) -> i32 {
    -42
}

unsafe extern "C" fn loops(_: *const Host, _: *mut *mut c_void) -> i32 {
    loop {
        std::hint::spin_loop();
    }
}

/// A host call before any call: the worker has to say "not now" and nothing else may happen.
unsafe extern "C" fn asks(host: *const Host, _: *mut *mut c_void) -> i32 {
    let host = unsafe { &*host };
    let none: *const Sink = std::ptr::null();
    host.call.map_or(-1, |call| unsafe { call(host.ctx, 154, std::ptr::null(), 0, none) })
}
