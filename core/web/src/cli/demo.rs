//! `falin demo`: a whole sample county in the browser, loaded through the real importer and planner.

use std::fs;
use std::net::{IpAddr, UdpSocket};
use std::path::{Path, PathBuf};

use actix_web::web::Data;
use clap::Args;
use falin_app::App;
use falin_app::demo::load::{self, Accounts, Loaded, Samples};
use falin_app::demo::stories;
use serde::{Deserialize, Serialize};

use super::serve::{self, Door};
use super::{Frame, Halt, Outcome, Ran};
use crate::server::{self, Running};
use crate::tls::{self, OwnFiles};
use crate::{rounds, routes};

/// Seed of the sample people: the same county every time.
const SEED: u64 = 620_200;

/// Arguments of `falin demo`.
#[derive(Args)]
pub struct Demo {
    #[command(flatten)]
    door: Door,
    /// Begin anew, without what was done in an earlier demonstration
    #[arg(long)]
    fresh: bool,
    /// Listen on the local network over TLS, and print a QR code for a phone
    #[arg(long)]
    lan: bool,
    /// Serve only once every sample case of the county workflows is there
    #[arg(long)]
    whole: bool,
    /// Only say the six digits that each account of a running demo signs in with now
    #[arg(long, conflicts_with_all = ["fresh", "lan", "whole"])]
    code: bool,
}

/// What a loaded demo keeps beside its database.
#[derive(Serialize, Deserialize)]
struct Links {
    samples: Samples,
}

impl Demo {
    pub(super) fn run(mut self, frame: &Frame) -> Ran {
        let data = frame.house.data.clone();
        if self.code {
            return codes(frame, &data);
        }
        if self.fresh || !is_whole(&data) {
            clear(&data)?;
        }
        let address = if self.lan { Some(own_address()?) } else { None };
        if let Some(address) = address {
            let port = self.door.listen.rsplit(':').next().unwrap_or("8080");
            self.door.listen = format!("{address}:{port}");
        }
        fs::create_dir_all(&data)?;
        fs::write(data.join(MARK), "falin demo\n")?;
        let app = falin_app::App::open(&frame.settings(true))?;
        let tls = address.map(|address| certificate(frame, &app, address)).transpose()?;
        serve_and_load(frame, app, &self.door, (tls, self.whole))
    }
}

const MARK: &str = "demo.mark";
const ACCOUNTS: &str = "accounts.json";
const LINKS: &str = "demo.json";
/// A dirty roster to try the import with.
const TRIAL: &str = "try-this-roster.xlsx";
/// A workflow to bring, and its next version.
const PACKAGES: [&str; 2] = ["try-this-workflow.falin", "try-this-workflow-2.falin"];

/// True where an earlier demo was loaded to its end.
fn is_whole(data: &Path) -> bool {
    data.join(ACCOUNTS).is_file() && data.join(LINKS).is_file()
}

/// Removes an earlier demo's files, and nothing that is not a demo's.
fn clear(data: &Path) -> Result<(), Halt> {
    if !data.join(MARK).is_file() {
        let real = data.join("falin.db").exists();
        return if real { Err(Halt::Usage(format!("{}: falin.db", data.display()))) } else { Ok(()) };
    }
    let own = ["falin.db", "falin.db-wal", "falin.db-shm", ACCOUNTS, LINKS, TRIAL, MARK];
    for name in own.into_iter().chain(PACKAGES) {
        remove(&data.join(name))?;
    }
    remove(&data.join("keys").join("falin.key"))
}

fn remove(file: &PathBuf) -> Result<(), Halt> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The address under which this machine is reached in its own network. No packet is sent.
fn own_address() -> Result<IpAddr, Halt> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.connect("192.0.2.1:9")?; // TEST-NET-1 (RFC 5737): only chooses the outgoing interface.
    Ok(socket.local_addr()?.ip())
}

fn certificate(frame: &Frame, app: &App, address: IpAddr) -> Result<rustls::ServerConfig, Halt> {
    let files = OwnFiles::below(&frame.house.data);
    let failed = |fault: tls::TlsFault| Halt::Failed(fault.to_string());
    files.make(&[address.to_string(), "localhost".to_owned()], app.today()).map_err(failed)?;
    tls::server_config(&files.server, &files.server_key).map_err(failed)
}

/// Serves from the first moment; `/readyz` says 503 until the county is there. The cases of its workflows, some
/// thousands lived step by step, come while people already look around, unless they were asked for first.
fn serve_and_load(
    frame: &Frame,
    app: App,
    door: &Door,
    (tls, whole): (Option<rustls::ServerConfig>, bool),
) -> Ran {
    let lan = tls.is_some();
    let site = Data::new(serve::site(frame, &app, door, lan));
    actix_web::rt::System::new().block_on(async {
        site.health.wait_for(Some("loading"));
        let running = server::start(serve::listen(door, tls), site.clone(), routes::all());
        let running = running.map_err(|error| Halt::Failed(error.to_string()))?;
        let samples = loaded(frame, &app).await?;
        let said = (frame.t("cli-demo-told"), frame.t("cli-demo-step-told"));
        let mut stories = actix_web::rt::spawn(stories_told(app.clone(), said));
        if whole {
            let _ = (&mut stories).await;
        }
        site.health.wait_for(None);
        rounds::begin(app.clone(), frame.look.clone(), async move {
            if !whole {
                let _ = stories.await;
            }
        });
        tell(frame, &running.url(), &samples, lan)?;
        Running::announce(&running.url())?;
        running.wait().await?;
        Ok(Outcome::Done)
    })
}

/// Tells the stories of the workflows, with a line each time that a plugin's are done.
async fn stories_told(app: App, (done, step): (String, String)) {
    let progress = |county: &str, plugin: &str, told: usize, all: usize| {
        if told >= all {
            eprintln!("{step} {county} {plugin} {all}");
        }
    };
    match stories::tell(&app, SEED, &progress).await {
        Ok(_) => eprintln!("{done}"),
        Err(stop) => tracing::error!(%stop, "the sample cases of county workflows are not complete"),
    }
}

async fn loaded(frame: &Frame, app: &App) -> Result<Samples, Halt> {
    let links = frame.house.data.join(LINKS);
    if load::is_loaded(app).await? {
        let text = fs::read_to_string(&links)?;
        let links: Links = serde_json::from_str(&text).map_err(|e| Halt::Failed(e.to_string()))?;
        return Ok(links.samples);
    }
    let say = |county: &str, step: &str| {
        frame.note(&frame.with("cli-demo-step", &[("county", county), ("step", step)]));
    };
    let secret = (app.db.source().random)();
    let secret = u64::from_be_bytes([
        secret[0], secret[1], secret[2], secret[3], secret[4], secret[5], secret[6], secret[7],
    ]);
    let Loaded { accounts, samples, packages } = load::load(app, SEED, secret, &say).await?;
    write_private(&frame.house.data.join(ACCOUNTS), &accounts)?;
    for (name, bytes) in PACKAGES.iter().zip(packages) {
        fs::write(frame.house.data.join(name), bytes)?;
    }
    write_private(&links, &Links { samples: samples.clone() })?;
    let trial = falin_app::demo::trial(SEED, app.today()).map_err(|e| Halt::Failed(e.to_string()))?;
    fs::write(frame.house.data.join(TRIAL), trial.bytes)?;
    Ok(samples)
}

fn write_private(file: &Path, value: &impl Serialize) -> Result<(), Halt> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let text = serde_json::to_string_pretty(value).map_err(|e| Halt::Failed(e.to_string()))?;
    let mut out = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn accounts(data: &Path) -> Result<Accounts, Halt> {
    let text = fs::read_to_string(data.join(ACCOUNTS))?;
    serde_json::from_str(&text).map_err(|e| Halt::Failed(e.to_string()))
}

/// What an authenticator app would show for each account now: nobody needs one to look at a demo.
fn codes(frame: &Frame, data: &Path) -> Ran {
    let (mut lines, mut value) = (String::new(), serde_json::Map::new());
    let now = falin_app::clock::source(None);
    for (county, roles) in accounts(data)? {
        for (role, sign_in) in roles {
            let Some(secret) = &sign_in.totp_secret else { continue };
            let code = falin_app::account::code(secret, (now.clock)())?;
            lines += &format!("{county}\t{}\t{}\t{code}\n", role_name(frame, &role), sign_in.username);
            value.insert(sign_in.username, code.into());
        }
    }
    frame.print(&serde_json::Value::Object(value), &lines)?;
    Ok(Outcome::Done)
}

fn role_name(frame: &Frame, role: &str) -> String {
    frame.t(&format!("role-{}", role.trim_end_matches("_2").replace('_', "-")))
}

/// The first ten minutes: where to click, and as whom.
fn tell(frame: &Frame, url: &str, samples: &Samples, lan: bool) -> Result<(), Halt> {
    let accounts = accounts(&frame.house.data)?;
    let (village, name) = (samples.village.as_str(), samples.village_name.as_str());
    let trial = frame.house.data.join(TRIAL).display().to_string();
    let data = frame.house.data.display().to_string();
    let [package, newer] = PACKAGES.map(|name| frame.house.data.join(name).display().to_string());
    let args = [
        ("url", url),
        ("village", village),
        ("name", name),
        ("card", samples.card.as_str()),
        ("trial", &trial),
        ("package", &package),
        ("newer", &newer),
        ("data", &data),
    ];
    frame.note(&frame.with("cli-demo-links", &args));
    for (county, roles) in &accounts {
        frame.note(&frame.with("cli-demo-county", &[("county", county)]));
        for (role, sign_in) in roles {
            let role = role_name(frame, role);
            frame.note(&format!("  {role}\t{}\t{}", sign_in.username, sign_in.password));
        }
    }
    let file = frame.house.data.join(ACCOUNTS).display().to_string();
    frame.note(&frame.with("cli-demo-accounts", &[("file", &file)]));
    if lan {
        frame.note(&falin_app::card_art::qr_text(url).map_err(|e| Halt::Failed(e.to_string()))?);
    }
    Ok(())
}
