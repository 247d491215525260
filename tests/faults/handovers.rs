//! Plans and handovers that are killed at any moment: in effect as a whole or not at all, and never twice.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::town::county::{COUNTY, HOUSEHOLDS};
use crate::town::{Town, command, on_both};

const CURRENT: &str = "SELECT count(*) FROM pairing WHERE to_date IS NULL";
const LEAVER: &str = "16202201510100001";

fn begin(town: &Town, words: &[&str]) -> Child {
    let mut command = command::falin(town.data(), town.database());
    command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn plan(town: &Town, words: &[&str]) -> String {
    let told = town.falin(&[words, &["--json"]].concat()).ok().json();
    told["plan"].as_str().unwrap().to_owned()
}

/// Runs a command and kills it, each time later, until it is done; `look` is called after every kill.
fn until_done(town: &Town, words: &[&str], mut look: impl FnMut()) {
    for round in 0..40 {
        let mut child = begin(town, words);
        let patience = Duration::from_millis(8).mul_f64(1.25_f64.powi(round));
        let started = Instant::now();
        let mut done = None;
        while done.is_none() && started.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(1));
            done = child.try_wait().unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        look();
        // 1: it had been done by the one that was killed.
        if done.is_some() {
            return;
        }
    }
    panic!("{words:?} is never done");
}

/// Households of the leaver, whether the leaver is there, and posts that are open.
fn state(town: &Town) -> (i64, i64, i64) {
    let of = |what: &str| town.number(&format!("SELECT count(*) FROM {what}"));
    let worker = format!("SELECT id FROM worker WHERE licence = '{LEAVER}'");
    (
        of(&format!("pairing WHERE to_date IS NULL AND worker_id IN ({worker})")),
        of(&format!("worker WHERE licence = '{LEAVER}' AND active AND left_on IS NULL")),
        of(&format!("adviser_post WHERE to_date = '2028-12-31' AND worker_id IN ({worker})")),
    )
}

on_both! {
    fn a_killed_handover_has_happened_as_a_whole_or_not_at_all(backend) {
        let town = Town::prepared(backend);
        town.falin(&["pair", "commit", &plan(&town, &["pair", "plan", "--place", COUNTY])]).ok();
        let all = (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64;
        let (with, without) = ((6, 1, 1), (0, 0, 0));
        let whole = |town: &Town| {
            let state = state(town);
            assert!(state == with || state == without, "{state:?}");
            assert_eq!(town.number(CURRENT), all);
        };
        until_done(&town, &["handover", "plan", LEAVER], || whole(&town));
        let plan = plan(&town, &["handover", "plan", LEAVER]);
        assert_eq!(state(&town), with);
        until_done(&town, &["handover", "commit", &plan], || whole(&town));
        assert_eq!(state(&town), without);
        until_done(&town, &["handover", "undo", &plan], || whole(&town));
        assert_eq!(state(&town), with);
        town.falin(&["pair", "check"]).ok();
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_killed_plan_is_never_seen_in_part(backend) {
        let town = Town::prepared(backend);
        let all = (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64;
        until_done(&town, &["pair", "plan", "--place", COUNTY], || assert_eq!(town.number(CURRENT), 0));
        let rows = "SELECT count(*) FROM plan p WHERE p.state <> 'staging' AND
            (SELECT count(*) FROM plan_row r WHERE r.plan_id = p.id) <> ";
        assert_eq!(town.number(&format!("{rows} {all}")), 0, "a plan that is seen is whole");
        let plan = plan(&town, &["pair", "plan", "--place", COUNTY]);
        let some = || assert!([0, all].contains(&town.number(CURRENT)));
        until_done(&town, &["pair", "commit", &plan], some);
        assert_eq!(town.number(CURRENT), all);
        assert_eq!(town.number("SELECT count(*) FROM pairing"), all);
        town.falin(&["audit", "verify"]).ok();
    }

    fn two_commits_at_once_are_one(backend) {
        let town = Town::prepared(backend);
        let plan = plan(&town, &["pair", "plan", "--place", COUNTY]);
        let both: Vec<_> = (0..2).map(|_| begin(&town, &["pair", "commit", &plan])).collect();
        let ended: Vec<_> = both.into_iter().map(|child| command::wait(child, Duration::from_secs(60))).collect();
        assert_eq!(ended.iter().flatten().filter(|status| status.success()).count(), 1, "{ended:?}");
        assert_eq!(town.number("SELECT count(*) FROM pairing"), (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64);
    }
}
