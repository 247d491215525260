//! `dir`: one page of the directory, never seen before, against one raw SQLite statement and the same template.

use diesel::connection::SimpleConnection;
use diesel::sql_types::{Binary, Nullable, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use falin_app::public;
use falin_app::worker::Filter;
use falin_domain::page::Window;
use falin_domain::words::CountyId;
use falin_store::{In, Tx, county};
use falin_web::look::public::directory::Workers;
use falin_web::look::{Frame, Lang, Look, Size, View};

use crate::house::{self, House};
use crate::{Line, interleaved, times};

/// Legal workers of a large county.
const WORKERS: usize = 400;
/// Rows of one page.
const ROWS: u16 = 20;
/// Pages of one turn.
const TURN: usize = 60;

/// The page's rows in one statement: what a program written for this page alone would ask.
const RAW: &str = "SELECT w.name, w.specialties, w.phone, f.name AS firm FROM worker w
    LEFT JOIN firm f ON f.county_id = w.county_id AND f.id = w.firm_id
    WHERE w.county_id = ? AND w.active AND (w.sort_key, w.id) > (?, X'') ORDER BY w.sort_key, w.id LIMIT 20";

#[derive(QueryableByName)]
#[allow(dead_code, reason = "read as a page would read them")]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    specialties: String,
    #[diesel(sql_type = Text)]
    phone: String,
    #[diesel(sql_type = Nullable<Text>)]
    firm: Option<String>,
}

/// The house's own calls for the page, rendered, against the raw statement, rendered.
pub fn run(_full: bool) -> Vec<Line> {
    let house = House::new("dir");
    let id = house.app.db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
    house::households(&house, id, 12_000);
    workers(&house, id);
    let look = Look::load(None).unwrap();
    let frame = Frame::public(Lang::Zh, Size::Normal, Some(("620200", "嘉峪关市")), "/workers");
    let view = page_of_twenty();
    let render = || drop(look.render(&frame, &view).unwrap());
    let mut line = SqliteConnection::establish(house.file().to_str().unwrap()).unwrap();
    line.batch_execute("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456; PRAGMA cache_size = -16000")
        .unwrap();
    let raw = || {
        for n in 0..TURN {
            let query = sql_query(RAW).bind::<Binary, _>(id.bytes()).bind::<Text, _>(start(n));
            assert_eq!(query.load::<Row>(&mut line).unwrap().len(), usize::from(ROWS));
            render();
        }
    };
    let own = || {
        for n in 0..TURN {
            let after = falin_domain::page::Mark { key: start(n), id: uuid::Uuid::nil() };
            let window = Window { limit: ROWS, after: Some(after) };
            let page =
                house.app.wait(public::workers(&house.app, vec![id], Filter::default(), window)).unwrap();
            assert_eq!(page.items.len(), usize::from(ROWS));
            render();
        }
    };
    let (baseline, target) = interleaved(5, raw, own);
    let per_page = target.as_secs_f64() * 1e6 / TURN as f64;
    vec![
        Line::least(
            "dir",
            "raw SQLite statement + template ÷ the house's page, 20 rows, 12,000 households",
            "≥ 0.90",
            0.90,
            times(baseline, target),
        ),
        Line::told("dir", "the house's page, µs", format!("{per_page:.0}")),
    ]
}

/// Where the nth page begins.
fn start(n: usize) -> String {
    format!("w{:04}", n * 5)
}

fn workers(house: &House, id: CountyId) {
    let add = move |tx: &mut Tx<'_>| {
        for n in 0..WORKERS {
            let worker = falin_store::worker::Worker {
                county_id: id,
                id: tx.id(),
                kind: falin_domain::directory::WorkerKind::Lawyer,
                firm_id: None,
                name: format!("律师{n}"),
                sort_key: format!("w{n:04}"),
                gender: None,
                licence: None,
                phone: "0937-6226123".into(),
                specialties: "婚姻家庭、土地承包".into(),
                languages: "普通话".into(),
                capacity: Some(100),
                active: true,
                left_on: None,
                created_ms: tx.now.millis(),
                version: 1,
                practice_since: None,
            };
            falin_store::worker::add(tx, &worker)?;
        }
        Ok(())
    };
    house.app.db.write_now(In::County(id), add).unwrap();
}

/// The page as both sides show it.
fn page_of_twenty() -> Workers {
    let mut view = Workers::samples().into_iter().max_by_key(|view| view.rows.len()).unwrap();
    let row = view.rows.first().cloned().unwrap();
    view.rows = vec![row; usize::from(ROWS)];
    view
}
