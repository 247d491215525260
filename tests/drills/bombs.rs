//! Bombs and oddities sent as uploads: each costs its sender one refusal, and the same server goes on in little memory.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::amount;
use crate::journeys::uploads::upload;
use crate::town::county::{household, household_roster};
use crate::town::{Backend, Town, on_both};

/// Memory that a hostile upload may cost beside what was held before, in KiB (trust.md).
const MOST: i64 = 64 << 10;

/// A workbook of these parts.
fn zipped(parts: &[(&str, &dyn Fn(&mut dyn Write))]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, write) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        write(&mut zip);
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook whose one sheet is written by `sheet`.
fn workbook(sheet: &dyn Fn(&mut dyn Write)) -> Vec<u8> {
    fn text(text: &'static str) -> impl Fn(&mut dyn Write) {
        move |out| out.write_all(text.as_bytes()).unwrap()
    }
    zipped(&[
        ("[Content_Types].xml", &text(TYPES)),
        ("_rels/.rels", &text(ROOT)),
        ("xl/workbook.xml", &text(BOOK)),
        ("xl/_rels/workbook.xml.rels", &text(RELS)),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// Name and bytes of each bomb.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let far = workbook(&|out| {
        let cell = |place: &str| format!(r#"<c r="{place}" t="inlineStr"><is><t>户主姓名</t></is></c>"#);
        let (first, last) = (cell("A1"), cell("XFD1048576"));
        write!(
            out,
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">{first}</row><row r="1048576">{last}</row></sheetData></worksheet>"#
        )
        .unwrap();
    });
    let zeros = vec![b' '; 1 << 20];
    let many = amount(192, 1_024);
    let swollen = workbook(&|out| (0..many).for_each(|_| out.write_all(&zeros).unwrap()));
    let laughing = workbook(&|out| {
        let mut text = String::from("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a0 \"ha\">");
        for n in 1..30 {
            text.push_str(&format!("<!ENTITY a{n} \"&a{0};&a{0};&a{0};&a{0};\">", n - 1));
        }
        text.push_str("]><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&a29;</t></is></c></row></sheetData></worksheet>");
        out.write_all(text.as_bytes()).unwrap();
    });
    let wide = format!("户主姓名{}\n", ",".repeat(4 << 20)).into_bytes();
    let mut cut = household_roster(&[household(("新城镇", "横沟村"), 7_000, "")]);
    cut.truncate(cut.len() / 2);
    vec![
        ("far.xlsx", far),
        ("swollen.xlsx", swollen),
        ("laughing.xlsx", laughing),
        ("wide.csv", wide),
        ("cut.xlsx", cut),
        ("nothing.xlsx", Vec::new()),
        ("program.xlsx", b"\x7fELF\x02\x01\x01".repeat(1_000)),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(4_000)),
    ]
}

fn highest(process: u32) -> i64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

on_both! {
    fn a_bomb_costs_one_refusal(backend) {
        let mut town = Town::prepared(backend);
        town.serve_with(&["--flood", "0"]);
        let admin = town.program("county_admin");
        let process = town.server().id();
        // What reading any roster costs is paid before.
        upload(&admin, "households", "名册.xlsx", &household_roster(&[household(("新城镇", "横沟村"), 7_000, "")])).is(200);
        for (name, bytes) in bombs() {
            let (before, started) = (highest(process), Instant::now());
            let answer = upload(&admin, "households", name, &bytes);
            assert!(matches!(answer.status, 200 | 400 | 413 | 422), "{name}: {}\n{}", answer.status, answer.text());
            let grown = highest(process) - before - bytes.len() as i64 / 1024 * 3;
            assert!(grown <= MOST, "{name} cost {grown} KiB");
            println!("{name}: {} bytes, {} ms, {grown} KiB", bytes.len(), started.elapsed().as_millis());
            town.visitor().get("/healthz").is(200);
        }
        assert_eq!(town.server().id(), process);
        assert_eq!(town.number("SELECT count(*) FROM household WHERE staged"), 0);
    }

    fn odd_names_are_names_and_no_paths(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let bytes = household_roster(&[household(("新城镇", "横沟村"), 7_000, "")]);
        let long = format!("{}.xlsx", "名".repeat(3_000));
        for name in ["../../../etc/passwd.xlsx", "C:\\boot.xlsx", "<script>alert(1)</script>.xlsx", "=cmd|' /C calc'!A0.xlsx", &long, ".xlsx", "a.xlsx.exe"] {
            let answer = upload(&admin, "households", name, &bytes);
            assert!(answer.status < 500, "{name}: {}", answer.status);
            assert!(!answer.body().contains("<script>alert"), "{name}");
        }
        let outside: Vec<_> = std::fs::read_dir(town.data()).unwrap().flatten()
            .filter(|entry| entry.file_name().to_string_lossy().contains("xlsx")).collect();
        assert!(outside.is_empty(), "{outside:?}");
    }
}

/// Speaks to the server without a client's manners; what came back until the line closed or `patience` was over.
fn raw(town: &Town, said: &[&[u8]], pause: Duration, patience: Duration) -> String {
    let address = town.server().address.trim_start_matches("http://").to_owned();
    let mut line = TcpStream::connect(address).unwrap();
    line.set_read_timeout(Some(patience)).unwrap();
    for part in said {
        if line.write_all(part).is_err() {
            break;
        }
        std::thread::sleep(pause);
    }
    let mut heard = Vec::new();
    let mut bytes = [0; 4096];
    while let Ok(n @ 1..) = line.read(&mut bytes) {
        heard.extend_from_slice(&bytes[..n]);
    }
    String::from_utf8_lossy(&heard).into_owned()
}

#[test]
fn a_gigabyte_that_is_only_announced_is_refused_at_once() {
    let town = Town::start(Backend::Sqlite);
    let token = crate::town::county::token(&town, "county_admin");
    let head = format!(
        "POST /desk/rosters HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: 1073741824\r\n\r\n"
    );
    let before = highest(town.server().id());
    let heard = raw(&town, &[head.as_bytes()], Duration::ZERO, Duration::from_secs(10));
    assert!(heard.starts_with("HTTP/1.1 413"), "{heard}");
    assert!(highest(town.server().id()) - before < MOST);
}

#[test]
fn a_body_that_trickles_is_not_waited_for() {
    let town = Town::start(Backend::Sqlite);
    let token = crate::town::county::token(&town, "clerk");
    let head = format!(
        "POST /api/v1/households HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 5000\r\n\r\n"
    );
    let drops: Vec<&[u8]> =
        std::iter::once(head.as_bytes()).chain(std::iter::repeat_n(b" ".as_slice(), 40)).collect();
    let heard = raw(&town, &drops, Duration::from_millis(200), Duration::from_secs(5));
    assert!(heard.starts_with("HTTP/1.1 408"), "{heard}");
    town.visitor().get("/healthz").is(200);
}
