//! Key rotation: fields sealed with an older key are opened and sealed again, page by page, under load.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Nullable};
use falin_domain::words::{CountyId, Id};

use crate::conn::{Conn, literal, run};
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
    Sealed { table: "account", column: "totp_sealed", row: "id" },
    Sealed { table: "plugin_batch", column: "rows_sealed", row: "id" },
    Sealed { table: "plugin_document", column: "body_sealed", row: "id" },
    Sealed { table: "plugin_export", column: "body_sealed", row: "id" },
    Sealed { table: "booking", column: "purpose_sealed", row: "id" },
    Sealed { table: "booking", column: "link_sealed", row: "id" },
    Sealed { table: "booking_wait", column: "purpose_sealed", row: "id" },
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

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    county_id: Vec<u8>,
    #[diesel(sql_type = Binary)]
    row_id: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    sealed: Option<Vec<u8>>,
}

/// Seals up to `limit` fields of one column with the active key; returns how many there were.
///
/// # Errors
/// A fault where a field cannot be opened with any key at hand: nothing of the page is changed then.
pub fn page(tx: &mut Tx<'_>, field: &Sealed, limit: i64) -> Result<usize, Stop> {
    let active = literal(tx.conn, &tx.keys().active().to_be_bytes());
    let Sealed { table, column, row } = field;
    // Bytes 2 to 5 of a sealed field are its key's id.
    let part = match tx.conn {
        Conn::Sqlite(_) => format!("substr({column}, 2, 4)"),
        Conn::Postgres(_) => format!("substring({column} from 2 for 4)"),
    };
    let sql = format!(
        "SELECT county_id, {row} AS row_id, {column} AS sealed FROM {table} \
         WHERE {column} IS NOT NULL AND {part} <> {active} LIMIT {limit}"
    );
    let rows: Vec<Found> = match tx.conn {
        Conn::Sqlite(c) => diesel::sql_query(sql).load(c)?,
        Conn::Postgres(c) => diesel::sql_query(sql).load(c)?,
    };
    for found in &rows {
        renew(tx, field, found)?;
    }
    Ok(rows.len())
}

fn renew(tx: &mut Tx<'_>, field: &Sealed, found: &Found) -> Result<(), Stop> {
    let Some(sealed) = &found.sealed else { return Ok(()) };
    let county: CountyId = crate::county::id(&found.county_id)?;
    let at = Bound { table: field.table, column: field.column, row: &found.row_id, county };
    let plain = tx.keys().open_bytes(at, sealed)?;
    let fresh = tx.seal_bytes(at, &plain)?;
    debug_assert_eq!(key_id(&fresh), Some(tx.keys().active()));
    let sql = format!(
        "UPDATE {table} SET {column} = {fresh} WHERE county_id = {county} AND {row} = {id} AND {column} = {old}",
        table = field.table,
        column = field.column,
        row = field.row,
        fresh = literal(tx.conn, &fresh),
        county = literal(tx.conn, &found.county_id),
        id = literal(tx.conn, &found.row_id),
        old = literal(tx.conn, sealed),
    );
    run(tx.conn, &sql)?;
    Ok(())
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
