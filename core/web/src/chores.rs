//! Long work that a page begins and does not wait for: one at a time, each on a thread of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use falin_app::Stop;
use falin_domain::refusal::Refusal;

use crate::problem;

/// What can go on beside the requests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chore {
    /// A backup is being written.
    Backup,
    /// A restore is being rehearsed.
    Rehearsal,
    /// Fields are being sealed with a new key.
    Rotation,
}

#[derive(Default)]
struct State {
    running: Option<Chore>,
    failed: Option<(Chore, Refusal)>,
}

/// The one chore that runs, and how the last one failed.
#[derive(Clone, Default)]
pub struct Chores {
    state: Arc<Mutex<State>>,
    done: Arc<AtomicUsize>,
}

/// Counts what a chore has done, for its page.
#[derive(Clone)]
pub struct Progress(Arc<AtomicUsize>);

impl Progress {
    /// So much is done.
    pub fn at(&self, done: usize) {
        self.0.store(done, Ordering::Relaxed);
    }
}

impl Chores {
    /// What runs now.
    pub fn running(&self) -> Option<Chore> {
        self.lock().running
    }

    /// How much of it is done.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Why the last chore failed, if it was this one.
    pub fn failed(&self, chore: Chore) -> Option<Refusal> {
        self.lock().failed.as_ref().filter(|(which, _)| *which == chore).map(|(_, why)| why.clone())
    }

    /// Begins a chore unless it runs already; its page shows how far it is.
    ///
    /// # Errors
    /// `platform.under_way` where another one runs; `server.failed` where no thread can be had.
    pub fn begin(
        &self,
        chore: Chore,
        work: impl FnOnce(&Progress) -> Result<(), Stop> + Send + 'static,
    ) -> Result<(), Refusal> {
        let mut state = self.lock();
        match state.running {
            Some(under_way) if under_way == chore => return Ok(()),
            Some(_) => return Err(Refusal::new("platform.under_way")),
            None => {}
        }
        (state.running, state.failed) = (Some(chore), None);
        drop(state);
        self.done.store(0, Ordering::Relaxed);
        let end = End(self.clone(), chore);
        let run = move || {
            let done = work(&Progress(Arc::clone(&end.0.done)));
            end.0.lock().failed = done.err().map(|stop| (chore, problem::of_stop(stop)));
        };
        let thread = std::thread::Builder::new().name("chore".to_owned()).spawn(run);
        thread.map(drop).map_err(|_| Refusal::new("server.failed"))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the chore however its thread ends, also by a panic or by never starting.
struct End(Chores, Chore);

impl Drop for End {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.running = None;
        if std::thread::panicking() {
            state.failed = Some((self.1, Refusal::new("server.failed")));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;

    fn wait(chores: &Chores) {
        for _ in 0..500 {
            if chores.running().is_none() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the chore does not end");
    }

    #[test]
    fn one_chore_at_a_time_and_its_failure_is_told() {
        let chores = Chores::default();
        let (go, wait_for) = std::sync::mpsc::channel::<()>();
        let hold = Mutex::new(wait_for);
        let first = move |progress: &Progress| {
            progress.at(7);
            let _ = hold.lock().unwrap().recv();
            Err(Refusal::new("backup.damaged").into())
        };
        chores.begin(Chore::Backup, first).unwrap();
        let refused = chores.begin(Chore::Rotation, |_| panic!("it must not run")).unwrap_err();
        assert_eq!(refused.code(), "platform.under_way");
        chores.begin(Chore::Backup, |_| panic!("it must not run twice")).unwrap();
        assert_eq!(chores.running(), Some(Chore::Backup));
        go.send(()).unwrap();
        wait(&chores);
        assert_eq!(chores.done(), 7);
        assert_eq!(chores.failed(Chore::Backup).unwrap().code(), "backup.damaged");
        assert_eq!(chores.failed(Chore::Rotation), None);
        chores.begin(Chore::Rehearsal, |_| panic!("on purpose")).unwrap();
        wait(&chores);
        assert_eq!(chores.failed(Chore::Rehearsal).unwrap().code(), "server.failed");
    }
}
