//! A household that is only stored: neither the clock nor a workflow goes on with it.

use falin_app::casework;
use falin_app::deadline::{self, Filter, Started};
use falin_app::plugin::{self, Move};
use falin_app::restriction::{self, RestrictionAct, Typed};
use falin_domain::words::HouseholdId;
use serde_json::json;

use super::{Stage, values};
use crate::stores::plans::house::done;
use crate::town::{Backend, on_both};

fn restricted(stage: &Stage, household: HouseholdId) -> restriction::Shown {
    let new = restriction::New { reason: "本人来函请求".into(), reference: "来函3号".into() };
    done(stage.house.wait(restriction::restrict(&stage.house.app, &stage.house.me, household, new)))
}

fn lifted(stage: &Stage, wish: &restriction::Shown) {
    let typed =
        Typed {
            action: RestrictionAct::Lift, reason: "本人来函恢复".into(), reference: "来函5号".into()
        };
    let (id, version) = (wish.row.id, wish.row.version);
    done(stage.house.wait(restriction::act(&stage.house.app, &stage.house.me, id, version, typed)));
}

/// A closed mediation of a household whose agreement can still be confirmed.
fn confirmable(stage: &Stage, household: HouseholdId) -> casework::Seen {
    let seen = stage.with_letter(household);
    let seen = stage.act(&seen, "withdraw", json!({})).unwrap();
    let (county, id, number) = (stage.house.county, seen.case.id, seen.case.number.clone());
    stage.house.write(move |tx| {
        let case = (casework::NOUN, id.cast(), number.as_str());
        deadline::start(tx, Started::new(county, case, "mediation.confirmation", tx.now)).map(drop)
    });
    seen
}

fn on_board(stage: &Stage) -> u64 {
    let filter = Filter { code: Some("mediation.confirmation".into()), ..Filter::default() };
    done(stage.house.wait(deadline::count(&stage.house.app, &stage.house.me, filter)))
}

on_both! {
    fn no_deadline_of_what_is_only_stored_reminds_anybody(backend) {
        let stage = Stage::new(backend);
        confirmable(&stage, stage.house.rural[0]);
        assert_eq!(on_board(&stage), 1);
        let wish = restricted(&stage, stage.house.rural[0]);
        assert_eq!(on_board(&stage), 0);
        lifted(&stage, &wish);
        assert_eq!(on_board(&stage), 1, "what can still be done in time runs on");
        restricted(&stage, stage.house.rural[0]);
        stage.house.pass(40);
        let reminders = "SELECT count(*) FROM journal_entry WHERE event LIKE 'deadline.%' AND details LIKE '%mediation.confirmation%'";
        done(stage.house.wait(deadline::round(&stage.house.app)));
        assert_eq!(stage.house.town.number(reminders), 0);
    }

    fn what_was_stored_before_an_upgrade_is_as_quiet(backend) {
        let stage = Stage::new(backend);
        confirmable(&stage, stage.house.rural[0]);
        let wish = restricted(&stage, stage.house.rural[0]);
        let dropped = "UPDATE deadline SET dropped_ms = NULL, next_ms = remind_ms WHERE code = 'mediation.confirmation'";
        assert_eq!(stage.house.town.sql(dropped), Ok(1));
        let folder = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
        let all = std::fs::read_to_string(format!("{}/migrations/{folder}/0032_undone/up.sql", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let ends = all.split(";\n").find(|one| one.trim_start().starts_with("UPDATE deadline")).unwrap();
        assert_eq!(stage.house.town.sql(ends), Ok(1));
        lifted(&stage, &wish);
        assert_eq!(on_board(&stage), 1, "it was dropped with the restriction");
    }

    fn what_a_workflow_could_not_do_is_not_done_any_more(backend) {
        let stage = Stage::new(backend);
        let seen = stage.with_letter(stage.house.rural[0]);
        stage.act(&seen, "withdraw", json!({})).unwrap();
        assert_eq!(stage.letters().len(), 1);
        restricted(&stage, stage.house.rural[0]);
        assert_eq!(stage.letters().len(), 0);
        // Nor where a letter is written as it is being restricted.
        stage.house.town.sql("UPDATE plugin_letter SET state = 'waiting'").unwrap();
        stage.house.town.sql("UPDATE casefile_index SET value = 'x' WHERE field = 'code'").unwrap();
        let notes = stage.count("trial/note");
        assert!(!done(stage.again(&stage.letters()[0])));
        assert_eq!(stage.count("trial/note"), notes);
    }

    fn no_table_that_was_kept_before_shows_it(backend) {
        let stage = Stage::new(backend);
        let home = stage.house.rural[0];
        let opening = casework::Opening { household: Some(home), ..casework::Opening::new("trial/note", values(json!({"code": "甲"}))) };
        let note = done(stage.house.wait(casework::open(&stage.house.app, &stage.house.me, opening)));
        let note = stage.act(&note, "void", json!({})).unwrap();
        stage.moves(&[Move::Disable, Move::Remove]);
        let kept = || done(stage.house.wait(plugin::exports(&stage.house.app, &stage.house.me))).len();
        assert_eq!(kept(), 1);
        restricted(&stage, stage.house.rural[1]);
        assert_eq!(kept(), 1, "another household's");
        restricted(&stage, home);
        assert_eq!(kept(), 0);
        let version = format!("SELECT version FROM casefile WHERE number = '{}'", note.case.number);
        assert_eq!(stage.house.town.number(&version), note.case.version + 1, "who keeps a table of it meanwhile begins anew");
    }
}
