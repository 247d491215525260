//! Who asks learns nothing of who is known: unknown and known names, slips and case numbers get the same answer with
//! the same work behind it.
//!
//! The work is compared by what it leaves (guesses counted, rows written) and by its kind (a hash for everybody); the
//! waits are printed and never asserted, since a shared machine would make a true answer false.

use std::time::{Duration, Instant};

use serde_json::json;

use super::amount;
use crate::town::county::{COUNTY, PASSWORD};
use crate::town::{Answer, Town, on_both};

const DOOR: &str = "/zh/620200/sign-in";

/// What a stranger sees: everything but what is random in every answer and what the stranger typed.
fn seen(answer: &Answer, typed: &str) -> (u16, Vec<String>, String) {
    let random = ["date", "set-cookie", "content-length", "etag"];
    let names = answer.headers.iter().map(|(name, _)| name.clone());
    let body = answer.body().replace(typed, "…");
    let calm = body.lines().filter(|line| !line.contains("name=\"csrf\"")).collect::<Vec<_>>().join("\n");
    let mut names: Vec<String> = names.filter(|name| !random.contains(&name.as_str())).collect();
    // Their order is the framework's and means nothing.
    names.sort();
    (answer.status, names, calm)
}

/// Each way in turn, `rounds` times; the median wait of each.
fn medians(rounds: usize, ways: &mut [&mut dyn FnMut(usize)]) -> Vec<Duration> {
    let mut waits = vec![Vec::new(); ways.len()];
    for n in 0..rounds {
        for (way, waits) in ways.iter_mut().zip(&mut waits) {
            let start = Instant::now();
            way(n);
            waits.push(start.elapsed());
        }
    }
    waits.iter_mut().for_each(|waits| waits.sort_unstable());
    waits.iter().map(|waits| waits[waits.len() / 2]).collect()
}

fn guesses(town: &Town) -> i64 {
    town.number("SELECT count(*) FROM signin_guess")
}

on_both! {
    fn an_unknown_name_is_answered_as_a_known_one(backend) {
        let mut town = Town::prepared(backend);
        town.serve_with(&["--flood", "0"]);
        let attempt = |name: &str| {
            let browser = town.visitor();
            let page = browser.get(DOOR).is(200);
            browser.fill(&page, "/sign-in", &[("username", name), ("password", "not the password")])
        };
        // Many accounts, so that no name is guessed at twice and made to wait.
        let rounds = amount(4, 200);
        let known: Vec<String> = (0..rounds).map(|n| format!("known{n}")).collect();
        for name in &known {
            let words = ["user", "add", name, "--role", "clerk", "--place", COUNTY, "--password-stdin"];
            town.falin_typing(&words, PASSWORD).ok();
        }
        // An account that nobody has activated yet has no password at all.
        town.falin(&["user", "add", "sleeping", "--role", "clerk", "--place", COUNTY]).ok();
        let before = guesses(&town);
        let there = attempt(&known[0]);
        let counted = guesses(&town) - before;
        let nowhere = attempt("nobody0");
        assert_eq!(guesses(&town) - before, 2 * counted, "as many guesses are counted for a name that does not exist");
        let sleeping = attempt("sleeping");
        assert_eq!(guesses(&town) - before, 3 * counted);
        assert_eq!(there.status, 401);
        assert_eq!(seen(&there, &known[0]), seen(&nowhere, "nobody0"));
        assert_eq!(seen(&there, &known[0]), seen(&sleeping, "sleeping"));
        let waits = medians(rounds - 1, &mut [
            &mut |n| drop(attempt(&known[n + 1]).is(401)),
            &mut |n| drop(attempt(&format!("nobody{}", n + 1)).is(401)),
        ]);
        println!("known {:?}, unknown {:?}", waits[0], waits[1]);
    }

    fn a_wrong_slip_tells_neither_of_name_nor_of_code(backend) {
        let mut town = Town::prepared(backend);
        town.serve_with(&["--flood", "0"]);
        let words = ["user", "add", "yangling", "--role", "clerk", "--place", COUNTY, "--json"];
        let slip = town.falin(&words).ok().json()["slips"][0]["activation_code"].as_str().unwrap().to_owned();
        let attempt = |name: &str, slip: &str| {
            let browser = town.visitor();
            let page = browser.get("/zh/620200/activate").is(200);
            browser.fill(&page, "/activate", &[("username", name), ("slip", slip)])
        };
        let wrong = "2222-3333-4444";
        let known_name = seen(&attempt("yangling", wrong), "yangling");
        assert_eq!(known_name.0, 422);
        assert_eq!(known_name, seen(&attempt("nobody", wrong), "nobody"));
        let known_code = attempt("nobody", &slip);
        let known_code = (known_code.status, known_code.body().replace(&slip, wrong));
        let neither = attempt("nobody", wrong);
        assert_eq!(known_code.0, neither.status);
        let calm = |body: &str| body.lines().filter(|line| !line.contains("csrf")).collect::<Vec<_>>().join("\n");
        assert_eq!(calm(&known_code.1), calm(&neither.body()));
        let waits = medians(amount(8, 400), &mut [
            &mut |_| drop(attempt("yangling", wrong).is(422)),
            &mut |_| drop(attempt("nobody", wrong).is(422)),
        ]);
        println!("known {:?}, unknown {:?}", waits[0], waits[1]);
    }

    fn a_case_number_without_its_telephone_tells_nothing(backend) {
        let mut town = Town::prepared(backend);
        town.serve_with(&["--flood", "0"]);
        let clerk = town.program("clerk");
        let question = json!({"question": "老板欠我三个月工资", "asker": "张建国", "phone": "13912345678",
            "channel": "phone", "matter": "wages", "place": "620201101202"});
        let made = clerk.call("POST", "/api/v1/consultations", &question);
        let number = match made.status {
            201 => made.json()["number"].as_str().unwrap().to_owned(),
            _ => panic!("{}", made.body()),
        };
        let attempt = |number: &str, phone: &str| {
            let browser = town.visitor();
            let page = browser.get("/zh/620200/progress").is(200);
            browser.fill(&page, "/progress", &[("number", number), ("phone", phone)])
        };
        let strange = number.replace("0001", "0877");
        let known = attempt(&number, "13900000001");
        let unknown = attempt(&strange, "13900000001");
        assert_eq!(known.status, 404);
        assert_eq!(seen(&known, &number), seen(&unknown, &strange));
        let waits = medians(amount(8, 400), &mut [
            &mut |_| drop(attempt(&number, "13900000001")),
            &mut |_| drop(attempt(&strange, "13900000001")),
        ]);
        println!("known {:?}, unknown {:?}", waits[0], waits[1]);
    }
}
