//! Who is told, and where: a deputy nothing of a case in which the deputy has a conflict of interest, whoever has an
//! account where that says when the message leaves.

use falin_app::casework::{self, Opening};
use falin_app::deadline::{self, Started};
use falin_app::notice::{self, New, To, TypedReach};
use falin_domain::access::{Role, Visitor};
use falin_domain::booking::BookingState;
use falin_domain::words::Id;
use falin_store::booking::Booking;
use falin_store::deputy::Deputy;
use falin_store::pairing::{Conflict, add_conflict};
use serde_json::json;

use super::deadlines::{person, told};
use super::notices::{sender, states, with_gateway};
use super::plans::house::{House, done, first_day};
use super::stage::{self, values};
use crate::town::on_both;

/// Tells an account something of tomorrow.
fn remind(house: &House, who: &Visitor) {
    let (county, to, when) = (house.county, who.account.unwrap(), house.app.now().plus_seconds(86_400));
    house.write(move |tx| {
        let new = New {
            county,
            key: "reminder".into(),
            to: To::Account(to),
            text_key: "notice-deadline-urged",
            args: Vec::new(),
            subject: ("deadline", Id::from_bytes(&[7; 16]).unwrap()),
            division: None,
            not_before: Some(when),
            language: None,
        };
        notice::queue(tx, new)
    });
}

/// A lawyer who is told by SMS.
fn lawyer(house: &House) -> Visitor {
    let who = person(house, Role::Lawyer, None, Some(house.lawyers[0]));
    reached(house, &who, 0, "13912345678", "on");
    who
}

fn reached(house: &House, who: &Visitor, version: i64, phone: &str, yes: &str) {
    let reach = TypedReach { phone: phone.into(), sms_yes: yes.into(), ..TypedReach::default() };
    done(house.wait(notice::set_reach(&house.app, who, version, &reach)));
}

on_both! {
    fn what_waits_goes_where_its_reader_is_when_it_leaves(backend) {
        let (house, gateway) = with_gateway(backend);
        let who = lawyer(&house);
        remind(&house, &who);
        reached(&house, &who, 1, "13800000009", "on");
        house.pass(1);
        assert_eq!(done(sender(&house).pass()), 1);
        assert_eq!(gateway.handed()[0].body["to"], "13800000009");
    }

    fn who_says_yes_no_longer_is_told_no_longer(backend) {
        let (house, gateway) = with_gateway(backend);
        let who = lawyer(&house);
        remind(&house, &who);
        reached(&house, &who, 1, "13912345678", "");
        house.pass(1);
        assert_eq!((done(sender(&house).pass()), gateway.handed().len()), (0, 0));
        assert_eq!((states(&house), told(&house, &who).len()), (vec![0, 0, 0, 1], 1));
    }

    fn an_account_that_opens_no_more_is_told_nothing_outside(backend) {
        let (house, gateway) = with_gateway(backend);
        let who = lawyer(&house);
        remind(&house, &who);
        house.town.sql(&format!("UPDATE account SET disabled = {}", if backend == crate::town::Backend::Sqlite { "1" } else { "true" })).unwrap();
        house.pass(1);
        assert_eq!((done(sender(&house).pass()), gateway.handed().len()), (0, 0));
        assert_eq!(states(&house), [0, 0, 0, 1]);
    }

    fn what_was_sent_is_forgotten_after_the_countys_years(backend) {
        let (house, _gateway) = with_gateway(backend);
        let who = lawyer(&house);
        remind(&house, &who);
        house.pass(1);
        done(sender(&house).pass());
        let hourly = || done(house.wait(falin_app::rounds::hourly(&house.app)));
        house.pass(3 * 365);
        hourly();
        assert_eq!(states(&house), [0, 1, 0, 0]);
        house.pass(3);
        remind(&house, &who);
        assert_eq!(states(&house), [0, 1, 0, 0], "the same is not told twice while it is known");
        hourly();
        assert_eq!(states(&house), [0, 0, 0, 0]);
    }

    fn a_deputy_with_a_conflict_hears_of_no_day_of_the_case(backend) {
        let house = stage::house(backend);
        let (county, home) = (house.county, house.rural[0]);
        let (away, stands_in) = (house.lawyers[0], house.lawyers[1]);
        let [lawyer, deputy] = [away, stands_in].map(|who| person(&house, Role::Lawyer, None, Some(who)));
        let form = json!({"dispute": "neighbours", "facts": "占道。", "applicant": "张建国"});
        let opening = Opening { household: Some(home), ..Opening::new("mediation", values(form)) };
        let case = done(house.wait(casework::open(&house.app, &house.me, opening))).case;
        house.write(move |tx| {
            let deputy = Deputy {
                county_id: county, id: tx.id(), worker_id: away, deputy_id: stands_in, from_date: first_day(),
                to_date: first_day(), account_id: None, created_ms: tx.now.millis(), ended_ms: None, version: 1,
            };
            deputy.insert(tx)
        });
        let (id, number) = (case.id, case.number);
        let tell = |key: &'static str| {
            let number = number.clone();
            house.write(move |tx| {
                let of = (casework::NOUN, id.cast(), number.as_str());
                let due = deadline::start(tx, Started::new(county, of, "mediation.confirmation", tx.now))?;
                let now = tx.now.millis();
                let booking = Booking {
                    county_id: county, id: tx.id(), room_id: tx.id(), starts_ms: now + 3_600_000,
                    ends_ms: now + 7_200_000, state: BookingState::Confirmed, purpose_sealed: Vec::new(),
                    link_sealed: None, mediation_case_id: Some(id.cast()), mediator_id: None, lawyer_id: None,
                    series_id: None, flag: None, kept: None, offer_until_ms: None, account_id: None,
                    created_ms: now, changed_ms: now, version: 1,
                };
                booking.insert(tx)?;
                for (noun, subject) in [("deadline", due.id.cast()), ("booking", booking.id.cast()), ("case", id.cast())] {
                    notice::queue(tx, New {
                        county, key: format!("{key}/{noun}"), to: To::Worker(away), text_key: "notice-deadline-urged",
                        args: Vec::new(), subject: (noun, subject), division: None, not_before: None, language: None,
                    })?;
                }
                Ok(())
            });
        };
        tell("before");
        assert_eq!((told(&house, &lawyer).len(), told(&house, &deputy).len()), (3, 3));
        house.write(move |tx| {
            let conflict = Conflict {
                county_id: county, id: tx.id(), household_id: home, worker_id: Some(stands_in), firm_id: None,
                reason: "代理过对方".into(), created_ms: tx.now.millis(), lifted_ms: None,
            };
            add_conflict(tx, &conflict)
        });
        tell("after");
        assert_eq!((told(&house, &lawyer).len(), told(&house, &deputy).len()), (6, 3));
    }
}
