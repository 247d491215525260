//! The reader as a process of its own: this test program is its own child, so it runs without the usual harness.
#![allow(clippy::unwrap_used)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use falin_host::roster::{Limits, Reason, parse_roster, parse_roster_with, read_bytes, run_if_child};
use rust_xlsxwriter::Workbook as Writer;

fn main() -> ExitCode {
    if let Some(code) = run_if_child() {
        return code;
    }
    let tests: [(&str, fn()); 4] = [
        ("the_child_reads_what_the_parent_would", the_child_reads_what_the_parent_would),
        ("a_bomb_costs_one_refusal", a_bomb_costs_one_refusal),
        ("a_program_that_is_no_reader_is_told_from_a_bad_file", a_program_that_is_no_reader),
        ("a_child_that_hangs_is_killed", a_child_that_hangs_is_killed),
    ];
    for (name, test) in tests {
        test();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}

fn workbook(rows: u32) -> Vec<u8> {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    for row in 0..rows {
        for (column, text) in ["新城镇", "野麻湾村", "张三", "620201198505150012"].iter().enumerate()
        {
            sheet.write(row, column as u16, *text).unwrap();
        }
    }
    writer.save_to_buffer().unwrap()
}

fn the_child_reads_what_the_parent_would() {
    let bytes = workbook(2000);
    let limits = Limits::default();
    let book = parse_roster(&bytes, "a.xlsx", &limits).unwrap();
    assert_eq!(book, read_bytes(&bytes, "a.xlsx", &limits).unwrap());
    assert_eq!(book.sheets[0].rows.len(), 2000);
    let csv = parse_roster("姓名\n张三".as_bytes(), "新城镇.csv", &limits).unwrap();
    assert_eq!(csv.sheets[0].name, "新城镇");
}

fn a_bomb_costs_one_refusal() {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    sheet.write(0, 0, 1.0).unwrap();
    sheet.write(1_048_575, 16_383, 1.0).unwrap();
    let bytes = writer.save_to_buffer().unwrap();
    let limits = Limits::default();
    assert_eq!(parse_roster(&bytes, "a.xlsx", &limits).unwrap_err().reason, Reason::Rows);
    assert_eq!(parse_roster(&bytes[..900], "a.xlsx", &limits).unwrap_err().reason, Reason::Damaged);
}

fn a_program_that_is_no_reader() {
    let limits = Limits::default();
    let gone = parse_roster_with("/nonexistent".as_ref(), b"a", "a.csv", &limits).unwrap_err();
    assert_eq!(gone.reason, Reason::Process);
    let other = parse_roster_with("/bin/true".as_ref(), &workbook(500), "a.xlsx", &limits).unwrap_err();
    assert_eq!(other.reason, Reason::Process);
}

fn a_child_that_hangs_is_killed() {
    let script = std::env::temp_dir().join(format!("falin-hang-{}", std::process::id()));
    std::fs::write(&script, "#!/bin/sh\nexec /bin/sleep 60\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&script, mode).unwrap();
    let limits = Limits { wall: Duration::from_millis(200), ..Limits::default() };
    let started = Instant::now();
    let late = parse_roster_with(&script, &workbook(500), "a.xlsx", &limits).unwrap_err();
    std::fs::remove_file(&script).unwrap();
    assert_eq!(late.reason, Reason::Effort);
    assert!(started.elapsed() < Duration::from_secs(30));
}
