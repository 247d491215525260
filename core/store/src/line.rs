//! The line of jobs before several connection threads. A job wakes one thread, the one that has rested for the shortest
//! time: its statements are prepared and its pages are at hand, while others need not have begun at all.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;

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

    /// The next job, or what else a thread has to do: from `tidy` on, where no job waits, it is told to tidy.
    pub(crate) fn next(&self, tidy: Option<Instant>) -> Turn {
        let me = thread::current();
        loop {
            let left = tidy.map(|tidy| tidy.saturating_duration_since(Instant::now()));
            let mut waiting = self.lock();
            // It may wake for nothing: then it stands among the idle already.
            waiting.idle.retain(|other| other.id() != me.id());
            if let Some(job) = waiting.jobs.pop_front() {
                return Turn::Job(job);
            }
            if waiting.closed {
                return Turn::Over;
            }
            if left.is_some_and(|left| left.is_zero()) {
                return Turn::Tidy;
            }
            waiting.idle.push(me.clone());
            drop(waiting);
            left.map_or_else(thread::park, thread::park_timeout);
        }
    }
}

/// What a thread that asks for its next job is told.
pub(crate) enum Turn {
    /// To do this.
    Job(Job),
    /// To give back what its connection has kept.
    Tidy,
    /// The line is closed and empty.
    Over,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{How, In};

    #[test]
    fn a_job_goes_before_tidying_and_a_closed_line_is_over() {
        let (entrance, line) = Entrance::new();
        let (answer, _asker) = tokio::sync::oneshot::channel();
        let (within, how) = (In::All, How::Reads);
        let work = Box::new(|_: &mut crate::Tx<'_>| Err(crate::Stop::Busy));
        entrance.join(Job { within, how, work, answer, asked: Instant::now(), token: None });
        let due = Some(Instant::now());
        assert!(matches!(line.next(due), Turn::Job(_)));
        assert!(matches!(line.next(due), Turn::Tidy), "nothing waits");
        drop(entrance);
        assert!(matches!(line.next(due), Turn::Over));
    }
}
