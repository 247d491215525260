//! Small cells of a whole table kept back, and with them every cell from which they could be worked out.

use std::ops::Range;

/// A table of one figure: the first row is the figure itself, the rows after it its splits; the columns are the
/// parts of a place. Every row has its whole, which the reader sees as well.
#[derive(Clone, Debug)]
pub struct Cells {
    /// Counts by row and part; what stands in none of the parts is the last column.
    pub rows: Vec<Vec<i64>>,
    /// The whole of each row.
    pub whole: Vec<i64>,
    /// Rows that together make up the first one, once for each field by which it is split.
    pub groups: Vec<Range<usize>>,
}

/// What of a table must not be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hidden {
    /// By row and part.
    pub rows: Vec<Vec<bool>>,
    /// The wholes.
    pub whole: Vec<bool>,
}

/// A cell by row and column; the column after the last part is the whole.
type At = (usize, usize);

impl Cells {
    /// Keeps back every count from 1 to `least - 1`, and further cells until none of those kept back follows from a sum:
    /// what is hidden of a sum that is shown comes to at least `least`. `above` are the wholes that the table of the
    /// place above has kept back.
    pub fn kept_back(&self, least: i64, above: Option<&[bool]>) -> Hidden {
        let small = |n: &i64| (1..least).contains(n);
        let mut hidden = Hidden {
            rows: self.rows.iter().map(|row| row.iter().map(small).collect()).collect(),
            whole: self.whole.iter().map(small).collect(),
        };
        for (whole, above) in hidden.whole.iter_mut().zip(above.into_iter().flatten()) {
            *whole |= *above;
        }
        let sums = self.sums();
        // Each round hides one more cell of some sum, so there are at most as many rounds as cells.
        while sums
            .iter()
            .fold(false, |any, (cells, total)| self.close(&mut hidden, cells, *total, least) || any)
        {}
        hidden
    }

    /// Every sum that a reader could do: along each row, and down each column through each group.
    fn sums(&self) -> Vec<(Vec<At>, At)> {
        let parts = self.rows.first().map_or(0, Vec::len);
        let across = (0..self.rows.len()).map(|row| ((0..parts).map(|at| (row, at)).collect(), (row, parts)));
        let down = self
            .groups
            .iter()
            .flat_map(|group| (0..=parts).map(|at| (group.clone().map(|row| (row, at)).collect(), (0, at))));
        across.chain(down).collect()
    }

    fn count(&self, (row, at): At) -> i64 {
        self.rows[row].get(at).copied().unwrap_or(self.whole[row])
    }

    /// Hides one more cell where a sum gives away what is hidden in it. True where it did.
    fn close(&self, hidden: &mut Hidden, cells: &[At], total: At, least: i64) -> bool {
        let kept = cells.iter().filter(|at| hidden.is(**at));
        let (count, sum) = kept.fold((0, 0), |(count, sum), at| (count + 1, sum + self.count(*at)));
        let told =
            if hidden.is(total) { count == 0 && self.count(total) > 0 } else { count > 0 && sum < least };
        if !told {
            return false;
        }
        let shown = cells.iter().filter(|at| !hidden.is(**at) && self.count(**at) > 0);
        match shown.min_by_key(|at| self.count(**at)) {
            Some(next) => hidden.hide(*next),
            None if !hidden.is(total) => hidden.hide(total),
            None => false,
        }
    }
}

impl Hidden {
    fn is(&self, (row, at): At) -> bool {
        self.rows[row].get(at).copied().unwrap_or(self.whole[row])
    }

    fn hide(&mut self, (row, at): At) -> bool {
        match self.rows[row].get_mut(at) {
            Some(cell) => *cell = true,
            None => self.whole[row] = true,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(cells: &[i64]) -> Hidden {
        let table = Cells { rows: vec![cells.to_vec()], whole: vec![cells.iter().sum()], groups: Vec::new() };
        table.kept_back(5, None)
    }

    #[test]
    fn a_small_cell_takes_the_next_one_with_it() {
        assert_eq!(one(&[3, 20, 9, 0]).rows[0], [true, false, true, false]);
        assert_eq!(one(&[1, 1, 30, 40]).rows[0], [true, true, true, false], "1 + 1 would tell themselves");
        assert_eq!(one(&[3, 0, 0]), Hidden { rows: vec![vec![true, false, false]], whole: vec![true] });
        assert_eq!(one(&[6, 7]).rows[0], [false, false]);
    }

    #[test]
    fn a_hidden_whole_is_not_added_up_from_its_parts() {
        let table = Cells { rows: vec![vec![6, 9]], whole: vec![15], groups: Vec::new() };
        assert_eq!(table.kept_back(5, Some(&[true])).rows[0], [true, false]);
    }

    /// Whether the hidden cells of a sum that is shown could be worked out from it.
    fn tells(table: &Cells, hidden: &Hidden, least: i64) -> bool {
        table.sums().iter().any(|(cells, total)| {
            let kept: Vec<i64> =
                cells.iter().filter(|at| hidden.is(**at)).map(|at| table.count(*at)).collect();
            match hidden.is(*total) {
                true => {
                    kept.is_empty() && table.count(*total) > 0 && cells.iter().any(|at| table.count(*at) > 0)
                }
                false => !kept.is_empty() && kept.iter().sum::<i64>() < least,
            }
        })
    }

    proptest! {
        #[test]
        fn no_sum_tells_what_is_kept_back(rows in proptest::collection::vec(proptest::collection::vec(0i64..12, 4), 1..5)) {
            let first = (0..4).map(|at| rows.iter().map(|row| row[at]).sum()).collect::<Vec<i64>>();
            let all: Vec<Vec<i64>> = std::iter::once(first).chain(rows).collect();
            let whole = all.iter().map(|row| row.iter().sum()).collect();
            let below = std::iter::once(1..all.len()).collect();
            let table = Cells { groups: below, rows: all, whole };
            let hidden = table.kept_back(5, None);
            prop_assert!(!tells(&table, &hidden, 5));
            for (row, cells) in table.rows.iter().enumerate() {
                for (at, n) in cells.iter().enumerate() {
                    prop_assert!(hidden.rows[row][at] || !(1..5).contains(n));
                }
            }
        }
    }
}
