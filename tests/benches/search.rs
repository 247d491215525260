//! `search`: names and pinyin through the gram index, against `LIKE '%…%'` over the same names.

use falin_store::{In, Tx, county, gram, household};

use crate::house::{self, House};
use crate::{Line, interleaved, times};

/// 12,000 households, and with `--full` a million.
pub fn run(full: bool) -> Vec<Line> {
    let mut lines = vec![measure(12_000, "≥ 50", 50.0)];
    if full {
        lines.push(measure(1_000_000, "≥ 150", 150.0));
    }
    lines
}

fn measure(households: usize, goal: &'static str, least: f64) -> Line {
    let house = House::new("search");
    let id = house.app.db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
    house::households(&house, id, households);
    // Both inside one read, so that the way to a reader thread and back, which is the same for both, is not measured.
    const WANTED: [&str; 3] = ["曾兰芳", "欧阳秀", "王玉"];
    let find = move |tx: &mut Tx<'_>| {
        for n in 0..60 {
            let wanted = gram::wanted(WANTED[n % 3]).unwrap();
            gram::search(tx, id, household::NOUN, &wanted, None, 21)?;
        }
        Ok(())
    };
    // The way without an index: every name is looked at.
    let like = move |tx: &mut Tx<'_>| {
        (0..60).try_for_each(|n| falin_store::household_list::scan_names(tx, id, WANTED[n % 3], 21).map(drop))
    };
    let (baseline, target) = interleaved(
        3,
        || house.app.db.read_now(In::County(id), like).unwrap(),
        || house.app.db.read_now(In::County(id), find).unwrap(),
    );
    let what = format!("gram index against LIKE, {households} households, times as fast");
    Line::least("search", what, goal, least, times(baseline, target))
}
