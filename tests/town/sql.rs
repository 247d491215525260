//! Raw SQL behind the program's back: what an attacker or an administrator with a console could do.

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use super::{Backend, Town};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    t: Option<String>,
}

/// Where a backend's migrations are.
pub fn directory(backend: Backend) -> String {
    let name = format!("{backend:?}").to_lowercase();
    format!("{}/migrations/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The migrations' names in order.
pub fn migrations(backend: Backend) -> Vec<String> {
    let entries = std::fs::read_dir(directory(backend)).unwrap().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    fn open(town: &Town) -> Self {
        match town.backend {
            Backend::Sqlite => {
                let mut connection = SqliteConnection::establish(&file_of(town)).unwrap();
                sql_query("PRAGMA busy_timeout = 5000").execute(&mut connection).unwrap();
                Self::Sqlite(connection)
            }
            Backend::Postgres => {
                let mut connection = PgConnection::establish(town.database().unwrap()).unwrap();
                // The server's account has the second wall before it; whoever holds that account can open it.
                sql_query("SELECT set_config('falin.county', 'all', false)")
                    .execute(&mut connection)
                    .unwrap();
                Self::Postgres(connection)
            }
        }
    }
}

/// The SQLite file of the data directory: the one that begins as the format says.
fn file_of(town: &Town) -> String {
    let files = std::fs::read_dir(town.data()).unwrap().flatten().map(|entry| entry.path());
    let mut found = files
        .filter(|path| path.is_file())
        .filter(|path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0")));
    found.next().expect("no SQLite file in the data directory").to_str().unwrap().to_owned()
}

impl Town {
    /// A database with nothing in it but the schema, straight from the migrations.
    pub fn schema(backend: Backend) -> Self {
        let town = Self::empty(backend);
        if backend == Backend::Sqlite {
            let file = town.data().join("raw.sqlite");
            let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
            // An empty database has no header yet.
            connection.batch_execute("CREATE TABLE raw (a INT); DROP TABLE raw").unwrap();
        }
        for name in migrations(backend) {
            town.script(&format!("{}/{name}/up.sql", directory(backend))).unwrap();
        }
        town
    }

    /// Executes a file of statements in one transaction.
    pub fn script(&self, path: &str) -> Result<(), String> {
        let text = std::fs::read_to_string(path).unwrap();
        let done = match &mut Raw::open(self) {
            Raw::Sqlite(connection) => connection.transaction(|c| c.batch_execute(&text)),
            Raw::Postgres(connection) => connection.transaction(|c| c.batch_execute(&text)),
        };
        done.map_err(|error| format!("{path}: {error}"))
    }

    /// Executes a statement; the number of rows or what the database said against it.
    pub fn sql(&self, statement: &str) -> Result<usize, String> {
        let done = match &mut Raw::open(self) {
            Raw::Sqlite(connection) => sql_query(statement).execute(connection),
            Raw::Postgres(connection) => sql_query(statement).execute(connection),
        };
        done.map_err(|error| error.to_string())
    }

    /// The number that `SELECT <expression> …` gives.
    #[track_caller]
    pub fn number(&self, select: &str) -> i64 {
        let query = sql_query(format!("SELECT CAST(({select}) AS BIGINT) AS n"));
        let found: Vec<Number> = match &mut Raw::open(self) {
            Raw::Sqlite(connection) => query.load(connection).unwrap(),
            Raw::Postgres(connection) => query.load(connection).unwrap(),
        };
        found[0].n
    }

    /// The rows of a query that names its one text column `t`.
    #[track_caller]
    pub fn texts(&self, query: &str) -> Vec<String> {
        let found: Vec<Line> = match &mut Raw::open(self) {
            Raw::Sqlite(connection) => sql_query(query).load(connection).unwrap(),
            Raw::Postgres(connection) => sql_query(query).load(connection).unwrap(),
        };
        found.into_iter().map(|line| line.t.unwrap_or_default()).collect()
    }
}
