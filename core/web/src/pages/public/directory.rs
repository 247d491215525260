//! The directory for everybody: workers, firms, facilities.

use falin_app::division::Division;
use falin_app::facility::Placed;
use falin_app::public::{self, Choices};
use falin_app::{search, worker};
use falin_domain::directory::WorkerKind;
use falin_domain::page::Page;
use falin_domain::refusal::Refusal;
use falin_domain::words::Id;

use super::{Spot, adviser, first, told, window, worker_row};
use crate::look::format;
use crate::look::keys::{facility_kind, firm_kind, worker_title};
use crate::look::parts::{Call, Fact, Field, FieldOption, Go};
use crate::look::public::directory::{Facilities, Facility, Firm, Firms, Worker, Workers};
use crate::pages::choices::{pager, reference};
use crate::problem::Answer;
use crate::query::Query;

const WORKER_FILTERS: &[&str] = &["q", "place", "kind", "specialty", "language"];

/// `GET /{view}/{county}/workers`: search and directory in one.
///
/// # Errors
/// `division.unknown`, `page.cursor`; a number instead of a name is shown at the search field.
pub async fn workers(spot: Spot, query: Query) -> Answer {
    if let Err(refusal) = search::wanted(query.filled("q").unwrap_or_default()) {
        let view = Workers {
            fault: spot.say().refusal_title(&refusal),
            ..worker_list(&spot, &query, Page { items: Vec::new(), next: None }, &Choices::default())
        };
        return spot.refused(&refusal, &view);
    }
    spot.page(async |spot: &Spot| {
        let text = |name: &str| query.filled(name).map(str::to_owned);
        let filter = worker::Filter {
            kind: query.filled("kind").and_then(WorkerKind::from_code),
            place: text("place"),
            specialty: text("specialty"),
            language: text("language"),
            q: text("q").unwrap_or_default(),
            ..worker::Filter::default()
        };
        let app = &spot.site.app;
        let page = told(public::workers(app, vec![spot.county()], filter, window(&query)?).await)?;
        let places = match query.filled("q") {
            Some(q) => told(public::find_villages(app, spot.county(), q).await)?,
            None => Vec::new(),
        };
        let choices = told(public::choices(app, spot.county()).await)?;
        let mut view = worker_list(spot, &query, page, &choices);
        view.places = places.iter().map(|line| village(spot, line)).collect();
        Ok(view)
    })
    .await
}

fn worker_list(spot: &Spot, query: &Query, page: Page<worker::Shown>, choices: &Choices) -> Workers {
    let words = |list: &[String]| list.iter().map(|w| (w.clone(), w.clone())).collect::<Vec<_>>();
    let townships = choices.townships.iter().map(|t| (reference(t), t.name.clone())).collect();
    let kind = |kind: &WorkerKind| (kind.code().to_owned(), spot.say().t(worker_title(*kind)));
    let filters = [
        ("place", "filter-place", townships),
        ("kind", "filter-kind", WorkerKind::ALL.iter().map(kind).collect()),
        ("specialty", "filter-specialty", words(&choices.specialties)),
        ("language", "filter-language", words(&choices.languages)),
    ];
    Workers {
        query: query.filled("q").unwrap_or_default().to_owned(),
        filters: filters
            .into_iter()
            .filter_map(|(name, label, options)| filter(spot, query, (name, label), options))
            .collect(),
        filtered: WORKER_FILTERS.iter().skip(1).any(|name| query.filled(name).is_some()),
        narrowed: WORKER_FILTERS.iter().any(|name| query.filled(name).is_some()),
        fault: String::new(),
        places: Vec::new(),
        pager: pager(query, &spot.href("/workers"), WORKER_FILTERS, page.next.as_ref()),
        rows: page.items.iter().map(|shown| worker_row(spot, shown)).collect(),
    }
}

/// A drop-down filter with "all" before its options; None where there is nothing to choose.
fn filter(
    spot: &Spot,
    query: &Query,
    (name, label): (&'static str, &'static str),
    options: Vec<(String, String)>,
) -> Option<Field> {
    if options.is_empty() {
        return None;
    }
    let current = query.filled(name).unwrap_or_default();
    let mut all = vec![FieldOption::new("", spot.say().t("filter-all"), current)];
    all.extend(options.into_iter().map(|(value, label)| FieldOption::new(value, label, current)));
    Some(Field::select(name, label, all))
}

fn village(spot: &Spot, line: &[Division]) -> Go {
    let (own, above) = (line.first(), line.get(1));
    Go {
        href: spot.href(&format!("/villages/{}", own.map(reference).unwrap_or_default())),
        tile: String::new(),
        title: own.map(|village| format::place(&village.name).to_owned()).unwrap_or_default(),
        note: above.map(|township| township.name.clone()).unwrap_or_default(),
    }
}

fn id<T>(spot: &Spot) -> Result<Id<T>, Refusal> {
    spot.path("id").parse().map_err(|_| Refusal::absent())
}

/// `GET /{view}/{county}/workers/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn worker(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| {
        let shown = told(public::worker(&spot.site.app, spot.county(), id(spot)?).await)?;
        let villages = shown.villages.iter().map(|(post, division)| Go {
            href: spot.href(&format!("/villages/{}", reference(division))),
            tile: String::new(),
            title: format::place(&division.name).to_owned(),
            note: post.hours.clone(),
        });
        let firm = shown.firm.as_ref().filter(|firm| firm.active);
        Ok(Worker {
            villages: villages.collect(),
            firm_href: firm.map(|firm| spot.href(&format!("/firms/{}", firm.id))).unwrap_or_default(),
            adviser: adviser(spot, &shown, "", None),
        })
    })
    .await
}

/// `GET /{view}/{county}/firms`.
///
/// # Errors
/// `search.digits`, `page.cursor`.
pub async fn firms(spot: Spot, query: Query) -> Answer {
    spot.page(async |spot: &Spot| {
        let q = query.filled("q").unwrap_or_default();
        let page = told(public::firms(&spot.site.app, spot.county(), q, window(&query)?).await)?;
        let row = |firm: &falin_app::firm::Firm| Go {
            href: spot.href(&format!("/firms/{}", firm.id)),
            tile: String::new(),
            title: firm.name.clone(),
            note: firm.address.clone(),
        };
        Ok(Firms {
            query: q.to_owned(),
            pager: pager(&query, &spot.href("/firms"), &["q"], page.next.as_ref()),
            rows: page.items.iter().map(row).collect(),
        })
    })
    .await
}

/// `GET /{view}/{county}/firms/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn firm(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| {
        let (firm, people) = told(public::firm(&spot.site.app, spot.county(), id(spot)?).await)?;
        let known = [
            ("fact-address", firm.address.as_str()),
            ("fact-head", firm.head_name.as_str()),
            ("fact-uscc", firm.uscc.as_deref().unwrap_or_default()),
        ];
        Ok(Firm {
            kind: firm_kind(firm.kind),
            call: Call::new(&firm.name, false, first(&firm.phone)),
            facts: facts(&known),
            workers: people.iter().map(|shown| worker_row(spot, shown)).collect(),
            name: firm.name.clone(),
        })
    })
    .await
}

fn facts(known: &[(&'static str, &str)]) -> Vec<Fact> {
    known.iter().filter(|(_, value)| !value.is_empty()).map(|(term, value)| Fact::new(term, *value)).collect()
}

/// `GET /{view}/{county}/facilities`.
///
/// # Errors
/// `division.unknown`, `page.cursor`.
pub async fn facilities(spot: Spot, query: Query) -> Answer {
    spot.page(async |spot: &Spot| {
        let place = query.filled("place").map(str::to_owned);
        let (app, county) = (&spot.site.app, spot.county());
        let narrowed = place.is_some();
        let wanted = falin_app::facility::Filter { place, ..Default::default() };
        let page = told(public::facilities(app, vec![county], wanted, window(&query)?).await)?;
        let choices = told(public::choices(app, county).await)?;
        let townships = choices.townships.iter().map(|t| (reference(t), t.name.clone())).collect();
        let row = |placed: &Placed| {
            let facility = &placed.facility;
            let notes = [facility.address.as_str(), facility.hours.as_str()];
            let notes: Vec<&str> = notes.into_iter().filter(|note| !note.is_empty()).collect();
            Go {
                href: spot.href(&format!("/facilities/{}", facility.id)),
                tile: String::new(),
                title: facility.name.clone(),
                note: notes.join(" · "),
            }
        };
        Ok(Facilities {
            filters: filter(spot, &query, ("place", "filter-place"), townships).into_iter().collect(),
            narrowed,
            pager: pager(&query, &spot.href("/facilities"), &["place"], page.next.as_ref()),
            rows: page.items.iter().map(row).collect(),
        })
    })
    .await
}

/// `GET /{view}/{county}/facilities/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn facility(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| {
        let placed = told(public::facility(&spot.site.app, vec![spot.county()], id(spot)?).await)?;
        let facility = &placed.facility;
        let place = placed.line.first().map(|place| format::place(&place.name)).unwrap_or_default();
        let known = [
            ("fact-address", facility.address.as_str()),
            ("fact-hours", facility.hours.as_str()),
            ("fact-accessibility", facility.access.as_str()),
            ("fact-place", place),
        ];
        Ok(Facility {
            name: facility.name.clone(),
            kind: facility_kind(facility.kind),
            call: Call::new(&facility.name, false, first(&facility.phone)),
            facts: facts(&known),
        })
    })
    .await
}
