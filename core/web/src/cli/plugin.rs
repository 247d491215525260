//! `falin plugin`: the author's path from a new folder to a signed package, and the administrator's from there on.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand};
use falin_app::App;
use falin_app::plugin::{self, Manifest, Move, PublicKey, Revocations, SecretKey, Shown};
use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use serde_json::{Value, json};

use super::plugin_author::{self, at};
use super::{Frame, Halt, Outcome, Ran, place, plugin_import};
use crate::api::plugins::show;

/// Between two looks at an author's folder.
const LOOK: Duration = Duration::from_millis(400);

/// Arguments of `falin plugin`.
#[derive(Args)]
pub struct Plugin {
    #[command(subcommand)]
    act: PluginAct,
    /// In which county: a division code
    #[arg(long, global = true, value_name = "CODE")]
    place: Option<String>,
}

#[derive(Subcommand)]
enum PluginAct {
    /// Makes the folder of a new workflow, ready to try
    New {
        /// Its name: small letters, digits, hyphens
        id: String,
        /// Where; otherwise a folder of that name here
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// With code of its own: a crate, its test, and the SDK
        #[arg(long)]
        library: bool,
    },
    /// Says what is wrong with a folder or a package
    Check {
        /// Folder or .falin file
        what: PathBuf,
    },
    /// Walks every state, step and role of a folder's flows
    Test {
        /// Folder
        dir: PathBuf,
    },
    /// Puts a folder in use unsigned, and again whenever a file in it changes
    Dev {
        /// Folder
        dir: PathBuf,
        /// Only once
        #[arg(long)]
        once: bool,
    },
    /// Makes a publisher's key: FILE is secret, FILE.pub is for others
    Keygen {
        /// Whose it is
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Where the secret is written
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Packs a folder into NAME-VERSION.falin
    Pack {
        /// Folder
        dir: PathBuf,
        /// Where
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Sign it at once with this key
        #[arg(long, value_name = "KEY")]
        key: Option<PathBuf>,
    },
    /// Signs a package, or a publisher's .pub file as a root
    Sign {
        /// .falin or .pub file, written over
        file: PathBuf,
        /// Secret key
        #[arg(long, value_name = "KEY")]
        key: PathBuf,
    },
    /// Trusts a publisher's .pub file, or takes over a root's list of revocations
    Trust {
        /// .pub file or list
        file: PathBuf,
        /// It speaks for other keys and signs revocations
        #[arg(long)]
        root: bool,
    },
    /// Writes a list of revoked keys and packages, signed by a root
    Revoke {
        /// Keys as in .pub files
        #[arg(long, value_name = "HEX")]
        key: Vec<String>,
        /// Packages, as files or as the SHA-256 of files
        #[arg(long, value_name = "FILE|HEX")]
        package: Vec<String>,
        /// The root's secret key
        #[arg(long, value_name = "KEY")]
        by: PathBuf,
        /// Where
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Verifies a package, puts it into the county and tries it there
    Install {
        /// .falin file
        file: PathBuf,
        /// Take one without signature, for development
        #[arg(long)]
        unsigned: bool,
    },
    /// Grants what it asks for
    Grant { name: String },
    /// Puts it in use
    Enable { name: String },
    /// Puts the waiting version in use
    Upgrade { name: String },
    /// Puts the version before in use again
    Rollback { name: String },
    /// Switches it off
    Disable { name: String },
    /// Takes it out
    Remove { name: String },
    /// Reads a table into the cases of a workflow
    Import {
        /// The workflow
        name: String,
        /// Which of its imports
        code: String,
        /// xlsx, xls or csv
        file: PathBuf,
        /// Only says what it would do; nothing of it is kept
        #[arg(long)]
        dry_run: bool,
    },
    /// What the county has
    List,
}

impl Plugin {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let place = self.place.as_deref();
        match self.act {
            PluginAct::New { id, dir, library } => {
                let dir = dir.unwrap_or_else(|| PathBuf::from(&id));
                plugin::scaffold(&dir, &id, library)?;
                told(frame, "cli-plugin-new", &dir.display().to_string(), json!({ "folder": dir }))
            }
            PluginAct::Check { what } => check(frame, &what),
            PluginAct::Test { dir } => test(frame, &dir),
            PluginAct::Dev { dir, once } => dev(frame, place, &dir, once),
            PluginAct::Keygen { name, out } => keygen(frame, &name, &out),
            PluginAct::Pack { dir, out, key } => pack(frame, &dir, out, key.as_deref()),
            PluginAct::Sign { file, key } => sign(frame, &file, &key),
            PluginAct::Trust { file, root } => trust(frame, place, &file, root),
            PluginAct::Revoke { key, package, by, out } => {
                let packages = package.iter().map(|one| revoked(one)).collect::<Result<_, _>>()?;
                let list = Revocations { keys: key.into_iter().collect(), packages };
                fs::write(&out, list.text(&secret(&by)?)?).map_err(at(&out))?;
                told(frame, "cli-plugin-written", &out.display().to_string(), json!({ "file": out }))
            }
            PluginAct::Install { file, unsigned } => install(frame, place, &file, unsigned),
            PluginAct::Grant { name } => moved(frame, place, &name, Move::Grant),
            PluginAct::Enable { name } => moved(frame, place, &name, Move::Enable),
            PluginAct::Upgrade { name } => moved(frame, place, &name, Move::Upgrade),
            PluginAct::Rollback { name } => moved(frame, place, &name, Move::Rollback),
            PluginAct::Disable { name } => moved(frame, place, &name, Move::Disable),
            PluginAct::Remove { name } => moved(frame, place, &name, Move::Remove),
            PluginAct::Import { name, code, file, dry_run } => {
                plugin_import::run(frame, place, (&name, &code), &file, dry_run)
            }
            PluginAct::List => list(frame, place),
        }
    }
}

fn told(frame: &Frame, key: &str, what: &str, value: Value) -> Ran {
    frame.print(&value, &frame.with(key, &[("what", what)]))?;
    Ok(Outcome::Done)
}

/// What a folder declares; every fault of it has been told otherwise, and its library has been tried where it brings one.
fn sound(frame: &Frame, files: &plugin::Files) -> Result<Manifest, Halt> {
    let (manifest, library) = plugin::sound(files)?;
    if library && !plugin::tried_alone(files)? {
        frame.note(&frame.t("cli-plugin-untried"));
    }
    Ok(manifest)
}

/// A package is looked at for what it is: whose key it bears is said, and whether that key counts is for who installs it.
fn check(frame: &Frame, what: &Path) -> Ran {
    let (manifest, signer) = if what.is_dir() {
        (sound(frame, &plugin_author::files(what)?)?, None)
    } else {
        let (package, key) = plugin::look(&read(what)?)?;
        (package.manifest, key.map(|key| plugin::fingerprint_of(&key)))
    };
    let name = format!("{} {}", manifest.id, manifest.version);
    let value = json!({ "plugin": manifest.id, "version": manifest.version, "fingerprint": signer });
    let text = match &signer {
        Some(fingerprint) => {
            frame.with("cli-plugin-sound-signed", &[("what", &name), ("fingerprint", fingerprint)])
        }
        None => frame.with("cli-plugin-sound", &[("what", &name)]),
    };
    frame.print(&value, &text)?;
    Ok(Outcome::Done)
}

fn test(frame: &Frame, dir: &Path) -> Ran {
    let manifest = sound(frame, &plugin_author::files(dir)?)?;
    plugin_author::bench(dir)?;
    let (mut text, mut value) = (String::new(), Vec::new());
    for flow in &manifest.flow {
        // What is sound has been proved.
        let decided = falin_domain::workflow::proven(flow).unwrap_or_default();
        let ways: usize = decided.values().map(|steps| steps.len()).sum();
        let counts = [decided.len().to_string(), ways.to_string()];
        let args = [("flow", &*flow.id), ("states", &*counts[0]), ("ways", &*counts[1])];
        text += &format!("{}\n", frame.with("cli-plugin-walked", &args));
        value.push(json!({ "flow": flow.id, "decided": decided }));
    }
    frame.print(&json!({ "flows": value }), &text)?;
    Ok(Outcome::Done)
}

fn keygen(frame: &Frame, name: &str, out: &Path) -> Ran {
    let key = plugin::new_key(name)?;
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(out);
    let mut file = made.map_err(at(out))?;
    file.write_all(key.text().as_bytes())?;
    let public = key.public()?;
    let beside = PathBuf::from(format!("{}.pub", out.display()));
    fs::write(&beside, public.text()).map_err(at(&beside))?;
    let fingerprint = plugin::fingerprint(&public.key);
    let args = [("file", beside.display().to_string()), ("fingerprint", fingerprint.clone())];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let text = frame.with("cli-plugin-key", &args);
    frame.print(
        &json!({ "file": out, "public": beside, "key": public.id(), "fingerprint": fingerprint }),
        &text,
    )?;
    Ok(Outcome::Done)
}

fn read(file: &Path) -> Result<Vec<u8>, Halt> {
    fs::read(file).map_err(at(file))
}

fn secret(file: &Path) -> Result<SecretKey, Halt> {
    Ok(SecretKey::parse(&fs::read_to_string(file).map_err(at(file))?)?)
}

/// A hash as it is, or the content of a package, so that packing it again does not help.
fn revoked(one: &str) -> Result<String, Halt> {
    match one.len() == 64 && one.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(one.to_ascii_lowercase()),
        false => Ok(plugin::identity(&read(Path::new(one))?)?),
    }
}

fn pack(frame: &Frame, dir: &Path, out: Option<PathBuf>, key: Option<&Path>) -> Ran {
    let files = plugin_author::files(dir)?;
    let manifest = sound(frame, &files)?;
    let mut bytes = plugin::pack(&files)?;
    if let Some(key) = key {
        bytes = plugin::sign(&bytes, &secret(key)?)?;
    }
    let out = out.unwrap_or_else(|| PathBuf::from(format!("{}-{}.falin", manifest.id, manifest.version)));
    fs::write(&out, &bytes).map_err(at(&out))?;
    told(frame, "cli-plugin-written", &out.display().to_string(), json!({ "file": out, "size": bytes.len() }))
}

fn sign(frame: &Frame, file: &Path, key: &Path) -> Ran {
    let key = secret(key)?;
    let bytes = read(file)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.starts_with("falin publisher key") => {
            fs::write(file, PublicKey::parse(text)?.certify(&key)?.text())?;
        }
        _ => fs::write(file, plugin::sign(&bytes, &key)?)?,
    }
    told(frame, "cli-plugin-written", &file.display().to_string(), json!({ "file": file }))
}

fn trust(frame: &Frame, place: Option<&str>, file: &Path, root: bool) -> Ran {
    let text = fs::read_to_string(file).map_err(at(file))?;
    let app = frame.open()?;
    let visitor = place::visitor(frame, &app, place)?;
    if text.starts_with("falin revocations") {
        let (list, root) = Revocations::parse(&text)?;
        app.wait(plugin::revoke(&app, &visitor, list, root))?;
        return told(frame, "cli-plugin-revoked", &file.display().to_string(), json!({ "file": file }));
    }
    let key = PublicKey::parse(&text)?;
    let (name, fingerprint) = (key.name.clone(), plugin::fingerprint(&key.key));
    let id = key.id();
    app.wait(plugin::trust_key(&app, &visitor, key, root))?;
    let text = frame.with("cli-plugin-trusted", &[("name", &name), ("fingerprint", &fingerprint)]);
    frame.print(&json!({ "key": id, "name": name, "fingerprint": fingerprint }), &text)?;
    Ok(Outcome::Done)
}

fn install(frame: &Frame, place: Option<&str>, file: &Path, unsigned: bool) -> Ran {
    let bytes = read(file)?;
    let app = frame.open()?;
    let visitor = place::visitor(frame, &app, place)?;
    let mut done = app.wait(plugin::upload(&app, &visitor, bytes, unsigned))?;
    if done.moves.contains(&Move::Try) {
        done = step(&app, &visitor, &done, Move::Try)?;
    }
    say(frame, &done)
}

fn step(app: &App, visitor: &Visitor, there: &Shown, wanted: Move) -> Result<Shown, Halt> {
    let (id, version) = (there.install.id, there.install.version);
    Ok(app.wait(plugin::act(app, visitor, id, version, wanted))?)
}

fn moved(frame: &Frame, place: Option<&str>, name: &str, wanted: Move) -> Ran {
    let app = frame.open()?;
    let visitor = place::visitor(frame, &app, place)?;
    let there = app.wait(plugin::by_name(&app, &visitor, name)).map_err(|stop| match stop.is_absent() {
        true => Refusal::new("plugin.unknown").with("name", name).into(),
        false => stop,
    })?;
    if !there.moves.contains(&wanted) {
        let open: Vec<&str> = there.moves.iter().map(|one| one.code()).collect();
        let no = Refusal::new("plugin.moves").with("name", name).with("moves", open.join(", "));
        let missing = if there.ungranted.is_empty() { "none".to_owned() } else { ungranted(&there) };
        return Err(no.with("missing", missing).into());
    }
    for why in &there.misfits {
        frame.note(&frame.t(&format!("plugin-misfit-{why}")));
    }
    say(frame, &step(&app, &visitor, &there, wanted)?)
}

fn ungranted(it: &Shown) -> String {
    it.ungranted.iter().map(|one| one.code()).collect::<Vec<_>>().join(" ")
}

fn line(frame: &Frame, it: &Shown) -> String {
    let state = frame.t(&format!("plugin-state-{}", it.install.state.code()));
    let waiting = it.offered.as_ref().map(|offered| format!(" ⇡ {}", offered.version)).unwrap_or_default();
    let missing = if it.ungranted.is_empty() { String::new() } else { format!("\t? {}", ungranted(it)) };
    format!("{}\t{}{waiting}\t{state}{missing}", it.install.plugin, it.manifest.version)
}

fn say(frame: &Frame, it: &Shown) -> Ran {
    frame.print(&show(it, None, frame.lang.code()), &line(frame, it))?;
    Ok(Outcome::Done)
}

fn list(frame: &Frame, place: Option<&str>) -> Ran {
    let app = frame.open()?;
    let visitor = place::visitor(frame, &app, place)?;
    let all = app.wait(plugin::list(&app, &visitor))?;
    let items: Vec<Value> = all.iter().map(|one| show(one, None, frame.lang.code())).collect();
    let lines: Vec<String> = all.iter().map(|one| line(frame, one)).collect();
    frame.print(&json!({ "items": items }), &lines.join("\n"))?;
    Ok(Outcome::Done)
}

/// The newest change below a folder.
fn newest(dir: &Path) -> SystemTime {
    let mut last = SystemTime::UNIX_EPOCH;
    let Ok(entries) = fs::read_dir(dir) else { return last };
    let own = |name: &str| name != "target" && !plugin::is_passing(name);
    for entry in entries.flatten().filter(|entry| own(&entry.file_name().to_string_lossy())) {
        let path = entry.path();
        let changed = entry.metadata().and_then(|meta| meta.modified()).unwrap_or(last);
        last = last.max(if path.is_dir() { newest(&path) } else { changed });
    }
    last
}

fn dev(frame: &Frame, place: Option<&str>, dir: &Path, once: bool) -> Ran {
    let app = frame.open()?;
    let visitor = place::visitor(frame, &app, place)?;
    let mut seen = None;
    loop {
        let now = newest(dir);
        if seen != Some(now) {
            seen = Some(now);
            match put(&app, &visitor, dir) {
                Ok(done) => say(frame, &done).map(drop)?,
                Err(halt) if once => return Err(halt),
                // The author reads it, mends the file, and the next look takes it.
                Err(halt) => drop(frame.close(Err(halt))),
            }
        }
        if once {
            return Ok(Outcome::Done);
        }
        std::thread::sleep(LOOK);
    }
}

/// Packs a folder and puts it in use, with everything that it asks for.
fn put(app: &App, visitor: &Visitor, dir: &Path) -> Result<Shown, Halt> {
    let bytes = plugin::pack(&plugin_author::files(dir)?)?;
    let mut there = app.wait(plugin::upload(app, visitor, bytes, true))?;
    for wanted in [Move::Try, Move::Grant, Move::Upgrade, Move::Enable] {
        if there.moves.contains(&wanted) {
            there = step(app, visitor, &there, wanted)?;
        }
    }
    Ok(there)
}
