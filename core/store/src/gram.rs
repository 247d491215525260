//! The name index: grams of one to three characters of names, and whole pinyin spellings for prefix search.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};
use falin_domain::words::{CountyId, LONGEST_GRAM, fold, grams, pinyin_keys};

use crate::conn::direct;
use crate::many::insert_many;
use crate::said::Said;
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
    let length = letters.len().min(LONGEST_GRAM);
    let grams: BTreeSet<String> = letters.windows(length).map(|part| part.iter().collect()).collect();
    Some(Wanted::Grams(grams.into_iter().collect()))
}

/// Ids of subjects of `noun` whose names match, in order of id, after `after`; at most `limit`.
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
    run_search(tx, (county, noun, after.unwrap_or_default()), wanted, &[], limit)
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
    run_search(tx, (county, crate::casefile::NOUN, &[]), wanted, flows, limit)
}

fn run_search(
    tx: &mut Tx<'_>,
    (county, noun, after): (CountyId, &str, &[u8]),
    wanted: &Wanted,
    flows: &[String],
    limit: i64,
) -> Result<Vec<Vec<u8>>, Stop> {
    // One name has several spellings with the same beginning; of a gram it has one row.
    let select = match wanted {
        Wanted::Grams(_) => "SELECT f.subject_id FROM name_gram f WHERE f.county_id = ",
        Wanted::Spelling(..) => "SELECT DISTINCT f.subject_id FROM name_gram f WHERE f.county_id = ",
    };
    let mut query = Said::<Binary>::new(select).binary(county.bytes()).sql(" AND f.noun = ").text(noun);
    query = query.sql(" AND f.subject_id > ").binary(after);
    query = match wanted {
        Wanted::Spelling(from, until) => {
            query.sql(" AND f.gram >= ").text(from).sql(" AND f.gram < ").text(until)
        }
        Wanted::Grams(grams) => match rarest_first(tx, county, noun, grams)?.as_slice() {
            [] => return Ok(Vec::new()),
            [rarest, others @ ..] => with_grams(query, rarest, others),
        },
    };
    let of_cases = noun == crate::casefile::NOUN;
    if of_cases && !flows.is_empty() {
        query = with_flows(query, flows);
    }
    query = query.sql(if of_cases { " ORDER BY f.subject_id DESC" } else { " ORDER BY f.subject_id" });
    let query = query.sql(" LIMIT ").number(limit);
    Ok(direct!(tx.conn, conn => query.load(conn))?)
}

/// Characters beyond these grams no longer tell names apart.
const MOST_GRAMS: usize = 8;
/// A gram of so many names is common: it is not counted further to find one that is less so.
const COMMON: i64 = 256;

/// The grams that are looked for, that of the fewest names first: it is the one whose names are walked through. None
/// where nobody bears one of them.
fn rarest_first<'a>(
    tx: &mut Tx<'_>,
    county: CountyId,
    noun: &str,
    grams: &'a [String],
) -> Result<Vec<&'a str>, Stop> {
    let mut grams: Vec<&str> = grams.iter().take(MOST_GRAMS).map(String::as_str).collect();
    if grams.len() < 2 {
        return Ok(grams);
    }
    let (mut rarest, mut fewest) = (0, COMMON);
    for (at, gram) in grams.iter().enumerate() {
        let query = Said::<BigInt>::new("SELECT count(*) FROM (SELECT 1 FROM name_gram WHERE county_id = ")
            .binary(county.bytes())
            .sql(" AND noun = ")
            .text(noun)
            .sql(" AND gram = ")
            .text(gram)
            .sql(" LIMIT ")
            .number(fewest)
            .sql(") AS few");
        let names: Vec<i64> = direct!(tx.conn, conn => query.load(conn))?;
        match names.first() {
            None | Some(0) => return Ok(Vec::new()),
            Some(names) if *names < fewest => (rarest, fewest) = (at, *names),
            Some(_) => {}
        }
    }
    grams.swap(0, rarest);
    Ok(grams)
}

/// The OFFSET keeps PostgreSQL from joining two whole lists: the rarest gram is walked, the others are looked up.
fn with_grams(query: Said<Binary>, rarest: &str, others: &[&str]) -> Said<Binary> {
    others.iter().fold(query.sql(" AND f.gram = ").text(rarest), |query, gram| {
        query
            .sql(
                " AND EXISTS (SELECT 1 FROM name_gram o WHERE o.county_id = f.county_id AND o.noun = f.noun \
                 AND o.subject_id = f.subject_id AND o.gram = ",
            )
            .text(gram)
            .sql(" LIMIT 1 OFFSET 0)")
    })
}

fn with_flows(query: Said<Binary>, flows: &[String]) -> Said<Binary> {
    let mut query = query
        .sql(" AND EXISTS (SELECT 1 FROM casefile c WHERE c.county_id = f.county_id AND c.id = f.subject_id AND c.flow IN (");
    for (n, flow) in flows.iter().enumerate() {
        query = query.sql(if n == 0 { "" } else { ", " }).text(flow);
    }
    query.sql("))")
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
        assert_eq!(wanted("张三"), Some(Wanted::Grams(vec!["张三".into()])));
        assert_eq!(wanted(" 张 三丰 "), Some(Wanted::Grams(vec!["张三丰".into()])));
        assert_eq!(wanted("欧阳秀英"), Some(Wanted::Grams(vec!["欧阳秀".into(), "阳秀英".into()])));
        assert_eq!(wanted("  "), None);
    }
}
