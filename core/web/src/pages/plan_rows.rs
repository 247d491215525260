//! `/desk/plans/{id}/…`: a plan's households and providers, and one household placed otherwise.

use actix_web::HttpRequest;
use falin_app::plan::{self, Choice, Names, RowFilter, RowView};
use falin_domain::access::{Act, Noun};
use falin_domain::page::Window;
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::Refusal;
use falin_domain::words::{HouseholdId, PlanId, PlanNoun};

use super::choices;
use super::plans::{load_row, name, place_name, provider_name, reason, share, to_show};
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::Link;
use crate::look::desk::plan::{Candidate, OverrideTyped, PlanMove, PlanMoves, PlanOverride, PlanProviders};
use crate::look::desk::sentences::counted;
use crate::look::parts::{FieldOption, Pager};
use crate::look::{Say, format};
use crate::problem::{Answer, Refused};
use crate::query::{PathId, Query, path_id};

/// Providers among which a person chooses; more than these nobody reads.
const MOST_CANDIDATES: usize = 40;

/// `GET /desk/plans/{id}/moves`: households that change, or cannot be placed.
///
/// # Errors
/// As [`plan::rows`].
pub async fn moves(desk: Desk, PathId(id): PathId<PlanNoun>, query: Query) -> Answer {
    let (app, visitor, say) = (&desk.site.app, desk.visitor(), desk.say());
    let shown = plan::show(app, visitor, id).await?;
    let (find, village, which) = (
        query.filled("find").unwrap_or_default(),
        query.filled("village").unwrap_or_default(),
        query.filled("which").unwrap_or_default(),
    );
    let filter = RowFilter {
        village: query.id("village")?,
        placed: which == "moved",
        unplaced: which == "unplaced",
        wanted: falin_app::search::wanted(find)?,
        ..RowFilter::default()
    };
    let found = plan::rows(app, visitor, id, filter, query.window()?).await?;
    let base = format!("/desk/plans/{id}");
    let may = shown.listed.plan.state == "draft" && visitor.may(Act::Write, Noun::Plan);
    let options = found.names.villages().into_iter().map(|(id, place)| {
        FieldOption::new(
            id.to_string(),
            format!("{} {}", place.township, format::place(&place.name)),
            village,
        )
    });
    let filters =
        PlanMoves::filters(&say, &format!("{base}/moves"), (find, village, which), options.collect());
    let (here, names) = (format!("{base}/moves"), ["find", "village", "which"]);
    let count = u64::from(shown.listed.summary.changed + shown.listed.summary.started);
    let view = PlanMoves {
        back: Link::new(&base, name(&say, &shown.listed)),
        count: counted(&say, "desk-household-list-count", count),
        filters,
        rows: found.page.items.iter().map(|one| told(&say, one, &found.names, &base, may)).collect(),
        pager: choices::pager(&query, &here, &names, found.page.next.as_ref()),
    };
    desk.page(&view)
}

fn told(say: &Say<'_>, one: &RowView, names: &Names, base: &str, may: bool) -> PlanMove {
    let row = &one.row;
    let id = row.household_id;
    let why = row.override_reason.clone();
    let why = why.or_else(|| row.unplaced_reason.as_deref().map(|code| reason(say, code)));
    PlanMove {
        household: Link::new(format!("/desk/households/{id}"), &one.head),
        village: place_name(row.village_id, names),
        from: provider_name(say, ProviderRef::of(row.old_worker_id, row.old_firm_id), names),
        to: provider_name(say, ProviderRef::of(row.worker_id, row.firm_id), names),
        why: why.unwrap_or_default(),
        change: if may { format!("{base}/households/{id}") } else { String::new() },
    }
}

/// `GET /desk/plans/{id}/providers`: everybody with the load that the plan gives, the fullest first.
///
/// # Errors
/// As [`plan::show`].
pub async fn providers(desk: Desk, PathId(id): PathId<PlanNoun>) -> Answer {
    let shown = plan::show(&desk.site.app, desk.visitor(), id).await?;
    let say = desk.say();
    let mut loads: Vec<_> = shown.listed.summary.loads.iter().collect();
    loads.sort_by_key(|load| std::cmp::Reverse(share(load)));
    let view = PlanProviders {
        back: Link::new(format!("/desk/plans/{id}"), name(&say, &shown.listed)),
        count: counted(&say, "desk-plan-links-providers", loads.len() as u64),
        loads: loads.into_iter().map(|load| load_row(load, &shown.names)).collect(),
        pager: Pager::default(),
    };
    desk.page(&view)
}

/// `GET /desk/plans/{id}/households/{household}`: choosing somebody else.
///
/// # Errors
/// As [`plan::candidates`].
pub async fn choose(desk: Desk, req: HttpRequest, PathId(id): PathId<PlanNoun>) -> Answer {
    let household = path_id(&req, "household")?;
    let view = choosing(&desk, id, household, &OverrideTyped::default(), None).await?;
    desk.page(&view)
}

/// `POST /desk/plans/{id}/households/{household}`.
///
/// # Errors
/// As [`plan::choose`].
pub async fn chosen(desk: Desk, req: HttpRequest, PathId(id): PathId<PlanNoun>, body: Body) -> Answer {
    let household: HouseholdId = path_id(&req, "household")?;
    let typed = choice_typed(&body.form()?);
    let Some(refusal) = choose_for(&desk, id, vec![household], &typed).await? else {
        return desk.go(format!("/desk/plans/{id}/moves"));
    };
    let view = choosing(&desk, id, household, &typed, Some(&refusal)).await?;
    desk.again(&refusal, &view)
}

/// What the form says that chooses somebody else.
pub(super) fn choice_typed(fields: &Fields) -> OverrideTyped {
    let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    OverrideTyped { provider: text("provider"), reason: text("reason") }
}

/// Chooses somebody else for households of a draft; what is refused is for the form to show, at its field.
pub(super) async fn choose_for(
    desk: &Desk,
    id: PlanId,
    households: Vec<HouseholdId>,
    typed: &OverrideTyped,
) -> Result<Option<Refusal>, Refused> {
    let Some(provider) = parse(&typed.provider) else {
        return Ok(Some(Refusal::field("provider", "required_choice")));
    };
    let choice = Choice { households, provider: Some(provider), reason: typed.reason.clone() };
    match plan::choose(&desk.site.app, desk.visitor(), id, None, choice)
        .await
        .err()
        .map(to_show)
        .transpose()?
    {
        Some(refusal) if refusal.code() == "plan.override_reason" => {
            Ok(Some(Refusal::field("reason", "required")))
        }
        other => Ok(other),
    }
}

/// `POST /desk/plans/{id}/overrides/{household}/undo`: the plan's own choice again.
///
/// # Errors
/// As [`plan::choose`].
pub async fn unchoose(desk: Desk, req: HttpRequest, PathId(id): PathId<PlanNoun>) -> Answer {
    let household: HouseholdId = path_id(&req, "household")?;
    let choice = Choice { households: vec![household], provider: None, reason: String::new() };
    plan::choose(&desk.site.app, desk.visitor(), id, None, choice).await?;
    desk.go(format!("/desk/plans/{id}"))
}

async fn choosing(
    desk: &Desk,
    id: PlanId,
    household: HouseholdId,
    typed: &OverrideTyped,
    refusal: Option<&Refusal>,
) -> Result<PlanOverride, Refused> {
    let (app, visitor, say) = (&desk.site.app, desk.visitor(), desk.say());
    let (found, names) = plan::candidates(app, visitor, id, vec![household]).await?;
    let filter = RowFilter { household: Some(household), ..RowFilter::default() };
    let rows = plan::rows(app, visitor, id, filter, Window { limit: 1, after: None }).await?;
    let one = rows.page.items.into_iter().next().ok_or_else(Refusal::absent)?;
    let (row, back) = (&one.row, format!("/desk/plans/{id}/moves"));
    let now = provider_name(&say, ProviderRef::of(row.old_worker_id, row.old_firm_id), &names);
    let then = provider_name(&say, ProviderRef::of(row.worker_id, row.firm_id), &names);
    let nobody = |who: String| if who.is_empty() { say.t("desk-plan-nobody") } else { who };
    let now = say.labelled(&say.t("desk-plan-now"), &nobody(now));
    let proposed = format!("{now}　{}", say.labelled(&say.t("desk-plan-then"), &nobody(then)));
    let action = format!("/desk/plans/{id}/households/{household}");
    Ok(PlanOverride {
        head: one.head.clone(),
        village: place_name(row.village_id, &names),
        proposed,
        form: PlanOverride::form(&say, &action, &back, &candidates(&say, &found, &names), typed, refusal),
        back: Link::new(back, say.t("desk-plan-moves-title")),
    })
}

/// Who may take them, as choices: `worker:ID` or `firm:ID`.
pub(super) fn candidates(say: &Say<'_>, found: &[plan::Candidate], names: &Names) -> Vec<Candidate> {
    let place = |cost: u8| match cost {
        0 => say.t("desk-plan-own-village"),
        1 => say.t("desk-plan-same-township"),
        _ => String::new(),
    };
    let unit = say.t("desk-unit-household");
    let told = found.iter().take(MOST_CANDIDATES).map(|one| {
        let load = format!("{} / {} {unit}", one.load, one.capacity);
        let note = [place(one.place_cost), load];
        let note: Vec<String> = note.into_iter().filter(|part| !part.is_empty()).collect();
        let (worker, firm) = one.who.columns();
        let id = worker.map(|id| format!("worker:{id}")).or(firm.map(|id| format!("firm:{id}")));
        Candidate {
            id: id.unwrap_or_default(),
            name: provider_name(say, Some(one.who), names),
            note: note.join(" · "),
        }
    });
    told.collect()
}

/// The provider of a choice.
fn parse(text: &str) -> Option<ProviderRef> {
    match text.split_once(':')? {
        ("worker", id) => id.parse().ok().map(ProviderRef::Worker),
        ("firm", id) => id.parse().ok().map(ProviderRef::Firm),
        _ => None,
    }
}
