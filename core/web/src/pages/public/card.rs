//! A contact card that was scanned: the household's own provider, nothing of the household, kept nowhere.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::card::{self, Scanned};
use falin_app::public;
use falin_domain::refusal::Refusal;

use super::{Spot, adviser, first, rendered, told};
use crate::cache::private_page;
use crate::look::parts::Call;
use crate::look::public::card::{Card, Revoked};
use crate::look::public::place::Adviser;
use crate::look::{Frame, Lang, Size, parse_segment};
use crate::problem::{Answer, Asker};
use crate::site::Site;

/// `GET /c/{token}`: the address in the QR code; language by the browser.
///
/// # Errors
/// `not_found` for what is no token.
pub async fn scanned(req: HttpRequest, site: Data<Site>) -> Answer {
    let asker = Asker::of(req.path(), req.headers());
    show(&req, site, asker.lang, Size::Normal).await
}

/// `GET /{view}/c/{token}`: the same in another language or size.
///
/// # Errors
/// `not_found` for another first segment.
pub async fn scanned_as(req: HttpRequest, site: Data<Site>) -> Answer {
    let (lang, size) = parse_segment(req.match_info().query("view")).ok_or_else(Refusal::absent)?;
    show(&req, site, lang, size).await
}

async fn show(req: &HttpRequest, site: Data<Site>, lang: Lang, size: Size) -> Answer {
    let token = req.match_info().query("token");
    let found = match card::scan(&site.app, token).await {
        Ok(found) => found,
        Err(stop) if stop.refusal().is_some_and(|refusal| refusal.code() == "card.revoked") => {
            let frame = frame(lang, size, None, token);
            return Ok(sealed(private_page(req, 404, rendered(&site, &frame, &Revoked {})?)));
        }
        Err(stop) => return Err(stop.into()),
    };
    let county = (found.county.code.clone(), found.county.name.clone());
    let frame = frame(lang, size, Some((&county.0, &county.1)), token);
    let view = view(req, &site, (lang, size), found).await?;
    Ok(sealed(private_page(req, 200, rendered(&site, &frame, &view)?)))
}

/// The frame's own links must lead to the card again, not to a page of the county.
fn frame(lang: Lang, size: Size, county: Option<(&str, &str)>, token: &str) -> Frame {
    let bare = Frame::public(lang, size, None, &format!("/c/{token}"));
    let base = Frame::public(lang, size, county, "/");
    Frame { large_href: bare.large_href, lang_href: bare.lang_href, sizes: bare.sizes, ..base }
}

async fn view(
    req: &HttpRequest,
    site: &Data<Site>,
    (lang, size): (Lang, Size),
    found: Scanned,
) -> Result<Card, Refusal> {
    let stamp = public::Stamp { county: found.county, generation: 0 };
    let spot = Spot { site: site.clone(), lang, size, stamp, req: req.clone() };
    let token = req.match_info().query("token").to_owned();
    let Some(provider) = found.provider else {
        return Ok(Card { provider: None, firm: false, token: String::new() });
    };
    if provider.kind == "firm" {
        let provider = firm(&spot, &provider.id).await?;
        return Ok(Card { firm: provider.is_some(), provider, token });
    }
    let id = provider.id.parse().map_err(|_| Refusal::absent())?;
    match told(public::worker(&site.app, spot.county(), id).await) {
        Ok(shown) => Ok(Card { provider: Some(adviser(&spot, &shown, "", None)), firm: false, token }),
        // Gone, and nobody put in their place yet.
        Err(refusal) if refusal.code() == "not_found" => {
            Ok(Card { provider: None, firm: false, token: String::new() })
        }
        Err(refusal) => Err(refusal),
    }
}

async fn firm(spot: &Spot, id: &str) -> Result<Option<Adviser>, Refusal> {
    let id = id.parse().map_err(|_| Refusal::absent())?;
    let (firm, _) = match told(public::firm(&spot.site.app, spot.county(), id).await) {
        Ok(found) => found,
        Err(refusal) if refusal.code() == "not_found" => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    Ok(Some(Adviser {
        title: "",
        firm: head(spot, &firm.head_name),
        href: spot.href(&format!("/firms/{}", firm.id)),
        away: String::new(),
        call: Call::new(&firm.name, false, first(&firm.phone)),
        hours: String::new(),
        specialties: String::new(),
        languages: String::new(),
        licence: String::new(),
        name: firm.name,
    }))
}

fn head(spot: &Spot, name: &str) -> String {
    if name.is_empty() { String::new() } else { spot.say().with("card-head", &[("name", name)]) }
}

/// Nothing of a scanned card stays in a browser or travels on in a Referer.
fn sealed(mut answer: HttpResponse) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}
