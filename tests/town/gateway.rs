//! Stand-ins for a county's gateway and mail server: they remember what they were handed, and answer as told.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Handed {
    /// `Idempotency-Key`.
    pub key: String,
    /// `Falin-Timestamp`.
    pub stamp: String,
    /// `Falin-Signature`.
    pub signature: String,
    /// The body's bytes as text.
    pub raw: String,
    /// The body.
    pub body: Value,
    /// What was answered.
    pub status: u16,
}

/// A gateway on a free port; its threads end with the test's process.
pub struct Gateway {
    /// Where it listens.
    pub url: String,
    handed: Arc<Mutex<Vec<Handed>>>,
    status: Arc<AtomicU16>,
    delay_ms: Arc<AtomicU64>,
}

impl Gateway {
    /// Opens one that takes everything at once.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/send", listener.local_addr().unwrap());
        let (handed, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU16::new(202)));
        let delay_ms = Arc::new(AtomicU64::new(0));
        let gateway =
            Self { url, handed: handed.clone(), status: status.clone(), delay_ms: delay_ms.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (handed, status, delay) = (handed.clone(), status.clone(), delay_ms.clone());
                std::thread::spawn(move || take(stream, &handed, &status, &delay));
            }
        });
        gateway
    }

    /// Answers with this status from now on.
    pub fn answer(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    /// Thinks so long before it answers.
    pub fn think(&self, ms: u64) {
        self.delay_ms.store(ms, Ordering::Relaxed);
    }

    /// Every request so far.
    pub fn handed(&self) -> Vec<Handed> {
        self.handed.lock().unwrap().clone()
    }

    /// What people got: one message a key that was taken.
    pub fn delivered(&self) -> BTreeSet<String> {
        self.handed().into_iter().filter(|one| one.status < 300).map(|one| one.key).collect()
    }
}

fn take(mut stream: TcpStream, handed: &Mutex<Vec<Handed>>, status: &AtomicU16, delay: &AtomicU64) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if line.trim().is_empty() {
            break;
        }
        headers.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let found = headers.iter().filter_map(|line| line.split_once(':'));
        let mut named = found.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let raw = String::from_utf8(body).unwrap();
    let status = status.load(Ordering::Relaxed);
    handed.lock().unwrap().push(Handed {
        key: header("idempotency-key"),
        stamp: header("falin-timestamp"),
        signature: header("falin-signature"),
        body: serde_json::from_str(&raw).unwrap(),
        raw,
        status,
    });
    std::thread::sleep(Duration::from_millis(delay.load(Ordering::Relaxed)));
    let _ = write!(stream, "HTTP/1.1 {status} Told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

/// A mail server without TLS on a free port, that keeps whole messages.
pub struct MailServer {
    /// Where it listens.
    pub port: u16,
    messages: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    /// Opens one.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let messages = Arc::new(Mutex::new(Vec::new()));
        let kept = messages.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = kept.clone();
                std::thread::spawn(move || converse(stream, &kept));
            }
        });
        Self { port, messages }
    }

    /// Every message so far, head and body.
    pub fn messages(&self) -> Vec<String> {
        self.messages.lock().unwrap().clone()
    }
}

/// As much of RFC 5321 as one message needs.
fn converse(mut stream: TcpStream, kept: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes());
    let _ = say("220 stand-in");
    while let Some(line) = lines.next() {
        let answer = match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                let _ = say("354 go on");
                let text: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                kept.lock().unwrap().push(text.join("\n"));
                "250 kept"
            }
            "QUIT" => {
                let _ = say("221 bye");
                return;
            }
            _ => "250 fine",
        };
        let _ = say(answer);
    }
}
