//! Statements that each connection prepares once: said in SQL, or with a list of ids in them. `diesel::sql_query` and
//! `eq_any` are prepared anew each time, which takes SQLite longer than a short answer does.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Bool, HasSqlType, Text};

use crate::conn::{Conn, direct};

/// One statement whose text is one of few; `Row` is the SQL type of what it answers.
pub(crate) struct Said<Row> {
    parts: Vec<Part>,
    row: PhantomData<Row>,
}

enum Part {
    Sql(Cow<'static, str>),
    Binary(Vec<u8>),
    Text(String),
    Number(i64),
}

impl<Row> Said<Row> {
    /// Begins with these words.
    pub(crate) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { parts: vec![Part::Sql(sql.into())], row: PhantomData }
    }

    /// Goes on with these words.
    pub(crate) fn sql(self, sql: impl Into<Cow<'static, str>>) -> Self {
        self.with(Part::Sql(sql.into()))
    }

    /// Goes on with a place for these bytes.
    pub(crate) fn binary(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.with(Part::Binary(bytes.into()))
    }

    /// Goes on with a place for this text.
    pub(crate) fn text(self, text: &str) -> Self {
        self.with(Part::Text(text.to_owned()))
    }

    /// Goes on with a place for this number.
    pub(crate) fn number(self, number: i64) -> Self {
        self.with(Part::Number(number))
    }

    fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}

impl<Row, DB> QueryFragment<DB> for Said<Row>
where
    DB: Backend + HasSqlType<Binary> + HasSqlType<Text> + HasSqlType<BigInt>,
    Vec<u8>: ToSql<Binary, DB>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for part in &self.parts {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Binary(bytes) => out.push_bind_param::<Binary, _>(bytes)?,
                Part::Text(text) => out.push_bind_param::<Text, _>(text)?,
                Part::Number(number) => out.push_bind_param::<BigInt, _>(number)?,
            }
        }
        Ok(())
    }
}

impl<Row> QueryId for Said<Row> {
    type QueryId = ();
    // Told apart by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Said<Row> {
    type SqlType = Row;
}

impl<Row, C> RunQueryDsl<C> for Said<Row> {}

/// Runs words that open or close a transaction or a part of it, prepared once too.
pub(crate) fn run(conn: &mut Conn, sql: &'static str) -> QueryResult<()> {
    let words = Said::<()>::new(sql);
    direct!(conn, conn => words.execute(conn)).map(drop)
}

/// Longest list that has a statement of its own; one for each power of two.
const LONGEST: usize = 64;

/// `column IN (ids)`, filled up with the last of them to a power of two, so that few texts stand for all lengths.
pub(crate) struct OneOf<C> {
    column: C,
    ids: Vec<Vec<u8>>,
    filled: usize,
}

/// As `column.eq_any(ids)`, prepared once.
pub(crate) fn one_of<C: Expression<SqlType = Binary>>(column: C, mut ids: Vec<Vec<u8>>) -> OneOf<C> {
    // A row each names the same few again and again, and a statement takes so many values and no more.
    ids.sort_unstable();
    ids.dedup();
    let filled = if ids.len() > LONGEST { ids.len() } else { ids.len().next_power_of_two() };
    OneOf { column, ids, filled }
}

impl<C: Expression> Expression for OneOf<C> {
    type SqlType = Bool;
}

impl<C: SelectableExpression<T>, T> SelectableExpression<T> for OneOf<C> {}

impl<C: AppearsOnTable<T>, T> AppearsOnTable<T> for OneOf<C> {}

impl<C, G> ValidGrouping<G> for OneOf<C> {
    type IsAggregate = is_aggregate::Never;
}

impl<C> QueryId for OneOf<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, DB> QueryFragment<DB> for OneOf<C>
where
    C: QueryFragment<DB>,
    DB: Backend + HasSqlType<Binary>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Some(last) = self.ids.last() else {
            out.push_sql("0 = 1");
            return Ok(());
        };
        if self.ids.len() > LONGEST {
            out.unsafe_to_cache_prepared();
        }
        self.column.walk_ast(out.reborrow())?;
        for n in 0..self.filled {
            out.push_sql(if n == 0 { " IN (" } else { ", " });
            out.push_bind_param::<Binary, _>(self.ids.get(n).unwrap_or(last))?;
        }
        out.push_sql(")");
        Ok(())
    }
}
