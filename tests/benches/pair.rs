//! `pair`: the planner alone, exact and fast; the certificate proves that no plan is better.

use falin_domain::pairing::{certificate, sample, solve};

use crate::{Line, median, took};

/// County size, and with `--full` the proof at a million households.
pub fn run(full: bool) -> Vec<Line> {
    let county = sample::jiayuguan(7);
    let plan = solve(&county);
    let best = certificate::is_best(&county, &plan.assignment);
    let county_time = median((0..5).map(|_| took(|| drop(solve(&county)))).collect());
    let large = sample::county(1_000, 1_000_000, 3_000, 7);
    let large_plan = solve(&large);
    let large_time = median((0..3).map(|_| took(|| drop(solve(&large)))).collect());
    let mut lines = vec![
        Line {
            name: "pair",
            what: "plan ÷ true optimum, 90 providers × 11,570 households (certificate)".into(),
            goal: "1.000",
            got: if best { "1.000".into() } else { "> 1".into() },
            met: Some(best),
        },
        Line::most("pair", "the same, ms", "≤ 50", 50.0, county_time.as_secs_f64() * 1000.0),
        Line::most("pair", "1,000 × 1,000,000 × 3,000 villages, s", "≤ 10", 10.0, large_time.as_secs_f64()),
        Line::most("pair", "unplaced though there is room", "0", 0.0, large_plan.unplaced.len() as f64),
    ];
    if full {
        let best = certificate::is_best(&large, &large_plan.assignment);
        lines.push(Line {
            name: "pair",
            what: "plan ÷ true optimum at a million".into(),
            goal: "1.000",
            got: if best { "1.000".into() } else { "> 1".into() },
            met: Some(best),
        });
    }
    lines
}
