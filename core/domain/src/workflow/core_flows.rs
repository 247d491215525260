//! The core's own flows, carried in the program.

use std::sync::LazyLock;

use super::Flow;

const TEXTS: [&str; 3] = [
    include_str!("../../assets/flows/consultation.toml"),
    include_str!("../../assets/flows/aid.toml"),
    include_str!("../../assets/flows/mediation.toml"),
];

/// Consultation, legal aid, mediation, each with the steps that flows share. A test proves that each can be read and decides every state.
pub fn core() -> &'static [Flow] {
    static FLOWS: LazyLock<Vec<Flow>> = LazyLock::new(|| {
        TEXTS.iter().filter_map(|text| Flow::parse(text).ok()).map(Flow::with_co_handling).collect()
    });
    &FLOWS
}

/// The core's flow with this name.
pub fn core_flow(id: &str) -> Option<&'static Flow> {
    core().iter().find(|flow| flow.id == id)
}
