//! Deadlines on both databases: each step once and on its day, counted again with new holidays, quiet once ended.

use falin_app::deadline::{self, Extension, Filter, Shelf, Started, SubjectId, TypedRule};
use falin_app::notice;
use falin_domain::access::{Post, Role, Visitor};
use falin_domain::deadline::{Moment, Stage};
use falin_domain::page::{MOST, Window};
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, DivisionId, Id, WorkerId};
use falin_store::account;
use uuid::Uuid;

use super::plans::house::{House, done, refused};
use crate::town::on_both;

/// Somebody of the house with one role.
pub fn person(house: &House, role: Role, place: Option<DivisionId>, worker: Option<WorkerId>) -> Visitor {
    let county = house.county;
    let post = Post { role, county, place };
    let held = post.clone();
    let account: AccountId = house.write(move |tx| {
        let id: Id<()> = tx.id();
        let new = account::New {
            username: format!("{}-{}", role.code().replace('_', "-"), &id.to_string()[24..]),
            display_name: "某某".to_owned(),
            county,
            worker,
        };
        let id = account::insert(tx, &new)?;
        account::grant(tx, id, &held)?;
        Ok(id)
    });
    Visitor { account: Some(account), county, posts: vec![post], worker, token: None }
}

/// Kind and day of everything in somebody's inbox, oldest first.
pub fn told(house: &House, who: &Visitor) -> Vec<(String, String)> {
    let window = Window { limit: MOST, after: None };
    let page = done(house.wait(notice::inbox(&house.app, who, false, window)));
    page.items.iter().rev().map(|told| (told.kind.clone(), told.at.date().to_string())).collect()
}

fn subject(n: u128) -> SubjectId {
    Id::from_uuid(Uuid::from_u128(n))
}

/// Begins a deadline of case `n`, now or at a moment.
fn begin(house: &House, n: u128, code: &'static str, at: Option<&str>) -> deadline::Deadline {
    begin_for(house, n, code, at, (None, None))
}

fn begin_for(
    house: &House,
    n: u128,
    code: &'static str,
    at: Option<&str>,
    (division, worker): (Option<DivisionId>, Option<WorkerId>),
) -> deadline::Deadline {
    let (county, at) = (house.county, at.map(|at| at.parse::<Instant>().unwrap()));
    house.write(move |tx| {
        let label = format!("嘉援〔2026〕{n}号");
        let case = ("aid", subject(n), label.as_str());
        let started = Started::new(county, case, code, at.unwrap_or(tx.now));
        deadline::start(tx, Started { division, worker, ..started })
    })
}

fn round(house: &House) -> usize {
    done(house.wait(deadline::round(&house.app)))
}

fn of(house: &House, n: u128) -> Vec<deadline::Deadline> {
    let county = house.county;
    house.read(move |tx| falin_store::deadline::of(tx, county, subject(n)))
}

fn on(kind: &str, day: &str) -> (String, String) {
    (format!("notice-deadline-{kind}"), day.to_owned())
}

on_both! {
    fn each_step_comes_once_and_on_its_day(backend) {
        let house = House::new(backend);
        let officer = person(&house, Role::AidOfficer, None, None);
        let admin = person(&house, Role::CountyAdmin, None, None);
        // Begun on Monday 2 March; due Monday the 9th, own target Friday the 6th.
        begin(&house, 1, "aid.decision", None);
        for _ in 0..14 {
            round(&house);
            assert_eq!(round(&house), 0, "a second round in the same minute finds nothing");
            house.pass(1);
        }
        assert_eq!(told(&house, &officer), [on("reminded", "2026-03-05"), on("urged", "2026-03-07")]);
        assert_eq!(told(&house, &admin), [on("escalated", "2026-03-10")]);
    }

    fn a_clock_that_jumps_over_a_year_makes_each_step_once(backend) {
        let house = House::new(backend);
        let officer = person(&house, Role::AidOfficer, None, None);
        let admin = person(&house, Role::CountyAdmin, None, None);
        for n in 1..=130 {
            begin(&house, n, "aid.decision", None);
        }
        house.pass(365);
        assert_eq!(round(&house), 3 * 130);
        assert_eq!(round(&house), 0);
        assert_eq!(told(&house, &officer).len().min(200), 200);
        assert_eq!(told(&house, &admin).len(), 130);
        let days = house.town.texts(
            "SELECT DISTINCT details AS t FROM journal_entry WHERE event LIKE 'deadline.%' AND details LIKE '%〕7号%'
             ORDER BY t",
        );
        for day in ["2026-03-05", "2026-03-07", "2026-03-10"] {
            let on = format!("\"on\":\"{day}\"");
            assert_eq!(days.iter().filter(|text| text.contains(&on)).count(), 1, "{day} of {days:?}");
        }
        let row = &of(&house, 7)[0];
        assert_eq!((row.stage, row.next_ms), (Stage::Escalated, None));
    }

    fn a_right_that_nobody_used_lapses_with_its_last_day(backend) {
        let house = House::new(backend);
        let mediator = person(&house, Role::Mediator, None, None);
        let admin = person(&house, Role::CountyAdmin, None, None);
        // Fifteen days from Monday 2 March: the last is Tuesday the 17th.
        begin(&house, 1, "court.objection_party", None);
        for _ in 0..15 {
            house.pass(1);
            round(&house);
        }
        assert!(of(&house, 1)[0].is_open(), "on its last day it can still be used");
        let told_of = told(&house, &mediator);
        assert_eq!(told_of.len(), 2, "{told_of:?}");
        house.pass(2);
        assert_eq!(round(&house), 1);
        let row = &of(&house, 1)[0];
        assert!(row.met_ms.is_none() && row.dropped_ms.is_some());
        assert_eq!((told(&house, &mediator), told(&house, &admin)), (told_of, Vec::new()));
        assert_eq!(round(&house), 0);
    }

    fn one_that_breaks_holds_up_no_other(backend) {
        let house = House::new(backend);
        let officer = person(&house, Role::AidOfficer, None, None);
        let county = house.county;
        // Of a case that is gone: whom to tell what cannot be said.
        house.write(move |tx| {
            let gone = ("case", subject(7), "嘉援〔2026〕7号");
            deadline::start(tx, Started::new(county, gone, "aid.decision", tx.now))
        });
        begin(&house, 8, "aid.decision", None);
        house.pass(4);
        assert_eq!(round(&house), 1);
        assert_eq!(told(&house, &officer).len(), 1);
        assert_eq!(of(&house, 7)[0].stage, Stage::Quiet, "it is tried again in the next round");
    }

    fn of_two_servers_one_makes_each_step(backend) {
        let house = House::new(backend);
        let officer = person(&house, Role::AidOfficer, None, None);
        for n in 1..=20 {
            begin(&house, n, "aid.decision", None);
        }
        house.pass(6);
        let apps = [house.app.clone(), house.another()];
        let threads = apps.map(|app| std::thread::spawn(move || done(app.wait(deadline::round(&app)))));
        let steps: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!(steps, 40);
        assert_eq!(told(&house, &officer).len(), 40);
    }

    fn what_was_met_or_dropped_is_quiet(backend) {
        let house = House::new(backend);
        let officer = person(&house, Role::AidOfficer, None, None);
        let county = house.county;
        begin(&house, 1, "aid.decision", None);
        begin(&house, 2, "aid.decision", None);
        begin(&house, 2, "aid.forward", None);
        assert!(house.write(move |tx| deadline::meet(tx, county, subject(1), "aid.decision")));
        assert!(!house.write(move |tx| deadline::meet(tx, county, subject(1), "aid.decision")));
        house.write(move |tx| deadline::drop_all(tx, county, subject(2)));
        house.pass(365);
        assert_eq!(round(&house), 0);
        assert_eq!(told(&house, &officer), []);
        assert!(of(&house, 1)[0].met_ms.is_some());
        assert!(of(&house, 2).iter().all(|row| row.dropped_ms.is_some()));
    }

    fn one_deadline_of_a_kind_runs_for_a_case(backend) {
        let house = House::new(backend);
        begin(&house, 1, "aid.supplement", None);
        house.pass(3);
        let again = begin(&house, 1, "aid.supplement", None);
        let county = house.county;
        let open = house.read(move |tx| deadline::of(tx, county, subject(1)));
        assert_eq!(open.iter().map(|row| row.id).collect::<Vec<_>>(), [again.id]);
        // Behind the program's back the database itself refuses a second one, and steps without a date.
        assert!(house.town.sql("UPDATE deadline SET dropped_ms = NULL").is_err());
        assert!(house.town.sql("UPDATE deadline SET stage = 3 WHERE dropped_ms IS NULL").is_err());
        assert!(house.town.sql("UPDATE deadline SET met_ms = 1 WHERE dropped_ms IS NULL").is_err());
    }

    fn holidays_that_are_published_later_move_what_was_provisional(backend) {
        let house = House::new(backend);
        let row = begin(&house, 1, "aid.decision", Some("2026-12-29T01:00:00Z"));
        assert_eq!((row.due.to_string(), row.provisional), ("2027-01-05".to_owned(), true));
        let csv = "date,name,kind\n2027-01-01,元旦,rest\n2027-01-05,元旦,rest\n2027-01-06,元旦,rest\n";
        let file = house.town.file("holidays.csv", csv.as_bytes());
        let told = house.town.falin(&["import", "holidays", &file, "--place", "620200", "--json"]).ok().json();
        assert_eq!(told["accepted"], 3, "{told}");
        let moved = &of(&house, 1)[0];
        assert_eq!((moved.due.to_string(), moved.provisional), ("2027-01-07".to_owned(), false));
        let entry = "SELECT details AS t FROM journal_entry WHERE event = 'deadline.recounted'";
        assert!(house.town.texts(entry)[0].contains("2027-01-05"));
        let batch = house.town.texts(match backend {
            crate::town::Backend::Sqlite => "SELECT lower(hex(id)) AS t FROM import_batch",
            crate::town::Backend::Postgres => "SELECT encode(id, 'hex') AS t FROM import_batch",
        });
        let id = Uuid::parse_str(&batch[0]).unwrap().to_string();
        house.town.falin(&["import", "undo", &id]).ok();
        assert!(of(&house, 1)[0].provisional);
    }

    fn a_county_sets_what_no_law_sets(backend) {
        let house = House::new(backend);
        let (app, me) = (&house.app, &house.me);
        let typed = TypedRule { length: "48".into(), internal: "24".into(), source: "嘉司发〔2026〕3号".into() };
        done(house.wait(deadline::set_rule(app, me, "consultation.answer", 0, &typed)));
        let again = house.wait(deadline::set_rule(app, me, "consultation.answer", 0, &typed));
        assert_eq!(refused(again), "state.changed");
        let law = house.wait(deadline::set_rule(app, me, "aid.decision", 0, &typed));
        assert_eq!(refused(law), "action.not_allowed");
        let unsaid = TypedRule { source: String::new(), ..typed };
        assert_eq!(refused(house.wait(deadline::set_rule(app, me, "consultation.chat", 0, &unsaid))), "form.invalid");
        let row = begin(&house, 1, "consultation.answer", Some("2026-03-02T01:00:00Z"));
        assert_eq!(row.due, Moment::At("2026-03-04T01:00:00Z".parse().unwrap()));
        assert_eq!(row.internal_due, Some(Moment::At("2026-03-03T01:00:00Z".parse().unwrap())));
        assert_eq!(deadline::source(&row, None, false), "嘉司发〔2026〕3号");
        // What runs keeps its length when the county changes its mind.
        done(house.wait(deadline::set_rule(app, me, "consultation.answer", 1, &TypedRule::default())));
        assert_eq!(of(&house, 1)[0].due, row.due);
    }

    fn an_extension_needs_a_reason_and_a_law_that_allows_it(backend) {
        let house = House::new(backend);
        let county = house.county;
        begin(&house, 1, "petition.handling", Some("2026-08-03T01:00:00Z"));
        begin(&house, 2, "aid.decision", None);
        let extend = |n: u128, code: &'static str, by: u16, reason: &'static str| {
            let work = move |tx: &mut falin_store::Tx<'_>| {
                let source = "信访工作条例第三十四条";
                deadline::extend(tx, county, subject(n), code, &Extension { by, reason, source, account: None })
            };
            house.app.db.write_now(falin_store::In::County(county), work)
        };
        assert_eq!(refused(extend(1, "petition.handling", 30, " ")), "form.invalid");
        assert_eq!(refused(extend(1, "petition.handling", 31, "案情复杂")), "action.not_allowed");
        assert_eq!(refused(extend(2, "aid.decision", 3, "案情复杂")), "action.not_allowed");
        let row = done(extend(1, "petition.handling", 30, "案情复杂"));
        assert_eq!(row.due.to_string(), "2026-11-01");
        assert_eq!(refused(extend(1, "petition.handling", 10, "还不够")), "action.not_allowed");
    }

    fn a_case_taken_over_from_an_old_system_tells_nobody(backend) {
        let house = House::new(backend);
        let officer = person(&house, Role::AidOfficer, None, None);
        let county = house.county;
        house.write(move |tx| {
            let at = "2025-12-01T01:00:00Z".parse().unwrap();
            let started = Started::new(county, ("aid", subject(1), "旧1号"), "aid.decision", at);
            deadline::start(tx, Started { silent: true, ..started })
        });
        assert_eq!(round(&house), 0);
        assert_eq!(told(&house, &officer), []);
        assert_eq!(of(&house, 1)[0].stage, Stage::Escalated);
    }

    fn the_board_shows_everybody_what_is_theirs(backend) {
        let house = House::new(backend);
        let (villages, lawyers) = (house.villages.clone(), house.lawyers.clone());
        begin_for(&house, 1, "aid.report", None, (Some(villages[0]), Some(lawyers[0])));
        begin_for(&house, 2, "aid.report", None, (Some(villages[2]), Some(lawyers[1])));
        begin_for(&house, 3, "aid.forward", None, (None, None));
        let (app, all) = (&house.app, Filter::default());
        let seen = |who: &Visitor, filter: Filter| {
            done(house.wait(deadline::list(app, who, filter, Window::default())))
                .items.into_iter().map(|line| line.deadline.label).collect::<Vec<_>>()
        };
        let case = |n| format!("嘉援〔2026〕{n}号");
        assert_eq!(seen(&house.me, all.clone()), [case(3), case(1), case(2)]);
        let lawyer = person(&house, Role::Lawyer, None, Some(lawyers[1]));
        assert_eq!(seen(&lawyer, all.clone()), [case(2)]);
        let clerk = person(&house, Role::Clerk, Some(villages[0]), None);
        assert_eq!(seen(&clerk, all.clone()), [case(1)]);
        let resident = person(&house, Role::Resident, None, None);
        assert_eq!(refused(house.wait(deadline::list(app, &resident, all.clone(), Window::default()))), "access.denied");
        let of_code = Filter { code: Some("aid.report".into()), ..Filter::default() };
        assert_eq!(seen(&house.me, of_code), [case(1), case(2)]);
        house.pass(2);
        let shelf = |state| Filter { state: Some(state), ..Filter::default() };
        assert_eq!(seen(&house.me, shelf(Shelf::Overdue)), [case(3)]);
        assert_eq!(seen(&house.me, shelf(Shelf::Soon)), Vec::<String>::new());
        let counts = done(house.wait(deadline::board_counts(app, &house.me)));
        assert_eq!((counts.open, counts.soon, counts.overdue), (3, 0, 1));
        let county = house.county;
        house.write(move |tx| deadline::meet(tx, county, subject(3), "aid.forward"));
        assert_eq!(seen(&house.me, shelf(Shelf::Met)), [case(3)]);
    }
}
