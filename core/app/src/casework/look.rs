//! What one visitor reads of a case: fields by role, and for residents nothing that staff keep among themselves.

use falin_domain::access::{Role, Visitor};
use falin_domain::workflow::{Flow, Outside, Part, Values};
use falin_store::Tx;
use falin_store::casefile::Case;
use falin_store::casefile_step::{self, Step as StepRow};

use super::Standing;
use crate::Stop;

/// A case as its reader looks at it.
pub(super) struct Look<R> {
    /// Whether the reader is its resident and nobody of the staff.
    pub outside: bool,
    /// Every step with what was typed, oldest first.
    pub history: Vec<(StepRow, Values)>,
    reads: R,
    document: Values,
    public: Outside,
    own: bool,
}

impl<'a> Look<Box<dyn Fn(Role) -> bool + 'a>> {
    /// Reads the case and its history.
    ///
    /// # Errors
    /// The store's own; a fault where what is sealed cannot be opened.
    pub fn of(
        tx: &mut Tx<'_>,
        flow: &Flow,
        (visitor, standing): (&Visitor, &Standing),
        case: &Case,
    ) -> Result<Self, Stop> {
        let history = history(tx, flow, case)?;
        Self::with(tx, flow, (visitor, standing), case, history)
    }

    /// Reads the case for its values alone: its history only for those outside, who are told by it what is public.
    ///
    /// # Errors
    /// As [`Look::of`].
    pub fn of_values(
        tx: &mut Tx<'_>,
        flow: &Flow,
        (visitor, standing): (&Visitor, &Standing),
        case: &Case,
    ) -> Result<Self, Stop> {
        let history = if is_outside(visitor, standing) { history(tx, flow, case)? } else { Vec::new() };
        Self::with(tx, flow, (visitor, standing), case, history)
    }

    fn with(
        tx: &mut Tx<'_>,
        flow: &Flow,
        (visitor, standing): (&Visitor, &Standing),
        case: &Case,
        history: Vec<(StepRow, Values)>,
    ) -> Result<Self, Stop> {
        let document = case.document(tx)?;
        let outside = is_outside(visitor, standing);
        let parts: Vec<Part<'_>> =
            history.iter().map(|(row, typed)| Part { action: &row.action, typed }).collect();
        let public = if outside { flow.outside(&document, &parts) } else { Outside::default() };
        let reads: Box<dyn Fn(Role) -> bool> = Box::new(readers(visitor, standing));
        Ok(Self { outside, history, reads, document, public, own: standing.own })
    }
}

/// Every step with what was typed, oldest first, under the names that the case's version has for it.
fn history(tx: &mut Tx<'_>, flow: &Flow, case: &Case) -> Result<Vec<(StepRow, Values)>, Stop> {
    let mut history = Vec::new();
    for row in casefile_step::of(tx, case.county_id, case.id)? {
        let typed = row.document(tx)?;
        history.push((row, typed));
    }
    if is_brought(flow) {
        crate::plugin::as_named_now(tx, case, &mut history)?;
    }
    Ok(history)
}

/// Whether a plugin brings the flow.
fn is_brought(flow: &Flow) -> bool {
    flow.id.contains('/')
}

/// Residents look from outside; whoever also works here, or acts for the house, does not.
pub(super) fn is_outside(visitor: &Visitor, standing: &Standing) -> bool {
    !standing.house && comes_from_outside(visitor)
}

/// Whether the visitor has no work in the county.
pub(super) fn comes_from_outside(visitor: &Visitor) -> bool {
    let mut posts = visitor.posts.iter().filter(|post| post.county == visitor.county);
    posts.all(|post| post.role == Role::Resident)
}

/// The roles in which the visitor looks at this case: a resident's is only that of the own cases.
fn readers(visitor: &Visitor, standing: &Standing) -> impl Fn(Role) -> bool + use<> {
    let held: Vec<Role> =
        visitor.posts.iter().filter(|p| p.county == visitor.county).map(|p| p.role).collect();
    let (own, unassigned) = (standing.own, standing.unassigned);
    let on_case = standing.on_case || standing.helps;
    move |role| match role {
        Role::Resident => own,
        Role::Lawyer => held.contains(&role) && (on_case || unassigned),
        _ => held.contains(&role),
    }
}

impl<R: Fn(Role) -> bool> Look<R> {
    /// The case's values that may be read, and the names of those that hold something more.
    pub fn case(&self, flow: &Flow) -> (Values, Vec<String>) {
        let values = if self.outside { &self.public.values } else { &self.document };
        self.readable(flow, values.clone())
    }

    /// The steps that are told, each with what is told of it before roles are looked at.
    pub fn told(&self) -> impl Iterator<Item = (StepRow, Values)> {
        self.history.iter().enumerate().filter_map(|(at, (row, typed))| {
            let said = if self.outside { self.public.steps.get(at)?.clone()? } else { typed.clone() };
            Some((row.clone(), said))
        })
    }

    /// What of these values the reader may read.
    pub fn readable(&self, flow: &Flow, values: Values) -> (Values, Vec<String>) {
        let mut hidden = Vec::new();
        let mut shown = Values::new();
        for (name, value) in values {
            match flow.field(&name) {
                Some(field) if !field.read_by(&self.document, &self.reads) => hidden.push(name),
                Some(field) => {
                    let value = flow.rows_read_by(field, &value, (&self.document, self.own), &self.reads);
                    shown.insert(name, value);
                }
                // Who might read what a plugin's version no longer knows, nobody says.
                None if is_brought(flow) => {}
                None => {
                    shown.insert(name, value);
                }
            }
        }
        (shown, hidden)
    }
}
