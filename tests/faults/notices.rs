//! A server that dies while it sends: nothing is lost, nothing reaches anybody twice, nothing of what was called off.

use std::process::Stdio;
use std::time::{Duration, Instant};

use falin_app::notice::{self, New, To, TypedChannels};
use falin_app::{App, Settings, county};
use falin_domain::access::Visitor;
use falin_domain::words::{CountyId, Id};
use falin_store::In;
use uuid::Uuid;

use crate::town::gateway::Gateway;
use crate::town::{Backend, Town, command, on_both};

/// Messages of one drill; every fifth is called off before anything is sent.
const MESSAGES: u128 = 20;
const CALLED_OFF: i64 = 4;

fn house(town: &Town) -> (App, CountyId) {
    let settings =
        Settings { data: town.data().to_path_buf(), database: town.database().map(str::to_owned), now: None };
    let app = App::open(&settings).unwrap();
    let counties = app.wait(county::all(&app)).unwrap();
    (app, counties[0].id)
}

fn fill(town: &Town, gateway: &Gateway) {
    let (app, county) = house(town);
    let typed = TypedChannels {
        gateway: gateway.url.clone(),
        secret: "three random words".into(),
        sms: "on".into(),
        // The machine's clock may stand at night.
        quiet_from: "00:00".into(),
        quiet_to: "00:00".into(),
        sms_kinds: falin_domain::notice::KINDS.join(" "),
        ..TypedChannels::default()
    };
    app.wait(notice::save(&app, &Visitor::operator(county), 0, &typed)).unwrap();
    let work = move |tx: &mut falin_store::Tx<'_>| {
        for n in 1..=MESSAGES {
            let subject = Id::from_uuid(Uuid::from_u128(n));
            notice::queue(
                tx,
                New {
                    county,
                    key: format!("booking/{n}"),
                    to: To::Resident {
                        name: format!("张{n}"),
                        phone: Some(format!("138{n:08}")),
                        consent: true,
                    },
                    text_key: "notice-deadline-reminded",
                    args: Vec::new(),
                    subject: ("booking", subject),
                    division: None,
                    not_before: None,
                    language: None,
                },
            )?;
            if n % 5 == 0 {
                notice::cancel(tx, county, subject)?;
            }
        }
        Ok(())
    };
    app.db.write_now(In::County(county), work).unwrap();
}

/// Another process than the one that died would wait two minutes for its leases on PostgreSQL; the drill does not.
fn let_leases_run_out(town: &Town) {
    if town.backend == Backend::Postgres {
        town.sql("UPDATE notice SET lease_until_ms = 1 WHERE lease IS NOT NULL").unwrap();
    }
}

fn begin(town: &Town, die_at: Option<&str>) -> std::process::Child {
    let mut server = command::falin(town.data(), town.database());
    server.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(place) = die_at {
        server.env("FALIN_DIE_AT", place);
    }
    server.spawn().unwrap()
}

/// Sends the rest with a server that lives, and looks at what everybody got.
fn finish(mut town: Town, gateway: &Gateway) {
    let_leases_run_out(&town);
    gateway.think(0);
    town.serve();
    let until = Instant::now() + Duration::from_secs(60);
    let sent = MESSAGES as i64 - CALLED_OFF;
    while town.number("SELECT count(*) FROM notice WHERE state = 'sent'") < sent {
        assert!(Instant::now() < until, "not everything leaves\n{}", town.server().log());
        std::thread::sleep(Duration::from_millis(100));
    }
    town.stop();
    let mut got: Vec<String> = gateway.handed().iter().map(|one| one.body["to"].to_string()).collect();
    got.sort();
    got.dedup();
    assert_eq!(got.len() as i64, sent, "everybody once, and nobody of what was called off: {got:?}");
    assert_eq!(gateway.delivered().len() as i64, sent, "one key a message, however often it was sent");
    assert_eq!(town.number("SELECT count(*) FROM notice WHERE state = 'cancelled'"), CALLED_OFF);
}

on_both! {
    fn a_server_that_dies_at_any_step_of_sending_loses_and_doubles_nothing(backend) {
        let (town, gateway) = (Town::prepared(backend), Gateway::open());
        fill(&town, &gateway);
        for place in ["leased", "sent", "noted", "sent", "noted", "leased"] {
            let child = begin(&town, Some(place));
            let ended = command::wait(child, Duration::from_secs(30));
            assert!(ended.is_some_and(|status| !status.success()), "it did not die at {place}");
            let_leases_run_out(&town);
        }
        assert!(gateway.handed().len() > gateway.delivered().len(), "the drill made no repeats to drop");
        finish(town, &gateway);
    }

    fn a_server_that_is_killed_while_a_slow_gateway_thinks_loses_and_doubles_nothing(backend) {
        let (town, gateway) = (Town::prepared(backend), Gateway::open());
        fill(&town, &gateway);
        gateway.think(40);
        for round in 0..5u64 {
            let mut child = begin(&town, None);
            let until = Instant::now() + Duration::from_secs(20);
            let before = gateway.handed().len();
            while gateway.handed().len() <= before && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis(round * 17));
            child.kill().unwrap();
            child.wait().unwrap();
            let_leases_run_out(&town);
        }
        finish(town, &gateway);
    }
}
