//! Every reader of bytes from outside, fed with spoilt bytes: rosters, forms with files, JSON, headers, cursors,
//! declarations and packages of plugins, templates of papers. A refusal is an answer; a crash is none.
//!
//! What is spoilt is drawn from seeded dice, so that a failure names the go that makes it again.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use falin_app::docx::{Template, document};
use falin_domain::page::Mark;
use falin_domain::paper;
use falin_domain::workflow::{Manifest, proven};
use falin_host::roster::{Limits, parse_roster_with};
use falin_host::shelf;
use falin_web::cursor;

use super::{Dice, amount};
use crate::town::county::{household, household_roster};
use crate::town::{Backend, Town, encode};

/// Pieces that parsers trip over.
const PIECES: [&[u8]; 16] = [
    b"\0",
    b"\xff\xfe",
    b"\xf0\x9f\x92\xa9",
    b"-1",
    b"99999999999999999999",
    b"NaN",
    b"\"",
    b"<",
    b"]]>",
    b"&#0;",
    b"{{",
    b"}}",
    b"\r\n\r\n",
    b"--",
    b"../",
    "\u{202e}\u{feff}".as_bytes(),
];

/// The bytes with one to six faults: a byte changed, a piece cut out, doubled or put in, the end missing.
fn spoilt(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(out.len() + 1);
        let until = (at + dice.below(40)).min(out.len());
        match dice.below(6) {
            0 if at < out.len() => out[at] ^= 1 << dice.below(8),
            1 => drop(out.drain(at..until)),
            2 => {
                let piece = out[at..until].to_vec();
                out.splice(at..at, piece);
            }
            3 if dice.below(4) == 0 => out.truncate(at),
            _ => drop(out.splice(at..at, PIECES[dice.below(PIECES.len())].iter().copied())),
        }
    }
    out
}

fn spoilt_text(text: &str, dice: &mut Dice) -> String {
    String::from_utf8_lossy(&spoilt(text.as_bytes(), dice)).into_owned()
}

/// A zip whose frame is whole and one of whose parts is not; every fourth time the frame itself is spoilt.
fn spoilt_zip(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    if dice.below(4) == 0 {
        return spoilt(bytes, dice);
    }
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = dice.below(old.len());
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let (name, mut content) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut content).unwrap();
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let content = if at == chosen { spoilt(&content, dice) } else { content };
        new.write_all(&content).unwrap();
    }
    new.finish().unwrap().into_inner()
}

fn roster() -> Vec<u8> {
    let rows: Vec<_> = (0..12).map(|n| household(("新城镇", "横沟村"), 7_000 + n, "低保")).collect();
    household_roster(&rows)
}

#[test]
fn rosters_are_read_or_refused() {
    let program = Path::new(env!("CARGO_BIN_EXE_falin"));
    let (xlsx, limits) = (roster(), Limits::default());
    let csv =
        "乡镇(街道),村(社区),户主姓名,身份证号码,联系电话\n新城镇,横沟村,\"张,三\",62020119850515001X,139\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(csv);
    let mut read = 0;
    for n in 0..amount(60, 20_000) {
        let mut dice = Dice::new(n);
        let (bytes, name) = match n % 4 {
            0 => (spoilt(csv.as_bytes(), &mut dice), "名册.csv"),
            1 => (spoilt(&gbk, &mut dice), "名册.csv"),
            _ => (spoilt_zip(&xlsx, &mut dice), "名册.xlsx"),
        };
        match parse_roster_with(program, &bytes, name, &limits) {
            Ok(book) => {
                read += 1;
                assert!(book.sheets.iter().all(|sheet| sheet.rows.len() <= 1 << 20), "go {n}");
            }
            // That the reader's process could not do its work at all would be our fault and not the file's.
            Err(failure) => {
                assert!(!format!("{:?}", failure.reason).contains("Process"), "go {n}: {failure:?}")
            }
        }
    }
    assert!(read > 0, "everything was refused: the faults are too coarse to find anything");
}

#[test]
fn declarations_of_plugins_are_read_or_refused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins");
    for plugin in ["petition", "court-link"] {
        let text = std::fs::read_to_string(root.join(plugin).join("plugin.toml")).unwrap();
        assert!(Manifest::parse(&text).unwrap().check(false).is_empty(), "{plugin}");
        for n in 0..amount(150, 50_000) {
            let Ok(manifest) = Manifest::parse(&spoilt_text(&text, &mut Dice::new(n))) else { continue };
            if manifest.check(false).is_empty() {
                assert!(manifest.flows(1).iter().all(|flow| proven(flow).is_ok()), "{plugin}, go {n}");
            }
        }
    }
}

#[test]
fn packages_of_plugins_are_opened_or_refused() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/petition");
    let packed = shelf::pack(&shelf::folder(&place).unwrap()).unwrap();
    let whole = shelf::content(&packed).unwrap().sha256;
    for n in 0..amount(150, 50_000) {
        let bytes = spoilt_zip(&packed, &mut Dice::new(n));
        // Whatever is taken is, file by file, what the list says.
        if let Ok(package) = shelf::content(&bytes) {
            assert!(
                !package.declaration.is_empty() && (bytes != packed || package.sha256 == whole),
                "go {n}"
            );
        }
    }
}

#[test]
fn templates_of_papers_are_taken_or_refused() {
    let forms = paper::all();
    for n in 0..amount(80, 20_000) {
        let form = &forms[n % forms.len()];
        let sound = document(&paper::outline(form)).unwrap();
        let bytes = spoilt_zip(&sound, &mut Dice::new(n));
        // What the lint lets through must fill, or a clerk stands before a template that cannot be used.
        if let Ok(template) = Template::read(form, &bytes) {
            assert!(template.fill(form, &paper::sample(form)).is_ok(), "{}, go {n}", form.code);
        }
    }
}

#[test]
fn cursors_come_back_as_they_were_or_not_at_all() {
    for n in 0..amount(2_000, 1_000_000) {
        let mut dice = Dice::new(n);
        let key: String =
            (0..dice.below(30)).map(|_| ['张', 'a', '7', '·', '\u{20000}'][dice.below(5)]).collect();
        let mark =
            Mark { key, id: uuid::Uuid::from_u128((dice.below(usize::MAX) as u128) << 64 | n as u128) };
        let text = cursor::encode(&mark);
        assert_eq!(cursor::decode(&text), Some(mark), "go {n}");
        let odd = spoilt_text(&text, &mut dice);
        if let Some(other) = cursor::decode(&odd) {
            assert_eq!(cursor::decode(&cursor::encode(&other)), Some(other), "go {n}");
        }
        let _ = cursor::window(Some(&odd), Some(&odd));
    }
}

/// Only what a header may hold.
fn header(text: &str) -> String {
    text.chars().filter(|c| (' '..='~').contains(c)).collect()
}

#[test]
fn requests_are_answered_whatever_they_hold() {
    let mut town = Town::prepared(Backend::Sqlite);
    town.serve_with(&["--flood", "0"]);
    let admin = town.program("county_admin");
    let file = [
        b"--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nhouseholds\r\n--x\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n"
            .as_slice(),
        &roster(),
        b"\r\n--x--\r\n",
    ]
    .concat();
    let new =
        r#"{"village":"620201101202","head_name":"张三","phones":["13909370001"],"categories":["elderly"]}"#;
    let heads = [
        ("range", "bytes=0-1,5-,-7"),
        ("if-none-match", "W/\"a\", \"b\", *"),
        ("accept-encoding", "gzip;q=0.5, br;q=x, *;q=0"),
        ("accept-language", "zh-CN,zh;q=0.9,en;q=0"),
        ("cookie", "__Host-sid=abc; sid=; lang"),
        ("idempotency-key", "\"k-1\""),
        ("authorization", "Bearer x"),
    ];
    let process = town.server().id();
    for n in 0..amount(120, 20_000) {
        let mut dice = Dice::new(n);
        let answer = match n % 4 {
            0 => {
                let kind = ("content-type", "multipart/form-data; boundary=x");
                admin.send("POST", "/desk/rosters", &[kind], spoilt(&file, &mut dice))
            }
            1 => {
                let kind = ("content-type", "application/json");
                admin.send("POST", "/api/v1/households", &[kind], spoilt(new.as_bytes(), &mut dice))
            }
            2 => {
                let (name, value) = heads[dice.below(heads.len())];
                let value = header(&spoilt_text(value, &mut dice));
                town.visitor().send("GET", "/zh/620200/workers", &[(name, &value)], Vec::new())
            }
            _ => {
                let cursor = encode(&spoilt_text("AZ9-Kw_x0AAAAAAAAAAAAA", &mut dice));
                let odd = encode(&spoilt_text("limit=5&kind=rural", &mut dice));
                admin.get(&format!("/api/v1/households?cursor={cursor}&limit={odd}&q={odd}"))
            }
        };
        assert!(answer.status < 500, "go {n}: {} {}", answer.status, answer.text());
    }
    assert_eq!(town.server().id(), process);
    town.visitor().get("/healthz").is(200);
}
