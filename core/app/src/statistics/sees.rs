//! Whose rows a reader may open: from the small numbers of all others he is kept.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::statistics::{FIGURES, SMALLEST};
use falin_domain::words::DivisionId;
use falin_store::Tx;

use crate::Stop;
use crate::division::held;

/// Whose rows a reader may open at a place: from the small numbers of all others he is kept as a stranger is.
#[derive(Clone, Default)]
pub(super) struct Sees(pub Vec<Noun>);

impl Sees {
    /// What a visitor sees at a place; None is the county.
    ///
    /// # Errors
    /// The store's own.
    pub fn at(tx: &mut Tx<'_>, visitor: &Visitor, place: Option<DivisionId>) -> Result<Self, Stop> {
        Ok(Self::at_each(tx, visitor, &[place])?.pop().unwrap_or_default())
    }

    /// The same for each of these places, in their order.
    ///
    /// # Errors
    /// The store's own.
    pub fn at_each(
        tx: &mut Tx<'_>,
        visitor: &Visitor,
        places: &[Option<DivisionId>],
    ) -> Result<Vec<Self>, Stop> {
        let mut nouns: Vec<Noun> = FIGURES.iter().map(|figure| figure.source.noun()).collect();
        nouns.push(Noun::Workflow);
        nouns.sort_by_key(|noun| noun.code());
        nouns.dedup();
        let mut seen = vec![Self::default(); places.len()];
        for noun in nouns {
            // Who sees the own rows alone holds no place.
            let Ok(scope) = visitor.scope(Act::Read, noun) else { continue };
            let held = held(tx, &scope, places)?;
            let there = seen.iter_mut().zip(places).filter(|(_, place)| held.contains(place));
            there.for_each(|(sees, _)| sees.0.push(noun));
        }
        Ok(seen)
    }

    /// Whether the rows of this noun are among them.
    pub fn rows_of(&self, noun: Noun) -> bool {
        self.0.contains(&noun)
    }

    /// The smallest number of a workflow's figures that the reader may see.
    pub fn smallest(&self) -> i64 {
        if self.rows_of(Noun::Workflow) { 0 } else { SMALLEST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use falin_domain::access::roles_for;

    #[test]
    fn every_figure_counts_rows_that_somebody_may_read() {
        for figure in FIGURES {
            let noun = figure.source.noun();
            assert!(noun != Noun::Workflow && !roles_for(Act::Read, noun).is_empty(), "{}", figure.code);
        }
    }
}
