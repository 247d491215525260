//! Every plugin that the program carries: its stories can be lived, and made-up cases of each flow come to an end.

use falin_app::demo::{stories, workflows};
use falin_app::{statistics, walker};

use super::Stage;
use crate::stores::plans::house::done;
use crate::town::on_both;

/// Cases of each flow; `FALIN_TEST_WALKS=1000` is the long form.
fn walks() -> u32 {
    std::env::var("FALIN_TEST_WALKS").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

on_both! {
    fn stories_are_lived_without_a_refusal(backend) {
        let stage = Stage::carried(backend);
        let plugins = done(workflows::carried());
        let used = stage.house.app.flows.in_use(stage.house.county);
        assert_eq!(used.len(), plugins.len(), "{:?}", used.iter().map(|one| &one.name).collect::<Vec<_>>());
        let refused = done(stage.house.wait(stories::tell_first(&stage.house.app, stage.house.county, 2)));
        // A ledger of which only the first entries were told does not cover what is spent from it later.
        let refused: Vec<_> = refused.into_iter().filter(|line| !line.contains("\"need\"")).collect();
        assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
        done(stage.house.wait(falin_app::audit::verify(&stage.house.app, &stage.house.me)));
    }

    fn a_page_counts_no_last_year_that_it_does_not_show(backend) {
        let stage = Stage::carried(backend);
        let (house, plugin) = (&stage.house, "litigation-index");
        let shown = done(house.wait(statistics::figures_of(&house.app, &house.me, plugin)));
        assert!(!shown.is_empty() && shown.iter().all(|line| line.last_year.is_none()));
        let table = done(house.wait(statistics::table_of(&house.app, &house.me, statistics::Asked::default(), plugin)));
        let compared = |line: &statistics::OwnLine| line.last_year.is_some() == line.statistic.yearly;
        assert!(table.own[0].lines.iter().all(compared), "a table says it of those that ask for it");
    }

    fn made_up_cases_of_every_flow_come_to_an_end(backend) {
        let stage = Stage::carried(backend);
        let walked = done(stage.house.wait(walker::walk(&stage.house.app, stage.house.county, walks(), 7)));
        for flow in stage.house.app.flows.all(stage.house.county) {
            assert!(falin_domain::workflow::proven(&flow).is_ok(), "{}", flow.id);
        }
        let mut faults = walked.faults.clone();
        faults.dedup_by_key(|fault| fault.split(" case ").next().map(str::to_owned));
        assert!(faults.is_empty(), "{} of {} steps:\n{}", walked.faults.len(), walked.steps, faults.join("\n"));
    }
}

#[test]
fn the_stories_of_the_court_link_and_the_petition_window_are_those_of_the_reports() {
    let plugins = done(workflows::carried());
    let times = |plugin: &str, flow: &str, does: &str| -> u32 {
        let one = plugins.iter().find(|one| one.manifest.id == plugin).unwrap();
        let stories = one.stories.story.iter().filter(|story| story.flow == flow);
        let told =
            stories.filter(|story| does.is_empty() || story.act.iter().any(|scene| scene.action == does));
        told.map(|story| story.times).sum()
    };
    assert_eq!((times("court-link", "referral", ""), times("court-link", "referral", "report")), (485, 285));
    let confirmed = times("court-link", "confirmation", "rule") - 4;
    assert_eq!((confirmed, times("petition", "visit", "")), (213, 58));
}
