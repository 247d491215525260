//! The program that is shipped, as the worker of a plugin that does everything wrong. All faults and probes are
//! committed in core/host/tests/cage; here it is the built program that must hold.

use std::time::Duration;

use falin_domain::words::CountyId;
use falin_host::plugin::{
    Answer, Expected, Fault, Host, HostAnswer, Key, Library, Limits, Plugin, PluginOp, Settings, Standing,
};

use crate::town::{Backend, Town};

const ENOUGH: Duration = Duration::from_secs(20);

fn host() -> (Host, Key) {
    let program = Some(env!("CARGO_BIN_EXE_falin").into());
    let host = Host::start(Settings { program, ..Settings::default() }).unwrap();
    let county = CountyId::from_bytes(&[1; 16]).unwrap();
    let key = Key { county, plugin: "rogue".into(), version: "1.0.0".into() };
    let library = std::env::current_exe().unwrap().with_file_name("libfalin_rogue.so");
    let library = Library::seal(&std::fs::read(library).unwrap()).unwrap();
    let expected = Expected::new("rogue", "1.0.0", Some([7; 32]));
    host.put(key.clone(), Plugin { library, expected, limits: Limits::default() });
    (host, key)
}

fn page(host: &Host, key: &Key, name: &str, within: Duration) -> Result<String, Fault> {
    let asked = format!(r#"{{"page":"{name}"}}"#);
    match host.call(key, PluginOp::Page, asked.as_bytes(), within, &mut |_, _| HostAnswer::unknown())? {
        Answer::Done(json) | Answer::Refused(json) => Ok(String::from_utf8(json).unwrap()),
    }
}

#[test]
fn the_shipped_program_is_its_own_cage() {
    let (host, key) = host();
    assert_eq!(page(&host, &key, "good", ENOUGH).unwrap(), r#"{"model":"good"}"#);
    let probed = page(&host, &key, "probes", ENOUGH).unwrap();
    assert!(probed.contains(r#""succeeded":[]"#), "{probed}");
    for name in ["panic", "abort", "null-write", "exit", "hog", "close-all"] {
        page(&host, &key, name, ENOUGH).unwrap_err();
        host.release(&key);
        page(&host, &key, "good", ENOUGH).unwrap();
    }
    assert_eq!(page(&host, &key, "loop", Duration::from_millis(100)), Err(Fault::Late));
    for _ in 0..4 {
        page(&host, &key, "abort", ENOUGH).unwrap_err();
    }
    assert!(matches!(host.standing(&key), Standing::Quarantined(_)));
}

#[test]
fn the_doctor_names_the_cage() {
    let town = Town::prepared(Backend::Sqlite);
    let told = town.falin(&["doctor", "--json"]).json().to_string();
    assert!(told.contains(r#""cage""#), "{told}");
    let words = town.falin(&["doctor"]).stdout;
    assert!(["landlock", "private-root", "no_cage"].iter().any(|word| words.contains(word)), "{words}");
}
