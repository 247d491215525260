//! Pages of residents: everything that shapes one is in its address, so that it is rendered once and kept.

pub mod apply;
pub mod ask;
pub mod card;
pub mod directory;
pub mod notary;
pub mod place;
pub mod quiz;
pub mod rooms;
pub mod root;
pub mod service;
pub mod words;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use falin_app::public::{self, Stamp};
use falin_app::worker::Shown;
use falin_domain::directory::WorkerKind;
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::CountyId;
use futures_util::future::LocalBoxFuture;

use crate::cache::private_page;
use crate::cursor;
use crate::look::keys::worker_title;
use crate::look::parts::Call;
use crate::look::public::directory::WorkerRow;
use crate::look::public::place::Adviser;
use crate::look::{Frame, Lang, Say, Size, View, format, parse_segment};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::Query;
use crate::site::Site;

/// What a form says as `go` where its page is only drawn again, in another language or size, with what was typed.
const AGAIN: &str = "again";

/// Rows of one public list.
const ROWS: u16 = 20;

/// Where a resident is: language and size of print, the county as it stands now, and the rest of the address.
pub struct Spot {
    /// The server.
    pub site: Data<Site>,
    /// Language of the page.
    pub lang: Lang,
    /// Size of print.
    pub size: Size,
    /// The county and its write generation.
    pub stamp: Stamp,
    req: HttpRequest,
}

impl FromRequest for Spot {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let site = req.app_data::<Data<Site>>().cloned();
            let site = site.ok_or_else(|| Refusal::new("server.failed"))?;
            let (lang, size) = parse_segment(req.match_info().query("view")).ok_or_else(Refusal::absent)?;
            let stamp = public::stamp(&site.app, req.match_info().query("county")).await?;
            Ok(Self { site, lang, size, stamp, req })
        })
    }
}

impl Spot {
    /// The county.
    pub fn county(&self) -> CountyId {
        self.stamp.county.id
    }

    /// A day in the page's language, with its year where that is not today's.
    pub fn day(&self, date: Date) -> String {
        format::day(self.lang, date, self.site.app.today())
    }

    /// Texts in the page's language.
    pub fn say(&self) -> Say<'_> {
        self.site.look.say(self.lang)
    }

    /// The segment `name` of the path.
    pub fn path(&self, name: &str) -> &str {
        self.req.match_info().query(name)
    }

    /// An address of this county's pages in the same language and size; `rest` begins with a slash.
    pub fn href(&self, rest: &str) -> String {
        let view = crate::look::segment(self.lang, self.size);
        format!("/{view}/{}{rest}", self.stamp.county.code)
    }

    /// The page of this address: from the cache, or shown by `show` and kept until the next write.
    ///
    /// # Errors
    /// Those of `show`.
    pub async fn page<V: View>(&self, show: impl AsyncFnOnce(&Self) -> Result<V, Refusal>) -> Answer {
        let render = || async { self.render(&show(self).await?) };
        Ok(self.site.cache.page(&self.req, self.stamp.generation, render).await?)
    }

    /// The same where more than the directory shapes it: `generation` grows with every write to that.
    ///
    /// # Errors
    /// Those of `show`.
    pub async fn page_of<V: View>(
        &self,
        generation: u64,
        show: impl AsyncFnOnce(&Self) -> Result<V, Refusal>,
    ) -> Answer {
        let render = || async { self.render(&show(self).await?) };
        // Both grow by themselves; spread apart, one cannot make up for the other.
        let both = self.stamp.generation.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ generation;
        Ok(self.site.cache.page(&self.req, both, render).await?)
    }

    /// A page that says what was wrong with what was typed; not kept.
    ///
    /// # Errors
    /// `server.failed` where the template does not render.
    pub fn refused<V: View>(&self, refusal: &Refusal, view: &V) -> Answer {
        Ok(private_page(&self.req, refusal.kind().status(), self.render(view)?))
    }

    /// A page that is made for this one request and kept nowhere.
    ///
    /// # Errors
    /// `server.failed` where the template does not render.
    pub fn shown<V: View>(&self, view: &V) -> Answer {
        Ok(private_page(&self.req, 200, self.render(view)?))
    }

    /// The network address that asks: guesses and questions are counted by it.
    pub fn source(&self) -> String {
        crate::gate::address(&self.req, &self.site).to_string()
    }

    fn render<V: View>(&self, view: &V) -> Result<String, Refusal> {
        let county = (self.stamp.county.code.as_str(), self.stamp.county.name.as_str());
        let uri = self.req.uri().path_and_query().map_or("", |p| p.as_str());
        // The address without language and county, which the masthead's links put before it again.
        let rest: String = uri.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap_or_default();
        let frame = Frame::public(self.lang, self.size, Some(county), &rest);
        let frame = if self.req.method() == Method::POST { frame.of_answer() } else { frame };
        rendered(&self.site, &frame, view)
    }
}

/// The page as HTML.
///
/// # Errors
/// `server.failed` where the template does not render.
pub fn rendered<V: View>(site: &Site, frame: &Frame, view: &V) -> Result<String, Refusal> {
    site.look.render(frame, view).map_err(|fault| {
        tracing::error!(%fault, "a page did not render");
        Refusal::new("server.failed")
    })
}

/// The window of a public list.
fn window(query: &Query) -> Result<Window, Refusal> {
    let window = cursor::window(None, query.filled("cursor"))?;
    Ok(Window { limit: ROWS, ..window })
}

/// Whom to call. `stand_in` is who helps while they are away.
pub fn adviser(spot: &Spot, shown: &Shown, hours: &str, stand_in: Option<&Shown>) -> Adviser {
    let worker = &shown.worker;
    let lawyer = worker.kind == WorkerKind::Lawyer;
    Adviser {
        name: worker.name.clone(),
        title: worker_title(worker.kind),
        firm: shown.firm.as_ref().map(|firm| firm.name.clone()).unwrap_or_default(),
        href: spot.href(&format!("/workers/{}", worker.id)),
        away: away(spot, shown, stand_in),
        call: Call::new(&worker.name, lawyer, first(&worker.phone)),
        hours: hours.to_owned(),
        specialties: worker.specialties.clone(),
        languages: worker.languages.clone(),
        licence: worker.licence.clone().unwrap_or_default(),
    }
}

fn away(spot: &Spot, shown: &Shown, stand_in: Option<&Shown>) -> String {
    let Some(leave) = &shown.away else { return String::new() };
    let say = spot.say();
    let away = match leave.to_date < falin_app::leave::open_end() {
        true => say.with("adviser-away", &[("until", &spot.day(leave.to_date))]),
        false => say.t("adviser-away-open"),
    };
    let help = match stand_in {
        Some(other) => {
            let who = format!("{} {}", other.worker.name, say.t(worker_title(other.worker.kind)));
            say.with("adviser-away-other", &[("who", who.trim())])
        }
        None => say.t("adviser-away-call"),
    };
    say.with("adviser-away-both", &[("away", &away), ("help", &help)])
}

/// The first of several telephones: a button dials one.
fn first(phones: &str) -> &str {
    phones.split('、').next().unwrap_or_default()
}

/// A row of a list of workers.
pub fn worker_row(spot: &Spot, shown: &Shown) -> WorkerRow {
    let villages: Vec<&str> =
        shown.villages.iter().take(4).map(|(_, village)| format::place(&village.name)).collect();
    WorkerRow {
        href: spot.href(&format!("/workers/{}", shown.worker.id)),
        name: shown.worker.name.clone(),
        title: worker_title(shown.worker.kind),
        firm: shown.firm.as_ref().map(|firm| firm.name.clone()).unwrap_or_default(),
        villages: spot.say().list(&villages),
        specialties: shown.worker.specialties.clone(),
    }
}

/// What a use case's stop is to a page that is being rendered.
fn told<T>(result: Result<T, falin_app::Stop>) -> Result<T, Refusal> {
    result.map_err(of_stop)
}
