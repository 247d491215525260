//! A series of backups in one folder: named by time, thinned to days, weeks and months.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use falin_domain::time::{Date, Instant};

use crate::{Fault, Stop};

const PREFIX: &str = "falin-";
const SUFFIX: &str = ".backup";

/// How many backups of a series to keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Keep {
    /// The newest of each of so many days.
    pub days: usize,
    /// The newest of each of so many weeks.
    pub weeks: usize,
    /// The newest of each of so many months.
    pub months: usize,
}

impl Keep {
    /// Reads `7d,4w,12m`.
    ///
    /// # Errors
    /// A sentence for the person who typed it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut keep = Self::default();
        for part in text.split(',').map(str::trim) {
            let (number, unit) = part.split_at(part.len().saturating_sub(1));
            let number = number.parse().map_err(|_| format!("{part}: 7d, 4w, 12m"))?;
            match unit {
                "d" => keep.days = number,
                "w" => keep.weeks = number,
                "m" => keep.months = number,
                _ => return Err(format!("{part}: 7d, 4w, 12m")),
            }
        }
        if keep.days + keep.weeks + keep.months == 0 {
            return Err("0".to_owned());
        }
        Ok(keep)
    }

    /// Which of these days to keep: of each day, week and month the newest, as many as asked for.
    pub fn choose(&self, days: &BTreeSet<Date>) -> BTreeSet<Date> {
        let mut kept: BTreeSet<Date> = days.iter().rev().take(self.days).copied().collect();
        let week = |day: &Date| day.plus_days(-i64::from(day.weekday())).to_string();
        let month = |day: &Date| day.to_string()[..7].to_owned();
        kept.extend(newest_of_each(days, self.weeks, week));
        kept.extend(newest_of_each(days, self.months, month));
        kept
    }
}

fn newest_of_each(days: &BTreeSet<Date>, most: usize, span: impl Fn(&Date) -> String) -> Vec<Date> {
    let mut seen = BTreeSet::new();
    let newest = days.iter().rev().filter(|day| seen.insert(span(day)));
    newest.take(most).copied().collect()
}

/// Name of a backup made now.
pub fn series_name(now: Instant) -> String {
    let stamp: String = now.to_string().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    format!("{PREFIX}{stamp}{SUFFIX}")
}

fn day_of(name: &str) -> Option<Date> {
    let stamp = name.strip_prefix(PREFIX)?;
    let (year, month, day) = (stamp.get(..4)?, stamp.get(4..6)?, stamp.get(6..8)?);
    format!("{year}-{month}-{day}").parse().ok()
}

/// Removes what the series no longer keeps, whole backups with all their parts; returns their names.
///
/// # Errors
/// A fault where the folder cannot be read or a file not removed.
pub fn prune(folder: &Path, keep: &Keep) -> Result<Vec<PathBuf>, Stop> {
    let fault = |e: std::io::Error| Stop::from(Fault::new("backup", e.to_string()));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let name = entry.map_err(fault)?.file_name().to_string_lossy().into_owned();
        if name.contains(SUFFIX) && day_of(&name).is_some() {
            names.push(name);
        }
    }
    names.sort();
    let days = names.iter().filter_map(|name| day_of(name)).collect();
    let kept = keep.choose(&days);
    // Of one day only the newest stays.
    let stems: BTreeSet<&str> = names.iter().filter_map(|name| name.split(SUFFIX).next()).collect();
    let newest: BTreeSet<&str> = kept
        .iter()
        .filter_map(|day| stems.iter().rev().find(|stem| day_of(stem) == Some(*day)).copied())
        .collect();
    let mut removed = Vec::new();
    for name in &names {
        if name.split(SUFFIX).next().is_some_and(|stem| !newest.contains(stem)) {
            let file = folder.join(name);
            fs::remove_file(&file).map_err(fault)?;
            removed.push(file);
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn days_weeks_and_months_stay() {
        let keep = Keep::parse("7d,4w,12m").unwrap();
        let today: Date = "2026-11-22".parse().unwrap();
        let days: BTreeSet<Date> = (0..400).map(|n| today.plus_days(-n)).collect();
        let kept = keep.choose(&days);
        assert!(kept.contains(&today) && kept.contains(&today.plus_days(-6)));
        assert!((18..=22).contains(&kept.len()), "{}", kept.len());
        assert!(Keep::parse("7x").is_err());
    }

    #[test]
    fn a_name_tells_its_day() {
        let now: Instant = "2026-11-22T09:30:00Z".parse().unwrap();
        assert_eq!(day_of(&series_name(now)), Some(now.date()));
    }
}
