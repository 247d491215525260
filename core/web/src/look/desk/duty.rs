//! The tabs of the pages about duties, and their forms.

use falin_domain::duty::{FeeBasis, Period, Platform, ServiceKind, ServiceMode, ShiftKind, VisitPurpose};
use falin_domain::refusal::Refusal;

use super::{Filters, Form, Tab, code_options};
use crate::look::Say;
use crate::look::parts::{Button, Field, FieldOption};

pub use falin_app::duty::{SwapTyped, Typed as ShiftTyped};
pub use falin_app::duty_rule::{FeeTyped, Typed as RuleTyped};
pub use falin_app::group::Typed as GroupTyped;
pub use falin_app::notary::{MatterTyped, Typed as AppointmentTyped};
pub use falin_app::service_log::Typed as LogTyped;
pub use falin_app::visit::Typed as VisitTyped;

/// Sister pages of everything about duties; `here` is the page shown.
pub fn tabs(here: &str) -> Vec<Tab> {
    let tab = |(href, label): (&'static str, &'static str)| Tab { href, label, current: href == here };
    let all = [
        ("/desk/duties", "desk-duty-title"),
        ("/desk/logs", "desk-log-title"),
        ("/desk/visits", "desk-visit-title"),
        ("/desk/duties/compliance", "desk-compliance-title"),
        ("/desk/groups", "desk-group-title"),
        ("/desk/notary", "desk-notary-title"),
    ];
    all.into_iter().map(tab).collect()
}

/// The choice before all others: nothing chosen.
fn unchosen(say: &Say<'_>, current: &str, options: Vec<FieldOption>) -> Vec<FieldOption> {
    let mut all = vec![FieldOption::new("", say.t("desk-any"), current)];
    all.extend(options);
    all
}

fn codes<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| code(*one)).collect()
}

/// Choices of a kind of service.
pub fn kind_options(say: &Say<'_>, current: &str) -> Vec<FieldOption> {
    code_options(say, "service-kind", &codes(ServiceKind::ALL, ServiceKind::code), current)
}

/// Place and kind of the rota; the month travels along.
pub fn filters(say: &Say<'_>, kind: &str, place: &str, places: Vec<FieldOption>) -> Filters {
    let kinds = code_options(say, "shift-kind", &codes(ShiftKind::ALL, ShiftKind::code), kind);
    let fields = vec![
        Field::select("place", "desk-duty-place", unchosen(say, place, places)),
        Field::select("kind", "desk-duty-kind", unchosen(say, kind, kinds)),
    ];
    Filters::new("/desk/duties", fields)
}

/// The form of a shift; a new one may repeat by the week.
pub fn shift_form(
    say: &Say<'_>,
    action: &str,
    seen: Option<i64>,
    typed: &ShiftTyped,
    (people, places, facilities): (Vec<FieldOption>, Vec<FieldOption>, Vec<FieldOption>),
    refusal: Option<&Refusal>,
) -> Form {
    let kinds = code_options(say, "shift-kind", &codes(ShiftKind::ALL, ShiftKind::code), &typed.kind);
    let mut form = Form::post(action)
        .field(Field::select("worker", "desk-duty-worker", people))
        .field(Field::radios("kind", "desk-duty-kind", kinds))
        .field(Field::select("place", "desk-duty-place", places))
        .field(
            Field::select("facility", "desk-duty-facility", unchosen(say, &typed.facility, facilities))
                .optional(),
        )
        .field(Field::text("spot", "desk-duty-spot").value(&typed.spot).optional())
        .field(Field::input("date", "day", "desk-duty-day").value(&typed.day).width(20))
        .field(
            Field::text("from", "desk-duty-from").value(&typed.from).hint("desk-duty-clock-hint").width(10),
        )
        .field(Field::text("to", "desk-duty-to").value(&typed.to).width(10));
    form = match seen {
        Some(version) => form.keep("version", version.to_string()).keep("action", "change"),
        None => form
            .field(
                Field::input("date", "until", "desk-duty-until")
                    .value(&typed.until)
                    .hint("desk-duty-until-hint")
                    .width(20)
                    .optional(),
            )
            .field(
                Field::text("weekdays", "desk-duty-weekdays")
                    .value(&typed.weekdays)
                    .hint("desk-duty-weekdays-hint")
                    .width(20)
                    .optional(),
            ),
    };
    let save = if seen.is_some() { "desk-save" } else { "desk-duty-save-new" };
    form.button(Button::submit("primary", say.t(save)))
        .button(Button::link("low", say.t("desk-cancel"), "/desk/duties"))
        .maybe_refused(say, refusal)
}

/// Giving a shift to another.
pub fn give_form(
    say: &Say<'_>,
    action: &str,
    version: i64,
    people: Vec<FieldOption>,
    refusal: Option<&Refusal>,
) -> Form {
    Form::post(action)
        .keep("version", version.to_string())
        .field(Field::select("worker", "desk-duty-worker", people))
        .button(Button::submit("outline", say.t("desk-duty-reassign")).named("action", "reassign"))
        .maybe_refused(say, refusal)
}

/// Offering a shift to a colleague.
pub fn offer_form(
    say: &Say<'_>,
    action: &str,
    version: i64,
    typed: &SwapTyped,
    people: Vec<FieldOption>,
    refusal: Option<&Refusal>,
) -> Form {
    Form::post(action)
        .keep("version", version.to_string())
        .field(Field::select("to_worker", "desk-duty-colleague", people))
        .field(Field::text("note", "desk-duty-note").value(&typed.note).optional())
        .button(Button::submit("outline", say.t("desk-duty-offer")).named("action", "offer"))
        .maybe_refused(say, refusal)
}

/// Acts that need nothing but a button.
pub fn act_form(say: &Say<'_>, action: &str, version: i64, acts: &[(&'static str, &'static str)]) -> Form {
    let form = Form::post(action).keep("version", version.to_string());
    acts.iter().fold(form, |form, (code, look)| {
        let label = say.t(&super::key("desk-duty-act", code));
        form.button(Button::submit(look, label).named("action", *code))
    })
}

/// The quick form of the log: village, kind and numbers first, the rest beneath; a correction carries the version that
/// was seen, and its reason.
pub fn log_form(
    say: &Say<'_>,
    action: &str,
    seen: Option<(i64, &str)>,
    typed: &LogTyped,
    (people, villages, groups): (Vec<FieldOption>, Vec<FieldOption>, Vec<FieldOption>),
    refusal: Option<&Refusal>,
) -> Form {
    let number = |name: &'static str, label: &'static str, value: &str| {
        Field::text(name, label).value(value).typing("off", "numeric").width(5).optional()
    };
    let modes = code_options(say, "service-mode", &codes(ServiceMode::ALL, ServiceMode::code), &typed.mode);
    let yes = |key: &str, now: &str| vec![FieldOption::new("on", say.t(key), now)];
    let mut form = Form::post(action);
    for (name, value) in [
        ("household", &typed.household),
        ("subject_noun", &typed.subject_noun),
        ("subject_id", &typed.subject_id),
    ] {
        if !value.is_empty() {
            form = form.keep(name, value);
        }
    }
    form = form
        .field(Field::select("village", "desk-log-village", villages))
        .field(Field::select("kind", "desk-log-kind", kind_options(say, &typed.kind)))
        .field(number("minutes", "desk-log-minutes", &typed.minutes))
        .field(number("items", "desk-log-items", &typed.items).hint("desk-log-items-hint"))
        .field(number("people", "desk-log-people", &typed.people))
        .field(Field::area("note", "desk-log-note").value(&typed.note).optional())
        .field(Field::input("date", "day", "desk-duty-day").value(&typed.day).width(20))
        .field(Field::select("mode", "desk-log-mode", unchosen(say, &typed.mode, modes)).optional())
        .field(number("copies", "desk-log-copies", &typed.copies))
        .field(
            Field::text("topic", "desk-log-topic").value(&typed.topic).hint("desk-log-topic-hint").optional(),
        )
        .field(Field::text("audience", "desk-log-audience").value(&typed.audience).optional())
        .field(Field::checks("settled", "desk-log-settled", yes("desk-log-settled-yes", &typed.settled)))
        .field(Field::checks("report", "desk-log-report", yes("desk-log-report-yes", &typed.report)))
        .field(
            Field::input("date", "follow_up_on", "desk-log-follow-up")
                .value(&typed.follow_up_on)
                .width(20)
                .optional(),
        );
    // A group that is not among the choices any more stays with what was pushed to it.
    form = match groups.iter().any(|group| group.chosen) || (typed.group.is_empty() && !groups.is_empty()) {
        true => form
            .field(Field::select("group", "desk-log-group", unchosen(say, &typed.group, groups)).optional()),
        false if typed.group.is_empty() => form,
        false => form.keep("group", &typed.group),
    };
    form = match people.is_empty() {
        true => form,
        false => form.field(Field::select("worker", "desk-duty-worker", people)),
    };
    if let Some((version, reason)) = seen {
        let why = Field::text("reason", "desk-log-reason").value(reason).hint("desk-log-reason-hint");
        form = form.keep("version", version.to_string()).field(why);
    }
    form.button(Button::submit("primary", say.t("desk-log-save")))
        .button(Button::link("low", say.t("desk-cancel"), "/desk/logs"))
        .maybe_refused(say, refusal)
}

/// The one screen of a visit: planned, or with its day and finding done.
pub fn visit_form(
    say: &Say<'_>,
    action: &str,
    seen: Option<i64>,
    typed: &VisitTyped,
    (people, villages): (Vec<FieldOption>, Vec<FieldOption>),
    refusal: Option<&Refusal>,
) -> Form {
    let purposes =
        code_options(say, "visit-purpose", &codes(VisitPurpose::ALL, VisitPurpose::code), &typed.purpose);
    let mut form = Form::post(action);
    form = match typed.household.is_empty() {
        true => form.field(Field::select("village", "desk-log-village", villages)),
        false => form.keep("household", &typed.household).keep("village", ""),
    };
    if let Some(version) = seen {
        form = form.keep("version", version.to_string()).keep("planned_on", &typed.planned_on);
    }
    form = form
        .field(Field::select("purpose", "desk-visit-purpose", purposes))
        .field(
            Field::input("date", "done_on", "desk-visit-done-on")
                .value(&typed.done_on)
                .hint("desk-visit-done-hint")
                .width(20)
                .optional(),
        )
        .field(Field::area("found", "desk-visit-found").value(&typed.found).optional())
        .field(
            Field::text("minutes", "desk-log-minutes")
                .value(&typed.minutes)
                .typing("off", "numeric")
                .width(5)
                .optional(),
        )
        .field(Field::area("follow_up", "desk-visit-follow-up").value(&typed.follow_up).optional())
        .field(
            Field::input("date", "follow_up_on", "desk-log-follow-up")
                .value(&typed.follow_up_on)
                .width(20)
                .optional(),
        );
    if seen.is_none() {
        form = form.field(
            Field::input("date", "planned_on", "desk-visit-planned-on")
                .value(&typed.planned_on)
                .width(20)
                .optional(),
        );
    }
    form = match people.is_empty() {
        true => form.keep("worker", &typed.worker),
        false => form.field(Field::select("worker", "desk-duty-worker", people)),
    };
    form.button(Button::submit("primary", say.t("desk-visit-save")))
        .button(Button::link("low", say.t("desk-cancel"), "/desk/visits"))
        .maybe_refused(say, refusal)
}

/// What advisers owe: one rule a kind and period.
pub fn rule_form(say: &Say<'_>, version: i64, typed: &RuleTyped, refusal: Option<&Refusal>) -> Form {
    let periods = code_options(say, "duty-period", &codes(Period::ALL, Period::code), &typed.period);
    let number = |name: &'static str, label: &'static str, value: &str| {
        Field::text(name, label).value(value).typing("off", "numeric").width(5).optional()
    };
    Form::post("/desk/duties/rules")
        .keep("version", version.to_string())
        .field(Field::select("kind", "desk-log-kind", kind_options(say, &typed.kind)))
        .field(Field::radios("period", "desk-rule-period", periods))
        .field(number("least_count", "desk-rule-count", &typed.least_count).hint("desk-rule-count-hint"))
        .field(number("least_minutes", "desk-rule-minutes", &typed.least_minutes))
        .field(Field::input("date", "from", "desk-rule-from").value(&typed.from).width(20).optional())
        .field(
            Field::input("date", "to", "desk-rule-to")
                .value(&typed.to)
                .hint("desk-rule-to-hint")
                .width(20)
                .optional(),
        )
        .field(Field::text("source", "desk-rule-source").value(&typed.source).optional())
        .button(Button::submit("primary", say.t("desk-rule-save")))
        .maybe_refused(say, refusal)
}

/// What advisers are paid.
pub fn fee_form(
    say: &Say<'_>,
    action: &str,
    seen: Option<i64>,
    typed: &FeeTyped,
    refusal: Option<&Refusal>,
) -> Form {
    let bases = code_options(say, "fee-basis", &codes(FeeBasis::ALL, FeeBasis::code), &typed.basis);
    let kinds = unchosen(say, &typed.kind, kind_options(say, &typed.kind));
    let mut form = Form::post(action);
    if let Some(version) = seen {
        form = form.keep("version", version.to_string());
    }
    form.field(Field::radios("basis", "desk-fee-basis", bases))
        .field(Field::select("kind", "desk-fee-kind", kinds).optional())
        .field(Field::text("yuan", "desk-fee-yuan").value(&typed.yuan).typing("off", "decimal").width(10))
        .field(Field::input("date", "from", "desk-rule-from").value(&typed.from).width(20).optional())
        .field(Field::input("date", "to", "desk-rule-to").value(&typed.to).width(20).optional())
        .button(Button::submit("outline", say.t("desk-fee-save")))
        .maybe_refused(say, refusal)
}

/// The form of a group.
pub fn group_form(
    say: &Say<'_>,
    action: &str,
    seen: Option<i64>,
    typed: &GroupTyped,
    (people, places): (Vec<FieldOption>, Vec<FieldOption>),
    refusal: Option<&Refusal>,
) -> Form {
    let platforms =
        code_options(say, "group-platform", &codes(Platform::ALL, Platform::code), &typed.platform);
    let active = |code: &str, key: &str| FieldOption::new(code, say.t(key), &typed.active);
    let mut form = Form::post(action)
        .field(Field::text("name", "desk-group-name").value(&typed.name))
        .field(Field::radios("platform", "desk-group-platform", platforms))
        .field(Field::select("place", "desk-duty-place", places))
        .field(
            Field::text("members", "desk-group-members")
                .value(&typed.members)
                .typing("off", "numeric")
                .width(5)
                .optional(),
        )
        .field(Field::text("keeper", "desk-group-keeper").value(&typed.keeper).width(20).optional());
    if !people.is_empty() {
        form = form.field(
            Field::select("worker", "desk-group-worker", unchosen(say, &typed.worker, people)).optional(),
        );
    }
    if let Some(version) = seen {
        form = form.keep("version", version.to_string()).field(Field::radios(
            "active",
            "desk-group-active",
            vec![active("on", "desk-group-on"), active("off", "desk-group-off")],
        ));
    }
    form.button(Button::submit("primary", say.t("desk-save")))
        .button(Button::link("low", say.t("desk-cancel"), "/desk/groups"))
        .maybe_refused(say, refusal)
}

/// The form of a notary matter.
pub fn matter_form(
    say: &Say<'_>,
    action: &str,
    seen: Option<i64>,
    typed: &MatterTyped,
    refusal: Option<&Refusal>,
) -> Form {
    let active = |code: &str, key: &str| FieldOption::new(code, say.t(key), &typed.active);
    let mut form = Form::post(action)
        .field(Field::text("name", "desk-notary-matter").value(&typed.name))
        .field(
            Field::area("papers", "desk-notary-papers").value(&typed.papers).hint("desk-notary-papers-hint"),
        )
        .field(Field::area("note", "desk-notary-note").value(&typed.note).optional())
        .field(
            Field::text("minutes", "desk-notary-minutes")
                .value(&typed.minutes)
                .typing("off", "numeric")
                .width(5)
                .optional(),
        )
        .field(
            Field::text("position", "desk-notary-position")
                .value(&typed.position)
                .typing("off", "numeric")
                .width(5)
                .optional(),
        );
    if let Some(version) = seen {
        form = form.keep("version", version.to_string()).field(Field::radios(
            "active",
            "desk-group-active",
            vec![active("on", "desk-notary-on"), active("off", "desk-notary-off")],
        ));
    }
    form.button(Button::submit("primary", say.t("desk-save")))
        .button(Button::link("low", say.t("desk-cancel"), "/desk/notary/matters"))
        .maybe_refused(say, refusal)
}

/// The form of an appointment with a notary.
pub fn appointment_form(
    say: &Say<'_>,
    action: &str,
    seen: Option<i64>,
    typed: &AppointmentTyped,
    (matters, notaries): (Vec<FieldOption>, Vec<FieldOption>),
    refusal: Option<&Refusal>,
) -> Form {
    let mut form = Form::post(action)
        .field(Field::select("matter", "desk-notary-matter", matters))
        .field(Field::select("worker", "desk-notary-worker", notaries))
        .field(Field::input("date", "day", "desk-duty-day").value(&typed.day).width(20))
        .field(
            Field::text("from", "desk-duty-from").value(&typed.from).hint("desk-duty-clock-hint").width(10),
        )
        .field(Field::text("person", "desk-notary-person").value(&typed.person).width(20))
        .field(Field::input("tel", "phone", "desk-notary-phone").value(&typed.phone).width(20));
    if let Some(version) = seen {
        form = form.keep("version", version.to_string()).keep("action", "move");
    }
    form.button(Button::submit("primary", say.t("desk-notary-save")))
        .button(Button::link("low", say.t("desk-cancel"), "/desk/notary"))
        .maybe_refused(say, refusal)
}
