//! Pages of lists: how many, after which mark, and what comes next.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most items of one page (contract.md).
pub const MOST: u16 = 200;
/// Items of a page where nobody asks for a number.
pub const USUAL: u16 = 20;

/// The place in a list after which the next page begins: sort key, then id.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// The last item's sort key: pinyin, code, or creation time in milliseconds, as the list is ordered.
    pub key: String,
    /// The last item's id.
    pub id: Uuid,
}

impl Mark {
    /// The key as milliseconds, for lists in order of time; 0 where it is none.
    pub fn millis(&self) -> i64 {
        self.key.parse().unwrap_or(0)
    }
}

/// Which page is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Window {
    /// 1 to [`MOST`].
    pub limit: u16,
    /// The mark of the page before; None for the first page.
    pub after: Option<Mark>,
}

impl Default for Window {
    fn default() -> Self {
        Self { limit: USUAL, after: None }
    }
}

/// One page of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; None on the last one.
    pub next: Option<Mark>,
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` rows: the row too many only says that there is a next page.
    pub fn cut(mut rows: Vec<T>, window: &Window, mark: impl Fn(&T) -> Mark) -> Self {
        let limit = usize::from(window.limit);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(mark) } else { None };
        Self { items: rows, next }
    }

    /// A page of a short list that is all in memory, in order of its marks.
    pub fn of_all(rows: Vec<T>, window: &Window, mark: impl Fn(&T) -> Mark) -> Self {
        let order = |mark: Mark| (mark.key, mark.id);
        let mut rows = rows;
        rows.sort_by_cached_key(|row| order(mark(row)));
        if let Some(after) = &window.after {
            rows.retain(|row| order(mark(row)) > order(after.clone()));
        }
        Self::cut(rows, window, mark)
    }

    /// The same page of other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_too_many_only_tells_of_a_next_page() {
        let window = Window { limit: 2, after: None };
        let mark = |n: &i32| Mark { key: n.to_string(), id: Uuid::nil() };
        let page = Page::cut(vec![1, 2, 3], &window, mark);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(page.next.map(|m| m.millis()), Some(2));
        assert_eq!(Page::cut(vec![1, 2], &window, mark).next, None);
        let after = Window { limit: 2, after: Some(mark(&2)) };
        assert_eq!(Page::of_all(vec![4, 2, 1, 3], &after, mark).items, [3, 4]);
    }
}
