//! `import`: a workbook of 50,000 households through the built program: dry run, memory, commit.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::house::memory_mib;
use crate::{Line, times};

const ROWS: u32 = 50_000;

/// Dry run and commit with the program that `cargo bench` built.
pub fn run(_full: bool) -> Vec<Line> {
    let folder = std::env::temp_dir().join(format!("falin-bench-import-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let (divisions, households) = (folder.join("divisions.csv"), folder.join("households.xlsx"));
    let spec = &falin_app::demo::COUNTIES[0];
    std::fs::write(&divisions, spec.divisions_csv).unwrap();
    workbook(&households);
    let data = folder.join("data");
    falin(&data, &["import", "divisions", divisions.to_str().unwrap(), "--place", spec.code]);
    let file = households.to_str().unwrap();
    let (dry, memory) =
        falin(&data, &["import", "households", file, "--kind", "rural", "--dry-run", "--json"]);
    let (commit, _) = falin(&data, &["import", "households", file, "--kind", "rural", "--json"]);
    std::fs::remove_dir_all(&folder).unwrap();
    vec![
        Line::most("import", "50,000 rows, dry run, s", "≤ 20", 20.0, dry.as_secs_f64()),
        Line::most("import", "its highest memory, MiB", "≤ 300", 300.0, memory),
        Line::most("import", "commit ÷ dry run", "≤ 2", 2.0, times(commit, dry)),
    ]
}

/// Runs the program; returns how long it took and the most memory that it held.
fn falin(data: &Path, args: &[&str]) -> (Duration, f64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_falin"))
        .args(args)
        .arg("--data")
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut most: f64 = 0.0;
    loop {
        let now = memory_mib(child.id(), "VmHWM");
        most = if now.is_nan() { most } else { most.max(now) };
        if child.try_wait().unwrap().is_some() {
            return (start.elapsed(), most);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn workbook(file: &Path) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let headers = ["乡镇(街道)", "村(社区)", "户主姓名", "身份证号码", "联系电话", "家庭类别", "家庭住址"];
    for (column, header) in headers.iter().enumerate() {
        sheet.write_string(0, column as u16, *header).unwrap();
    }
    for n in 0..ROWS {
        let cells = [
            "新城镇".to_owned(),
            "野麻湾村".to_owned(),
            format!("张{}", char::from_u32(0x4e00 + n % 5_000).unwrap()),
            number(n),
            format!("139{:08}", n),
            "低保".to_owned(),
            format!("{}组{}号", n % 9 + 1, n),
        ];
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(n + 1, column as u16, cell).unwrap();
        }
    }
    book.save(file).unwrap();
}

/// A valid ID number for each `n` (GB 11643, check character by MOD 11-2).
fn number(n: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!(
        "620201{:04}{:02}{:02}{:03}",
        1950 + n / 10_000,
        n / 28_000 % 12 + 1,
        n / 1_000 % 28 + 1,
        n % 1_000
    );
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}
