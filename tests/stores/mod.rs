//! What the two databases keep by themselves, whatever a program or a console tries.

mod append_only;
mod cases;
mod deadlines;
mod duty;
mod history;
mod names;
mod notices;
mod numbers;
mod own_papers;
mod pairings;
mod papers;
mod plans;
mod schema;
mod stage;
mod terms;
mod threads;
mod told;
mod walls;
