//! Spoils household rows the way real rosters are spoilt, and keeps the list of what an import must find.

use super::codes::with_id_check;
use super::counties::Dirt;
use super::dice::Dice;
use super::homes::{Cell, Home};
use super::names::mistyped;

/// A finding that the import of a generated file must give, by the index of its household row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoilt {
    pub index: usize,
    pub column: &'static str,
    pub code: &'static str,
    /// False: the row is taken, with a warning.
    pub refused: bool,
}

const ID: &str = "身份证号码";
const NAME: &str = "户主姓名";
const PHONE: &str = "联系电话";

/// Spoils `rows` as `dirt` says; each row at most once. The result is in the order of the rows.
pub fn spoil(rows: &mut [Home], dirt: &Dirt, dice: &mut Dice) -> Vec<Spoilt> {
    let mut work = Work { touched: vec![false; rows.len()], spoilt: Vec::new(), rows, dice };
    work.each(dirt.checksum, (ID, "id.checksum", true), |home, dice| {
        home.id = wrong_check(home, dice).into()
    });
    work.each(dirt.date, (ID, "id.date", true), |home, dice| home.id = no_such_day(home, dice).into());
    work.each(dirt.precision_lost, (ID, "id.precision_lost", true), |home, _| home.id = as_number(home));
    work.each(dirt.old_15, (ID, "id.old_15", false), |home, _| home.id = fifteen_digits(home).into());
    work.each(dirt.name_missing, (NAME, "name.missing", true), |home, _| home.name = Cell::Blank);
    work.each(dirt.phone_invalid, (PHONE, "phone.invalid", true), |home, _| cut_phone(home));
    work.duplicates(dirt.duplicate);
    work.untidy(dirt.untidy);
    let mut spoilt = work.spoilt;
    spoilt.sort_by_key(|one| one.index);
    spoilt
}

struct Work<'a> {
    rows: &'a mut [Home],
    touched: Vec<bool>,
    spoilt: Vec<Spoilt>,
    dice: &'a mut Dice,
}

impl Work<'_> {
    /// Spoils `count` rows that are still clean and fit for it.
    fn each(
        &mut self,
        count: usize,
        (column, code, refused): (&'static str, &'static str, bool),
        spoil: impl Fn(&mut Home, &mut Dice),
    ) {
        for _ in 0..count {
            // A 15-digit number carries no century: only a birth before 2000 survives the conversion.
            let Some(index) =
                self.clean_row(|home| code != "id.old_15" || home.person.birth.parts().0 < 2000)
            else {
                return;
            };
            spoil(&mut self.rows[index], self.dice);
            self.spoilt.push(Spoilt { index, column, code, refused });
        }
    }

    /// Gives `count` rows the number of an earlier row that the import takes.
    fn duplicates(&mut self, count: usize) {
        for _ in 0..count {
            let Some(index) = self.clean_row(|_| true) else { return };
            let earlier = self.dice.below(index);
            match (0..=earlier).rev().find(|&one| !self.touched[one]) {
                Some(first) => {
                    self.touched[first] = true;
                    self.rows[index].id = self.rows[first].person.id.clone().into();
                    self.spoilt.push(Spoilt { index, column: ID, code: "id.duplicate", refused: true });
                }
                None => self.touched[index] = false,
            }
        }
    }

    fn untidy(&mut self, count: usize) {
        // Every lower-case x and every mistyped separator is worth having, so these rows are sought first.
        for index in 0..self.rows.len() {
            let home = &mut self.rows[index];
            if !self.touched[index] && home.person.name.contains('·') && self.dice.chance(250) {
                self.touched[index] = true;
                home.name = mistyped(&home.person.name, self.dice).into();
            } else if !self.touched[index] && home.person.id.ends_with('X') && self.dice.chance(15) {
                self.touched[index] = true;
                home.id = home.person.id.to_lowercase().into();
            }
        }
        for step in 0..count {
            let Some(index) = self.clean_row(|home| !home.person.name.contains('·')) else { return };
            blur(&mut self.rows[index], step);
        }
    }

    /// A row that nothing touched yet and that `fits`, now taken; None where none is left.
    fn clean_row(&mut self, fits: impl Fn(&Home) -> bool) -> Option<usize> {
        let start = self.dice.below(self.rows.len());
        let order = (start..self.rows.len()).chain(0..start);
        let index = order.into_iter().find(|&one| one > 0 && !self.touched[one] && fits(&self.rows[one]))?;
        self.touched[index] = true;
        Some(index)
    }
}

fn wrong_check(home: &Home, dice: &mut Dice) -> String {
    let (body, check) = home.person.id.split_at(17);
    let other = dice.pick(&["1", "3", "5", "7", "9"]);
    let other = if other == check { "0" } else { other };
    format!("{body}{other}")
}

fn no_such_day(home: &Home, dice: &mut Dice) -> String {
    let id = &home.person.id;
    with_id_check(&format!(
        "{}{}{}",
        &id[..10],
        dice.pick(&["0230", "0431", "0931", "1305", "0631"]),
        &id[14..17]
    ))
}

/// What a sheet keeps of 18 digits typed as a number: 15 of them.
fn as_number(home: &Home) -> Cell {
    let digits: f64 = home.person.id[..15].parse().unwrap_or(0.0);
    Cell::Number(digits * 1000.0)
}

fn fifteen_digits(home: &Home) -> String {
    let id = &home.person.id;
    format!("{}{}", &id[..6], &id[8..17])
}

fn cut_phone(home: &mut Home) {
    if let Cell::Text(phone) = &home.phone {
        home.phone = phone[..8].into();
    }
}

/// Makes a row untidy in one of the ways that an import repairs without a word.
fn blur(home: &mut Home, step: usize) {
    let id = home.person.id.clone();
    let phone = if let Cell::Text(phone) = &home.phone { phone.clone() } else { String::new() };
    match step % 9 {
        0 => home.id = format!("{} {} {} ", &id[..6], &id[6..14], &id[14..]).into(),
        1 => home.id = wide(&id).into(),
        2 => home.id = format!("'{id}").into(),
        3 => home.id = format!("\u{a0}{id}").into(),
        4 => home.phone = format!("{phone}/0937-1{}", &phone[5..]).into(),
        5 => home.phone = Cell::Number(phone.parse().unwrap_or(0.0)),
        6 => home.phone = format!("+86 {}-{}-{}", &phone[..3], &phone[3..7], &phone[7..]).into(),
        7 => home.name = format!(" {}\u{3000}", home.person.name).into(),
        _ => home.name = spread(&home.person.name).into(),
    }
}

fn wide(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)).collect()
}

/// 张三 as forms are filled to look even: 张　三.
fn spread(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (Some(surname), Some(given), None) => format!("{surname}\u{3000}{given}"),
        _ => name.to_owned(),
    }
}
