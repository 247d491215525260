//! The form of a booking, also for moving one; where it clashes, with what, and three times that are free.

use falin_app::booking::Typed;
use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::time_fields;
use crate::look::desk::{Form, Link, with_words};
use crate::look::parts::{Button, Field, FieldOption};
use crate::look::{Layout, Say, View};

/// The form.
#[derive(Clone, Serialize)]
pub struct BookingEdit {
    /// Whether a booking is moved; else a new one is made.
    pub moving: bool,
    /// Back to where one came from.
    pub back: Link,
    /// The form.
    pub form: Form,
    /// The case that it is for.
    pub case: Option<Link>,
    /// What clashes; None where nothing does.
    pub clash: Option<Clash>,
}

/// What clashes, and what can be done about it.
#[derive(Clone, Serialize)]
pub struct Clash {
    /// That this time cannot be had.
    pub title: String,
    /// What is taken.
    pub detail: String,
    /// Times that are free, as buttons of the form.
    pub times: Vec<Button>,
    /// To wait for the time asked for; None where that makes no sense.
    pub wait: Option<Button>,
}

/// Rooms and people to choose from.
pub struct Choices {
    /// Rooms.
    pub rooms: Vec<FieldOption>,
    /// Mediators.
    pub mediators: Vec<FieldOption>,
    /// Lawyers.
    pub lawyers: Vec<FieldOption>,
    /// The case that it is for.
    pub case: Option<CaseChoice>,
}

/// The case that a booking is for.
pub struct CaseChoice {
    /// Its page, named by its number.
    pub link: Link,
    /// Its parties.
    pub parties: Vec<FieldOption>,
}

impl BookingEdit {
    /// The form posted to `action`; `seen` is the version of a booking that is moved.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        seen: Option<i64>,
        back: Link,
        typed: &Typed,
        choices: Choices,
        refusal: Option<&Refusal>,
    ) -> Self {
        let mut form = Form::post(action);
        if let Some(version) = seen {
            form = form.keep("version", version.to_string());
        }
        form = form.keep("mediation_case_id", &typed.mediation_case_id);
        let (case, parties) = choices.case.map_or((None, Vec::new()), |case| (Some(case.link), case.parties));
        if parties.is_empty() {
            form = form.keep("party_ids", &typed.party_ids);
        }
        form.fields = vec![Field::select("room_id", "desk-booking-room", choices.rooms)];
        form.fields.extend(time_fields(&typed.date, &typed.from, &typed.minutes, say));
        form.fields.extend([
            Field::text("purpose", "desk-booking-purpose")
                .value(&typed.purpose)
                .hint("desk-booking-purpose-hint"),
            Field::select("mediator_id", "desk-booking-mediator", choices.mediators).optional(),
            Field::select("lawyer_id", "desk-booking-lawyer", choices.lawyers).optional(),
            Field::input("url", "link", "desk-booking-link")
                .value(&typed.link)
                .hint("desk-booking-link-hint")
                .optional(),
        ]);
        if !parties.is_empty() {
            form.fields.push(
                Field::checks("party_ids", "desk-booking-parties", parties)
                    .hint("desk-booking-parties-hint")
                    .optional(),
            );
        }
        if seen.is_none() {
            form.fields.extend(once(say, typed));
        }
        let save = if seen.is_some() { "desk-booking-move-save" } else { "desk-booking-save" };
        let clashes = refusal.is_some_and(|refusal| refusal.code() == "booking.conflict");
        let form = form
            .button(Button::submit("primary", say.t(save)))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal.filter(|_| !clashes));
        let clash = refusal.filter(|_| clashes).map(|refusal| Clash {
            title: say.refusal_title(refusal),
            detail: detail(say, refusal),
            times: Vec::new(),
            wait: None,
        });
        Self { moving: seen.is_some(), back, form, case, clash }
    }
}

/// What only a new booking is asked: how often, and whether it is only held.
fn once(say: &Say<'_>, typed: &Typed) -> Vec<Field> {
    let tick = |name: &'static str, label, option: &str, value: &str| {
        Field::checks(name, label, vec![FieldOption::new("yes", say.t(option), value)])
    };
    vec![
        Field::text("repeat", "desk-booking-repeat")
            .value(&typed.repeat)
            .hint("desk-booking-repeat-hint")
            .typing("off", "numeric")
            .width(5)
            .optional(),
        tick("skip", "desk-booking-skip", "desk-booking-skip-yes", &typed.skip),
        tick("tentative", "desk-booking-tentative", "desk-booking-tentative-yes", &typed.tentative),
    ]
}

/// `调解室、律师`: every kind that clashes.
fn detail(say: &Say<'_>, refusal: &Refusal) -> String {
    let kinds = refusal.args.iter().filter(|(key, _)| *key == "conflict");
    let words: Vec<String> =
        kinds.map(|(_, kind)| say.t(&super::super::key("desk-booking-kind", kind))).collect();
    say.with("desk-booking-clash", &[("what", &words.join(&say.t("desk-booking-and")))])
}

impl View for BookingEdit {
    const TEMPLATE: &'static str = "pages/desk/booking/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.moving { "desk-booking-move-title" } else { "desk-booking-new" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let choices = || Choices {
                rooms: vec![FieldOption::new("1", "一号调解室", "1")],
                mediators: vec![FieldOption::new("", "不用", "")],
                lawyers: vec![FieldOption::new("", "不用", "")],
                case: Some(CaseChoice {
                    link: Link::new("/desk/mediation/1", "（2026）调字第3号 张三"),
                    parties: vec![FieldOption::new("1", "张三 申请人", "1")],
                }),
            };
            let typed = Typed {
                date: "2026-11-24".into(),
                from: "09:10".into(),
                minutes: "75".into(),
                ..Typed::default()
            };
            let back = || Link::new("/desk/bookings", "调解室");
            let make = |seen, refusal: Option<&Refusal>| {
                Self::new(say, "/desk/bookings", seen, back(), &typed, choices(), refusal)
            };
            let clash = Refusal::new("booking.conflict").with("conflict", "room").with("conflict", "lawyer");
            let mut taken = make(None, Some(&clash));
            if let Some(clash) = &mut taken.clash {
                clash.times.push(Button::submit("outline", "今天 14:00–15:00").named("pick", "1 0"));
                clash.wait = Some(Button::submit("low", say.t("desk-booking-wait")).named("wait", "yes"));
            }
            let wrong = Refusal::field("purpose", "required");
            vec![
                make(None, None),
                taken,
                make(None, Some(&wrong)),
                make(Some(2), None),
                make(Some(2), Some(&clash)),
            ]
        })
    }
}
