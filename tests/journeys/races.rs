//! Many ask for the same time at once: never two winners, never a server error, on either database; on PostgreSQL
//! with two servers. `FALIN_TEST_RACES=64x1000` runs so many clients for so many rounds; the short form runs always.

use std::sync::Barrier;
use std::thread;

use falin_domain::time::Instant;
use serde_json::{Value, json};

use super::bookings::{room, workday, workers};
use crate::town::server::Server;
use crate::town::{Backend, Client, Town, county, on_both};

/// Clients and rounds.
fn size() -> (usize, usize) {
    let asked = std::env::var("FALIN_TEST_RACES").unwrap_or_default();
    let long =
        asked.split_once('x').map(|(clients, rounds)| (clients.parse().unwrap(), rounds.parse().unwrap()));
    long.unwrap_or((8, 10))
}

struct Field {
    rooms: Vec<String>,
    people: Vec<String>,
    start: Instant,
}

impl Field {
    /// The hour that a round is fought over.
    fn hour(&self, round: usize) -> (Instant, Instant) {
        let from = self.start.plus_seconds(round as i64 * 3600);
        (from, from.plus_seconds(3600))
    }

    /// What a client asks for: one thing is the same for all, the others are its own.
    fn wish(&self, round: usize, client: usize) -> Value {
        let (from, to) = self.hour(round);
        let mut body = json!({
            "room_id": self.rooms[1 + client], "starts_at": from, "ends_at": to, "purpose": "竞争",
            "pending": client.is_multiple_of(2),
        });
        match round % 4 {
            0 => body["room_id"] = json!(self.rooms[0]),
            1 => body["mediator_id"] = json!(self.people[0]),
            2 => body["lawyer_id"] = json!(self.people[1]),
            _ => body["party_ids"] = json!(["0190a0a0-0000-7000-8000-00000000aaaa"]),
        }
        body
    }
}

/// What a client does in a round: a third moves a booking of its own into the hour, the others book it.
fn ask(client: &Client, field: &Field, round: usize, number: usize, own: Option<&str>) -> u16 {
    let mut wish = field.wish(round, number);
    let Some(own) = own else { return client.call("POST", "/api/v1/bookings", &wish).status };
    let body = wish.as_object_mut().unwrap();
    body.remove("pending");
    body.insert("action".to_owned(), json!("reschedule"));
    body.insert("version".to_owned(), json!(1));
    client.call("POST", &format!("/api/v1/bookings/{own}/actions"), &wish).status
}

/// A booking of a client's own, far from the fight, to be moved into it.
fn far(client: &Client, field: &Field, round: usize, number: usize) -> String {
    let (from, to) = field.hour(round);
    let away = 200 * 86_400;
    let body = json!({"room_id": field.rooms[1 + number], "starts_at": from.plus_seconds(away),
        "ends_at": to.plus_seconds(away), "purpose": "先订"});
    client.call("POST", "/api/v1/bookings", &body).is(201).json()["id"].as_str().unwrap().to_owned()
}

/// Takes the room's first quarter of the hour behind the program's back; true where it was first.
fn raw(town: &Town, field: &Field, round: usize) -> bool {
    let slot = field.hour(round).0.millis() / 900_000;
    let sql = format!(
        "INSERT INTO booking_slot (county_id, subject_kind, subject_id, slot, booking_id)
         SELECT county_id, 'room', id, {slot}, id FROM room WHERE name = '竞争'"
    );
    town.sql(&sql).is_ok()
}

on_both! {
    fn a_time_has_one_winner(backend) {
        let (clients, rounds) = size();
        let town = Town::start(backend);
        let second = (backend == Backend::Postgres).then(|| Server::start(town.data(), town.database(), &[]));
        let admin = town.program("county_admin");
        let mut rooms = vec![room(&admin, "竞争", "")];
        rooms.extend((0..clients).map(|n| room(&admin, &format!("各自{n}"), "")));
        let start = workday(0).start();
        let field = Field { rooms, people: workers(&admin), start };
        let token = county::token(&town, "clerk");
        let addresses: Vec<&str> = [town.server().address.as_str()].into_iter()
            .chain(second.as_ref().map(|server| server.address.as_str())).collect();
        let mut all: Vec<Client> = (0..clients).map(|n| Client::new(addresses[n % addresses.len()]).with_token(&token)).collect();
        for round in 0..rounds {
            let own: Vec<Option<String>> = all.iter_mut().enumerate()
                .map(|(n, client)| (n % 3 == 2).then(|| far(client, &field, round, n))).collect();
            let gate = Barrier::new(clients + 1);
            let (statuses, sql_won) = thread::scope(|scope| {
                let asked: Vec<_> = all.iter_mut().zip(&own).enumerate().map(|(n, (client, own))| {
                    let (gate, field) = (&gate, &field);
                    scope.spawn(move || { gate.wait(); ask(client, field, round, n, own.as_deref()) })
                }).collect();
                gate.wait();
                let sql_won = round % 8 == 4 && raw(&town, &field, round);
                (asked.into_iter().map(|one| one.join().unwrap()).collect::<Vec<u16>>(), sql_won)
            });
            let winners = statuses.iter().filter(|status| matches!(status, 200 | 201)).count();
            let lost = statuses.iter().filter(|status| **status == 409).count();
            assert_eq!(winners + lost, clients, "round {round}: {statuses:?}");
            assert_eq!(winners + usize::from(sql_won), 1, "round {round}: {statuses:?}, by SQL: {sql_won}");
        }
        confirmed_once(&mut all);
        let twice = "SELECT count(*) FROM booking a JOIN booking b ON a.county_id = b.county_id AND a.id < b.id
            AND (a.room_id = b.room_id OR a.mediator_id = b.mediator_id OR a.lawyer_id = b.lawyer_id)
            AND a.starts_ms < b.ends_ms AND b.starts_ms < a.ends_ms
            WHERE a.state IN ('pending', 'confirmed') AND b.state IN ('pending', 'confirmed')";
        assert_eq!(town.number(twice), 0);
        let bare = "SELECT count(*) FROM booking a WHERE a.state IN ('pending', 'confirmed') AND
            (a.ends_ms - a.starts_ms) / 900000 <> (SELECT count(*) FROM booking_slot s WHERE s.county_id = a.county_id
                AND s.booking_id = a.id AND s.subject_kind = 'room')";
        assert_eq!(town.number(bare), 0);
    }
}

/// Everybody confirms every pending booking of the same version at once: one does, the others are told.
fn confirmed_once(all: &mut [Client]) {
    let pending = all[0].get("/api/v1/bookings?state=pending&limit=5").is(200).json();
    for booking in pending["items"].as_array().unwrap() {
        let path = format!("/api/v1/bookings/{}/actions", booking["id"].as_str().unwrap());
        let body = json!({"action": "confirm", "version": booking["version"]});
        let gate = Barrier::new(all.len());
        let statuses: Vec<u16> = thread::scope(|scope| {
            let asked: Vec<_> = all
                .iter_mut()
                .map(|client| {
                    let (gate, path, body) = (&gate, &path, &body);
                    scope.spawn(move || {
                        gate.wait();
                        client.call("POST", path, body).status
                    })
                })
                .collect();
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 200 | 409)), "{statuses:?}");
    }
}
