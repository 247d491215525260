//! What a worker gives up, step by step; a step that fails ends the worker before it has seen the library.

use std::os::fd::OwnedFd;

use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, Scope};
use rustix::process::{
    DumpableBehavior, Pid, Resource, Rlimit, Signal, getpid, getppid, getrlimit, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use rustix::thread::{
    CapabilitySet, CapabilitySets, Gid, Uid, set_capabilities, set_no_new_privs, set_thread_groups,
    set_thread_res_gid, set_thread_res_uid,
};

use super::filter::{self, Stage};
use super::{Order, private_root, stopped};
use crate::plugin::cage::{Cage, CageChoice};
use crate::plugin::refusal::Refused;

/// Descriptors: the three, the library's own, and one for making the cage's rules.
const DESCRIPTORS: u64 = 5;

/// Bytes of stack.
const STACK: u64 = 8 << 20;

/// A worker that was root becomes this number plus its process id: no other process has it.
const OWN_UID: u32 = 1_900_000_000;

/// Closes what was inherited, and dies with the server.
pub fn tie_to(parent: Pid) -> Result<(), Refused> {
    close_all_but_three();
    die_with(parent)
}

/// The signal is forgotten when a process changes its user, so that this is asked for more than once. The parent
/// may have died just before.
pub fn die_with(parent: Pid) -> Result<(), Refused> {
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|_| Refused::Process)?;
    if getppid() == Some(parent) { Ok(()) } else { Err(Refused::Process) }
}

/// Where the machine runs out of memory, the kernel takes a worker before the server or the database. A process that
/// may not say so of itself is as likely to be taken as others are.
pub fn go_first() {
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
}

#[allow(unsafe_code)]
fn close_all_but_three() {
    // SAFETY: nothing in this process has opened a descriptor yet: it has only just begun to run.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) };
    if closed == 0 {
        return;
    }
    // Kernels before 5.9. Those of the standard library close themselves at exec; this is for the others.
    for descriptor in 3..1024 {
        // SAFETY: as above.
        unsafe { libc::close(descriptor) };
    }
}

/// Enters the best cage that is allowed and can be had, up to the first filter. The library, if there is one, is what
/// can still be opened in it.
pub fn enter(
    parent: Pid,
    choice: CageChoice,
    order: &Order,
    library: Option<OwnedFd>,
) -> Result<Cage, Refused> {
    let machine = filter::own_machine().ok_or(Refused::Machine)?;
    set_no_new_privs(true).map_err(|_| Refused::Process)?;
    let cage = choice.resolve(landlock_works()).ok_or(Refused::NoCage)?;
    if cage == Cage::PrivateRoot {
        private_root::enter()?;
    }
    give_up_root()?;
    die_with(parent)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|_| Refused::Process)?;
    limit(order.memory).map_err(|_| Refused::Process)?;
    if cage == Cage::Landlock {
        forbid_files()?;
    }
    stopped::answer(library)?;
    filter::stop(machine).map_err(|_| Refused::NoFilter)?;
    filter::enforce(Stage::Loading, machine, getpid()).map_err(|_| Refused::NoFilter)?;
    Ok(cage)
}

/// What only the loading needed. Says whether the kernel also refuses any gain of executable memory.
pub fn close_doors() -> Result<bool, Refused> {
    let no_exec_gain = forbid_exec_gain();
    let machine = filter::own_machine().ok_or(Refused::Machine)?;
    filter::enforce(Stage::Serving, machine, getpid()).map_err(|_| Refused::NoFilter)?;
    Ok(no_exec_gain)
}

/// Kernels before 6.3 do not know it; the filter forbids the same by the arguments of `mmap` and `mprotect`.
#[allow(unsafe_code)]
fn forbid_exec_gain() -> bool {
    // SAFETY: a request with plain numbers; it changes what later mappings may be and touches no memory.
    unsafe { libc::prctl(filter::MDWE as i32, 1, 0, 0, 0) == 0 }
}

/// A worker of a server that runs as root gets a user of its own, without groups. In a namespace that has no such
/// number it stays who it is, as everybody without capabilities.
fn give_up_root() -> Result<(), Refused> {
    if rustix::process::getuid().is_root() {
        let own = OWN_UID + getpid().as_raw_nonzero().get().unsigned_abs();
        let (uid, gid) = (Uid::from_raw(own), Gid::from_raw(own));
        let _ = set_thread_groups(&[]);
        let _ = set_thread_res_gid(gid, gid, gid);
        let _ = set_thread_res_uid(uid, uid, uid);
    }
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })
        .map_err(|_| Refused::Process)
}

fn limit(memory: u64) -> rustix::io::Result<()> {
    // RLIMIT_AS would count what is only reserved, as some runtimes do by the gigabyte.
    lower(Resource::Data, memory)?;
    lower(Resource::Stack, STACK)?;
    lower(Resource::Nofile, DESCRIPTORS)?;
    lower(Resource::Fsize, 0)?;
    lower(Resource::Core, 0)?;
    lower(Resource::Nproc, 0)?;
    lower(Resource::Memlock, 0)
}

fn lower(resource: Resource, most: u64) -> rustix::io::Result<()> {
    let most = getrlimit(resource).maximum.map_or(most, |before| before.min(most));
    setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
}

fn landlock_works() -> bool {
    forbid_all().is_ok()
}

/// A rule set that names every right and grants none. The first version is demanded; of later kernels all that
/// they know is taken too, which the filter forbids anyway.
fn forbid_all() -> Result<landlock::RulesetCreated, landlock::RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V5))?
        .scope(Scope::from_all(ABI::V6))?
        .create()
}

fn forbid_files() -> Result<(), Refused> {
    let restricted = forbid_all().and_then(landlock::RulesetCreated::restrict_self);
    match restricted {
        Ok(status) if status.ruleset != landlock::RulesetStatus::NotEnforced => Ok(()),
        _ => Err(Refused::NoCage),
    }
}
