//! `cache`, `gzip`, `isolate`, ready, processor time a request: the built program over loopback, its own static file as
//! the baseline.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::house::processor_time;
use crate::{Line, median, times};

/// The demo, served by the program that `cargo bench` built; stopped when dropped.
pub struct Server {
    child: Child,
    address: String,
    folder: std::path::PathBuf,
    /// From start to the line that says that it listens, the first time and again.
    pub ready: [Duration; 2],
}

impl Server {
    /// Loads the demo into a fresh folder, lets its stories be told to the end, then starts again on what is there.
    pub fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("falin-bench-demo-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let (mut first, _, loading) = spawn(&folder, &["demo"]);
        stop(&mut first);
        stop(&mut spawn(&folder, &["demo", "--whole"]).0);
        let (child, address, again) = spawn(&folder, &["demo"]);
        Self { child, address, folder, ready: [loading, again] }
    }

    /// Ends the process and starts another on the same data.
    pub fn again(&mut self, command: &[&str]) {
        stop(&mut self.child);
        (self.child, self.address, _) = spawn(&self.folder, command);
    }

    /// The header that signs in as this role of the main county.
    pub fn signed_in(&self, role: &str) -> String {
        let text = std::fs::read_to_string(self.folder.join("accounts.json")).unwrap();
        let accounts: serde_json::Value = serde_json::from_str(&text).unwrap();
        let token = accounts["620200"][role]["token"].as_str().unwrap();
        format!("authorization: Bearer {token}\r\n")
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A connection to it.
    pub fn connect(&self) -> Client {
        Client::connect(&self.address)
    }
}

fn spawn(folder: &std::path::Path, command: &[&str]) -> (Child, String, Duration) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_falin"))
        .args(command)
        .args(["--listen", "127.0.0.1:0", "--flood", "0", "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().trim_start_matches("listening on http://").to_owned();
    (child, address, start.elapsed())
}

fn stop(child: &mut Child) {
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    let _ = child.wait();
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One connection kept open.
pub struct Client {
    stream: BufReader<TcpStream>,
}

/// What came back.
pub struct Got {
    /// The status code.
    pub status: u16,
    etag: String,
    bytes: usize,
    text: Vec<u8>,
}

impl Client {
    fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    /// Asks for a page; `headers` each end with a line break.
    pub fn get(&mut self, path: &str, headers: &str) -> Got {
        let ask = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n{headers}\r\n");
        self.stream.get_mut().write_all(ask.as_bytes()).unwrap();
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let (mut length, mut etag) = (0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "etag" => etag = value.trim().to_owned(),
                _ => {}
            }
        }
        let mut text = vec![0; length];
        self.stream.read_exact(&mut text).unwrap();
        Got { status, etag, bytes: length, text }
    }
}

/// The middle of the waits of `n` requests.
fn p50(client: &mut Client, path: &str, headers: &str, n: usize) -> Duration {
    median((0..n).map(|_| waited(client, path, headers)).collect())
}

/// All figures that need a running server.
pub fn run(_full: bool) -> Vec<Line> {
    let server = Server::start();
    let mut client = server.connect();
    // The largest page of the public: twenty people with filters, some 20 KB.
    let shown = "/zh/620200/workers";
    let page = client.get(shown, "");
    let asset = stylesheet(&page.text);
    let tag = format!("if-none-match: {}\r\n", page.etag);
    let zipped = "accept-encoding: gzip\r\n";
    let small = client.get(shown, zipped).bytes;
    let asks: [(&str, &str); 4] = [(&asset, ""), (shown, ""), (shown, &tag), (shown, zipped)];
    // One of each in turn: who is woken on which processor changes from second to second, and weighs more than they do.
    let mut turns: [Vec<Duration>; 4] = Default::default();
    for _ in 0..4_000 {
        for (at, (path, headers)) in asks.iter().enumerate() {
            turns[at].push(waited(&mut client, path, headers));
        }
    }
    let [file, cached, unchanged, gzip] = turns.map(median);
    let used = asks.map(|(path, headers)| spent(&server, &mut client, 4_000, |_| (path.to_owned(), headers)));
    // Another address each time: never rendered before, so never cached.
    let fresh = |n: usize| (format!("{shown}?x={n}"), "");
    let rendered = median((0..300).map(|n| waited(&mut client, &fresh(n + 1_000).0, "")).collect());
    let rendering = spent(&server, &mut client, 300, fresh);
    let (alone, busy) = isolated(&server);
    let mut lines = vec![
        Line::least("cache", "static file ÷ cached page, p50", "≥ 1.0", 1.0, times(file, cached)),
        Line::least("cache", "static file ÷ 304, p50", "≥ 1.2", 1.2, times(file, unchanged)),
        Line::most("gzip", "compressed ÷ plain page, p50", "≤ 2", 2.0, times(gzip, cached)),
        Line::most("gzip", "compressed ÷ plain bytes", "≤ 0.17", 0.17, small as f64 / page.bytes as f64),
        Line::told("dir", "uncached page over HTTP, p50, ms", format!("{:.2}", rendered.as_secs_f64() * 1e3)),
        Line::most(
            "isolate",
            "p50 of a trivial request, 8 uncached searches running ÷ alone",
            "≤ 2",
            2.0,
            times(busy, alone),
        ),
        Line::most(
            "grow",
            "ready after start, three counties loaded, s",
            "≤ 1",
            1.0,
            server.ready[1].as_secs_f64(),
        ),
        Line::most("demo", "from nothing to a served county, s", "≤ 20", 20.0, server.ready[0].as_secs_f64()),
    ];
    let kinds = ["static file", "cached page", "304", "compressed page", "uncached page"];
    for (kind, spent) in kinds.into_iter().zip(used.into_iter().chain([rendering])) {
        let micros = format!("{:.0}", spent.as_secs_f64() * 1e6);
        lines.push(Line::told("cpu", format!("processor time a request, {kind}, µs"), micros));
    }
    lines
}

/// How long one request waits for its answer.
fn waited(client: &mut Client, path: &str, headers: &str) -> Duration {
    let start = Instant::now();
    let got = client.get(path, headers);
    assert!(matches!(got.status, 200 | 304), "{path} gave {}", got.status);
    start.elapsed()
}

/// The processor time that the server uses for each of `n` requests.
fn spent<'a>(
    server: &Server,
    client: &mut Client,
    n: usize,
    ask: impl Fn(usize) -> (String, &'a str),
) -> Duration {
    let before = processor_time(server.pid());
    for at in 0..n {
        let (path, headers) = ask(at);
        waited(client, &path, headers);
    }
    processor_time(server.pid()).saturating_sub(before) / n as u32
}

fn stylesheet(page: &[u8]) -> String {
    let text = String::from_utf8_lossy(page);
    let at = text.find("/assets/").unwrap();
    text[at..].split('"').next().unwrap().replace("&amp;", "&")
}

/// A trivial request alone, and while eight callers search without a pause.
fn isolated(server: &Server) -> (Duration, Duration) {
    let mut client = server.connect();
    let alone = p50(&mut client, "/healthz", "", 500);
    let done = std::sync::atomic::AtomicBool::new(false);
    let busy = std::thread::scope(|scope| {
        for caller in 0..8 {
            let (done, mut client) = (&done, server.connect());
            scope.spawn(move || {
                let mut n = 0;
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    client.get(&format!("/zh/620200/workers?q=z&kind=&cursor=&x={caller}{n}"), "");
                    n += 1;
                }
            });
        }
        std::thread::sleep(Duration::from_millis(200));
        let busy = p50(&mut client, "/healthz", "", 500);
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        busy
    });
    (alone, busy)
}
