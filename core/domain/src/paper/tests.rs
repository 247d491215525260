//! Papers as data: all of the house parse, every placeholder is declared, every layout prints full and empty.
#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::kinds::FILES;
use super::*;
use crate::fault::tests::told;

fn text_of(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Whole(text) => text.clone(),
            Span::Blank(_) => "＿".to_owned(),
            Span::Tick(true) => "√".to_owned(),
            Span::Tick(false) => "□".to_owned(),
        })
        .collect()
}

pub(super) fn text(sheet: &Sheet) -> String {
    let mut out = String::new();
    for laid in &sheet.laid {
        let line = match laid {
            Laid::Organ(s)
            | Laid::Title(s)
            | Laid::Number(s)
            | Laid::To(s)
            | Laid::Para(_, s)
            | Laid::Section(s) => text_of(s),
            Laid::Note(s) | Laid::Cut(s) => text_of(s),
            Laid::Seal(a, b) => format!("{}\n{}", text_of(a), text_of(b)),
            Laid::Signs(all) => all.iter().map(|sign| sign.label.clone()).collect::<Vec<_>>().join("\n"),
            Laid::NewPage => String::new(),
            Laid::Table(rows) => {
                let cell =
                    |cell: &Cell| cell.lines.iter().map(|line| text_of(line)).collect::<Vec<_>>().join("/");
                let row = |row: &Row| row.cells.iter().map(cell).collect::<Vec<_>>().join("|");
                rows.iter().map(row).collect::<Vec<_>>().join("\n")
            }
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[test]
fn every_paper_of_the_house_is_read() {
    let mut codes = Vec::new();
    for (code, file) in FILES {
        let paper = Paper::parse(file).unwrap_or_else(|fault| panic!("{code}: {fault:?}"));
        assert_eq!(paper.code, *code);
        assert!(!paper.source.is_empty() && !paper.nouns.is_empty(), "{code}");
        codes.push(paper.code);
    }
    codes.sort();
    codes.dedup();
    assert_eq!((codes.len(), all().len()), (60, 60));
    assert!(all().iter().map(|paper| paper.fields.len()).sum::<usize>() > 400);
}

#[test]
fn one_series_writes_one_prefix() {
    let mut seen: Vec<(String, String)> = Vec::new();
    for number in all().iter().filter_map(|paper| paper.number.as_ref()) {
        let variants = number.variants.iter().map(|one| (one.series.clone(), one.prefix.clone()));
        seen.extend(variants.chain([(number.series.clone(), number.prefix.clone())]));
    }
    for (series, prefix) in &seen {
        let other = seen.iter().find(|(s, p)| (s == series) != (p == prefix));
        assert!(other.is_none(), "{series} and {other:?} would print the same number twice");
    }
}

#[test]
fn every_paper_is_laid_out_full_and_empty() {
    for paper in all() {
        let full = sample(paper);
        assert!(paper.blanks(&full).is_empty(), "{}: {:?}", paper.code, paper.blanks(&full));
        assert_eq!(Values::read(paper, &full.json()).unwrap(), full, "{}", paper.code);
        for values in [full, Values::default()] {
            let sheet = compose(paper, Fill::Values(&values), "x");
            let words = text(&sheet);
            assert!(!words.contains('{') && !words.contains("[?"), "{}: {words}", paper.code);
            for row in sheet
                .laid
                .iter()
                .filter_map(|laid| if let Laid::Table(rows) = laid { Some(rows) } else { None })
                .flatten()
            {
                assert_eq!(
                    row.cells.iter().map(|cell| u32::from(cell.units)).sum::<u32>(),
                    24,
                    "{}",
                    paper.code
                );
            }
        }
        assert!(text(&outline(paper)).contains("{{"), "{}", paper.code);
    }
}

#[test]
fn a_decision_reads_as_the_form_prints_it() {
    let paper = find("aid-refuse").unwrap();
    let mut json = json!({"applicant": {"name": "张桂兰"}, "applied_on": "2026-01-05", "cause": "追索劳动报酬",
        "refusal_reason": "不属于法律援助范围", "refusal_basis": "第三十一条", "bureau.name": "嘉峪关市司法局"});
    let words = |json: &serde_json::Value| {
        text(&compose(paper, Fill::Values(&Values::read(paper, json).unwrap()), ""))
    };
    let without = words(&json);
    assert!(without.contains("你于2026年1月5日向本中心提出的追索劳动报酬一案法律援助申请，经审查，因不属于法律援助范围，根据第三十一条的规定，决定不予法律援助。"), "{without}");
    assert!(without.contains("你对本决定有异议的，可以向嘉峪关市司法局提出。"), "{without}");
    json["objection_days"] = json!(15);
    assert!(words(&json).contains("可以自收到本决定书之日起15日内向嘉峪关市司法局提出。"));
}

#[test]
fn a_stop_goes_where_the_sentence_carries_on() {
    let paper = find("aid-end").unwrap();
    let words = |json: serde_json::Value| {
        text(&compose(paper, Fill::Values(&Values::read(paper, &json).unwrap()), ""))
    };
    let ended = words(json!({"reason": "受援人已自行委托律师。", "ground": "第四十八条第一款第六项"}));
    assert!(ended.contains("因受援人已自行委托律师，根据《") && !ended.contains("。，"), "{ended}");
}

#[test]
fn a_letter_says_one_variant_and_a_blank_print_all() {
    for (code, some, variants) in [
        ("aid-letter", json!({"cause": "盗窃"}), ["担任其", "前往你处会见"]),
        ("aid-objection", json!({"reasons": "甲"}), ["决定维持", "责令"]),
        ("aid-power", json!({"cause": "盗窃"}), ["参加诉讼的委托诉讼代理人", "一案中，担任"]),
    ] {
        let paper = find(code).unwrap();
        let words = |values: &Values| text(&compose(paper, Fill::Values(values), ""));
        let (blank, begun) = (words(&Values::default()), words(&Values::read(paper, &some).unwrap()));
        assert!(variants.iter().all(|variant| blank.contains(variant)), "{code}: {blank}");
        assert!(!variants.iter().any(|variant| begun.contains(variant)), "{code}: {begun}");
    }
}

#[test]
fn rows_are_read_again_as_they_were_written() {
    let field = find("med-agreement").unwrap().field("terms").unwrap();
    let row =
        json!({"content": "分期，\"付清\"", "debtor": "\"李\"", "creditor": "马|建", "amount": "1680.32"});
    let cell = |column: &Column| row[&column.name].as_str().unwrap_or_default().to_owned();
    let typed = typed_row(&field.columns, cell);
    let values = Values::read(find("med-agreement").unwrap(), &json!({"terms": typed})).unwrap().json();
    let mut wanted = row.clone();
    wanted["amount"] = json!(168_032);
    assert_eq!(values["terms"][0], wanted, "{typed}");
}

#[test]
fn an_agreement_writes_money_in_figures_and_words() {
    let paper = find("med-agreement").unwrap();
    let json = json!({"terms": [{"content": "支付医疗费", "debtor": "李建国", "creditor": "张桂兰", "amount": 168_032}], "copies": 3});
    let words = text(&compose(paper, Fill::Values(&Values::read(paper, &json).unwrap()), ""));
    assert!(words.contains("1．支付医疗费（义务人：李建国）（权利人：张桂兰），金额¥1,680.32（人民币壹仟陆佰捌拾元零叁角贰分）"), "{words}");
    assert!(words.contains("本协议一式3份"), "{words}");
}

#[test]
fn values_of_another_kind_are_refused_at_their_fields() {
    let paper = find("aid-means").unwrap();
    let wrong = json!({"own_income": "很多", "nobody": 1, "check_way": "猜", "members": [{"shoe": 42}], "household_size": "3"});
    let faults = Values::read(paper, &wrong).unwrap_err();
    let mut seen: Vec<_> = faults.iter().map(|fault| (fault.name.as_str(), fault.code.as_str())).collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            ("check_way", "unknown"),
            ("members", "paper.field"),
            ("nobody", "paper.field"),
            ("own_income", "not_a_number")
        ]
    );
    let typed = json!({"own_income": "1,680.32", "members": "张桂兰，妻，62，务农，300.5，良好\n李小明，子"});
    let values = Values::read(paper, &typed).unwrap().json();
    assert_eq!((&values["own_income"], &values["members"][0]["income"]), (&json!(168_032), &json!(30_050)));
}

#[test]
fn a_definition_that_does_not_do_says_why() {
    let with = |fields: &str, layout: &str| {
        format!(
            "code = \"x\"\ntitle = \"甲\"\nsource = \"乙\"\nnouns = [\"aid\"]\npage = \"form\"\nfields = [{fields}]\nlayout = '''\n{layout}\n'''\n"
        )
    };
    let name = "{ name = \"a\", label = \"甲\", kind = \"text\", from = \"case\" }";
    for (fields, layout, why) in [
        (name, "p {a}{b}", "layout 1: paper.no_field field=b"),
        (name, "title", "fields a: paper.unused field=a"),
        (name, "p {a", "layout 1: line.braces"),
        (name, "p [?{a}", "layout 1: line.unclosed"),
        (name, "p [?{a}[?b]]", "layout 1: line.nested"),
        (name, "# x\n\ndance {a}", "layout 3: line.word word=dance"),
        (name, "list a 3", "layout 1: paper.kind field=a"),
        (name, "list a many", "layout 1: line.form form=list LIST ROWS"),
        (
            "{ name = \"a\", label = \"甲\", kind = \"list\", from = \"case\" }",
            "list a 3",
            "fields a: entry.columns",
        ),
        ("{ block = \"nobody\", of = \"a\" }", "title", "fields 1: entry.no_block block=nobody"),
    ] {
        let fault = Paper::parse(&with(fields, layout)).unwrap_err();
        assert_eq!(told(&[fault]), [why], "{layout}");
    }
}

#[test]
fn the_manual_names_every_word_of_the_language() {
    let manual = include_str!("../../assets/papers/README.md");
    for word in layout::WORDS {
        assert!(manual.contains(&format!("`{word}")), "{word}");
    }
}
