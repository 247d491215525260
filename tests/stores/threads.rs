//! Which of the connection threads does what.

use std::collections::HashSet;
use std::time::Duration;

use super::plans::house::House;
use crate::town::on_both;

on_both! {
    fn whoever_asks_now_and_then_is_answered_by_a_thread_that_knows_the_question(backend) {
        let house = House::new(backend);
        let threads: HashSet<std::thread::ThreadId> = (0..12)
            .map(|_| {
                std::thread::sleep(Duration::from_millis(20));
                house.read(|_| Ok(std::thread::current().id()))
            })
            .collect();
        // One, and another where the machine was too busy for the first to lie down in time.
        assert!(threads.len() <= 2, "{threads:?}");
    }
}
