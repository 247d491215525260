//! Stylesheet, script and mark: compressed once at start, under addresses that change with their content.

use std::collections::HashMap;

use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use falin_domain::refusal::Refusal;

use crate::cache::Ready;
use crate::look::Assets;
use crate::problem::Answer;
use crate::site::Site;

/// A year: the address changes when the content does.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Every asset ready to send, by path.
pub struct Shelf {
    by_path: HashMap<String, Ready>,
}

impl Shelf {
    /// Compresses every asset.
    pub fn new(assets: &Assets) -> Self {
        let ready = assets.all().map(|(path, asset)| {
            let bytes = Bytes::copy_from_slice(&asset.bytes);
            (path.to_owned(), Ready::new(bytes, asset.media, 0))
        });
        Self { by_path: ready.collect() }
    }
}

/// `GET /assets/{name}?v={hash}`.
///
/// # Errors
/// `not_found` for any other name.
pub async fn serve(req: HttpRequest, site: Data<Site>) -> Answer {
    let ready = site.shelf.by_path.get(req.path()).ok_or_else(Refusal::absent)?;
    // Without the hash the next release would be met by the old copy, so such an address is asked for again.
    let versioned = req.query_string().starts_with("v=");
    let cache = if versioned { FOREVER } else { "public, no-cache" };
    Ok(ready.answer_as(&req, cache))
}

/// Browsers ask for it unbidden.
pub async fn favicon(site: Data<Site>) -> HttpResponse {
    let href = site.look.assets.href("falin.svg").to_owned();
    HttpResponse::MovedPermanently().insert_header((header::LOCATION, href)).finish()
}
