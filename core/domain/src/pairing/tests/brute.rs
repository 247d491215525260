//! The plan against all assignments there are.

use super::super::certificate::is_best;
use super::super::check::{Objective, objective, verify};
use super::super::sample::Seed;
use super::super::{PlanInput, solve};
use super::{Sizes, question};

const SMALL: Sizes = Sizes { villages: 4, townships: 2, providers: 4, households: 7, capacity: 5 };

/// Walks all assignments and keeps the best; counts of the first three aims only, the balance where they tie.
struct Search<'a> {
    input: &'a PlanInput,
    options: Vec<Vec<u32>>,
    left: Vec<u32>,
    chosen: Vec<Option<u32>>,
    best: Option<Objective>,
}

impl Search<'_> {
    fn run(&mut self) {
        let at = self.chosen.len();
        if at == self.input.households.len() {
            let found = objective(self.input, &self.chosen);
            if self.best.as_ref().is_none_or(|best| found < *best) {
                self.best = Some(found);
            }
            return;
        }
        self.chosen.push(None);
        self.run();
        for provider in self.options[at].clone() {
            if self.left[provider as usize] > 0 {
                self.left[provider as usize] -= 1;
                self.chosen[at] = Some(provider);
                self.run();
                self.left[provider as usize] += 1;
            }
        }
        self.chosen.pop();
    }
}

fn best(input: &PlanInput) -> Option<Objective> {
    let may = |household: usize| {
        let due = &input.households[household];
        (0..input.providers.len() as u32).filter(|&provider| input.may(due, provider)).collect()
    };
    let mut search = Search {
        input,
        options: (0..input.households.len()).map(may).collect(),
        left: input.providers.iter().map(|provider| provider.room()).collect(),
        chosen: Vec::new(),
        best: None,
    };
    search.run();
    search.best
}

/// Puts one household after another wherever it may go, or nowhere.
fn anyhow(input: &PlanInput, seed: &mut Seed) -> Vec<Option<u32>> {
    let mut left: Vec<u32> = input.providers.iter().map(|provider| provider.room()).collect();
    let mut place = |due| {
        let open = (0..left.len() as u32).filter(|&p| left[p as usize] > 0 && input.may(due, p));
        let open: Vec<u32> = open.collect();
        let chosen = *open.get(seed.below(open.len() as u32) as usize)?;
        left[chosen as usize] -= 1;
        Some(chosen)
    };
    input.households.iter().map(&mut place).collect()
}

#[test]
fn no_assignment_is_better_than_the_plan() {
    let mut seed = Seed::new(20_260_301);
    let (mut moved, mut unplaced, mut uneven, mut lucky) = (0, 0, 0, 0);
    for case in 0..2_000 {
        let input = question(&mut seed, SMALL);
        let plan = solve(&input);
        assert_eq!(verify(&input, &plan.assignment), [], "case {case}: {input:?}");
        assert!(is_best(&input, &plan.assignment), "case {case}: {input:?}");
        let got = objective(&input, &plan.assignment);
        assert_eq!(Some(&got), best(&input).as_ref(), "case {case}: {input:?}");
        assert_eq!(
            (u64::from(plan.placed), u64::from(plan.moved), plan.place_cost, &plan.balance),
            (got.placed, got.moved, got.place_cost, &got.balance)
        );
        assert_eq!(plan, solve(&input), "case {case} is not deterministic");
        let other = anyhow(&input, &mut seed);
        let equal = objective(&input, &other) == got;
        assert_eq!(is_best(&input, &other), equal, "case {case}: {input:?} {other:?}");
        lucky += u32::from(equal);
        moved += plan.moved;
        unplaced += plan.unplaced.iter().map(|row| row.households).sum::<u32>();
        uneven += u32::from(plan.place_cost > 0);
    }
    // The cases must not be trivial.
    let all = [moved, unplaced, uneven, lucky, 2_000 - lucky];
    assert!(all.iter().all(|&count| count > 100), "{all:?}");
}
