//! What a shared library says of itself before anything runs it: machine, kind, stack, needed C library.

use falin_domain::refusal::Refusal;

/// A machine that libraries are built for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Machine {
    /// Its folder in a package.
    pub triple: &'static str,
    /// Its number in an ELF head.
    number: u16,
}

const MACHINES: [Machine; 2] = [
    Machine { triple: "x86_64-unknown-linux-gnu", number: 62 },
    Machine { triple: "aarch64-unknown-linux-gnu", number: 183 },
];

/// The machine that this program was built for.
pub fn this_machine() -> Option<Machine> {
    MACHINES.into_iter().find(|machine| machine.triple.starts_with(std::env::consts::ARCH))
}

/// The machine whose libraries lie in this folder.
pub(super) fn machine(triple: &str) -> Option<Machine> {
    MACHINES.into_iter().find(|machine| machine.triple == triple)
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let part: [u8; N] = bytes.get(at..at.checked_add(N)?)?.try_into().ok()?;
    Some(part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// Checks a library for a machine.
///
/// # Errors
/// `package.machine` where it is no shared library of it, `package.exec_stack`, `package.glibc`.
pub(super) fn check(bytes: &[u8], machine: Machine) -> Result<(), Refusal> {
    let other = || Refusal::new("package.machine").with("machine", machine.triple);
    let shared = bytes.starts_with(b"\x7fELF\x02\x01\x01") && number::<2>(bytes, 16) == Some(3);
    if !shared || number::<2>(bytes, 18) != Some(u64::from(machine.number)) {
        return Err(other());
    }
    if runs_its_stack(bytes).ok_or_else(other)? {
        return Err(Refusal::new("package.exec_stack"));
    }
    // A library for another machine is only carried; its C library is that machine's matter.
    if this_machine() == Some(machine)
        && let (Some(needed), Some(here)) = (needed_glibc(bytes), own_glibc())
        && needed > here
    {
        let shown = |version: [u32; 2]| format!("{}.{}", version[0], version[1]);
        return Err(Refusal::new("package.glibc").with("needed", shown(needed)).with("here", shown(here)));
    }
    Ok(())
}

/// Whether its PT_GNU_STACK asks for an executable stack; one that has none asks for it silently.
fn runs_its_stack(bytes: &[u8]) -> Option<bool> {
    let (at, size, count) = (number::<8>(bytes, 32)?, number::<2>(bytes, 54)?, number::<2>(bytes, 56)?);
    for n in 0..count {
        let head = usize::try_from(at.checked_add(n.checked_mul(size)?)?).ok()?;
        if number::<4>(bytes, head)? == 0x6474_e551 {
            return Some(number::<4>(bytes, head + 4)? & 1 == 1);
        }
    }
    Some(true)
}

/// The newest `GLIBC_2.x` that it names. The names stand in its string table, and one too many only refuses.
fn needed_glibc(bytes: &[u8]) -> Option<[u32; 2]> {
    let mark = b"GLIBC_";
    let ends = bytes.windows(mark.len()).enumerate().filter(|(_, part)| part == mark);
    ends.filter_map(|(at, _)| version(&bytes[at + mark.len()..])).max()
}

fn version(bytes: &[u8]) -> Option<[u32; 2]> {
    let end = bytes.iter().position(|b| !b.is_ascii_digit() && *b != b'.').unwrap_or(bytes.len());
    let text = std::str::from_utf8(&bytes[..end.min(12)]).ok()?;
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some([parts.next()??, parts.next()??])
}

#[cfg(target_env = "gnu")]
#[allow(unsafe_code)]
fn own_glibc() -> Option<[u32; 2]> {
    // SAFETY: the C library returns a static text that ends with a zero byte.
    let text = unsafe { std::ffi::CStr::from_ptr(libc::gnu_get_libc_version()) };
    version(text.to_bytes())
}

#[cfg(not(target_env = "gnu"))]
fn own_glibc() -> Option<[u32; 2]> {
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_no_library_is_refused() {
        let here = this_machine().unwrap();
        assert_eq!(check(b"MZ", here).unwrap_err().code(), "package.machine");
        assert_eq!(check(b"\x7fELF\x02\x01\x01", here).unwrap_err().code(), "package.machine");
        assert_eq!(version(b"2.38\0x"), Some([2, 38]));
        assert!(own_glibc() > Some([2, 0]));
    }
}
