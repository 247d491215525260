//! `search`: names and pinyin through the gram index, against `LIKE '%…%'` over the same names.

use falin_domain::words::CountyId;
use falin_store::household::{self, Clear};
use falin_store::{In, Tx, county, gram};

use crate::house::House;
use crate::{Line, interleaved, times};

const SURNAMES: &[&str] = &["张", "王", "李", "赵", "马", "杨", "刘", "陈", "曾", "欧阳"];
const GIVEN: &[&str] =
    &["建", "国", "玉", "兰", "丽", "强", "志", "生", "芳", "军", "海", "燕", "文", "秀", "英"];

fn name(n: usize) -> String {
    let given = |k: usize| GIVEN[k % GIVEN.len()];
    format!("{}{}{}", SURNAMES[n % SURNAMES.len()], given(n / 10), given(n / 150))
}

/// 12,000 households, and with `--full` 200,000.
pub fn run(full: bool) -> Vec<Line> {
    let mut lines = vec![measure(12_000, "≥ 50", 50.0)];
    if full {
        lines.push(measure(200_000, "≥ 150 (at 1,000,000)", 150.0));
    }
    lines
}

fn measure(households: usize, goal: &'static str, least: f64) -> Line {
    let house = House::new("search");
    let id = fill(&house, households);
    // Both inside one read, so that the way to a reader thread and back, which is the same for both, is not measured.
    const WANTED: [&str; 3] = ["曾兰芳", "欧阳秀", "王玉"];
    let find = move |tx: &mut Tx<'_>| {
        for n in 0..60 {
            let wanted = gram::wanted(WANTED[n % 3]).unwrap();
            gram::search(tx, id, household::NOUN, &wanted, None, 21)?;
        }
        Ok(())
    };
    let like = move |tx: &mut Tx<'_>| (0..60).try_for_each(|n| scan(tx, id, WANTED[n % 3]).map(drop));
    let (baseline, target) = interleaved(
        3,
        || house.app.db.read_now(In::County(id), like).unwrap(),
        || house.app.db.read_now(In::County(id), find).unwrap(),
    );
    let what = format!("gram index against LIKE, {households} households, times as fast");
    Line::least("search", what, goal, least, times(baseline, target))
}

fn fill(house: &House, households: usize) -> CountyId {
    let id = house.app.db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
    for start in (0..households).step_by(2_000) {
        let add = move |tx: &mut Tx<'_>| {
            let village_id = tx.id();
            for n in start..(start + 2_000).min(households) {
                let clear = Clear {
                    kind: falin_domain::directory::HouseholdKind::Rural,
                    village_id,
                    grid_id: None,
                    head_name: name(n),
                    id_number: None,
                    phones: Vec::new(),
                    address: None,
                    note: None,
                    provider_hint: None,
                    categories: Vec::new(),
                };
                household::add(tx, id, &clear, None)?;
            }
            Ok(())
        };
        house.app.db.write_now(In::County(id), add).unwrap();
    }
    id
}

/// The way without an index: every name is looked at.
fn scan(tx: &mut Tx<'_>, id: CountyId, text: &str) -> Result<usize, falin_store::Stop> {
    falin_store::household_list::scan_names(tx, id, text, 21)
}
