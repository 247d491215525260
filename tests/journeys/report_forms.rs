//! The city's own report form: brought in, refused where it is not sound, filled with the month's figures.

use std::io::Read;

use rust_xlsxwriter::{Formula, Workbook};

use crate::town::client::encode;
use crate::town::{Answer, Client, Town, on_both};

const HERE: &str = "/desk/statistics/forms";
const BOUNDARY: &str = "----falin7MA4YWxk";

fn workbook(cells: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, text) in cells.iter().enumerate() {
        sheet.write(row as u32, 0, *text).unwrap();
    }
    sheet.write_formula(20, 0, Formula::new("=A2+A3")).unwrap();
    book.save_to_buffer().unwrap()
}

fn send(client: &Client, title: &str, name: &str, bytes: &[u8]) -> Answer {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n{title}\r\n--{BOUNDARY}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    client.send("POST", HERE, &[("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"))], body)
}

fn part(file: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

on_both! {
    fn a_form_of_the_city_is_filled_and_its_sums_go_on_counting(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let form = workbook(&["{{place}} 月报 {{from}}至{{to}}", "{{rural_households}}", "{{villages}}", "共 {{villages}} 个村"]);
        assert_eq!(send(&admin, "市局月报", "月报.xlsx", &form).status, 303);
        let page = admin.get(HERE).is(200).text();
        assert!(page.contains("市局月报") && page.contains("{{mediations}}"), "{page}");
        let path = format!("{HERE}/filled?form={}", encode("市局月报"));
        let file = admin.get(&path).is(200);
        let (sheet, texts) = (part(&file.bytes, "xl/worksheets/sheet1.xml"), part(&file.bytes, "xl/sharedStrings.xml"));
        let households = town.number("SELECT count(*) FROM household WHERE kind = 'rural' AND active");
        assert!(sheet.contains(&format!("<v>{households}</v>")), "{sheet}");
        assert!(texts.contains("月报 20") && !texts.contains("{{place}}"), "{texts}");
        let of_october = |base: &str, client: &crate::town::Client| {
            let file = client.get(&format!("{base}/filled?form={}&from=2026-10-01&to=2026-10-31", encode("市局月报"))).is(200);
            part(&file.bytes, "xl/sharedStrings.xml")
        };
        let program = "/api/v1/report-forms";
        for text in [of_october(HERE, &admin), of_october(program, &admin)] {
            assert!(text.contains("月报 2026年10月1日至2026年10月31日"), "{text}");
        }
        let english = town.program("county_admin").in_english();
        assert!(of_october(program, &english).contains("月报 1 Oct 2026至31 Oct 2026"));
        assert!(texts.contains("个村</t>"), "{texts}");
        assert!(sheet.contains("A2+A3"), "{sheet}");
        // It opens again as a workbook whose second cell is a number.
        let again = send(&admin, "市局月报", "新月报.xlsx", &workbook(&["{{lawyers}}"]));
        assert_eq!(again.status, 303);
        assert!(admin.get(HERE).is(200).text().contains("新月报.xlsx"), "the title names the newer file");
        town.program("clerk").get(HERE).is(200);
        assert_eq!(admin.post(&format!("{HERE}/retire"), &[("title", "市局月报")]).status, 200);
        admin.get(&path).refused(422, "form.invalid");
    }

    fn an_unsound_form_is_refused_in_words_and_nothing_typed_is_lost(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        for (cells, said) in [(&["{{mediation}}"][..], "mediation"), (&["{{villages"], "villages"), (&["没有"], "占位符")] {
            let refused = send(&admin, "季报表", "x.xlsx", &workbook(cells));
            assert_eq!(refused.status, 422, "{cells:?}");
            assert!(refused.body().contains(said) && refused.body().contains("季报表"), "{}", refused.text());
        }
        assert_eq!(send(&admin, "季报表", "x.xlsx", b"PK\x03\x04nothing").status, 422);
        assert_eq!(send(&admin, "", "x.xlsx", &workbook(&["{{villages}}"])).status, 422);
        assert_eq!(town.number("SELECT count(*) FROM paper_template"), 0);
    }
}
