//! Key rotation: fields sealed with an older key are opened and sealed again, page by page, under load.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};
use falin_domain::words::{CountyId, Id};

use crate::conn::{Conn, literal};
use crate::keys::{Bound, key_id};
use crate::stop::Stop;
use crate::tx::Tx;

/// A sealed column: table, column, the column whose bytes it is bound to, and its county's column.
pub struct Sealed {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// The row's id as the seal knows it.
    pub row: &'static str,
}

/// Every sealed column of the schema; a test holds the list against the tables.
pub const SEALED: &[Sealed] = &[
    Sealed { table: "account", column: "activation_sealed", row: "id" },
    Sealed { table: "attachment", column: "name_sealed", row: "id" },
    Sealed { table: "attachment_part", column: "body_sealed", row: "id" },
    Sealed { table: "casefile", column: "fields_sealed", row: "id" },
    Sealed { table: "casefile_step", column: "fields_sealed", row: "id" },
    Sealed { table: "casefile_transfer", column: "reason_sealed", row: "id" },
    Sealed { table: "casefile_transfer", column: "answer_sealed", row: "id" },
    Sealed { table: "account", column: "totp_sealed", row: "id" },
    Sealed { table: "plugin_batch", column: "rows_sealed", row: "id" },
    Sealed { table: "plugin_errand", column: "cursor_sealed", row: "id" },
    Sealed { table: "plugin_letter", column: "refusal_sealed", row: "id" },
    Sealed { table: "plugin_document", column: "body_sealed", row: "id" },
    Sealed { table: "plugin_export", column: "body_sealed", row: "id" },
    Sealed { table: "booking", column: "purpose_sealed", row: "id" },
    Sealed { table: "booking", column: "link_sealed", row: "id" },
    Sealed { table: "booking_wait", column: "purpose_sealed", row: "id" },
    Sealed { table: "restriction", column: "reason_sealed", row: "id" },
    Sealed { table: "contact_card", column: "secret_sealed", row: "id" },
    Sealed { table: "household", column: "id_sealed", row: "id" },
    Sealed { table: "household", column: "phones_sealed", row: "id" },
    Sealed { table: "household", column: "address_sealed", row: "id" },
    Sealed { table: "household", column: "note_sealed", row: "id" },
    Sealed { table: "household_category", column: "category_sealed", row: "id" },
    Sealed { table: "household_member", column: "id_sealed", row: "id" },
    Sealed { table: "import_batch", column: "file_sealed", row: "id" },
    Sealed { table: "pairing_consent", column: "note_sealed", row: "pairing_id" },
    Sealed { table: "import_change", column: "before_sealed", row: "subject_id" },
    Sealed { table: "paper", column: "void_sealed", row: "id" },
    Sealed { table: "paper_version", column: "values_sealed", row: "id" },
    Sealed { table: "paper_version", column: "docx_sealed", row: "id" },
    Sealed { table: "paper_template", column: "file_sealed", row: "id" },
    Sealed { table: "notice", column: "recipient_sealed", row: "id" },
    Sealed { table: "notice", column: "who_sealed", row: "id" },
    Sealed { table: "notice", column: "args_sealed", row: "id" },
    Sealed { table: "inbox", column: "args_sealed", row: "id" },
    Sealed { table: "reach", column: "mail_sealed", row: "account_id" },
    Sealed { table: "reach", column: "phone_sealed", row: "account_id" },
    Sealed { table: "reach", column: "wechat_sealed", row: "account_id" },
    Sealed { table: "call_task", column: "who_sealed", row: "id" },
    Sealed { table: "call_task", column: "phone_sealed", row: "id" },
    Sealed { table: "call_task", column: "args_sealed", row: "id" },
    Sealed { table: "notice_setting", column: "gateway_sealed", row: "county_id" },
    Sealed { table: "notice_setting", column: "password_sealed", row: "county_id" },
    Sealed { table: "visit", column: "found_sealed", row: "id" },
    Sealed { table: "visit", column: "follow_up_sealed", row: "id" },
    Sealed { table: "service_log", column: "note_sealed", row: "id" },
    Sealed { table: "service_log_past", column: "before_sealed", row: "log_id" },
    Sealed { table: "appointment", column: "person_sealed", row: "id" },
    Sealed { table: "appointment", column: "phone_sealed", row: "id" },
];

/// How far a column has been walked: what follows is not looked at twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    county: Vec<u8>,
    row: Vec<u8>,
}

/// Most bytes that one page opens and seals, beyond its first field: files are as large as people bring them.
const MOST_BYTES: i64 = 4 << 20;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    county_id: Vec<u8>,
    #[diesel(sql_type = Binary)]
    row_id: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

/// Seals the fields of up to `limit` rows after a place with the active key, fewer where they are large; returns how many
/// fields these were, and where to go on, None at the column's end.
///
/// # Errors
/// A fault where a field cannot be opened with any key at hand: nothing of the page is changed then.
pub fn page(
    tx: &mut Tx<'_>,
    field: &Sealed,
    after: Option<&Place>,
    limit: i64,
) -> Result<(usize, Option<Place>), Stop> {
    let Sealed { table, column, row } = field;
    let old = with_old_key(tx, column);
    let beyond = after.map_or_else(String::new, |at| {
        let (county, at) = (literal(tx.conn, &at.county), literal(tx.conn, &at.row));
        format!(" AND (county_id, {row}) > ({county}, {at})")
    });
    let sql = format!(
        "SELECT county_id, {row} AS row_id, CAST(sum(length({column})) AS BIGINT) AS bytes FROM {table} \
         WHERE {old}{beyond} GROUP BY county_id, {row} ORDER BY county_id, {row} LIMIT {limit}"
    );
    let rows: Vec<Found> = match tx.conn {
        Conn::Sqlite(c) => diesel::sql_query(sql).load(c)?,
        Conn::Postgres(c) => diesel::sql_query(sql).load(c)?,
    };
    let (mut count, mut bytes, mut last) = (0, 0, None);
    for found in rows {
        if last.is_some() && bytes + found.bytes > MOST_BYTES {
            break;
        }
        bytes += found.bytes;
        count += renew(tx, field, &found)?;
        last = Some(Place { county: found.county_id, row: found.row_id });
    }
    Ok((count, last))
}

/// Whether a field was sealed with another key than the active one: bytes 2 to 5 are its key's id.
fn with_old_key(tx: &Tx<'_>, column: &str) -> String {
    let active = literal(tx.conn, &tx.keys().active().to_be_bytes());
    let part = match tx.conn {
        Conn::Sqlite(_) => format!("substr({column}, 2, 4)"),
        Conn::Postgres(_) => format!("substring({column} from 2 for 4)"),
    };
    format!("{column} IS NOT NULL AND {part} <> {active}")
}

/// Seals what stands under one id anew; in a history that may be several fields.
fn renew(tx: &mut Tx<'_>, field: &Sealed, found: &Found) -> Result<usize, Stop> {
    let Sealed { table, column, row } = field;
    let county: CountyId = crate::county::id(&found.county_id)?;
    let at = Bound { table, column, row: &found.row_id, county };
    let (own, id) = (literal(tx.conn, &found.county_id), literal(tx.conn, &found.row_id));
    let there = format!("county_id = {own} AND {row} = {id}");
    let old = with_old_key(tx, column);
    let sql = format!("SELECT {column} AS sealed FROM {table} WHERE {there} AND {old}");
    let values: Vec<Value> = match tx.conn {
        Conn::Sqlite(c) => diesel::sql_query(sql).load(c)?,
        Conn::Postgres(c) => diesel::sql_query(sql).load(c)?,
    };
    for Value { sealed } in &values {
        let plain = tx.keys().open_bytes(at, sealed)?;
        let fresh = tx.seal_bytes(at, &plain)?;
        debug_assert_eq!(key_id(&fresh), Some(tx.keys().active()));
        let set = |new: &str, old: &str| {
            format!("UPDATE {table} SET {column} = {new} WHERE {there} AND {column} = {old}")
        };
        match tx.conn {
            Conn::Sqlite(c) => {
                let query = diesel::sql_query(set("?", "?"));
                query.bind::<Binary, _>(fresh).bind::<Binary, _>(sealed).execute(c)?
            }
            Conn::Postgres(c) => {
                let query = diesel::sql_query(set("$1", "$2"));
                query.bind::<Binary, _>(fresh).bind::<Binary, _>(sealed).execute(c)?
            }
        };
    }
    Ok(values.len())
}

/// The county under which rows of no county are sealed.
pub fn nobody() -> CountyId {
    Id::from_uuid(uuid::Uuid::nil())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::TABLES;

    #[test]
    fn every_sealed_column_of_the_schema_is_rotated() {
        for table in TABLES {
            for (column, _) in table.columns.iter().filter(|(name, _)| name.ends_with("_sealed")) {
                let known = SEALED.iter().any(|s| s.table == table.name && s.column == *column);
                assert!(known || *column == "after_sealed", "{}.{column} is never rotated", table.name);
            }
        }
    }
}
