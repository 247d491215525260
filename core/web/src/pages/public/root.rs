//! The first address that people type: which county, in which language.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_domain::refusal::Refusal;

use super::rendered;
use crate::cache::Ready;
use crate::desk::see_other;
use crate::look::parts::Choice;
use crate::look::public::home::Chooser;
use crate::look::{Frame, Lang, Size, parse_segment, segment};
use crate::problem::{Answer, Asker};
use crate::site::Site;

/// `GET /`: to the only county, or to the choice of several.
///
/// # Errors
/// The store's own.
pub async fn root(req: HttpRequest, site: Data<Site>) -> Answer {
    let asker = Asker::of(req.path(), req.headers());
    let counties = falin_app::county::all(&site.app).await?;
    let view = segment(asker.lang, Size::Normal);
    let mut answer = match counties.as_slice() {
        [one] => see_other(&format!("/{view}/{}/", one.code)),
        _ => chooser(&req, &site, asker.lang, Size::Normal).await?,
    };
    answer.headers_mut().insert(header::VARY, header::HeaderValue::from_static("accept-language"));
    Ok(answer)
}

/// `GET /{view}/`: the choice of several counties.
///
/// # Errors
/// `not_found` for another first segment.
pub async fn counties(req: HttpRequest, site: Data<Site>) -> Answer {
    let (lang, size) = parse_segment(req.match_info().query("view")).ok_or_else(Refusal::absent)?;
    chooser(&req, &site, lang, size).await
}

/// `GET /{view}/{county}` without the slash at the end.
///
/// # Errors
/// None; the type fits a handler.
pub async fn slash(req: HttpRequest) -> Answer {
    let code = actix_web::http::StatusCode::PERMANENT_REDIRECT;
    Ok(HttpResponse::build(code).insert_header((header::LOCATION, format!("{}/", req.path()))).finish())
}

async fn chooser(
    req: &HttpRequest,
    site: &Site,
    lang: Lang,
    size: Size,
) -> Result<HttpResponse, crate::problem::Refused> {
    let counties = falin_app::county::all(&site.app).await?;
    let view = segment(lang, size);
    let choices = counties
        .iter()
        .map(|county| Choice::noted(format!("/{view}/{}/", county.code), county.name.clone(), ""))
        .collect();
    let frame = Frame::public(lang, size, None, "/");
    let html = rendered(site, &frame, &Chooser { counties: choices })?;
    Ok(Ready::new(html.into(), "text/html; charset=utf-8", 0).answer(req))
}
