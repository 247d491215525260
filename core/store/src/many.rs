//! Many rows of one table in few statements, which the connection over both databases cannot say: each dialect's own.

/// Most values bound in one statement; SQLite takes 32,766, PostgreSQL 65,535.
pub(crate) const MOST_VALUES: usize = 30_000;

/// Inserts `$rows`, tuples of `column.eq(value)`, into `$table` of so many `$columns`.
macro_rules! insert_many {
    ($table:ident, $columns:expr, $rows:expr, $tx:expr) => {
        $crate::many::insert_many!($table, $columns, $rows, on $tx.conn)
    };
    ($table:ident, $columns:expr, $rows:expr, on $conn:expr) => {{
        let mut rows = $rows.into_iter();
        loop {
            let chunk: Vec<_> = rows.by_ref().take($crate::many::MOST_VALUES / $columns).collect();
            if chunk.is_empty() {
                break;
            }
            let insert = diesel::insert_into($table::table).values(chunk);
            match $conn {
                $crate::conn::Conn::Sqlite(conn) => insert.execute(conn)?,
                $crate::conn::Conn::Postgres(conn) => insert.execute(conn)?,
            };
        }
    }};
}
pub(crate) use insert_many;
