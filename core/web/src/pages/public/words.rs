//! Pages of words: what this is, how data are protected, what to do in danger.

use super::Spot;
use crate::look::public::about::{About, Privacy, Safety};
use crate::problem::Answer;

/// `GET /{view}/{county}/about`.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn about(spot: Spot) -> Answer {
    spot.page(async |_: &Spot| Ok(About { version: env!("CARGO_PKG_VERSION") })).await
}

/// `GET /{view}/{county}/privacy`.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn privacy(spot: Spot) -> Answer {
    spot.page(async |_: &Spot| Ok(Privacy {})).await
}

/// `GET /{view}/{county}/safety`.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn safety(spot: Spot) -> Answer {
    spot.page(async |_: &Spot| Ok(Safety {})).await
}
