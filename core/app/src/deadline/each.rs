//! Days on which the open rows of a list fall due: one deadline a day, kept in step with the list.

use falin_domain::deadline::Dated;
use falin_domain::time::Date;
use falin_store::{Tx, deadline};

use super::{Started, begin, end};
use crate::Stop;

/// Longest time, in days, that is counted from the beginning: whatever lies farther off begins that much later.
const FARTHEST: i64 = 60_000;

/// Keeps one deadline for each day on which open rows fall due. One that stands goes on as it was, so that nobody is
/// reminded twice; where all rows of a day are done it is met, where none names the day any more it is dropped.
///
/// # Errors
/// As [`super::start`].
pub(crate) fn each(tx: &mut Tx<'_>, started: &Started<'_>, mut dated: Dated) -> Result<(), Stop> {
    for mut row in deadline::open_of(tx, started.county, started.subject)? {
        if row.code != started.code {
            continue;
        }
        let day = row.due.date();
        match dated.open.remove(&day).map(Some) {
            Some(items) if row.items == items => {}
            Some(items) => {
                row.items = items;
                row.save(tx)?;
            }
            None => end(tx, &mut row, dated.done.contains(&day))?,
        }
    }
    for (day, items) in dated.open {
        let (due, items) = (Some(day), Some(items));
        begin(tx, Started { at: beginning(started, day), due, items, ..started.clone() })?;
    }
    Ok(())
}

/// From the event on, or from the day itself where that lies before it.
fn beginning(started: &Started<'_>, day: Date) -> falin_domain::time::Instant {
    started.at.min(day.start()).max(day.plus_days(-FARTHEST).start())
}
