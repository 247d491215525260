//! The sample county through the importer: applied, found unchanged, undone.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use falin_domain::access::{Scope, Visitor};
use falin_domain::time::Instant;
use falin_host::roster::{Limits, read_bytes};
use falin_store::conn::Location;
use falin_store::household_list::{self, Filter};

use super::{Source, batch, undo};
use crate::{App, Settings, backup, county, demo, keys};

fn town(name: &str) -> App {
    let data = std::env::temp_dir().join(format!("falin-app-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&data);
    let now: Instant = "2026-11-22T08:00:00Z".parse().unwrap();
    App::open(&Settings { data, database: None, now: Some(now) }).unwrap()
}

#[test]
fn a_county_comes_in_stays_the_same_and_can_be_undone() {
    let app = town("import");
    let spec = &demo::COUNTIES[1];
    let run = async {
        let id = county::by_code_or_make(&app, spec.code, spec.name).await?;
        let (scope, visitor) = (Scope::whole(id), Visitor::operator(id));
        let files = demo::rosters(spec, 7, app.today()).unwrap();
        let mut last = None;
        for round in 0..2 {
            for file in &files {
                let source = Source {
                    kind: file.kind,
                    household_kind: file.households,
                    name: file.name.to_owned(),
                    bytes: Arc::new(file.bytes.clone()),
                    mapping: None,
                };
                let book = read_bytes(&file.bytes, file.name, &Limits::default()).unwrap();
                let (id, checked) = batch::commit_book(&app, &scope, None, &source, book, &|_, _| {}).await?;
                let figures = checked.figures();
                assert_eq!((figures.rows, figures.accepted), (file.rows, file.accepted), "{}", file.name);
                let expected = if round == 0 { (file.accepted, 0) } else { (0, file.accepted) };
                assert_eq!((figures.new, figures.unchanged), expected, "{} round {round}", file.name);
                if round == 0 {
                    last = Some(id);
                }
            }
        }
        let count = |app: App, scope: Scope| async move {
            let inside = falin_store::In::County(scope.county);
            app.db.read(inside, move |tx| household_list::count(tx, &scope, &Filter::default())).await
        };
        let before = count(app.clone(), scope.clone()).await?;
        let batch = undo(&app, &visitor, last.unwrap(), None).await?;
        let after = count(app.clone(), scope.clone()).await?;
        assert_eq!(before - after, i64::from(batch.new_rows));
        assert_eq!(undo(&app, &visitor, batch.id, None).await.unwrap_err().to_string(), "import.undone");
        Ok(())
    };
    app.wait(run).unwrap();
    a_backup_is_whole_or_refused(&app);
    std::fs::remove_dir_all(&app.data).unwrap();
}

fn a_backup_is_whole_or_refused(app: &App) {
    let file = app.data.join("backup").join("county.falin");
    let report = backup::write(app, &file).unwrap();
    assert!(report.rows["household"] > 0 && report.rows["journal_seal"] > 0);
    assert_eq!(backup::rehearse(app, &file).unwrap().rows, report.rows);
    let copy = Location::File(app.data.join("copy.db"));
    assert_eq!(backup::copy(app, &copy).unwrap()["household"], report.rows["household"]);
    assert_eq!(backup::copy(app, &copy).unwrap_err().to_string(), "database.not_empty");
    let whole = std::fs::read(&file).unwrap();
    for at in [20, whole.len() / 2, whole.len() - 5] {
        let mut flipped = whole.clone();
        flipped[at] ^= 4;
        std::fs::write(&file, &flipped).unwrap();
        assert_eq!(backup::verify(&file, &app.db.keys()).unwrap_err().to_string(), "backup.damaged");
    }
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(backup::verify(&file, &app.db.keys()).unwrap_err().to_string(), "backup.damaged");
}

#[test]
fn rotation_seals_every_field_anew() {
    let app = town("rotation");
    let run = async {
        let id = county::by_code_or_make(&app, "620200", "嘉峪关市").await?;
        let visitor = Visitor::operator(id);
        let add = move |tx: &mut falin_store::Tx<'_>| {
            let clear = falin_store::household::Clear {
                kind: falin_domain::directory::HouseholdKind::Rural,
                village_id: tx.id(),
                grid_id: None,
                head_name: "张三".to_owned(),
                id_number: Some("620201198505150012".to_owned()),
                phones: vec!["13912345678".to_owned()],
                address: Some("三组十二号".to_owned()),
                note: None,
                provider_hint: None,
                categories: vec![falin_domain::directory::Category::LowIncome],
            };
            falin_store::household::add(tx, id, &clear, None)
        };
        let household = app.db.write(falin_store::In::County(id), add).await?;
        assert_eq!(keys::rotate(&app, &visitor, &|_| {}).await?, 4);
        assert_eq!(keys::reseal(&app, &|_| {}).await?, 0);
        let read = move |tx: &mut falin_store::Tx<'_>| {
            let row = falin_store::household::Household::by_id(tx, id, household)?;
            falin_store::household::open(tx, &row)
        };
        let clear = app.db.read(falin_store::In::County(id), read).await?;
        assert_eq!(clear.phones, ["13912345678"]);
        Ok(())
    };
    app.wait(run).unwrap();
    std::fs::remove_dir_all(&app.data).unwrap();
}
