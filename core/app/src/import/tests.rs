//! The sample county through the importer: applied, found unchanged, undone.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use falin_domain::access::{Scope, Visitor};
use falin_domain::time::Instant;
use falin_host::roster::{Limits, read_bytes};
use falin_store::household_list::{self, Filter};

use super::{Source, batch, undo};
use crate::{App, Settings, county, demo};

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
        let batch = undo(&app, &visitor, last.unwrap()).await?;
        let after = count(app.clone(), scope.clone()).await?;
        assert_eq!(before - after, i64::from(batch.new_rows));
        assert_eq!(undo(&app, &visitor, batch.id).await.unwrap_err().to_string(), "import.undone");
        Ok(())
    };
    app.wait(run).unwrap();
    std::fs::remove_dir_all(&app.data).unwrap();
}
