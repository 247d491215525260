//! The second cage, for kernels without Landlock: a root directory of its own, with nothing in it.

use std::fs;

use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_change, mount_remount, unmount,
};
use rustix::process::{chdir, getgid, getuid, pivot_root};
use rustix::thread::{UnshareFlags, unshare_unsafe};

use crate::plugin::refusal::Refused;

/// A directory that every system has; what is mounted over it is seen by this process alone.
const PLACE: &str = "/proc";

/// Leaves every file of the machine behind.
pub fn enter() -> Result<(), Refused> {
    leave().map_err(|_| Refused::NoCage)
}

fn leave() -> std::io::Result<()> {
    own_namespaces()?;
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    let plain = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("falin", PLACE, "tmpfs", plain, c"size=4k,nr_inodes=2,mode=0111")?;
    chdir(PLACE)?;
    // The old root is stacked under the new one for a moment, then gone: it needs no directory of its own.
    pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    chdir("/")?;
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
