//! The workers of one plugin: who is idle, who may start another, and when so many have died that none is started.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::cage::Cage;
use super::fault::{Fault, Quarantine};
use super::inside::{Order, Ready};
use super::limits::Budget;
use super::metrics::{Counters, Metrics};
use super::refusal::Refused;
use super::supervisor::Supervisor;
use super::worker::Worker;
use super::{Answer, Ask, HostAnswer, HostOp, Plugin};

/// So many deaths within [`WITHIN`] quarantine a plugin.
const DEATHS: usize = 5;
const WITHIN: Duration = Duration::from_secs(60);

/// One plugin of one county in one version.
pub struct Pool {
    plugin: Plugin,
    /// Whose words a line of the log are.
    label: String,
    state: Mutex<State>,
    freed: Condvar,
    counters: Counters,
}

#[derive(Default)]
struct State {
    idle: Vec<Worker>,
    /// Idle, working and starting.
    workers: usize,
    deaths: VecDeque<Instant>,
    quarantine: Option<Quarantine>,
    /// No new worker, and those that come back are ended.
    closed: bool,
}

/// A worker for the time of one call; it goes back, or its place becomes free, however the call ends.
struct Seat<'a> {
    pool: &'a Pool,
    worker: Option<Worker>,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        // Outside the lock: waiting for the end of a large process takes a while.
        drop(self.worker.take());
        self.pool.state().workers -= 1;
        self.pool.freed.notify_one();
    }
}

impl Pool {
    /// No worker is started yet.
    pub fn new(plugin: Plugin, label: String) -> Self {
        Self { plugin, label, state: Mutex::default(), freed: Condvar::new(), counters: Counters::default() }
    }

    /// One call, on whichever worker is free, or on a new one.
    pub fn call(
        &self,
        supervisor: &Supervisor,
        (op, payload): (u16, &[u8]),
        within: Duration,
        host: &mut dyn FnMut(HostOp, &[u8]) -> HostAnswer,
    ) -> Result<Answer, Fault> {
        let (mut asked, begun) = (false, Instant::now());
        let mut noting = |op, bytes: &[u8]| {
            asked = true;
            host(op, bytes)
        };
        match self.call_once(supervisor, (op, payload), within, &mut noting) {
            Err(fault) if Worker::is_old_sin(&fault) && !asked && begun.elapsed() < within => {
                // What looks like an earlier call's sin may be this one's own: it gets no second helping of time.
                let left = within.saturating_sub(begun.elapsed());
                self.call_once(supervisor, (op, payload), left, host)
            }
            outcome => outcome,
        }
    }

    fn call_once(
        &self,
        supervisor: &Supervisor,
        (op, payload): (u16, &[u8]),
        within: Duration,
        host: &mut dyn FnMut(HostOp, &[u8]) -> HostAnswer,
    ) -> Result<Answer, Fault> {
        let mut seat = self.seat(supervisor, Instant::now() + within)?;
        let Some(worker) = seat.worker.as_mut() else { return Err(Fault::Busy) };
        let begun = Instant::now();
        let call = self.counters.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let ask = Ask { op, payload, call, deadline: begun + within };
        let mut budget = Budget::new(&self.plugin.limits);
        let answer = worker.call(&ask, &mut budget, host, &mut |level, line| self.log(level, line));
        match &answer {
            Err(fault) if fault.is_death() => {
                drop(seat);
                self.note_death(fault);
            }
            _ => {
                self.counters.answered.note(begun.elapsed());
                seat.back();
            }
        }
        answer
    }

    /// Starts a worker if none is idle, so that the next call finds one.
    pub fn warm(&self, supervisor: &Supervisor) -> Result<(), Fault> {
        let until = Instant::now() + self.plugin.limits.loading;
        self.seat(supervisor, until).map(Seat::back)
    }

    fn seat(&self, supervisor: &Supervisor, until: Instant) -> Result<Seat<'_>, Fault> {
        loop {
            let mut state = self.state();
            if let Some(quarantine) = &state.quarantine {
                return Err(Fault::Quarantined(quarantine.clone()));
            }
            if state.closed {
                return Err(Fault::Unknown);
            }
            if let Some(worker) = state.idle.pop() {
                drop(state);
                let quiet = worker.is_quiet();
                let seat = Seat { pool: self, worker: Some(worker) };
                match quiet {
                    Ok(()) => return Ok(seat),
                    Err(fault) => {
                        drop(seat);
                        self.note_death(&fault);
                        continue;
                    }
                }
            }
            if state.workers < self.plugin.limits.workers.max(1) {
                state.workers += 1;
                drop(state);
                return self.start(supervisor, Seat { pool: self, worker: None });
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Fault::Busy);
            }
            drop(self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn start<'a>(&'a self, supervisor: &Supervisor, mut seat: Seat<'a>) -> Result<Seat<'a>, Fault> {
        self.counters.spawns.fetch_add(1, Ordering::Relaxed);
        match start(supervisor, &self.plugin, &self.label) {
            Ok((worker, _)) => {
                seat.worker = Some(worker);
                Ok(seat)
            }
            Err(refused) => {
                drop(seat);
                let of_the_machine = refused.is_the_machines();
                let fault = Fault::Refused(refused);
                if !of_the_machine {
                    self.note_death(&fault);
                }
                Err(fault)
            }
        }
    }

    fn log(&self, level: u16, line: &str) {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        match level {
            1 => tracing::error!(plugin = self.label, "{line}"),
            2 => tracing::warn!(plugin = self.label, "{line}"),
            _ => tracing::info!(plugin = self.label, "{line}"),
        }
    }

    fn note_death(&self, fault: &Fault) {
        self.counters.deaths.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(plugin = self.label, fault = %fault, "a plugin's process has ended");
        let now = Instant::now();
        let mut state = self.state();
        state.deaths.push_back(now);
        while state.deaths.front().is_some_and(|first| now.duration_since(*first) > WITHIN) {
            state.deaths.pop_front();
        }
        let deaths = state.deaths.len();
        if deaths < DEATHS || state.quarantine.is_some() {
            return;
        }
        tracing::error!(plugin = self.label, deaths, "the plugin is in quarantine");
        state.quarantine = Some(Quarantine { deaths, within: WITHIN, last: fault.to_string() });
        let idle = std::mem::take(&mut state.idle);
        self.let_go(state, idle);
    }

    /// Why it is not started any more, if it is not.
    pub fn quarantine(&self) -> Option<Quarantine> {
        self.state().quarantine.clone()
    }

    /// Forgets deaths and quarantine.
    pub fn release(&self) {
        let mut state = self.state();
        state.deaths.clear();
        state.quarantine = None;
    }

    /// Ends the idle, and the others as they come back.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        let idle = std::mem::take(&mut state.idle);
        self.let_go(state, idle);
        self.freed.notify_all();
    }

    /// Ends workers that nobody has called for too long, and those that do not keep still.
    pub fn sweep(&self, now: Instant) {
        let mut state = self.state();
        let (kept, old) = std::mem::take(&mut state.idle)
            .into_iter()
            .partition(|worker| now.duration_since(worker.idle_since) < self.plugin.limits.idle);
        state.idle = kept;
        let (mut restless, mut faults) = (Vec::new(), Vec::new());
        for mut worker in std::mem::take(&mut state.idle) {
            match worker.is_still() {
                Ok(()) => state.idle.push(worker),
                Err(fault) => {
                    restless.push(worker);
                    faults.push(fault);
                }
            }
        }
        self.let_go(state, old.into_iter().chain(restless).collect());
        faults.iter().for_each(|fault| self.note_death(fault));
    }

    fn let_go(&self, mut state: MutexGuard<'_, State>, workers: Vec<Worker>) {
        state.workers -= workers.len();
        drop(state);
        drop(workers);
    }

    /// The numbers as they stand.
    pub fn metrics(&self) -> Metrics {
        self.counters.read(self.state().workers)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat<'_> {
    /// Gives the worker back for the next call.
    fn back(mut self) {
        let Some(mut worker) = self.worker.take() else { return };
        worker.idle_since = Instant::now();
        let mut state = self.pool.state();
        if state.closed || state.quarantine.is_some() {
            drop(state);
            self.worker = Some(worker);
            return;
        }
        state.idle.push(worker);
        drop(state);
        self.pool.freed.notify_one();
        std::mem::forget(self);
    }
}

/// Starts one worker and waits until it is ready.
pub fn start(supervisor: &Supervisor, plugin: &Plugin, label: &str) -> Result<(Worker, Cage), Refused> {
    let sealed = plugin.library.descriptor().map_err(|_| Refused::Process)?;
    let (process, socket) = supervisor.spawn(sealed, label).map_err(|error| {
        tracing::error!(kind = ?error.kind(), "a plugin's process could not be started");
        Refused::Process
    })?;
    let mut worker = Worker::new(process, socket);
    let expected = plugin.expected.clone().needing(&plugin.library);
    let order = Order { memory: plugin.limits.memory, expected: Some(expected) };
    let Ready { cage, .. } = worker.load(&order, plugin.limits.loading)?;
    Ok((worker, cage))
}
