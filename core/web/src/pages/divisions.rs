//! The tree of divisions at the desk.

use falin_app::division::{self, Township, Village};
use falin_domain::access::{Act, Noun};

use super::choices::reference;
use crate::desk::Desk;
use crate::look::desk::{Link, division as view};
use crate::look::format;
use crate::problem::Answer;

/// `GET /desk/divisions`.
///
/// # Errors
/// The store's own.
pub async fn tree(desk: Desk) -> Answer {
    let townships = division::tree(&desk.site.app, desk.visitor()).await?;
    let villages: usize = townships.iter().map(|township| township.villages.len()).sum();
    let say = desk.say();
    let group = |n: usize| format::group(&n.to_string());
    let counts = [("townships", group(townships.len())), ("villages", group(villages))];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, n)| (*name, n.as_str())).collect();
    let rosters = desk.visitor().may(Act::Write, Noun::Roster);
    desk.page(&view::DivisionTree {
        count: say.with("desk-division-count", &counts),
        townships: townships.iter().enumerate().map(|(i, one)| township(&desk, one, i == 0)).collect(),
        counted: townships.iter().flat_map(|one| &one.villages).any(|one| one.households.is_some()),
        upload: if rosters { "/desk/rosters/new?kind=divisions".to_owned() } else { String::new() },
    })
}

fn township(desk: &Desk, one: &Township, open: bool) -> view::Township {
    let say = desk.say();
    let group = |n: u32| format::group(&n.to_string());
    let villages = one.villages.len() as u32;
    let households: Option<u32> = one.villages.iter().map(|village| village.households).sum();
    let mut note = say.with("desk-division-villages", &[("count", &group(villages))]);
    if let Some(n) = households {
        note = format!("{note} · {}", say.with("desk-division-households-count", &[("count", &group(n))]));
    }
    view::Township {
        name: one.division.name.clone(),
        code: one.division.code.clone().unwrap_or_default(),
        note,
        open,
        villages: one.villages.iter().map(village).collect(),
    }
}

fn village(one: &Village) -> view::Village {
    let households = one.households.map(|n| {
        Link::new(
            format!("/desk/households?place={}", reference(&one.division)),
            format::group(&n.to_string()),
        )
    });
    let adviser = one.advisers.first();
    view::Village {
        name: format::place(&one.division.name).to_owned(),
        code: one.division.code.clone().unwrap_or_default(),
        grids: one.grids,
        households,
        adviser: adviser.map(|worker| Link::new(format!("/desk/workers/{}", worker.id), worker.name.clone())),
    }
}
