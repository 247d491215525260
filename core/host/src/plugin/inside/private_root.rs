//! The second cage, for kernels without Landlock: a root directory of its own that holds the library and nothing else.

use std::ffi::CStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_change, mount_remount, unmount,
};
use rustix::process::{chdir, getgid, getuid, pivot_root};
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::load::Source;
use crate::plugin::refusal::Refused;

/// A directory that every system has; what is mounted over it is seen by this process alone.
const PLACE: &str = "/proc";

/// Where the library lies in the new root.
const LIBRARY: &CStr = c"/plugin.so";

/// Leaves every file of the machine behind, the library's copy aside.
pub fn enter(library: Option<Source>) -> Result<Option<Source>, Refused> {
    let bytes = library.map(|source| source.bytes()).transpose()?;
    leave(bytes.as_deref()).map_err(|_| Refused::NoCage)?;
    Ok(bytes.map(|_| Source::File(LIBRARY)))
}

fn leave(bytes: Option<&[u8]>) -> std::io::Result<()> {
    own_namespaces()?;
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    let plain = MountFlags::NOSUID | MountFlags::NODEV;
    let room = bytes.map_or(0, <[u8]>::len) / 1024 + 64;
    let size = std::ffi::CString::new(format!("size={room}k,nr_inodes=8,mode=0700"))?;
    mount("falin", PLACE, "tmpfs", plain, size.as_c_str())?;
    chdir(PLACE)?;
    if let Some(bytes) = bytes {
        fs::write("plugin.so", bytes)?;
        // Whatever the server's umask: a worker of root becomes somebody else before it opens this.
        fs::set_permissions("plugin.so", fs::Permissions::from_mode(0o444))?;
    }
    // The old root is stacked under the new one for a moment, then gone: it needs no directory of its own.
    pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    chdir("/")?;
    // The library is found by its name; the directory itself shows nothing to anybody.
    fs::set_permissions("/", fs::Permissions::from_mode(0o111))?;
    mount_remount("/", plain | MountFlags::RDONLY, c"")?;
    Ok(())
}

/// Root needs no more than its own table of mounts; anybody else first becomes root of a user namespace of its own.
fn own_namespaces() -> std::io::Result<()> {
    let (uid, gid) = (getuid(), getgid());
    let mounts = UnshareFlags::NEWNS | UnshareFlags::NEWIPC;
    if uid.is_root() {
        return unshare(mounts);
    }
    unshare(mounts | UnshareFlags::NEWUSER)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{0} {0} 1", uid.as_raw()))?;
    fs::write("/proc/self/gid_map", format!("{0} {0} 1", gid.as_raw()))
}

#[allow(unsafe_code)]
fn unshare(flags: UnshareFlags) -> std::io::Result<()> {
    // SAFETY: the process has one thread and shares no table of descriptors that this could take away.
    unsafe { unshare_unsafe(flags) }.map_err(Into::into)
}
