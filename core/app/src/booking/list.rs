//! Bookings as lists and one by one, in one's scope.

use falin_domain::access::{Act, Visitor};
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::BookingId;
use falin_store::booking::Booking;
use falin_store::booking_list::{self as rows, Filter};
use falin_store::{In, Tx};

use super::{Hand, Shown, show};
use crate::{App, Stop};

fn within(hand: &Hand, filter: Filter) -> Filter {
    if hand.only_mine { Filter { mine: Some((hand.worker, hand.account)), ..filter } } else { filter }
}

/// A page of bookings by time.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor, filter: Filter, window: Window) -> Result<Page<Shown>, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let filter = within(&hand, filter);
    let work = move |tx: &mut Tx<'_>| {
        let page = rows::page(tx, hand.county, &filter, &window)?;
        Ok(Page { items: show(tx, &hand, page.items)?, next: page.next })
    };
    app.db.read(In::County(hand.county), work).await
}

/// How many bookings the filter leaves.
///
/// # Errors
/// `access.denied`.
pub async fn count(app: &App, visitor: &Visitor, filter: Filter) -> Result<u64, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let filter = within(&hand, filter);
    app.db.read(In::County(hand.county), move |tx| rows::count(tx, hand.county, &filter)).await
}

/// One booking.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: BookingId) -> Result<Shown, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let booking = Booking::by_id(tx, hand.county, id)?;
        if !hand.sees(&booking) {
            return Err(Refusal::absent().into());
        }
        show(tx, &hand, vec![booking])?.pop().ok_or_else(|| Refusal::absent().into())
    };
    app.db.read(In::County(hand.county), work).await
}
