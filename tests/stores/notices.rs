//! Notices on both databases: each once, by the ways that people and their county allow, and nothing of what was
//! called off.

use std::sync::Arc;

use falin_app::notice::send::{Sender, Text};
use falin_app::notice::{self, New, SubjectId, To, TypedChannels, TypedReach};
use falin_domain::access::{Role, Visitor};
use falin_domain::booking::BookingState;
use falin_domain::notice::State;
use falin_domain::page::Window;
use falin_domain::words::Id;
use falin_store::booking::Booking;
use uuid::Uuid;

use super::deadlines::{person, told};
use super::plans::house::{House, done, refused};
use crate::town::gateway::{Gateway, MailServer};
use crate::town::on_both;

const SECRET: &str = "three random words";

fn subject(n: u128) -> SubjectId {
    Id::from_uuid(Uuid::from_u128(n))
}

pub fn sender(house: &House) -> Sender {
    Sender::new(house.app.clone(), words())
}

fn words() -> notice::send::Words {
    Arc::new(|language: &str, key: &str, args: &[(&str, &str)]| Text {
        title: format!("{language} {key}"),
        body: args.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "),
    })
}

fn channels(gateway: &Gateway) -> TypedChannels {
    TypedChannels {
        gateway: gateway.url.clone(),
        secret: SECRET.into(),
        sms: "on".into(),
        security: "none".into(),
        quiet_from: "21:00".into(),
        quiet_to: "08:00".into(),
        mail_kinds: falin_domain::notice::KINDS.join(" "),
        sms_kinds: falin_domain::notice::KINDS.join(" "),
        wechat_kinds: falin_domain::notice::KINDS.join(" "),
        ..TypedChannels::default()
    }
}

pub fn with_gateway(backend: crate::town::Backend) -> (House, Gateway) {
    let (house, gateway) = (House::new(backend), Gateway::open());
    done(house.wait(notice::save(&house.app, &house.me, 0, &channels(&gateway))));
    (house, gateway)
}

/// Tells resident `n` of case `n`.
fn tell(house: &House, n: u128, consent: bool) {
    let county = house.county;
    house.write(move |tx| {
        notice::queue(
            tx,
            New {
                county,
                key: format!("booking/{n}/confirmed"),
                to: To::Resident { name: format!("张{n}"), phone: Some(format!("138{n:08}")), consent },
                text_key: "notice-booking-confirmed",
                args: vec![("room", "一号调解室".into())],
                subject: ("booking", subject(n)),
                division: None,
                not_before: None,
                language: None,
            },
        )
    });
}

pub fn states(house: &House) -> Vec<i64> {
    let county = house.county;
    let tally = house.read(move |tx| falin_store::notice::tally(tx, county));
    tally.into_iter().map(|(_, count)| count).collect()
}

fn calls(house: &House) -> Vec<notice::ToCall> {
    done(house.wait(notice::calls(&house.app, &house.me, false, Window::default()))).items
}

on_both! {
    fn a_message_leaves_once_signed_and_under_its_key(backend) {
        let (house, gateway) = with_gateway(backend);
        tell(&house, 1, true);
        tell(&house, 1, true);
        let sender = sender(&house);
        assert_eq!(done(sender.pass()), 1);
        assert_eq!(done(sender.pass()), 0);
        let handed = gateway.handed();
        assert_eq!(handed.len(), 1);
        let one = &handed[0];
        assert_eq!(one.body["to"], "13800000001");
        assert_eq!(one.body["text"], "room=一号调解室");
        assert_eq!(one.body["county"], "620200");
        assert_eq!(one.key.len(), 64);
        let signature = notice::gateway::signature(SECRET, &one.stamp, &one.raw);
        assert_eq!(one.signature, format!("v1={signature}"));
        assert_eq!(states(&house), [0, 1, 0, 0]);
        // Nobody at a console reads a number or a name.
        let dump = house.town.texts("SELECT key || kind || coalesce(error, '') AS t FROM notice").join(" ");
        assert!(!dump.contains("13800000001") && !dump.contains("张1"));
    }

    fn without_consent_or_gateway_a_clerk_telephones(backend) {
        let (house, gateway) = with_gateway(backend);
        tell(&house, 1, false);
        tell(&house, 1, false);
        assert_eq!(done(sender(&house).pass()), 0);
        assert!(gateway.handed().is_empty());
        let waiting = calls(&house);
        assert_eq!(waiting.len(), 1);
        let call = &waiting[0];
        assert_eq!((call.name.as_str(), call.phone.as_str(), call.call.reason.as_str()), ("张1", "13800000001", "no_consent"));
        let end = |version, outcome| house.wait(notice::end_call(&house.app, &house.me, call.call.id, version, outcome));
        assert_eq!(refused(end(1, "perhaps")), "form.invalid");
        assert_eq!(refused(end(9, "reached")), "state.changed");
        done(end(1, "reached"));
        assert_eq!(refused(end(2, "reached")), "action.not_allowed");
        assert!(calls(&house).is_empty());
        let none = House::new(backend);
        tell(&none, 1, true);
        assert_eq!(calls(&none)[0].call.reason, "no_channel");
    }

    fn one_call_tells_all_that_a_person_is_to_be_told(backend) {
        let house = House::new(backend);
        let county = house.county;
        for (n, name, phone) in [(1, "张1", "13800000001"), (2, "张1", "13800000001"), (3, "李2", "13800000001"), (4, "张1", "13800000001")] {
            house.write(move |tx| {
                notice::queue(tx, New {
                    county,
                    key: format!("booking/{n}/confirmed"),
                    to: To::Resident { name: name.into(), phone: Some(phone.into()), consent: false },
                    text_key: "notice-booking-confirmed",
                    args: vec![("room", format!("{n}号调解室").into())],
                    subject: ("booking", subject(n)),
                    division: None,
                    not_before: None,
                    language: None,
                })
            });
        }
        let people = |window| done(house.wait(notice::callers(&house.app, &house.me, window)));
        let (page, all) = people(Window::default());
        let told: Vec<(&str, usize)> = page.items.iter().map(|one| (one.calls[0].name.as_str(), one.calls.len())).collect();
        assert_eq!((all, told), (2, vec![("张1", 3), ("李2", 1)]), "the same telephone, two people");
        let (first, _) = people(Window { limit: 1, after: None });
        let (second, _) = people(Window { limit: 1, after: first.next });
        assert_eq!(second.items[0].calls[0].name, "李2");
        let one: Vec<_> = page.items[0].calls.iter().map(|call| (call.call.id, call.call.version)).collect();
        let end = |told, outcome| house.wait(notice::end_calls(&house.app, &house.me, told, outcome));
        let mut stale = one.clone();
        stale[2].1 = 9;
        assert_eq!(refused(end(stale, "reached")), "state.changed");
        assert_eq!(people(Window::default()).1, 2, "all or none");
        done(end(one, "reached"));
        assert_eq!(people(Window::default()).1, 1);
    }

    fn a_dead_gateway_is_tried_six_times_then_a_clerk_telephones(backend) {
        let (house, gateway) = with_gateway(backend);
        gateway.answer(503);
        tell(&house, 1, true);
        let sender = sender(&house);
        for minutes in [0, 1, 5, 30, 120, 720] {
            house.pass_minutes(minutes);
            // Twelve hours after the fifth try it is night: the last one waits for the morning.
            let night = minutes == 720;
            assert_eq!(done(sender.pass()), usize::from(!night), "after {minutes} minutes");
            assert_eq!(done(sender.pass()), 0, "not again before its time");
        }
        house.pass_minutes(12 * 60);
        assert_eq!(done(sender.pass()), 1);
        assert_eq!(states(&house), [0, 0, 1, 0]);
        let handed = gateway.handed();
        assert_eq!(handed.len(), 6);
        assert!(handed.iter().all(|one| one.key == handed[0].key));
        assert_eq!(calls(&house)[0].call.reason, "failed");
        assert_eq!(house.town.texts("SELECT error AS t FROM notice"), ["http 503"]);
    }

    fn what_will_never_be_taken_is_not_tried_again_and_what_was_taken_counts(backend) {
        let (house, gateway) = with_gateway(backend);
        gateway.answer(422);
        tell(&house, 1, true);
        let sender = sender(&house);
        assert_eq!(done(sender.pass()), 1);
        assert_eq!((states(&house), calls(&house).len()), (vec![0, 0, 1, 0], 1));
        gateway.answer(409);
        tell(&house, 2, true);
        assert_eq!(done(sender.pass()), 1);
        assert_eq!(states(&house), [0, 1, 1, 0]);
    }

    fn a_gateway_that_does_not_answer_is_tried_once_a_pass(backend) {
        let (house, gateway) = (House::new(backend), Gateway::open());
        let nobody = TypedChannels { gateway: "http://127.0.0.1:9/".into(), ..channels(&gateway) };
        done(house.wait(notice::save(&house.app, &house.me, 0, &nobody)));
        for n in 1..=3 {
            tell(&house, n, true);
        }
        let sender = sender(&house);
        assert_eq!((done(sender.pass()), done(sender.pass()), done(sender.pass())), (1, 1, 1));
        assert_eq!(done(sender.pass()), 0, "each waits for its next try");
        let errors = house.town.texts("SELECT coalesce(error, '') || coalesce(tries, 0) AS t FROM notice");
        assert_eq!(errors, ["no connection1", "no connection1", "no connection1"]);
        assert_eq!(house.town.number("SELECT count(*) FROM notice WHERE lease IS NOT NULL"), 0);
    }

    fn two_people_who_are_told_the_same_at_once_are_both_called(backend) {
        let (house, _gateway) = with_gateway(backend);
        tell(&house, 1, false);
        let (county, lawyer) = (house.county, house.lawyers[0]);
        house.write(move |tx| {
            notice::queue(tx, New {
                county, key: "booking/1/confirmed".into(), to: To::Worker(lawyer), text_key: "notice-booking-confirmed",
                args: Vec::new(), subject: ("booking", subject(1)), division: None, not_before: None, language: None,
            })
        });
        assert_eq!(calls(&house).len(), 2);
    }

    fn nothing_leaves_for_what_was_called_off(backend) {
        let (house, gateway) = with_gateway(backend);
        let county = house.county;
        for n in 1..=3 {
            tell(&house, n, true);
        }
        tell(&house, 4, false);
        house.write(move |tx| notice::cancel(tx, county, subject(2)));
        house.write(move |tx| notice::cancel(tx, county, subject(4)));
        assert_eq!(done(sender(&house).pass()), 2);
        assert!(gateway.handed().iter().all(|one| one.body["to"] != "13800000002"));
        assert_eq!(states(&house), [0, 2, 0, 1]);
        assert!(calls(&house).is_empty());
        // What has left stays so, also from a console.
        assert!(house.town.sql("UPDATE notice SET state = 'cancelled', sent_ms = NULL WHERE state = 'sent'").is_err());
    }

    fn quiet_hours_hold_back_everything_but_the_inbox(backend) {
        let (house, gateway) = with_gateway(backend);
        let admin = person(&house, Role::CountyAdmin, None, None);
        tell(&house, 1, true);
        // From 09:00 to 22:00: it was ready by day, and must not leave at night either.
        house.pass_minutes(13 * 60);
        tell(&house, 2, true);
        let (county, to) = (house.county, admin.account.unwrap());
        house.write(move |tx| {
            notice::queue(tx, New {
                county, key: "k".into(), to: To::Account(to), text_key: "notice-deadline-urged", args: Vec::new(),
                subject: ("deadline", subject(9)), division: None, not_before: None, language: None,
            })
        });
        let sender = sender(&house);
        assert_eq!(done(sender.pass()), 0);
        assert_eq!(told(&house, &admin).len(), 1);
        house.pass_minutes(10 * 60);
        assert_eq!(done(sender.pass()), 2);
        assert_eq!(gateway.delivered().len(), 2);
    }

    fn two_senders_send_each_message_once(backend) {
        let (house, gateway) = with_gateway(backend);
        for n in 1..=40 {
            tell(&house, n, true);
        }
        gateway.think(5);
        let senders = [Sender::new(house.app.clone(), words()), Sender::new(house.another(), words())];
        let threads = senders.map(|sender| std::thread::spawn(move || while sender.pass().map_or(true, |n| n > 0) {}));
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(states(&house), [0, 40, 0, 0]);
        assert_eq!((gateway.handed().len(), gateway.delivered().len()), (40, 40));
    }

    fn staff_get_what_they_agreed_to(backend) {
        let (house, gateway) = with_gateway(backend);
        let server = MailServer::open();
        let typed = TypedChannels {
            host: "127.0.0.1".into(), port: server.port.to_string(), from: "falin@example.cn".into(),
            secret: String::new(), ..channels(&gateway)
        };
        let shown = done(house.wait(notice::save(&house.app, &house.me, 1, &typed)));
        assert!(shown.has_secret, "an empty secret keeps the one that is there");
        let lawyer = person(&house, Role::Lawyer, None, Some(house.lawyers[0]));
        let reach = TypedReach { mail: "lawyer@example.cn".into(), mail_yes: "on".into(), phone: "13912345678".into(),
            ..TypedReach::default() };
        done(house.wait(notice::set_reach(&house.app, &lawyer, 0, &reach)));
        let unsaid = TypedReach { sms_yes: "on".into(), ..TypedReach::default() };
        assert_eq!(refused(house.wait(notice::set_reach(&house.app, &lawyer, 1, &unsaid))), "form.invalid");
        let (county, worker) = (house.county, house.lawyers[0]);
        house.write(move |tx| {
            notice::queue(tx, New {
                county, key: "d".into(), to: To::Worker(worker), text_key: "notice-deadline-urged",
                args: vec![("due", "2026-03-09".into())], subject: ("deadline", subject(1)), division: None,
                not_before: None, language: None,
            })
        });
        assert_eq!(done(sender(&house).pass()), 1);
        let mails = server.messages();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains("To: lawyer@example.cn") && mails[0].contains("Message-ID: <"), "{}", mails[0]);
        assert!(mails[0].contains("due=2026-03-09") || mails[0].contains("due=3D2026-03-09"), "{}", mails[0]);
        assert!(gateway.handed().is_empty(), "no yes to SMS, no SMS");
        assert_eq!(told(&house, &lawyer).len(), 1);
    }

    fn calls_about_an_appointment_end_once_it_has_passed(backend) {
        let house = House::new(backend);
        let (county, starts) = (house.county, house.app.now().millis() + 3_600_000);
        house.write(move |tx| {
            for n in [1, 2] {
                let starts_ms = starts + i64::from(n - 1) * 86_400_000;
                let booking = Booking {
                    county_id: county, id: subject(n as u128).cast(), room_id: tx.id(), starts_ms,
                    ends_ms: starts_ms + 3_600_000, state: BookingState::Confirmed, purpose_sealed: Vec::new(),
                    link_sealed: None, mediation_case_id: None, mediator_id: None, lawyer_id: None, series_id: None,
                    flag: None, kept: None, offer_until_ms: None, account_id: None, created_ms: tx.now.millis(),
                    changed_ms: tx.now.millis(), version: 1,
                };
                booking.insert(tx)?;
                let to = To::Resident { name: "王建国".into(), phone: Some("13800000002".into()), consent: false };
                notice::queue(tx, New {
                    county, key: format!("b{n}"), to, text_key: "notice-booking-confirmed", args: Vec::new(),
                    subject: ("booking", subject(n as u128)), division: None, not_before: None, language: None,
                })?;
            }
            Ok(())
        });
        let waiting = || done(house.wait(notice::call_count(&house.app, &house.me, false)));
        assert_eq!(waiting(), 2);
        house.pass_minutes(119);
        done(house.wait(falin_app::booking::round(&house.app)));
        assert_eq!(waiting(), 2, "it goes on until its end");
        house.pass_minutes(1);
        done(house.wait(falin_app::booking::round(&house.app)));
        assert_eq!(waiting(), 1, "of the other they can still be told");
        let ended = done(house.wait(notice::calls(&house.app, &house.me, true, Window { limit: 10, after: None })));
        let off = ended.items.iter().filter(|one| one.call.outcome.as_deref() == Some("cancelled")).count();
        assert_eq!(off, 1, "called off, and nobody has called");
    }

    fn an_inbox_is_its_owners_alone(backend) {
        let house = House::new(backend);
        let (one, two) = (person(&house, Role::Clerk, None, None), person(&house, Role::Clerk, None, None));
        let (county, later) = (house.county, house.app.now().plus_seconds(3600));
        house.write(move |tx| {
            for (key, not_before) in [("now", None), ("later", Some(later))] {
                notice::queue(tx, New {
                    county, key: key.into(), to: To::Role { role: Role::Clerk, place: None },
                    text_key: "notice-deadline-urged", args: Vec::new(), subject: ("deadline", subject(1)),
                    division: None, not_before, language: None,
                })?;
            }
            Ok(())
        });
        let count = |who: &Visitor| done(house.wait(notice::unread(&house.app, who)));
        assert_eq!((count(&one), count(&two)), (1, 1));
        let mine = done(house.wait(notice::inbox(&house.app, &one, true, Window::default()))).items[0].id;
        assert_eq!(refused(house.wait(notice::read(&house.app, &two, Some(mine)))), "not_found");
        done(house.wait(notice::read(&house.app, &one, Some(mine))));
        assert_eq!((count(&one), count(&two)), (0, 1));
        house.pass_minutes(61);
        assert_eq!(count(&one), 1);
        house.write(move |tx| notice::cancel(tx, county, subject(1)));
        assert_eq!(count(&one), 1, "what was seen stays");
    }
}

#[test]
fn every_state_has_its_place_in_the_tally() {
    let codes: Vec<_> = State::ALL.iter().map(|state| state.code()).collect();
    assert_eq!(codes, ["waiting", "sent", "failed", "cancelled"]);
}
