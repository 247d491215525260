//! What every page of the staff shares: who is at the desk, its menu, its language and size, and its answers.

use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use falin_app::account::{self, Me};
use falin_app::notice;
use falin_domain::access::{Act, Noun, Role, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::workflow::Step;
use futures_util::future::LocalBoxFuture;

use crate::look::desk::Tab;
use crate::look::{Frame, Lang, NavGroup, NavItem, Person, Say, Size, View, format, segment};
use crate::problem::{Answer, Asker, Refused, VIEW};
use crate::query::Query;
use crate::site::Site;
use crate::visitor::Signed;

/// A signed-in person's desk; as an extractor it refuses with 401 where nobody is signed in.
#[derive(Clone)]
pub struct Desk {
    /// The server.
    pub site: Data<Site>,
    /// The account, how it is known, and the token for its forms.
    pub signed: Signed,
    /// The account's names and county.
    pub me: Me,
    /// Messages that the account has not read.
    pub unread: u64,
    /// Language of the page.
    pub lang: Lang,
    size: Size,
    path: String,
    posted: bool,
}

/// A line of the menu: address, text key, and what one must be allowed to see it.
type Line = (&'static str, &'static str, Option<Noun>);

/// The line that carries how many messages wait.
const INBOX: &str = "/desk/inbox";

/// For residents alone: what the others would find there is empty.
const OWN: &[Line] = &[("/my", "desk-my-title", None)];
const PEOPLE: &[Line] = &[
    ("/desk", "desk-today-title", None),
    ("/desk/services", "desk-service-title", Some(Noun::Call)),
    ("/desk/intake", "desk-intake-title", Some(Noun::Call)),
    ("/desk/consultations", "desk-case-consultations", Some(Noun::Consultation)),
    ("/desk/legal-aid", "desk-case-legal-aid", Some(Noun::Aid)),
    ("/desk/mediation", "desk-case-mediation", Some(Noun::Mediation)),
    ("/desk/committees", "committee-list", Some(Noun::Committee)),
    ("/desk/bookings", "desk-booking-title", Some(Noun::Booking)),
    (INBOX, "desk-inbox-title", Some(Noun::Own)),
    ("/desk/households", "desk-household-list-title", Some(Noun::Household)),
    ("/desk/workers", "desk-worker-list-title", Some(Noun::Worker)),
    ("/desk/posts", "desk-post-list-title", Some(Noun::Post)),
    ("/desk/facilities", "desk-facility-list-title", Some(Noun::Facility)),
    ("/desk/divisions", "desk-division-title", Some(Noun::Division)),
];
const WORK: &[Line] = &[
    ("/desk/rosters", "desk-roster-list-title", Some(Noun::Roster)),
    ("/desk/plans", "desk-plan-list-title", Some(Noun::Plan)),
    ("/desk/handovers", "desk-handover-list-title", Some(Noun::Plan)),
    ("/desk/cards", "desk-card-list-title", Some(Noun::Card)),
    ("/desk/statistics", "stats-title", Some(Noun::Statistics)),
    ("/desk/duties", "desk-duty-title", Some(Noun::Duty)),
    ("/desk/logs", "desk-log-title", Some(Noun::ServiceLog)),
    ("/desk/visits", "desk-visit-title", Some(Noun::ServiceLog)),
    ("/desk/deadlines", "desk-deadline-list-title", Some(Noun::Deadline)),
    ("/desk/calls", "desk-call-list-title", Some(Noun::Call)),
    ("/desk/papers", "desk-paper-list-title", Some(Noun::Paper)),
    ("/desk/restrictions", "erase-title", Some(Noun::Restriction)),
];
const HOUSE: &[Line] = &[
    ("/desk/users", "desk-user-list-title", Some(Noun::Account)),
    ("/desk/tokens", "desk-token-list-title", Some(Noun::Token)),
    ("/desk/channels", "desk-channel-title", Some(Noun::Channel)),
    ("/desk/plugins", "desk-plugin-list-title", Some(Noun::Plugin)),
    ("/desk/journal", "desk-journal-title", Some(Noun::Journal)),
    ("/desk/platform", "desk-platform-title", Some(Noun::Platform)),
];

impl FromRequest for Desk {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed = Signed::from_request(req, payload).into_inner();
        let site = req.app_data::<Data<Site>>().cloned();
        let Asker { lang, size, .. } = Asker::of(req.path(), req.headers());
        let path = req.uri().path_and_query().map_or("/desk", |p| p.as_str()).to_owned();
        let posted = req.method() == Method::POST;
        Box::pin(async move {
            let site = site.ok_or_else(|| Refusal::new("server.failed"))?;
            let signed = signed?;
            let me = account::me(&site.app, &signed.visitor).await?;
            let unread = notice::unread(&site.app, &signed.visitor).await?;
            Ok(Self { site, signed, me, unread, lang, size, path, posted })
        })
    }
}

impl Desk {
    /// Those of these sister pages that the visitor may open.
    pub fn open_tabs(&self, tabs: Vec<Tab>) -> Vec<Tab> {
        let noun = |href: &str| match href {
            "/desk/logs" | "/desk/visits" | "/desk/duties/compliance" | "/desk/groups" => Noun::ServiceLog,
            _ => Noun::Duty,
        };
        tabs.into_iter().filter(|tab| tab.current || self.visitor().may(Act::Read, noun(tab.href))).collect()
    }

    /// Who acts.
    pub fn visitor(&self) -> &Visitor {
        &self.signed.visitor
    }

    /// A day in the desk's language, with its year where that is not today's.
    pub fn day(&self, date: Date) -> String {
        format::day(self.lang, date, self.site.app.today())
    }

    /// Texts in the desk's language.
    pub fn say(&self) -> Say<'_> {
        self.site.look.say(self.lang)
    }

    /// The frame around a page.
    pub fn frame(&self) -> Frame {
        let say = self.say();
        let county = (self.me.county.code.as_str(), self.me.county.name.as_str());
        let seeks = !self.is_resident_alone();
        let person = Person { name: self.me.display_name.clone(), role: self.roles(&say), seeks };
        let frame = Frame::desk(self.lang, self.size, county, &self.path, &self.signed.form_token, person);
        let frame = if self.posted { frame.of_answer() } else { frame };
        frame.with_nav(self.menu(&say))
    }

    /// An address of the residents' pages of this county, in the reader's language and size.
    pub fn public(&self, rest: &str) -> String {
        format!("/{}/{}{rest}", segment(self.lang, self.size), self.me.county.code)
    }

    fn roles(&self, say: &Say<'_>) -> String {
        let here = |role: &&Role| self.visitor().is(**role);
        let word = |role: &Role| say.t(&format!("role-{}", role.code().replace('_', "-")));
        say.list(&Role::ALL.iter().filter(here).map(word).collect::<Vec<_>>())
    }

    fn menu(&self, say: &Say<'_>) -> Vec<NavGroup> {
        let current = self.path.split('?').next().unwrap_or_default();
        // Registers and the day's work are the staff's; whoever is a resident alone has the own things before them.
        let own = |noun: Noun| matches!(noun, Noun::Consultation | Noun::Aid | Noun::Mediation | Noun::Own);
        let resident = self.is_resident_alone();
        let seen = |line: &&Line| match line.2 {
            None => !resident || line.0 == OWN[0].0,
            Some(noun) => self.visitor().may(Act::Read, noun) && (!resident || own(noun)),
        };
        let item = |(href, label, _): &Line| NavItem {
            href: (*href).to_owned(),
            label: say.t(label),
            count: Some(self.unread).filter(|unread| *href == INBOX && *unread > 0),
            current: current == *href || (*href != "/desk" && current.starts_with(&format!("{href}/"))),
        };
        let group = |label: &str, lines: &[Line]| NavGroup {
            label: label.to_owned(),
            items: lines.iter().filter(seen).map(item).collect(),
            folds: false,
            open: true,
        };
        let own = if self.visitor().is(Role::Resident) { OWN } else { &[] };
        let groups = [group("", own), group("", PEOPLE)];
        let groups = groups
            .into_iter()
            .chain(self.workflows(current))
            .chain([group(&say.t("desk-menu-work"), WORK), group(&say.t("desk-menu-house"), HOUSE)]);
        groups.filter(|group| !group.items.is_empty()).collect()
    }

    fn is_resident_alone(&self) -> bool {
        self.visitor().is(Role::Resident)
            && Role::ALL.iter().all(|role| *role == Role::Resident || !self.visitor().is(*role))
    }

    /// What the county's plugins bring, as they are in use at this moment: under each one's name its flows and its
    /// pages for the visitor's roles.
    fn workflows(&self, current: &str) -> Vec<NavGroup> {
        if !self.visitor().may(Act::Read, Noun::Workflow) {
            return Vec::new();
        }
        let (app, lang) = (&self.site.app, self.lang.code());
        let item = |href: String, name: &falin_domain::workflow::Words| NavItem {
            label: name.in_language(lang).to_owned(),
            count: None,
            current: current == href || current.starts_with(&format!("{href}/")),
            href,
        };
        // Flows in which the visitor has something to do; whoever sees to the county's workflows sees them all.
        let all = self.visitor().may(Act::Read, Noun::Plugin);
        let group = |used: std::sync::Arc<falin_app::casework::InUse>| {
            let has_post = |step: &Step| {
                let mut posts = used.manifest.post.iter().filter(|post| step.posts.contains(&post.code));
                posts.any(|post| self.visitor().is(post.role))
            };
            let part = |step: &Step| {
                step.roles.iter().any(|role| self.visitor().is(*role)) || step.anyone || has_post(step)
            };
            let flows = used.manifest.flow.iter().filter(|flow| all || flow.step.iter().any(part));
            let flows = flows
                .map(|flow| item(format!("/desk/workflows/{}", used.manifest.flow_id(&flow.id)), &flow.name));
            let pages = used.manifest.page.iter();
            let pages = pages.filter(|page| page.roles.iter().any(|role| self.visitor().is(*role)));
            let pages =
                pages.map(|page| item(format!("/desk/pages/{}/{}", used.name, page.path), &page.name));
            let items: Vec<NavItem> = pages.chain(flows).collect();
            let open = items.iter().any(|item| item.current);
            NavGroup { label: used.manifest.name.in_language(lang).to_owned(), items, folds: true, open }
        };
        app.flows.in_use(self.visitor().county).into_iter().map(group).collect()
    }

    /// 200 with a page. Nothing of the desk is kept by browsers or proxies.
    ///
    /// # Errors
    /// `server.failed` where the template does not render.
    pub fn page<V: View>(&self, view: &V) -> Answer {
        self.answer(HttpResponse::Ok(), view)
    }

    /// The page again after a refusal, with the refusal's status: nothing of what was typed is lost.
    ///
    /// # Errors
    /// As [`Desk::page`].
    pub fn again<V: View>(&self, refusal: &Refusal, view: &V) -> Answer {
        let status = actix_web::http::StatusCode::from_u16(refusal.kind().status());
        self.answer(HttpResponse::build(status.unwrap_or(actix_web::http::StatusCode::BAD_REQUEST)), view)
    }

    fn answer<V: View>(&self, mut answer: HttpResponseBuilder, view: &V) -> Answer {
        let html = self.site.look.render(&self.frame(), view).map_err(|fault| {
            tracing::error!(%fault, "a page did not render");
            Refusal::new("server.failed")
        })?;
        Ok(answer
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(html))
    }

    /// 303 to a page of ours after an act.
    ///
    /// # Errors
    /// None; the type fits a handler.
    pub fn go(&self, path: impl AsRef<str>) -> Answer {
        Ok(see_other(path.as_ref()))
    }
}

/// 303 to an address of ours.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}

/// `GET /me/view?lang=|size=&back=`: keeps how the visitor's desk is shown, then goes back.
///
/// # Errors
/// None; an unknown wish changes nothing.
pub async fn keep_view(req: HttpRequest, query: Query, desk: Desk) -> Answer {
    let lang = query.filled("lang").and_then(Lang::parse).unwrap_or(desk.lang);
    let size = match query.filled("size") {
        Some("large") => Size::Large,
        Some("normal") => Size::Normal,
        _ => desk.size,
    };
    // Only a path of ours: `//host` and `/\host` lead elsewhere.
    let back = query.filled("back").filter(|p| p.starts_with('/') && !p[1..].starts_with(['/', '\\']));
    let mut answer = see_other(back.unwrap_or("/desk"));
    let secure = req.app_data::<Data<Site>>().is_some_and(|site| site.settings.https);
    let secure = if secure { "; Secure" } else { "" };
    let kept =
        format!("{VIEW}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{secure}", segment(lang, size));
    let kept = header::HeaderValue::from_str(&kept).map_err(|_| Refusal::new("server.failed"))?;
    answer.headers_mut().append(header::SET_COOKIE, kept);
    Ok(answer)
}
