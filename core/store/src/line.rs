//! The line of jobs before several connection threads. A job wakes one thread, the one that has rested for the shortest
//! time: its statements are prepared and its pages are at hand, while others need not have begun at all.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use crate::db::Job;

/// What the threads wait at.
#[derive(Default)]
pub(crate) struct Line(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    /// Threads that have nothing to do, the last to rest at the end.
    idle: Vec<Thread>,
    closed: bool,
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job, or None once the line is closed and empty.
    pub(crate) fn next(&self) -> Option<Job> {
        let me = thread::current();
        loop {
            let mut waiting = self.lock();
            // It may wake for nothing: then it stands among the idle already.
            waiting.idle.retain(|other| other.id() != me.id());
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            if waiting.closed {
                return None;
            }
            waiting.idle.push(me.clone());
            drop(waiting);
            thread::park();
        }
    }
}

/// Where jobs join the line; it closes when this is dropped.
pub(crate) struct Entrance(Arc<Line>);

impl Entrance {
    /// The entrance of a new line, and the line.
    pub(crate) fn new() -> (Self, Arc<Line>) {
        let line = Arc::new(Line::default());
        (Self(Arc::clone(&line)), line)
    }

    /// Puts a job at the end of the line.
    pub(crate) fn join(&self, job: Job) {
        let mut waiting = self.0.lock();
        waiting.jobs.push_back(job);
        let somebody = waiting.idle.pop();
        drop(waiting);
        if let Some(thread) = somebody {
            thread.unpark();
        }
    }
}

impl Drop for Entrance {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.closed = true;
        let idle = std::mem::take(&mut waiting.idle);
        drop(waiting);
        idle.iter().for_each(Thread::unpark);
    }
}
