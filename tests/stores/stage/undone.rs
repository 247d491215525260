//! What a hook or a job could not do, or not now: done later it is done for its own day and by the hook that was meant, and
//! whoever moves a case in between has nothing done about it.

use falin_app::plugin::Move;
use falin_domain::words::CaseId;
use falin_domain::workflow::Values;
use falin_store::casefile::Case;
use serde_json::json;

use super::{Stage, TRIAL, put};
use crate::stores::plans::house::done;
use crate::town::{Backend, on_both};

/// Has the database do something whenever a row comes into a table.
fn whenever(stage: &Stage, table: &str, when: &str, does: [&str; 2]) {
    let sql = match stage.house.town.backend {
        Backend::Sqlite => {
            vec![format!("CREATE TRIGGER meddler AFTER INSERT ON {table} WHEN {when} BEGIN {}; END", does[0])]
        }
        Backend::Postgres => vec![
            format!(
                "CREATE FUNCTION meddler() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {}; RETURN NEW; END $$",
                does[1]
            ),
            format!(
                "CREATE TRIGGER meddler AFTER INSERT ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION meddler()"
            ),
        ],
    };
    sql.iter().for_each(|sql| assert!(stage.house.town.sql(sql).is_ok(), "{sql}"));
}

fn no_longer(stage: &Stage, table: &str) {
    let on = if stage.house.town.backend == Backend::Sqlite { String::new() } else { format!(" ON {table}") };
    stage.house.town.sql(&format!("DROP TRIGGER meddler{on}")).unwrap();
}

/// What stands in the cases of a flow, oldest first.
fn all(stage: &Stage, flow: &'static str) -> Vec<Values> {
    let ids = stage.house.town.texts(&match stage.house.town.backend {
        Backend::Sqlite => format!("SELECT hex(id) AS t FROM casefile WHERE flow = '{flow}' ORDER BY id"),
        Backend::Postgres => {
            format!("SELECT encode(id, 'hex') AS t FROM casefile WHERE flow = '{flow}' ORDER BY id")
        }
    });
    let county = stage.house.county;
    let one = move |id: &String| {
        let id = CaseId::from_uuid(uuid::Uuid::parse_str(id).unwrap());
        stage.house.read(move |tx| Case::by_id(tx, county, id)?.document(tx))
    };
    ids.iter().map(one).collect()
}

on_both! {
    fn a_turn_that_is_taken_later_is_for_its_own_day(backend) {
        let stage = Stage::new(backend);
        let villages = stage.house.villages.len();
        stage.jobs();
        stage.house.pass(7);
        stage.jobs();
        let letters = stage.letters();
        assert_eq!((letters.len(), &*letters[0].letter.period), (villages, "2026-03-09"), "the code is taken");
        stage.house.pass(8);
        stage.house.town.sql("UPDATE casefile_index SET value = 'x' WHERE field = 'code'").unwrap();
        assert!(done(stage.again(&letters[0])));
        let told: Vec<_> = all(&stage, "trial/note").iter().map(|one| one["told"].clone()).collect();
        assert_eq!((told.len(), &told[0], &told[villages]), (villages + 1, &json!("2026-03-02"), &json!("2026-03-09")));
    }

    fn a_case_that_moves_as_its_turn_comes_has_none(backend) {
        let stage = Stage::new(backend);
        let note = stage.open("trial/note", json!({"code": "甲"})).unwrap();
        stage.house.pass(10);
        // Somebody writes in it after the job has looked for its cases.
        let moves = "UPDATE casefile SET changed_ms = changed_ms + 864000000 WHERE id = NEW.subject_id";
        whenever(&stage, "plugin_job_run", "NEW.job = 'stale'", [moves, moves]);
        stage.jobs();
        no_longer(&stage, "plugin_job_run");
        let closed = format!("SELECT count(*) FROM casefile WHERE number = '{}' AND state = 'done'", note.case.number);
        let turns = "SELECT count(*) FROM plugin_job_run WHERE job = 'stale'";
        let count = |what: &str| stage.house.town.number(what);
        assert_eq!((count(&closed), count(turns), stage.letters().len()), (0, 0, 0));
        stage.house.pass(10);
        stage.jobs();
        assert_eq!(count(&closed), 1, "its time comes again");
    }

    fn a_letter_about_a_case_that_moved_on_does_nothing(backend) {
        let stage = Stage::new(backend);
        let note = stage.open("trial/note", json!({"code": "甲"})).unwrap();
        stage.house.pass(10);
        let refuses = ["SELECT RAISE(ABORT, 'falin: meddler')", "RAISE EXCEPTION 'falin: meddler'"];
        whenever(&stage, "casefile_step", "NEW.action = 'close'", refuses);
        stage.jobs();
        no_longer(&stage, "casefile_step");
        let letter = stage.letters().remove(0);
        stage.act(&note, "void", json!({})).unwrap();
        assert!(!done(stage.again(&letter)));
        assert_eq!(stage.letters()[0].code, "action.not_allowed");
    }

    fn a_letter_means_its_hook_in_whatever_order_a_version_has_them(backend) {
        let stage = Stage::new(backend);
        stage.with_letter(stage.house.rural[0]);
        let mine = "[[hook]]\non = \"mediation/apply\"\n";
        let before = format!("{mine}open = {{ flow = \"point\", map = {{ who = \"@number\" }}, set = {{ points = 5 }} }}\n\n{mine}");
        let newer = TRIAL.replacen("1.0.0", "1.1.0", 1).replacen(mine, &before, 1);
        put(&stage.house, &newer, &[Move::Try, Move::Upgrade]);
        stage.house.town.sql("UPDATE casefile_index SET value = 'x' WHERE field = 'code'").unwrap();
        assert!(done(stage.again(&stage.letters()[0])));
        assert_eq!((stage.count("trial/point"), stage.count("trial/note")), (0, 3));
    }

    fn a_database_that_takes_nothing_makes_no_letters(backend) {
        let stage = Stage::new(backend);
        let full = ["SELECT RAISE(ABORT, 'No space left on device')", "RAISE EXCEPTION 'No space left on device'"];
        whenever(&stage, "casefile", "NEW.flow = 'trial/note'", full);
        stage.jobs();
        let turns = "SELECT count(*) FROM plugin_job_run";
        assert_eq!((stage.letters().len(), stage.house.town.number(turns)), (0, 0));
        no_longer(&stage, "casefile");
        assert_eq!(stage.jobs(), stage.house.villages.len() as u64);
    }

    fn what_is_long_over_is_forgotten(backend) {
        let stage = Stage::new(backend);
        stage.with_letter(stage.house.rural[0]);
        stage.jobs();
        stage.house.town.sql("UPDATE casefile_index SET value = 'x' WHERE field = 'code'").unwrap();
        assert!(done(stage.again(&stage.letters()[0])));
        let rows = || ["plugin_job_run", "plugin_letter"].map(|table| stage.house.town.number(&format!("SELECT count(*) FROM {table}")));
        let hourly = || done(stage.house.wait(falin_app::rounds::hourly(&stage.house.app)));
        let [turns, _] = rows();
        stage.house.pass(29);
        hourly();
        assert_eq!(rows(), [turns, 1]);
        stage.house.pass(2);
        hourly();
        assert_eq!(rows(), [turns, 0]);
        stage.house.pass(2 * 366);
        hourly();
        assert_eq!(rows(), [0, 0]);
    }
}
