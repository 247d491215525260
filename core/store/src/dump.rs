//! Whole databases as lines of JSON: out of one snapshot, and into an empty database of either kind.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::Value;

use crate::conn::{Conn, Location, literal, run};
use crate::stop::{Fault, Stop};
use crate::tables::{Kind, TABLES, Table};

/// Rows of one statement; large enough for speed, small enough for any parser's limits.
const PAGE: usize = 500;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Walks every row of one snapshot: `sink` gets the table's name and the row as a JSON array.
///
/// # Errors
/// The database's own, or what `sink` returns.
pub fn read_all(
    location: &Location,
    mut sink: impl FnMut(&str, &str) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut conn = location.connect(true)?;
    begin_reading(&mut conn)?;
    for table in TABLES {
        read_table(&mut conn, table, &mut sink)?;
    }
    conn.batch_execute("ROLLBACK")?;
    Ok(())
}

fn begin_reading(conn: &mut Conn) -> Result<(), Stop> {
    let begin = match conn {
        Conn::Sqlite(_) => "BEGIN",
        Conn::Postgres(_) => {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT set_config('falin.county', 'all', true)"
        }
    };
    Ok(conn.batch_execute(begin)?)
}

fn read_table(
    conn: &mut Conn,
    table: &Table,
    sink: &mut impl FnMut(&str, &str) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut after: Option<String> = None;
    loop {
        let lines = page(conn, table, after.as_deref())?;
        for line in &lines {
            sink(table.name, &line.line)?;
        }
        let Some(last) = lines.last().filter(|_| lines.len() == PAGE) else { return Ok(()) };
        after = Some(key_of(conn, table, &last.line)?);
    }
}

fn page(conn: &mut Conn, table: &Table, after: Option<&str>) -> Result<Vec<Line>, Stop> {
    let key = table.key.join(", ");
    let later = after.map(|after| format!("WHERE ({key}) > ({after})")).unwrap_or_default();
    let cells = cells(conn, table);
    let make = match conn {
        Conn::Sqlite(_) => "json_array",
        Conn::Postgres(_) => "json_build_array",
    };
    let sql = format!(
        "SELECT CAST({make}({cells}) AS TEXT) AS line FROM {name} {later} ORDER BY {key} LIMIT {PAGE}",
        name = table.name
    );
    Ok(match conn {
        Conn::Sqlite(c) => diesel::sql_query(sql).load(c)?,
        Conn::Postgres(c) => diesel::sql_query(sql).load(c)?,
    })
}

fn cells(conn: &Conn, table: &Table) -> String {
    let cell = |(name, kind): &(&str, Kind)| match (conn, kind) {
        (Conn::Sqlite(_), Kind::Bytes) => {
            format!("CASE WHEN {name} IS NULL THEN NULL ELSE lower(hex({name})) END")
        }
        (Conn::Postgres(_), Kind::Bytes) => format!("encode({name}, 'hex')"),
        (Conn::Sqlite(_), Kind::Truth) => {
            format!("CASE WHEN {name} IS NULL THEN NULL WHEN {name} THEN 1 ELSE 0 END")
        }
        (Conn::Postgres(_), Kind::Truth) => format!("({name})::int"),
        _ => (*name).to_owned(),
    };
    table.columns.iter().map(cell).collect::<Vec<_>>().join(", ")
}

fn parse(line: &str, table: &Table) -> Result<Vec<Value>, Stop> {
    let cells: Vec<Value> = serde_json::from_str(line).map_err(|e| Fault::new("dump", e.to_string()))?;
    if cells.len() != table.columns.len() {
        return Err(Fault::new("dump", format!("a row of {} has another width", table.name)).into());
    }
    Ok(cells)
}

fn key_of(conn: &Conn, table: &Table, line: &str) -> Result<String, Stop> {
    let cells = parse(line, table)?;
    let mut key = Vec::new();
    for name in table.key {
        let at = table.columns.iter().position(|(column, _)| column == name);
        let at = at.ok_or_else(|| Fault::new("dump", "a key without its column"))?;
        key.push(spelt(conn, table.columns[at].1, &cells[at])?);
    }
    Ok(key.join(", "))
}

/// A cell as a literal of the dialect.
fn spelt(conn: &Conn, kind: Kind, cell: &Value) -> Result<String, Stop> {
    let strange = || Stop::from(Fault::new("dump", "a cell of another type"));
    if cell.is_null() {
        return Ok("NULL".to_owned());
    }
    match kind {
        Kind::Number => cell.as_i64().map(|n| n.to_string()).ok_or_else(strange),
        Kind::Truth => {
            let truth = cell.as_i64().ok_or_else(strange)? == 1;
            Ok(match conn {
                Conn::Sqlite(_) => i32::from(truth).to_string(),
                Conn::Postgres(_) => truth.to_string(),
            })
        }
        Kind::Text => {
            let text = cell.as_str().ok_or_else(strange)?;
            if text.contains('\0') {
                return Err(strange());
            }
            Ok(format!("'{}'", text.replace('\'', "''")))
        }
        Kind::Bytes => {
            let text = cell.as_str().ok_or_else(strange)?;
            if text.len() % 2 != 0 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(strange());
            }
            let byte = |i: usize| u8::from_str_radix(&text[i..i + 2], 16).unwrap_or(0);
            let bytes: Vec<u8> = (0..text.len()).step_by(2).map(byte).collect();
            Ok(literal(conn, &bytes))
        }
    }
}

/// Puts rows into an empty, migrated database, all in one transaction.
pub struct Filler {
    conn: Conn,
    waiting: Vec<String>,
    table: Option<&'static Table>,
}

impl Filler {
    /// Opens the database, migrates it and begins.
    ///
    /// # Errors
    /// `database.not_empty` where a county is in it already.
    pub fn begin(location: &Location) -> Result<Self, Stop> {
        let mut conn = location.connect(false)?;
        crate::conn::migrate(&mut conn)?;
        let begin = match conn {
            Conn::Sqlite(_) => "BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON",
            Conn::Postgres(_) => "BEGIN; SELECT set_config('falin.county', 'all', true)",
        };
        conn.batch_execute(begin)?;
        let mut filler = Self { conn, waiting: Vec::new(), table: None };
        for table in TABLES {
            if filler.count(table.name)? > 0 {
                return Err(falin_domain::refusal::Refusal::new("database.not_empty").into());
            }
        }
        Ok(filler)
    }

    /// Rows of a table, by its name in [`TABLES`].
    ///
    /// # Errors
    /// The database's own.
    pub fn count(&mut self, table: &'static str) -> Result<i64, Stop> {
        let sql = format!("SELECT count(*) AS n FROM {table}");
        let count: Count = match &mut self.conn {
            Conn::Sqlite(c) => diesel::sql_query(sql).get_result(c)?,
            Conn::Postgres(c) => diesel::sql_query(sql).get_result(c)?,
        };
        Ok(count.n)
    }

    /// Adds one row, in the form in which [`read_all`] gave it.
    ///
    /// # Errors
    /// A fault for an unknown table or a row of another form; the database's own.
    pub fn add(&mut self, name: &str, line: &str) -> Result<(), Stop> {
        if self.table.is_none_or(|table| table.name != name) || self.waiting.len() >= PAGE {
            self.flush()?;
            let table = TABLES.iter().find(|table| table.name == name);
            self.table = Some(table.ok_or_else(|| Fault::new("dump", "an unknown table"))?);
        }
        let Some(table) = self.table else { return Ok(()) };
        let cells = parse(line, table)?;
        let mut spelt_cells = Vec::with_capacity(cells.len());
        for ((_, kind), cell) in table.columns.iter().zip(&cells) {
            spelt_cells.push(spelt(&self.conn, *kind, cell)?);
        }
        self.waiting.push(format!("({})", spelt_cells.join(", ")));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Stop> {
        let Some(table) = self.table.filter(|_| !self.waiting.is_empty()) else { return Ok(()) };
        let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let sql =
            format!("INSERT INTO {} ({}) VALUES {}", table.name, columns.join(", "), self.waiting.join(", "));
        self.waiting.clear();
        run(&mut self.conn, &sql)?;
        Ok(())
    }

    /// Commits, after `check` has seen the counts.
    ///
    /// # Errors
    /// What `check` returns; nothing is kept then.
    pub fn commit(mut self, check: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        self.flush()?;
        check(&mut self)?;
        self.conn.batch_execute("COMMIT")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_map_of_tables_is_the_schema() {
        let folder = std::env::temp_dir().join(format!("falin-map-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        let mut conn = Location::File(folder.join("falin.db")).connect(false).unwrap();
        crate::conn::migrate(&mut conn).unwrap();
        let sql = "SELECT m.name || '.' || c.name AS line FROM sqlite_master m, pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'";
        let Conn::Sqlite(c) = &mut conn else { unreachable!() };
        let found: Vec<Line> = diesel::sql_query(sql).load(c).unwrap();
        let found: BTreeSet<String> = found.into_iter().map(|line| line.line).collect();
        let named = |t: &Table| t.columns.iter().map(|(c, _)| format!("{}.{c}", t.name)).collect::<Vec<_>>();
        let known: BTreeSet<String> = TABLES.iter().flat_map(named).collect();
        assert_eq!(found, known);
        drop(conn);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
