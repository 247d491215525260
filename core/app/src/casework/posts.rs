//! Posts that a plugin declares and a county gives: who may take a step because of one, and where.

use falin_domain::access::{Role, Visitor};
use falin_domain::words::DivisionId;
use falin_domain::workflow::{Flow, Step};
use falin_store::casefile_list::Holder;
use falin_store::{Tx, plugin_desk};

use crate::Stop;

/// A post as the visitor holds it, with the role that it rests on.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Its code.
    pub code: String,
    /// The role: without it at the place the post counts for nothing.
    pub role: Role,
    /// Where, with everything below; None for the county.
    pub place: Option<DivisionId>,
}

/// The posts of a flow's plugin that the visitor holds now. The operator at the command line holds each of them.
///
/// # Errors
/// The store's own.
pub(crate) fn held(tx: &mut Tx<'_>, visitor: &Visitor, flow: &Flow) -> Result<Vec<Held>, Stop> {
    let Some((plugin, _)) = flow.id.split_once('/').filter(|_| !flow.posts.is_empty()) else {
        return Ok(Vec::new());
    };
    let Some(account) = visitor.account else {
        let operator = visitor.is(Role::PlatformAdmin);
        let all = flow.posts.iter().filter(|_| operator);
        return Ok(all.map(|(code, role)| Held { code: code.clone(), role: *role, place: None }).collect());
    };
    let rows = plugin_desk::posts_of(tx, visitor.county, account)?;
    let rests = |row: plugin_desk::HeldPost| {
        let role = *flow.posts.get(&row.post)?;
        let still = row.plugin == plugin && visitor.is(role);
        still.then_some(Held { code: row.post, role, place: row.division_id })
    };
    Ok(rows.into_iter().filter_map(rests).collect())
}

/// Whose posts of a flow's plugin show the visitor cases: as in [`by_post`], those whose role is still held.
pub(crate) fn holder(visitor: &Visitor, flow: &Flow) -> Option<Holder> {
    let (plugin, _) = flow.id.split_once('/').filter(|_| !flow.posts.is_empty())?;
    let rests = |(code, role): (&String, &Role)| {
        let held = visitor.posts.iter().filter(|p| p.role == *role && p.county == visitor.county);
        let held: Vec<Option<DivisionId>> = held.map(|post| post.place).collect();
        let whole = matches!(role, Role::Lawyer) || held.contains(&None);
        let places = if whole { None } else { Some(held.iter().copied().flatten().collect()) };
        (!held.is_empty()).then(|| (code.clone(), places))
    };
    let posts = flow.posts.iter().filter_map(rests).collect();
    Some(Holder { account: visitor.account?, plugin: plugin.to_owned(), posts })
}

/// The role in which one of these posts lets the visitor take a step at a place; `line` is the place and all above it.
/// The role under the post must be held there as well: who loses it loses what rests on it.
pub(crate) fn by_post(held: &[Held], visitor: &Visitor, step: &Step, line: &[DivisionId]) -> Option<Role> {
    let covers = |place: &Option<DivisionId>| place.is_none_or(|place| line.contains(&place));
    let rests = |post: &Held| {
        let mut roles = visitor.posts.iter().filter(|p| p.role == post.role && p.county == visitor.county);
        // A legal worker's role is held for no place of its own: their sight is their cases, and here their post's place.
        matches!(post.role, Role::Lawyer) || roles.any(|p| covers(&p.place))
    };
    held.iter()
        .find(|post| step.posts.contains(&post.code) && covers(&post.place) && rests(post))
        .map(|post| post.role)
}

/// Whether some role or post of the visitor's ever takes this step.
pub(crate) fn ever(held: &[Held], visitor: &Visitor, step: &Step) -> bool {
    step.roles.iter().any(|role| visitor.is(*role)) || held.iter().any(|post| step.posts.contains(&post.code))
}
