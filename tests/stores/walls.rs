//! The second wall between counties: PostgreSQL shows a transaction only the county that it names.

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};

use crate::town::{Backend, Town};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn seen(connection: &mut PgConnection, county: Option<&str>) -> i64 {
    connection
        .test_transaction(|connection| {
            if let Some(county) = county {
                connection.batch_execute(&format!("SELECT set_config('falin.county', '{county}', true)"))?;
            }
            sql_query("SELECT count(*) AS n FROM firm").get_result::<Number>(connection)
        })
        .n
}

#[test]
fn a_transaction_sees_the_county_that_it_names_and_nothing_without_a_name() {
    if !Backend::Postgres.available() {
        return;
    }
    let town = Town::schema(Backend::Postgres);
    for (county, firm) in [(1, 11), (1, 12), (2, 21)] {
        town.sql(&format!(
            "INSERT INTO firm (county_id, id, kind, name, sort_key, address, phone, head_name, active, created_ms,
                 version)
             VALUES ('\\x{county:032x}', '\\x{firm:032x}', 'law_firm', 'x', 'x', '', '', '', true, 1, 1)"
        ))
        .unwrap();
    }
    let mut connection = PgConnection::establish(town.database().unwrap()).unwrap();
    assert_eq!(seen(&mut connection, None), 0);
    assert_eq!(seen(&mut connection, Some(&format!("{:032x}", 1))), 2);
    assert_eq!(seen(&mut connection, Some(&format!("{:032x}", 2))), 1);
    assert_eq!(seen(&mut connection, Some(&format!("{:032x}", 3))), 0);
    assert_eq!(seen(&mut connection, Some("all")), 3);
    let planted = connection.test_transaction_result(2);
    assert!(planted.is_err(), "county 2 planted a row in county 1");
}

trait Plant {
    fn test_transaction_result(&mut self, as_county: u32) -> diesel::QueryResult<usize>;
}

impl Plant for PgConnection {
    fn test_transaction_result(&mut self, as_county: u32) -> diesel::QueryResult<usize> {
        self.transaction(|connection| {
            connection.batch_execute(&format!("SELECT set_config('falin.county', '{as_county:032x}', true)"))?;
            sql_query(
                "INSERT INTO grid (county_id, id, division_id, name, created_ms, version)
                 VALUES (decode(lpad('1', 32, '0'), 'hex'), decode(lpad('5', 32, '0'), 'hex'), '', 'x', 1, 1)",
            )
            .execute(connection)
        })
    }
}
