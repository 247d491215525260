//! Loading: the library's bytes become a table that has been checked field by field.

use std::ffi::{OsStr, c_char};
use std::mem::ManuallyDrop;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;

use falin_abi::{ENTRY_SYMBOL, Entry, MAGIC, MAJOR, Plugin};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use super::stopped::LIBRARY;
use crate::plugin::library::Expected;
use crate::plugin::refusal::Refused;

/// Longest id or version.
const LONGEST_NAME: usize = 128;

/// Bytes of version 1.0's table, on the machines that there are filters for: the least that a library may say, also
/// once fields have been appended.
const FIRST_TABLE: usize = 88;

/// Takes the sealed memory that came in as stdout; what the plugin prints goes to stderr, to the log.
///
/// It is opened anew: the place at which a descriptor reads is shared by all that were copied from it, and every other
/// worker of this library has one of those.
pub fn from_stdout() -> Result<OwnedFd, Refused> {
    let sealed = std::fs::File::open("/proc/self/fd/1").map_err(|_| Refused::Process)?;
    rustix::stdio::dup2_stdout(rustix::stdio::stderr()).map_err(|_| Refused::Process)?;
    Ok(sealed.into())
}

/// Loads what the library needs of the system, before the cage closes: nothing can be opened afterwards. One that
/// is missing will be an error of the loading itself.
#[allow(unsafe_code)]
pub fn load_companions(names: impl Iterator<Item = &'static str>) {
    for name in names {
        // SAFETY: a library of the system, the same that any program beside this one loads.
        if let Ok(library) = unsafe { Library::open(Some(name), RTLD_NOW | RTLD_LOCAL) } {
            std::mem::forget(library);
        }
    }
}

/// Loads what has been put behind its name ([`super::stopped::answer`]), and checks it. The library stays loaded until
/// the process ends: its exit is the unloading.
#[allow(unsafe_code)]
pub fn load(expected: &Expected) -> Result<&'static Plugin, Refused> {
    let name = OsStr::from_bytes(LIBRARY.to_bytes());
    // SAFETY: its constructors may do anything at all; that is why the process has been caged before.
    let library = unsafe { Library::open(Some(name), RTLD_NOW | RTLD_LOCAL) };
    let library = ManuallyDrop::new(library.map_err(unloadable)?);
    // SAFETY: the symbol's name carries the major version, and with it the type that it must have.
    let entry = unsafe { library.get::<Entry>(ENTRY_SYMBOL) }.map_err(|_| Refused::NoSymbol)?;
    // SAFETY: the header promises a function without arguments; a lie ends this process only.
    let table = unsafe { entry() };
    // SAFETY: the header promises a table that lives as long as the library; null is told apart here.
    let table = unsafe { table.as_ref() }.ok_or(Refused::NoTable)?;
    check(table, expected)?;
    Ok(table)
}

/// The system's own words are one level down.
fn unloadable(error: libloading::Error) -> Refused {
    let words = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    Refused::Unloadable(words)
}

fn check(table: &Plugin, expected: &Expected) -> Result<(), Refused> {
    if table.magic != MAGIC {
        return Err(Refused::Magic);
    }
    if (table.size as usize) < FIRST_TABLE {
        return Err(Refused::Size);
    }
    if table.major != MAJOR {
        return Err(Refused::Major(table.major));
    }
    let said = |name: Option<Vec<u8>>| String::from_utf8_lossy(&name.unwrap_or_default()).into_owned();
    let id = name(table.id);
    if id.as_deref() != Some(expected.id.as_bytes()) {
        return Err(Refused::Id(said(id)));
    }
    let version = name(table.version);
    if version.as_deref() != Some(expected.version.as_bytes()) {
        return Err(Refused::Version(said(version)));
    }
    if expected.manifest_sha256.is_some_and(|wanted| wanted != table.manifest_sha256) {
        return Err(Refused::Manifest);
    }
    let whole = table.create.is_some() && table.call.is_some() && table.destroy.is_some();
    if whole { Ok(()) } else { Err(Refused::NoFunction) }
}

/// The text up to its zero byte; None if null or too long.
#[allow(unsafe_code)]
fn name(text: *const c_char) -> Option<Vec<u8>> {
    if text.is_null() {
        return None;
    }
    let mut bytes = Vec::new();
    for at in 0..LONGEST_NAME {
        // SAFETY: the header promises a text ended by a zero byte; no byte after the zero is read.
        let byte = unsafe { text.add(at).read() } as u8;
        if byte == 0 {
            return Some(bytes);
        }
        bytes.push(byte);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_table_ends_behind_destroy_for_good() {
        assert_eq!(std::mem::offset_of!(Plugin, destroy) + size_of::<usize>(), FIRST_TABLE);
    }
}
