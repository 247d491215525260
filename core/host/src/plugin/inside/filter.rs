//! The two filters on system calls, compiled from the one table for either machine.

use std::collections::BTreeMap;

use rustix::process::Pid;
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};

use super::calls::{CALLS, Call, When};

/// `PROT_WRITE` and `PROT_EXEC`, the same on both machines.
const WRITE: u64 = 2;
const EXEC: u64 = 4;

/// How a file may be mapped: `MAP_PRIVATE`, `FIXED`, `DENYWRITE`, `EXECUTABLE`, `FIXED_NOREPLACE`.
const FILE_FLAGS: u64 = 0x2 | 0x10 | 0x800 | 0x1000 | 0x10_0000;

/// And memory: `MAP_ANONYMOUS`, `NORESERVE`, `STACK`. What is shared or grows downwards is not counted by the limit
/// on memory, and so is not to be had.
const MEMORY_FLAGS: u64 = 0x20 | 0x4000 | 0x2_0000;

/// `EPERM`: what a call that is not let through comes back with.
const REFUSED: u32 = 1;

/// `prctl` requests of the worker itself: no new privileges, and no gain of executable memory.
pub const NO_NEW_PRIVS: u64 = 38;
/// The second of them; its number is 65 since kernel 6.3.
pub const MDWE: u64 = 65;

/// Which of the two filters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// In force before the library is loaded.
    Loading,
    /// In force before the plugin is created. Added to the first, it can only take away.
    Serving,
}

/// The machine that this program is built for; None where there is no list.
pub fn own_machine() -> Option<TargetArch> {
    TargetArch::try_from(std::env::consts::ARCH).ok()
}

/// Puts a filter in force for this process, for good.
pub fn enforce(stage: Stage, machine: TargetArch, own: Pid) -> Result<(), Error> {
    apply_filter(&program(stage, machine, own)?)
}

/// Stops the calls that are answered in the process, for good: of several filters the kernel follows the strictest.
pub fn stop(machine: TargetArch) -> Result<(), Error> {
    apply_filter(&stops(machine)?)
}

/// That filter as the kernel takes it.
pub fn stops(machine: TargetArch) -> Result<BpfProgram, Error> {
    let stopped = CALLS.iter().filter(|call| call.when == When::Stopped);
    let rules = stopped.filter_map(|call| Some((number(call, machine)?, Vec::new()))).collect();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Trap, machine)?;
    Ok(filter.try_into()?)
}

/// The filter as the kernel takes it.
pub fn program(stage: Stage, machine: TargetArch, own: Pid) -> Result<BpfProgram, Error> {
    let mut rules = BTreeMap::new();
    for (number, call) in CALLS.iter().filter_map(|call| Some((number(call, machine)?, call))) {
        if let Some(allowed) = rules_of(call.when, stage, own)? {
            rules.insert(number, allowed);
        }
    }
    let filter = SeccompFilter::new(rules, SeccompAction::Errno(REFUSED), SeccompAction::Allow, machine)?;
    Ok(filter.try_into()?)
}

fn number(call: &Call, machine: TargetArch) -> Option<i64> {
    match machine {
        TargetArch::x86_64 => Some(call.x86_64),
        TargetArch::aarch64 => call.aarch64,
        _ => None,
    }
}

/// None: not at all. An empty list: whatever the arguments. Otherwise one of the rules has to hold.
fn rules_of(when: When, stage: Stage, own: Pid) -> Result<Option<Vec<SeccompRule>>, Error> {
    let rules = match (when, stage) {
        (When::Always, _) | (When::Loading, Stage::Loading) => vec![],
        (When::Mapping, Stage::Loading) => {
            let code = SeccompRule::new(vec![clear(2, WRITE)?, clear(3, !FILE_FLAGS)?])?;
            vec![data()?, code]
        }
        (When::Mapping, Stage::Serving) => vec![data()?],
        (When::Protecting, _) => vec![SeccompRule::new(vec![clear(2, EXEC)?])?],
        (When::ToItself, _) => vec![exactly(0, own.as_raw_nonzero().get().unsigned_abs().into())?],
        (When::OwnRequests, Stage::Loading) => vec![exactly(0, NO_NEW_PRIVS)?, exactly(0, MDWE)?],
        // SECCOMP_SET_MODE_FILTER is 1; a flag could make a supervisor of the caller.
        (When::AddFilter, Stage::Loading) => {
            vec![SeccompRule::new(vec![equal(0, 1)?, equal(1, 0)?])?]
        }
        (When::Stopped, _) | (When::Loading | When::OwnRequests | When::AddFilter, Stage::Serving) => {
            return Ok(None);
        }
    };
    Ok(Some(rules))
}

/// Memory that is not code.
fn data() -> Result<SeccompRule, Error> {
    Ok(SeccompRule::new(vec![clear(2, EXEC)?, clear(3, !(FILE_FLAGS | MEMORY_FLAGS))?])?)
}

/// The kernel looks at the lower half of these arguments alone, and so does the condition.
fn clear(argument: u8, bits: u64) -> Result<SeccompCondition, Error> {
    let masked = SeccompCmpOp::MaskedEq(bits & u64::from(u32::MAX));
    Ok(SeccompCondition::new(argument, SeccompCmpArgLen::Dword, masked, 0)?)
}

fn exactly(argument: u8, value: u64) -> Result<SeccompRule, Error> {
    Ok(SeccompRule::new(vec![equal(argument, value)?])?)
}

fn equal(argument: u8, value: u64) -> Result<SeccompCondition, Error> {
    Ok(SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)?)
}
