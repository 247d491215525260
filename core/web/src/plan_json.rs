//! A plan as programs read it: from the command line and over HTTP the same.

use falin_app::plan::{Candidate, Figures, Flow, Gap, Leaver, Listed, Load, Names, Plan, Shown, Summary};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::time::Instant;
use falin_domain::words::PlanId;
use serde_json::{Value, json};

/// What a plan comes to (contract.md "Pairing plan").
pub fn made(id: PlanId, summary: &Summary, names: &Names) -> Value {
    json!({
        "plan": id,
        "placed": summary.plan.placed,
        "unplaced": summary.unplaced.iter().map(|one| gap(one, names)).collect::<Vec<_>>(),
        "moved": summary.moved,
        "place_cost": summary.plan.place_cost,
        "balance": summary.plan.balance,
        "max_load_share": summary.plan.max_load_share,
    })
}

fn gap(gap: &Gap, names: &Names) -> Value {
    json!({
        "village": names.village(gap.village),
        "households": gap.households,
        "reason": gap.reason,
        "shortfall": gap.shortfall,
    })
}

/// A plan of a list.
pub fn line(listed: &Listed, names: &Names) -> Value {
    let (plan, summary) = (&listed.plan, &listed.summary);
    let more = json!({
        "id": plan.id,
        "kind": plan.kind,
        "state": state(plan),
        "version": plan.version,
        "place_id": plan.place_id,
        "leaver_id": plan.leaver_id,
        "effective_on": plan.effective_on,
        "created_at": Instant::from_millis(plan.created_ms),
        "committed_at": plan.committed_ms.map(Instant::from_millis),
        "undone_at": plan.undone_ms.map(Instant::from_millis),
        "number": listed.number,
        "households": summary.households,
        "changed": summary.changed,
        "started": summary.started,
    });
    joined(made(plan.id, summary, names), more)
}

/// `draft`, `committed`, `undone`, or `dropped`: a draft that was given up was never in effect.
pub fn state(plan: &Plan) -> &str {
    match plan.state.as_str() {
        "undone" if plan.committed_ms.is_none() => "dropped",
        other => other,
    }
}

/// One plan with everything that a person decides by.
pub fn whole(shown: &Shown) -> Value {
    let (plan, summary, names) = (&shown.listed.plan, &shown.listed.summary, &shown.names);
    let more = json!({
        "by_place": summary.plan.by_place,
        "today": figures(&summary.today),
        "loads": summary.loads.iter().map(|one| load(one, names)).collect::<Vec<_>>(),
        "flows": shown.flows.iter().map(|one| flow(one, names)).collect::<Vec<_>>(),
        "overridden": summary.overridden.iter().map(|one| one.household).collect::<Vec<_>>(),
        "leaver": summary.leaver.as_ref().map(|one| leaver(one, names)),
        "allowed_actions": actions(plan),
    });
    joined(line(&shown.listed, names), more)
}

fn joined(mut told: Value, more: Value) -> Value {
    if let (Value::Object(told), Value::Object(more)) = (&mut told, more) {
        told.extend(more);
    }
    told
}

fn figures(one: &Figures) -> Value {
    json!({
        "placed": one.placed,
        "by_place": one.by_place,
        "place_cost": one.place_cost,
        "balance": one.balance,
        "max_load_share": one.max_load_share,
    })
}

/// Id and name of a provider, and a person's firm.
pub fn provider(who: Option<ProviderRef>, names: &Names) -> Value {
    let Some(who) = who else { return Value::Null };
    let name = names.provider(who);
    let (worker, firm) = who.columns();
    json!({
        "worker_id": worker,
        "firm_id": firm,
        "name": name.map(|name| name.name.as_str()),
        "firm": name.map(|name| name.firm.as_str()).filter(|firm| !firm.is_empty()),
    })
}

fn load(one: &Load, names: &Names) -> Value {
    json!({
        "provider": provider(Some(one.who), names),
        "before": one.before,
        "after": one.after,
        "capacity": one.capacity,
        "active": one.active,
    })
}

/// Somebody who could take households.
pub fn candidate(one: &Candidate, names: &Names) -> Value {
    json!({
        "provider": provider(Some(one.who), names),
        "place_cost": one.place_cost,
        "load": one.load,
        "capacity": one.capacity,
    })
}

fn flow(one: &Flow, names: &Names) -> Value {
    json!({
        "village_id": one.village,
        "village": names.village(one.village),
        "kind": one.kind,
        "provider": provider(ProviderRef::of(one.worker, one.firm), names),
        "reason": one.unplaced_reason,
        "households": one.households,
    })
}

/// Why somebody's households are handed over, and what ends with it.
pub fn leaver(one: &Leaver, names: &Names) -> Value {
    let posts = one.posts.iter().map(
        |post| json!({ "id": post.id, "village_id": post.division, "village": names.village(post.division) }),
    );
    let overfull = one.overfull.iter().map(|firm| {
        let who = provider(Some(ProviderRef::Firm(firm.firm)), names);
        json!({ "provider": who, "load": firm.load, "capacity": firm.capacity })
    });
    json!({
        "why": one.why,
        "posts": posts.collect::<Vec<_>>(),
        "overfull": overfull.collect::<Vec<_>>(),
    })
}

/// What can be done to a plan in its state, with the other fields of each act.
fn actions(plan: &Plan) -> Value {
    let nothing = json!({ "type": "object", "properties": {} });
    let choice = json!({
        "type": "object",
        "properties": {
            "households": { "type": "array", "items": { "type": "string", "format": "uuid" }, "minItems": 1 },
            "worker_id": { "type": ["string", "null"], "format": "uuid" },
            "firm_id": { "type": ["string", "null"], "format": "uuid" },
            "reason": { "type": "string", "maxLength": 500 },
        },
        "required": ["households"],
    });
    let act = |name: &str, schema: &Value| json!({ "action": name, "label": name, "schema": schema });
    match plan.state.as_str() {
        "draft" => json!([act("commit", &nothing), act("override", &choice), act("drop", &nothing)]),
        "committed" => json!([act("undo", &nothing)]),
        _ => json!([]),
    }
}
