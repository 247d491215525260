//! `/{view}/{county}/services`: what a resident can ask for, found by the words that people use.

use falin_domain::catalogue::{self, Need, Service, Way};
use falin_domain::refusal::Refusal;

use super::Spot;
use crate::look::parts::{Fact, Go};
use crate::look::public::service::{Guide, ServiceGroup, Services};
use crate::problem::Answer;
use crate::query::Query;

/// `GET /{view}/{county}/services?q=`.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn list(spot: Spot, query: Query) -> Answer {
    spot.page(async |spot: &Spot| {
        let typed = query.filled("q").unwrap_or_default();
        let found = catalogue::found(typed);
        let row = |one: &&Service| go(spot, one);
        let groups = if typed.is_empty() {
            let of = |need: &Need| ServiceGroup {
                title: spot.say().t(&format!("service-need-{}", need.code())),
                rows: found.iter().filter(|one| one.need == *need).map(row).collect(),
            };
            Need::ALL.iter().map(of).collect()
        } else {
            vec![ServiceGroup { title: String::new(), rows: found.iter().map(row).collect() }]
        };
        let groups = groups.into_iter().filter(|group: &ServiceGroup| !group.rows.is_empty()).collect();
        Ok(Services { query: typed.to_owned(), groups })
    })
    .await
}

fn go(spot: &Spot, one: &Service) -> Go {
    let lang = spot.lang.code();
    Go {
        href: spot.href(&format!("/services/{}", one.code)),
        tile: String::new(),
        title: one.name.in_language(lang).to_owned(),
        note: one.time.in_language(lang).to_owned(),
    }
}

/// `GET /{view}/{county}/services/{code}`.
///
/// # Errors
/// `not_found` for a code that is none.
pub async fn show(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| {
        let one = catalogue::service(spot.path("code")).ok_or_else(Refusal::absent)?;
        let lang = spot.lang.code();
        let words = |text: &falin_domain::workflow::Words| text.in_language(lang).to_owned();
        let mut facts = vec![
            Fact::new("service-who", words(&one.who)),
            Fact::new("service-time", words(&one.time)),
            Fact::new("service-fee", words(&one.fee)),
        ];
        facts.extend(one.law.as_ref().map(|law| Fact::new("service-law", words(law))));
        Ok(Guide {
            name: words(&one.name),
            about: words(&one.about),
            facts,
            bring: one.bring.iter().map(words).collect(),
            href: spot.href(way(one.way)),
            go: spot.say().t(&format!("service-go-{}", one.way.code())),
        })
    })
    .await
}

/// The page of a way.
fn way(way: Way) -> &'static str {
    match way {
        Way::Ask => "/ask",
        Way::Adviser => "/",
        Way::Aid => "/legal-aid/apply",
        Way::AidCheck => "/legal-aid/check",
        Way::Mediation => "/mediation/apply",
        Way::Rooms => "/rooms",
        Way::Notary => "/notary",
        Way::Facilities => "/facilities",
        Way::Progress => "/progress",
        Way::Privacy => "/privacy",
        Way::Safety => "/safety",
    }
}
