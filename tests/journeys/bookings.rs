//! Rooms are booked: clashes are named, nothing is cancelled silently, and calendars follow.

use falin_domain::calendar::Calendar;
use falin_domain::time::Date;
use serde_json::{Value, json};

use crate::town::{Answer, Client, Town, on_both};

const BOOKINGS: &str = "/api/v1/bookings";
const OFFICE: &str = "周一至周五 9:00-12:00,14:30-17:30";

/// The working day of the week that is so many of them ahead, tomorrow at the earliest.
pub fn workday(ahead: usize) -> Date {
    let today = (falin_app::clock::source(None).clock)().date();
    let days = (1..).map(|n| today.plus_days(n));
    let mut worked = days.filter(|day| day.weekday() < 5 && Calendar::published().is_workday(*day).workday);
    worked.nth(ahead).unwrap()
}

pub fn at(day: Date, clock: &str) -> String {
    format!("{day}T{clock}:00+08:00")
}

pub fn room(admin: &Client, name: &str, hours: &str) -> String {
    let body = json!({"name": name, "capacity": 12, "hours": hours, "address": "市民广场北侧"});
    admin.call("POST", "/api/v1/rooms", &body).is(201).json()["id"].as_str().unwrap().to_owned()
}

pub fn workers(client: &Client) -> Vec<String> {
    let all = client.get("/api/v1/legal-workers").is(200).json();
    all["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn wish(room: &str, day: Date, from: &str, to: &str, more: Value) -> Value {
    let mut body =
        json!({"room_id": room, "starts_at": at(day, from), "ends_at": at(day, to), "purpose": "邻里纠纷"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn book(client: &Client, room: &str, day: Date, from: &str, to: &str, more: Value) -> Answer {
    client.call("POST", BOOKINGS, &wish(room, day, from, to, more))
}

fn act(client: &Client, id: &str, version: i64, action: &str, more: Value) -> Answer {
    let mut body = json!({"action": action, "version": version});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.call("POST", &format!("{BOOKINGS}/{id}/actions"), &body)
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

fn kinds(answer: &Answer) -> Vec<String> {
    let conflicts = answer.json()["conflicts"].as_array().unwrap().clone();
    conflicts.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

fn lines(calendar: &str, property: &str) -> Vec<String> {
    let start = format!("{property}:");
    let unfolded = calendar.replace("\r\n ", "");
    unfolded.split("\r\n").filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect()
}

/// Messages about bookings in the inboxes, by kind; one that is still to come stands there with its moment.
fn told(town: &Town, kind: &str) -> i64 {
    town.number(&format!(
        "SELECT count(*) FROM inbox WHERE noun = 'booking' AND kind = 'notice-booking-{kind}'"
    ))
}

on_both! {
    fn people_are_told_and_a_cancelled_appointment_takes_its_reminders_along(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let one = room(&admin, "一号调解室", OFFICE);
        let accounts = admin.get("/api/v1/accounts?limit=100").is(200).json();
        let lawyer = accounts["items"].as_array().unwrap().iter().find(|one| one["username"] == "lawyer").unwrap();
        let me = lawyer["worker_id"].clone();
        let made = book(&clerk, &one, workday(3), "09:00", "10:00", json!({"lawyer_id": me})).is(201).json();
        assert_eq!((told(&town, "confirmed"), told(&town, "reminder")), (1, 2), "the clerk knows what the clerk did");
        let first = town.number("SELECT max(at_ms) FROM inbox WHERE kind = 'notice-booking-reminder'");
        let day = workday(4);
        let later = json!({"starts_at": at(day, "09:00"), "ends_at": at(day, "10:00")});
        act(&clerk, &id(&made), 1, "reschedule", later).is(200);
        assert_eq!((told(&town, "moved"), told(&town, "reminder")), (1, 2));
        let second = town.number("SELECT min(at_ms) FROM inbox WHERE kind = 'notice-booking-reminder'");
        assert!(second > first, "the reminders moved along: {first} {second}");
        act(&clerk, &id(&made), 2, "cancel", json!({})).is(200);
        assert_eq!((told(&town, "cancelled"), told(&town, "reminder")), (1, 0));
    }

    fn a_booking_holds_room_people_and_parties(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let (one, two) = (room(&admin, "一号调解室", OFFICE), room(&admin, "二号调解室", OFFICE));
        let (people, day) = (workers(&clerk), workday(0));
        let party = "0190a0a0-0000-7000-8000-00000000aaaa";
        let whole = json!({"mediator_id": people[0], "lawyer_id": people[1], "party_ids": [party]});
        let made = book(&clerk, &one, day, "09:00", "10:00", whole.clone()).is(201);
        assert_eq!(made.header("etag"), Some("\"v1\""));
        let booked = made.json();
        assert_eq!((&booked["state"], &booked["version"], &booked["flag"]), (&json!("confirmed"), &json!(1), &json!(null)));
        let names: Vec<_> = booked["allowed_actions"].as_array().unwrap().iter().map(|a| a["action"].clone()).collect();
        assert_eq!(names, ["reschedule", "cancel"]);

        let clash = |room: &str, from: &str, to: &str, more: Value| {
            kinds(&book(&clerk, room, day, from, to, more).refused(409, "booking.conflict"))
        };
        assert_eq!(clash(&one, "09:45", "10:15", json!({})), ["room"]);
        assert_eq!(clash(&two, "09:45", "10:15", json!({"mediator_id": people[0]})), ["mediator"]);
        assert_eq!(clash(&two, "09:00", "09:15", json!({"lawyer_id": people[1]})), ["lawyer"]);
        assert_eq!(clash(&two, "09:00", "09:15", json!({"party_ids": [party]})), ["party"]);
        assert_eq!(clash(&one, "09:00", "10:00", whole), ["room", "mediator", "lawyer", "party"]);
        // One person is in one place, whatever their part.
        assert_eq!(clash(&two, "09:00", "09:15", json!({"lawyer_id": people[0]})), ["lawyer"]);
        book(&clerk, &two, day, "10:00", "11:00", json!({"mediator_id": people[0]})).is(201);

        let said = |code: &str, from: &str, to: &str| { book(&clerk, &one, day, from, to, json!({})).refused(422, code); };
        said("booking.grid", "11:05", "11:30");
        said("booking.closed", "11:30", "14:45");
        said("booking.closed", "07:00", "08:00");
        let sunday = day.plus_days(6 - i64::from(day.weekday()));
        book(&clerk, &one, sunday, "09:00", "10:00", json!({})).refused(422, "booking.closed");
        book(&clerk, &one, day.plus_days(420), "09:00", "10:00", json!({})).refused(422, "booking.too_far");
        book(&clerk, &one, day.plus_days(-20), "09:00", "10:00", json!({})).refused(422, "booking.past");
        let odd = book(&clerk, "0190a0a0-0000-7000-8000-000000000000", day, "11:00", "11:30",
            json!({"mediator_id": one, "link": "javascript:x"})).refused(422, "form.invalid").json();
        assert_eq!(odd["fields"][0]["name"], "link");
        let faults = book(&clerk, &one, day, "11:00", "11:30", json!({"mediator_id": one})).refused(422, "form.invalid").json();
        assert_eq!((&faults["fields"][0]["name"], &faults["fields"][0]["code"]), (&json!("mediator_id"), &json!("worker.unknown")));
        let free = format!("/api/v1/rooms/free?from={}&to={}&capacity=10", at(day, "09:15"), at(day, "09:45"));
        let names: Vec<_> = clerk.get(&free).is(200).json()["items"].as_array().unwrap().iter().map(|r| r["name"].clone()).collect();
        assert_eq!(names, ["二号调解室"]);
        clerk.get("/api/v1/rooms/free?from=x").refused(422, "form.invalid");
    }

    fn acts_are_versioned_and_free_what_they_free(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let (one, two) = (room(&admin, "一号调解室", OFFICE), room(&admin, "二号调解室", ""));
        let day = workday(0);
        let first = id(&book(&clerk, &one, day, "09:00", "10:00", json!({})).is(201).json());
        let other = id(&book(&clerk, &one, day, "10:00", "11:00", json!({})).is(201).json());
        let into = json!({"starts_at": at(day, "10:30"), "ends_at": at(day, "11:30")});
        let lost = act(&clerk, &first, 1, "reschedule", into.clone()).refused(409, "booking.conflict");
        assert_eq!(kinds(&lost), ["room"]);
        // Nothing of the refused move stays: its old time is still its own.
        book(&clerk, &one, day, "09:00", "09:30", json!({})).refused(409, "booking.conflict");
        let half = json!({"starts_at": at(day, "09:30")});
        let moved = act(&clerk, &first, 1, "reschedule", half).refused(409, "booking.conflict");
        assert_eq!(kinds(&moved), ["room"]);
        act(&clerk, &other, 1, "cancel", json!({})).is(200);
        let moved = act(&clerk, &first, 1, "reschedule", json!({"starts_at": at(day, "09:30")})).is(200).json();
        assert_eq!((&moved["version"], &moved["ends_at"]), (&json!(2), &json!(format!("{day}T02:30:00Z"))));
        book(&clerk, &one, day, "09:00", "09:30", json!({})).is(201);
        act(&clerk, &first, 1, "cancel", json!({})).refused(409, "state.changed");
        act(&clerk, &first, 2, "release", json!({})).refused(422, "action.not_allowed");
        act(&clerk, &first, 2, "dance", json!({})).refused(422, "form.invalid");
        act(&clerk, &first, 2, "cancel", json!({})).is(200);
        act(&clerk, &first, 3, "confirm", json!({})).refused(422, "action.not_allowed");
        let back = "UPDATE booking SET state = 'confirmed' WHERE state = 'cancelled'";
        assert!(town.sql(back).unwrap_err().contains("booking.ended"));

        // The running quarter can be taken, and what is left of it given back.
        let now = (falin_app::clock::source(None).clock)();
        let begun = falin_domain::time::Instant::from_millis(now.millis() / 900_000 * 900_000);
        let body = json!({"room_id": two, "starts_at": begun, "ends_at": begun.plus_seconds(7200), "purpose": "来访"});
        let walk_in = id(&clerk.call("POST", BOOKINGS, &body).is(201).json());
        clerk.call("POST", BOOKINGS, &body).refused(409, "booking.conflict");
        assert_eq!(act(&clerk, &walk_in, 1, "release", json!({})).is(200).json()["state"], "released");
        let rest = json!({"room_id": two, "starts_at": begun.plus_seconds(3600), "ends_at": begun.plus_seconds(7200), "purpose": "来访"});
        let next = id(&clerk.call("POST", BOOKINGS, &rest).is(201).json());
        act(&clerk, &next, 1, "no_show", json!({})).refused(422, "action.not_allowed");
        let list = clerk.get(&format!("{BOOKINGS}?room_id={two}&state=released")).is(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }

    fn a_lawyer_asks_and_a_clerk_confirms(backend) {
        let town = Town::start(backend);
        let (admin, clerk, lawyer) = (town.program("county_admin"), town.program("clerk"), town.program("lawyer"));
        let (one, day) = (room(&admin, "一号调解室", OFFICE), workday(1));
        let people = workers(&clerk);
        let asked = book(&lawyer, &one, day, "09:00", "10:00", json!({})).is(201).json();
        assert_eq!(asked["state"], "pending");
        assert_eq!(asked["next_actor"]["role"], "clerk");
        assert!(asked["lawyer_id"].is_string(), "who books for oneself leads it: {asked}");
        // Pending holds the time like a confirmed one.
        book(&clerk, &one, day, "09:30", "10:30", json!({})).refused(409, "booking.conflict");
        act(&lawyer, &id(&asked), 1, "confirm", json!({})).refused(422, "action.not_allowed");
        assert_eq!(act(&clerk, &id(&asked), 1, "confirm", json!({})).is(200).json()["state"], "confirmed");
        let other = people.iter().find(|id| asked["lawyer_id"] != id.as_str()).unwrap();
        let theirs = book(&clerk, &one, day, "14:30", "15:30", json!({"mediator_id": other})).is(201).json();
        lawyer.get(&format!("{BOOKINGS}/{}", id(&theirs))).refused(404, "not_found");
        act(&lawyer, &id(&theirs), 1, "cancel", json!({})).refused(404, "not_found");
        assert_eq!(lawyer.get(BOOKINGS).is(200).json()["items"].as_array().unwrap().len(), 1);
        // The morning's page has one's own appointments of the week, and nobody else's.
        let soon = usize::from((falin_app::clock::source(None).clock)().date().days_until(day) < 7);
        let today = lawyer.get("/api/v1/today").is(200).json();
        assert_eq!(today["booked"].as_array().unwrap().len(), soon, "{today}");
        assert_eq!(lawyer.get("/desk").is(200).text().matches("一号调解室").count(), soon);
        town.program("resident").get(BOOKINGS).refused(403, "access.denied");
        town.program("resident").get(&format!("/api/v1/rooms/free?from={}&to={}", at(day, "16:00"), at(day, "17:00"))).is(200);
    }

    fn what_changes_around_a_booking_flags_it(backend) {
        let town = Town::start(backend);
        let (admin, clerk, lawyer) = (town.program("county_admin"), town.program("clerk"), town.program("lawyer"));
        let (one, day) = (room(&admin, "一号调解室", OFFICE), workday(2));
        let booked = id(&book(&clerk, &one, day, "09:00", "10:00", json!({})).is(201).json());
        let own = id(&book(&lawyer, &one, day, "16:00", "17:00", json!({})).is(201).json());
        let state = |id: &str| {
            let it = clerk.get(&format!("{BOOKINGS}/{id}")).is(200).json();
            (it["state"].clone(), it["flag"].clone(), it["version"].as_i64().unwrap())
        };
        let close = json!({"room_id": one, "from": at(day, "09:30"), "to": at(day, "12:00"), "reason": "检修"});
        let closed = admin.call("POST", "/api/v1/closures", &close).is(201).json();
        assert_eq!(closed["flagged"], 1);
        clerk.call("POST", "/api/v1/closures", &close).refused(403, "access.denied");
        assert_eq!(state(&booked), (json!("confirmed"), json!("closed"), 2));
        book(&clerk, &one, day, "11:00", "11:30", json!({})).refused(422, "booking.closed");
        let flagged = clerk.get("/desk/bookings/flagged").is(200);
        assert!(flagged.text().contains("那时调解室不开"), "{}", flagged.text());
        act(&clerk, &booked, 2, "keep", json!({})).is(200);
        // What a person has decided is not asked again.
        act_on_room(&admin, &one);
        assert_eq!(state(&booked), (json!("confirmed"), json!(null), 3));
        let remove = json!({"action": "remove", "version": 1});
        admin.call("POST", &format!("/api/v1/closures/{}/actions", id(&closed)), &remove).is(200);
        book(&clerk, &one, day, "11:00", "11:30", json!({})).is(201);

        let leave = lawyer.get("/desk/leave").is(200);
        let away = [("leave_from", day.to_string()), ("leave_to", day.to_string()), ("leave_why", "开庭".to_owned())];
        let away: Vec<_> = away.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lawyer.fill(&leave, "/desk/leave", &away).is(200);
        assert_eq!(state(&own), (json!("pending"), json!("lawyer_away"), 2));
        let page = clerk.get(&format!("/desk/bookings/{own}")).is(200);
        assert!(page.text().contains("律师请假") && page.text().contains("没有人定，什么都不会变"), "{}", page.text());
        let back = lawyer.get("/desk/leave").is(200);
        lawyer.fill(&back, "/cancel", &[]).is(200);
        assert_eq!(state(&own).1, json!(null));
    }

    fn week_after_week_leaving_out_what_is_taken(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let (one, day) = (room(&admin, "一号调解室", "每天 9:00-18:00"), workday(0));
        book(&clerk, &one, day.plus_days(7), "09:00", "10:00", json!({})).is(201);
        let all = json!({"repeat": 4});
        book(&clerk, &one, day, "09:30", "10:30", all).refused(409, "booking.conflict");
        // All or none: the first week was not kept.
        let skip = json!({"repeat": 4, "skip_conflicts": true});
        let made = book(&clerk, &one, day, "09:30", "10:30", skip).is(201).json();
        let weeks = made["repeated"].as_array().unwrap();
        let codes: Vec<_> = weeks.iter().map(|week| week["code"].clone()).collect();
        assert_eq!(codes, [json!(null), json!("booking.conflict"), json!(null), json!(null)]);
        assert!(made["series_id"].is_string());
        // Whoever is on leave in one of the weeks is told of that week; the others stand.
        let people = workers(&clerk);
        let leave = json!({"worker": people[0], "from": day.plus_days(13), "to": day.plus_days(15), "reason": "出差"});
        admin.call("POST", "/api/v1/leaves", &leave).is(201);
        let skip = json!({"repeat": 3, "skip_conflicts": true, "mediator_id": people[0]});
        let made = book(&clerk, &one, day, "15:00", "16:00", skip).is(201).json();
        let codes: Vec<_> = made["repeated"].as_array().unwrap().iter().map(|week| week["code"].clone()).collect();
        assert_eq!(codes, [json!(null), json!(null), json!("form.invalid")]);
        let odd = clerk.get("/desk/bookings/new").is(200);
        let typed = [("room_id", one.as_str()), ("date", "9999-12-31"), ("from", "10:00"), ("purpose", "来访")];
        assert!(clerk.fill(&odd, "/desk/bookings", &typed).is(422).body().contains("date-fault"));
        book(&clerk, &one, day, "09:30", "10:30", json!({"repeat": 60})).refused(422, "form.invalid");
    }

    fn who_waits_is_offered_what_becomes_free(backend) {
        let town = Town::start(backend);
        let (admin, clerk, mediator) = (town.program("county_admin"), town.program("clerk"), town.program("mediator"));
        let (one, day) = (room(&admin, "一号调解室", OFFICE), workday(3));
        let taken = id(&book(&clerk, &one, day, "09:00", "10:00", json!({})).is(201).json());
        let form = mediator.get(&format!("/desk/bookings/new?room_id={one}&date={day}&from=09:00&minutes=60")).is(200);
        let typed = [("purpose", "劳动报酬")];
        let refused = mediator.fill(&form, "/desk/bookings", &typed).is(409);
        assert!(refused.text().contains("这个时间订不了") && refused.text().contains("调解室已经有别的预约"), "{}", refused.text());
        let body = refused.body();
        assert_eq!(body.matches("name=\"pick\"").count(), 3, "{}", refused.text());
        assert!(body.contains("劳动报酬"), "what was typed is lost");
        // One press takes the first suggestion.
        let pick = body.split("name=\"pick\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let shown = mediator.fill(&refused, "/desk/bookings", &[("pick", &pick)]).is(200);
        assert!(shown.text().contains("待确认") && shown.text().contains("劳动报酬"), "{}", shown.text());

        let list = mediator.fill(&refused, "/desk/bookings", &[("wait", "yes")]).is(200);
        assert!(list.path.ends_with("/waiting") && list.text().contains("等着"), "{}", list.text());
        act(&clerk, &taken, 1, "cancel", json!({})).is(200);
        let list = mediator.get("/desk/bookings/waiting").is(200);
        assert!(list.text().contains("空出来了"), "{}", list.text());
        // Whoever keeps the rooms moves the offer: it lapses no more, and nobody confirms past the clerk.
        let other = mediator.fill(&refused, "/desk/bookings", &[("wait", "yes")]).is(200);
        assert!(other.text().contains("等着"), "{}", other.text());
        // The offer holds the time against everybody else, and its owner may take it up.
        book(&clerk, &one, day, "09:00", "10:00", json!({})).refused(409, "booking.conflict");
        let offer = mediator.get(&list.link("9:00–10:00")).is(200);
        assert!(offer.text().contains("这是给候补留的时间"), "{}", offer.text());
        let mine = mediator.fill(&offer, "/actions", &[("action", "confirm")]).is(200);
        assert!(mine.text().contains("已确认"), "{}", mine.text());
        let id_of = |text: &str| text.rsplit('/').next().unwrap().to_owned();
        act(&clerk, &id_of(&mine.path), 2, "cancel", json!({})).is(200);
        let list = mediator.get("/desk/bookings/waiting").is(200);
        let offered = id_of(&list.link("9:00–10:00"));
        let to = json!({"starts_at": at(day, "16:00"), "ends_at": at(day, "17:00")});
        let moved = act(&clerk, &offered, 1, "reschedule", to).is(200).json();
        assert_eq!(moved["offer_until"], Value::Null, "what was moved is no offer that lapses: {moved}");
        let theirs = mediator.get(&format!("{BOOKINGS}/{offered}")).is(200).json();
        assert!(!theirs["allowed_actions"].to_string().contains("confirm"), "{theirs}");
        let list = mediator.get("/desk/bookings/waiting").is(200);
        assert!(list.text().contains("没有人候补"), "{}", list.text());
    }

    fn the_desk_shows_the_day_and_the_week(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let one = room(&admin, "一号调解室", OFFICE);
        let (people, day) = (workers(&clerk), workday(0));
        book(&clerk, &one, day, "09:00", "10:00", json!({"mediator_id": people[0]})).is(201);
        book(&clerk, &one, day, "15:00", "16:00", json!({"pending": true})).is(201);
        let close = json!({"from": at(day, "17:00"), "to": at(day, "23:00"), "reason": "停电"});
        admin.call("POST", "/api/v1/closures", &close).is(201);
        let grid = clerk.get(&format!("/desk/bookings?date={day}")).is(200);
        let body = grid.body();
        for part in ["class=\"held\"", "class=\"held pending\"", "class=\"shut\"", "停电", "邻里纠纷"] {
            assert!(body.contains(part), "{part}: {body}");
        }
        assert!(!clerk.get("/desk/bookings?date=2026-99-99").body().contains("class=\"grid\""));
        let week = clerk.get(&grid.link("一号调解室")).is(200);
        assert!(week.text().contains("这一周") && week.body().contains("class=\"held\""), "{}", week.text());
        // A lawyer sees that the time is taken, and nothing else of it.
        let theirs = town.program("lawyer").get(&format!("/desk/bookings?date={day}")).is(200);
        assert!(theirs.text().contains("已订") && !theirs.text().contains("邻里纠纷"), "{}", theirs.text());
        let free = clerk.get(&format!("/desk/bookings/free?date={day}&from=11:00&minutes=60")).is(200);
        let form = clerk.get(&free.link("一号调解室")).is(200);
        let wrong = clerk.fill(&form, "/desk/bookings", &[("purpose", ""), ("minutes", "45")]).is(422);
        assert!(wrong.body().contains("purpose-fault"), "{}", wrong.text());
        let shown = clerk.fill(&wrong, "/desk/bookings", &[("purpose", "土地承包")]).is(200);
        assert!(shown.text().contains("11:00–11:45") && shown.text().contains("土地承包"), "{}", shown.text());
        let moving = clerk.get(&shown.link("改时间、房间或人")).is(200);
        let moved = clerk.fill(&moving, "/move", &[("from", "14:30"), ("minutes", "30")]).is(200);
        assert!(moved.text().contains("14:30–15:00"), "{}", moved.text());
        let gone = clerk.fill(&moved, "/actions", &[("action", "cancel")]).is(200);
        assert!(gone.text().contains("已取消"), "{}", gone.text());
        let closures = admin.get("/desk/closures").is(200);
        let closures = admin.fill(&closures, "/remove", &[]).is(200);
        let typed = [("from_date", day.to_string()), ("to_date", day.to_string()), ("reason", "清洁".to_owned())];
        let typed: Vec<_> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let flagged = admin.fill(&closures, "/desk/closures", &typed).is(200);
        assert!(flagged.path.ends_with("/flagged"), "{}", flagged.path);
    }

    fn calendars_and_doors_follow(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let (one, people) = (room(&admin, "一号调解室", ""), workers(&clerk));
        let day = workday(0);
        let booked = id(&book(&clerk, &one, day, "09:00", "10:00", json!({"mediator_id": people[0]})).is(201).json());
        let page = clerk.get("/desk/calendars").is(200);
        let fresh = clerk.fill(&page, "/desk/calendars", &[("room_id", &one)]).is(200);
        let secret = fresh.body().split("/calendar/").nth(1).unwrap().split(".ics").next().unwrap().to_owned();
        assert!(!clerk.get("/desk/calendars").body().contains(&secret), "the secret is shown twice");
        let kept = town.texts("SELECT kind AS t FROM calendar_feed");
        assert_eq!(kept, ["room"]);
        let mediator = town.program("mediator");
        let page = mediator.get("/desk/calendars").is(200);
        let fresh = mediator.fill(&page, "/desk/calendars", &[]).is(200);
        let own = fresh.body().split("/calendar/").nth(1).unwrap().split(".ics").next().unwrap().to_owned();
        let own = format!("/calendar/{own}.ics");
        town.visitor().get(&own).is(200);
        town.sql("UPDATE account SET disabled = true WHERE username = 'mediator'").unwrap();
        town.visitor().get(&own).is(404);
        let address = format!("/calendar/{secret}.ics");
        let calendar = || {
            let answer = town.visitor().get(&address).is(200);
            assert!(answer.header("content-type").unwrap().starts_with("text/calendar"));
            answer.body()
        };
        let first = calendar();
        assert_eq!(lines(&first, "DTSTART"), [format!("{}T010000Z", day.to_string().replace('-', ""))]);
        assert_eq!((lines(&first, "SEQUENCE"), lines(&first, "STATUS")), (vec!["0".to_owned()], vec!["CONFIRMED".to_owned()]));
        let uid = lines(&first, "UID");
        assert!(uid[0].starts_with(&booked) && !first.contains("邻里纠纷"), "{first}");
        act(&clerk, &booked, 1, "reschedule", json!({"starts_at": at(day, "11:00")})).is(200);
        act(&clerk, &booked, 2, "cancel", json!({})).is(200);
        let last = calendar();
        assert_eq!((lines(&last, "UID"), lines(&last, "SEQUENCE")), (uid, vec!["2".to_owned()]));
        assert_eq!(lines(&last, "STATUS"), ["CANCELLED"]);
        assert!(last.lines().all(|line| line.len() <= 75), "a line is not folded");

        let now = (falin_app::clock::source(None).clock)();
        let begun = falin_domain::time::Instant::from_millis(now.millis() / 900_000 * 900_000);
        let body = json!({"room_id": one, "starts_at": begun, "ends_at": begun.plus_seconds(1800), "purpose": "来访",
            "mediator_id": people[0]});
        clerk.call("POST", BOOKINGS, &body).is(201);
        let name = clerk.get(&format!("/api/v1/legal-workers/{}", people[0])).json()["name"].as_str().unwrap().to_owned();
        let door = town.visitor().get(&format!("/door/{secret}")).is(200);
        assert!(door.text().contains("正在使用") && door.text().contains('*'), "{}", door.text());
        assert!(!door.text().contains(&name) && !door.text().contains("来访"), "{}", door.text());
        assert_eq!(door.header("refresh"), Some("60"));
        clerk.get(&format!("/desk/rooms/{one}/door")).is(200);

        let list = clerk.get("/desk/calendars").is(200);
        clerk.fill(&list, "/revoke", &[]).is(200);
        assert_eq!(town.visitor().get(&address).status, 404);
        assert_eq!(town.visitor().get(&format!("/door/{secret}")).status, 404);
        let lawyer = town.program("lawyer");
        let page = lawyer.get("/desk/calendars").is(200);
        let own = lawyer.fill(&page, "/desk/calendars", &[]).is(200);
        let mine = own.body().split("/calendar/").nth(1).unwrap().split(".ics").next().unwrap().to_owned();
        town.visitor().get(&format!("/calendar/{mine}.ics")).is(200);
        assert_eq!(town.visitor().get(&format!("/door/{mine}")).status, 404);
    }

    fn everybody_sees_free_times_and_no_names(backend) {
        let town = Town::start(backend);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let (one, day) = (room(&admin, "一号调解室", OFFICE), workday(0));
        let path = format!("/zh/620200/rooms?date={day}");
        let before = town.visitor().get(&path).is(200);
        assert!(before.text().contains("9:00–12:00") && before.text().contains("14:30–17:30"), "{}", before.text());
        let tag = before.header("etag").unwrap().to_owned();
        let booked = id(&book(&clerk, &one, day, "09:00", "10:00", json!({})).is(201).json());
        let after = town.visitor().send("GET", &path, &[("if-none-match", &tag), ("accept", "text/html")], Vec::new()).is(200);
        assert!(after.text().contains("10:00–12:00") && !after.text().contains("9:00–12:00"), "{}", after.text());
        assert!(!after.text().contains("邻里纠纷"));
        act(&clerk, &booked, 1, "cancel", json!({})).is(200);
        assert!(town.visitor().get(&path).is(200).text().contains("9:00–12:00"));
        let sunday = day.plus_days(6 - i64::from(day.weekday()));
        assert!(town.visitor().get(&format!("/en/620200/rooms?date={sunday}")).is(200).text().contains("Closed"));
        assert_eq!(town.visitor().get("/zh/620200/rooms?date=2020-01-01").status, 404);
        assert_eq!(town.visitor().get("/zh/620200/rooms?date=x").status, 404);
    }
}

/// A change that makes the bookings of a room be looked at again.
fn act_on_room(admin: &Client, room: &str) {
    let body = json!({"action": "change", "version": 1, "capacity": 20});
    admin.call("POST", &format!("/api/v1/rooms/{room}/actions"), &body).is(200);
}
