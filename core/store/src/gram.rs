//! The name index: one- and two-character grams of names, and whole pinyin spellings for prefix search.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use falin_domain::words::{CountyId, fold, grams, pinyin_keys};

use crate::conn::Conn;
use crate::many::insert_many;
use crate::schema::name_gram;
use crate::stop::Stop;
use crate::tx::Tx;

/// Marks a pinyin spelling among the grams; no folded name begins with it.
const SPELLING: char = '~';
/// Characters after the first from which on a name's spelling is found as well.
const LATER_STARTS: usize = 11;

/// Writes the index rows of one name, after removing those of its former name.
///
/// # Errors
/// The database's own.
pub fn index(tx: &mut Tx<'_>, county: CountyId, noun: &str, subject: &[u8], name: &str) -> Result<(), Stop> {
    index_all(tx, county, noun, subject, &[name])
}

/// Writes the index rows of a subject that is found by several names.
///
/// # Errors
/// The database's own.
pub fn index_all(
    tx: &mut Tx<'_>,
    county: CountyId,
    noun: &str,
    subject: &[u8],
    names: &[&str],
) -> Result<(), Stop> {
    remove(tx, county, subject)?;
    insert(tx, county, noun, terms(noun, names).into_iter().map(|term| (term, subject.to_vec())).collect())
}

/// Writes the index rows of subjects that are new, each with its name.
///
/// # Errors
/// The database's own.
pub fn index_new<'a>(
    tx: &mut Tx<'_>,
    county: CountyId,
    noun: &str,
    subjects: impl Iterator<Item = (Vec<u8>, &'a str)>,
) -> Result<(), Stop> {
    let mut rows = Vec::new();
    for (subject, name) in subjects {
        rows.extend(terms(noun, &[name]).into_iter().map(|term| (term, subject.clone())));
    }
    // In the index's own order, so that neighbours are written to the same page while it is at hand.
    rows.sort_unstable();
    insert(tx, county, noun, rows)
}

fn insert(tx: &mut Tx<'_>, county: CountyId, noun: &str, rows: Vec<(String, Vec<u8>)>) -> Result<(), Stop> {
    let values = rows.into_iter().map(|(term, subject)| {
        (
            name_gram::county_id.eq(county.bytes()),
            name_gram::noun.eq(noun.to_owned()),
            name_gram::gram.eq(term),
            name_gram::subject_id.eq(subject),
        )
    });
    insert_many!(name_gram, 4, values, tx);
    Ok(())
}

/// Grams and spellings of these names.
fn terms(noun: &str, names: &[&str]) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for name in names {
        terms.extend(grams(name));
        terms.extend(spellings(noun, name).into_iter().map(|key| format!("{SPELLING}{key}")));
    }
    terms
}

/// The spellings under which a name is found. A county has few places, firms and workers, so that they are found
/// from any of their characters on (`xiongguan` for 甘肃雄关律师事务所); of its many households the whole name counts.
fn spellings(noun: &str, name: &str) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = pinyin_keys(name).into_iter().collect();
    if noun != crate::household::NOUN {
        let folded = fold(name);
        for (at, _) in folded.char_indices().skip(1).take(LATER_STARTS) {
            keys.extend(pinyin_keys(&folded[at..]));
        }
    }
    keys
}

/// Removes the index rows of a subject.
///
/// # Errors
/// The database's own.
pub fn remove(tx: &mut Tx<'_>, county: CountyId, subject: &[u8]) -> Result<(), Stop> {
    let rows = name_gram::table
        .filter(name_gram::county_id.eq(county.bytes()))
        .filter(name_gram::subject_id.eq(subject));
    diesel::delete(rows).execute(tx.conn)?;
    Ok(())
}

/// What a search text asks of the index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// Names that hold every one of these grams.
    Grams(Vec<String>),
    /// Names with a pinyin spelling from the first text on and before the second.
    Spelling(String, String),
}

/// Reads a search text: Latin letters only are pinyin, anything else is part of a name. None when empty.
pub fn wanted(text: &str) -> Option<Wanted> {
    let folded = fold(text);
    if folded.is_empty() {
        return None;
    }
    if folded.chars().all(|c| c.is_ascii_lowercase()) {
        let from = format!("{SPELLING}{folded}");
        let until = format!("{from}{{"); // '{' follows 'z' in ASCII.
        return Some(Wanted::Spelling(from, until));
    }
    let letters: Vec<char> = folded.chars().collect();
    if letters.len() == 1 {
        return Some(Wanted::Grams(vec![folded]));
    }
    let pairs: BTreeSet<String> = letters.windows(2).map(|pair| pair.iter().collect()).collect();
    Some(Wanted::Grams(pairs.into_iter().collect()))
}

/// Ids of subjects of `noun` whose names match, in order of id, after `after`; at most `limit`.
///
/// Said in SQL: building the query anew each time took longer than the database needs to answer it.
///
/// # Errors
/// The database's own.
pub fn search(
    tx: &mut Tx<'_>,
    county: CountyId,
    noun: &str,
    wanted: &Wanted,
    after: Option<&[u8]>,
    limit: i64,
) -> Result<Vec<Vec<u8>>, Stop> {
    let after = after.unwrap_or_default().to_vec();
    run_search(tx, (county, noun, after), wanted, &[], limit)
}

/// Ids of cases of these flows (of all where none is named) whose names match, the newest first; at most `limit`.
///
/// # Errors
/// The database's own.
pub fn newest_cases(
    tx: &mut Tx<'_>,
    county: CountyId,
    flows: &[String],
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<Vec<u8>>, Stop> {
    run_search(tx, (county, crate::casefile::NOUN, Vec::new()), wanted, flows, limit)
}

fn run_search(
    tx: &mut Tx<'_>,
    (county, noun, after): (CountyId, &str, Vec<u8>),
    wanted: &Wanted,
    flows: &[String],
    limit: i64,
) -> Result<Vec<Vec<u8>>, Stop> {
    let terms: Vec<&str> = match wanted {
        Wanted::Spelling(from, until) => vec![from, until],
        Wanted::Grams(grams) => grams.iter().take(MOST_GRAMS).map(String::as_str).collect(),
    };
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let of_cases = (noun == crate::casefile::NOUN).then_some(flows.len());
    let sql = statement(tx.conn, wanted, terms.len(), of_cases);
    macro_rules! run {
        ($conn:ident) => {{
            let mut query = diesel::sql_query(sql).into_boxed();
            query = query.bind::<Binary, _>(county.bytes()).bind::<Text, _>(noun.to_owned());
            query = query.bind::<Binary, _>(after);
            for term in terms {
                query = query.bind::<Text, _>(term.to_owned());
            }
            query = query.bind::<BigInt, _>(limit);
            for flow in flows {
                query = query.bind::<Text, _>(flow.clone());
            }
            query.load::<Found>($conn)?
        }};
    }
    let found = match tx.conn {
        Conn::Sqlite(conn) => run!(conn),
        Conn::Postgres(conn) => run!(conn),
    };
    Ok(found.into_iter().map(|found| found.subject_id).collect())
}

/// Characters beyond these pairs no longer tell names apart.
const MOST_GRAMS: usize = 8;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    subject_id: Vec<u8>,
}

/// The search for so many terms; places 1 to 3 are county, noun and the id after which to go on. Of cases, the newest
/// first, with the flows to which they belong after all else.
fn statement(conn: &Conn, wanted: &Wanted, terms: usize, of_cases: Option<usize>) -> String {
    let place = |n: usize| match conn {
        Conn::Sqlite(_) => format!("?{n}"),
        Conn::Postgres(_) => format!("${n}"),
    };
    let (county, noun, after, limit) = (place(1), place(2), place(3), place(terms + 4));
    let (distinct, names) = match wanted {
        // One name has several spellings with the same beginning; of a gram it has one row.
        Wanted::Spelling(..) => ("DISTINCT ", format!("f.gram >= {} AND f.gram < {}", place(4), place(5))),
        Wanted::Grams(_) => ("", format!("f.gram = {}", place(4))),
    };
    let mut sql = format!(
        "SELECT {distinct}f.subject_id FROM name_gram f \
         WHERE f.county_id = {county} AND f.noun = {noun} AND {names} AND f.subject_id > {after}"
    );
    if matches!(wanted, Wanted::Grams(_)) {
        for n in 5..terms + 4 {
            sql.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM name_gram o WHERE o.county_id = {county} AND o.noun = {noun} \
                 AND o.gram = {} AND o.subject_id = f.subject_id)",
                place(n)
            ));
        }
    }
    if let Some(flows) = of_cases.filter(|flows| *flows > 0) {
        let flows: Vec<String> = (terms + 5..terms + 5 + flows).map(place).collect();
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM casefile c WHERE c.county_id = {county} AND c.id = f.subject_id \
             AND c.flow IN ({}))",
            flows.join(", ")
        ));
    }
    let order = if of_cases.is_some() { " DESC" } else { "" };
    sql.push_str(&format!(" ORDER BY f.subject_id{order} LIMIT {limit}"));
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_people_at_work_are_found_from_any_character_on() {
        let firm = spellings("firm", "甘肃雄关律师事务所");
        assert!(firm.iter().any(|key| key.starts_with("xiongguan")));
        assert!(spellings("worker", "阿卜杜拉·买买提").contains("maimaiti"));
        assert!(!spellings("household", "张三丰").iter().any(|key| key.starts_with("sanfeng")));
    }

    #[test]
    fn letters_ask_for_pinyin_and_characters_for_grams() {
        assert_eq!(wanted("ZhangS"), Some(Wanted::Spelling("~zhangs".into(), "~zhangs{".into())));
        assert_eq!(wanted("张"), Some(Wanted::Grams(vec!["张".into()])));
        let pairs = Wanted::Grams(vec!["三丰".into(), "张三".into()]);
        assert!(matches!(wanted(" 张 三丰 "), Some(found) if found == pairs));
        assert_eq!(wanted("  "), None);
    }
}
