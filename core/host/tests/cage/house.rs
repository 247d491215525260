//! A host with the rogue in it, and what the tests of the cage ask of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use falin_domain::words::CountyId;
use falin_host::plugin::{
    Answer, CageChoice, Expected, Fault, Host, HostAnswer, HostOp, Key, Library, Limits, Plugin, PluginOp,
    Refused, Settings,
};

/// Time enough for a good call on a busy machine.
pub const ENOUGH: Duration = Duration::from_secs(10);

/// How often each fault is committed: ten times, or as often as FALIN_TEST_RUNS says (200 for the full form).
pub fn runs() -> usize {
    std::env::var("FALIN_TEST_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(10)
}

/// The rogue's bytes, with a word written behind its mark.
pub fn rogue(word: &str) -> Vec<u8> {
    let beside = std::env::current_exe().unwrap();
    let path: PathBuf = beside.with_file_name("libfalin_rogue.so");
    let mut bytes = std::fs::read(&path).unwrap_or_else(|_| panic!("{} is not built", path.display()));
    let mark = b"FALIN-ROGUE-SWITCH:\0";
    let at = bytes.windows(mark.len()).position(|window| window == mark).unwrap() + mark.len() - 1;
    bytes[at..at + word.len()].copy_from_slice(word.as_bytes());
    bytes
}

/// The rogue as the host takes it; sealed once for each word.
pub fn plugin(word: &str) -> Plugin {
    static SEALED: Mutex<BTreeMap<String, Plugin>> = Mutex::new(BTreeMap::new());
    let mut sealed = SEALED.lock().unwrap();
    sealed.entry(word.to_owned()).or_insert_with(|| plugin_of(&rogue(word))).clone()
}

/// Any library that calls itself the rogue.
pub fn plugin_of(bytes: &[u8]) -> Plugin {
    let expected = Expected::new("rogue", "1.0.0", Some([7; 32]));
    let limits = Limits { loading: Duration::from_secs(10), ..Limits::default() };
    Plugin { library: Library::seal(bytes).unwrap(), expected, limits }
}

/// Whose it is.
pub fn key(county: u8) -> Key {
    let county = CountyId::from_bytes(&[county; 16]).unwrap();
    Key { county, plugin: "rogue".into(), version: "1.0.0".into() }
}

/// A host in the cage of the environment's choice.
pub fn host() -> Host {
    let word = std::env::var("FALIN_TEST_CAGE").unwrap_or_default();
    let cage = CageChoice::from_word(&word).unwrap_or_default();
    Host::start(Settings { program: None, cage }).unwrap()
}

/// A host with the well-behaved rogue under [`key`] 1.
pub fn with_rogue() -> Host {
    let host = host();
    host.put(key(1), plugin(""));
    host
}

/// Asks for a page; host calls are answered with a date.
pub fn page(host: &Host, name: &str, within: Duration) -> Result<String, Fault> {
    call(host, &key(1), name, within, &mut clock)
}

/// The server of these tests.
pub fn clock(op: HostOp, _: &[u8]) -> HostAnswer {
    match op {
        HostOp::Clock => HostAnswer::ok(br#"{"today":"2026-03-01"}"#.to_vec()),
        HostOp::CaseOpen => HostAnswer::ok(br#"{"id":"1"}"#.to_vec()),
        _ => HostAnswer::fault(falin_host::plugin::status::NOT_GRANTED),
    }
}

/// Asks a plugin for a page.
pub fn call(
    host: &Host,
    key: &Key,
    name: &str,
    within: Duration,
    server: &mut dyn FnMut(HostOp, &[u8]) -> HostAnswer,
) -> Result<String, Fault> {
    let payload = format!(r#"{{"page":"{name}"}}"#);
    let answer = host.call(key, PluginOp::Page, payload.as_bytes(), within, server)?;
    Ok(match answer {
        Answer::Done(json) | Answer::Refused(json) => String::from_utf8(json).unwrap(),
    })
}

/// Why a library with this word is not loaded.
pub fn refusal(host: &Host, word: &str) -> Option<Refused> {
    host.trial(&plugin(word)).err()
}
