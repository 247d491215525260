//! Applying without an account: one question a page, nothing lost on the way, a number that finds it again.

use serde_json::json;

use crate::town::{Answer, Client, Town, on_both};

const AID: &str = "/zh/620200/legal-aid/apply";

/// The first questions of a village.
pub(super) fn begun(visitor: &Client, door: &str) -> Answer {
    let township = visitor.get(door).is(200).link("新城镇");
    let village = visitor.get(&township).is(200).link("横沟村");
    visitor.get(&village).is(200)
}

pub(super) fn next(visitor: &Client, page: &Answer, typed: &[(&str, &str)]) -> Answer {
    let mut fields = typed.to_vec();
    fields.push(("go", "next"));
    visitor.fill(page, "/apply", &fields)
}

fn number(page: &Answer) -> String {
    let text = page.text();
    let from = text.find('〔').unwrap_or_else(|| panic!("no number: {text}"));
    let start = text[..from]
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace())
        .map_or(0, |(at, c)| at + c.len_utf8());
    text[start..].split_whitespace().next().unwrap().to_owned()
}

on_both! {
    fn legal_aid_is_applied_for_question_by_question(backend) {
        let town = Town::start(backend);
        let visitor = town.visitor();
        let first = begun(&visitor, AID);
        let missed = next(&visitor, &first, &[]).is(422);
        assert!(missed.text().contains("申请事项"), "{}", missed.text());
        assert!(first.body().contains("/zh-large/620200/legal-aid/apply"), "large print is one press away");
        assert!(!missed.body().contains("href=\"/zh-large/"), "half-way it would lose what was typed");
        // Half-way the way to large print is a button of the form, which takes along what was chosen.
        let large = visitor.otherwise(&missed, "zh-large", &[("matter", "wages")]).is(200);
        assert!(large.body().contains("value=\"wages\" checked") && large.path.starts_with("/zh-large/"), "{}", large.body());
        assert!(large.body().contains("aria-current=\"true\"><b>"), "the size of now stands out: {}", large.body());
        assert!(!large.body().contains("class=\"errors\""), "nothing is missed before it is sent");
        let back = visitor.otherwise(&large, "zh", &[]).is(200);
        let mut page = next(&visitor, &back, &[]).is(200);
        for typed in [
            &[("facts", "包工头欠我<三个月>工资，二万一千元。"), ("opponents", "大漠建筑公司，13909375678")][..],
            &[("case_organ", "")], &[("exempt", "migrant")],
            &[("household_size", "四口"), ("monthly_income", "3000")],
        ] {
            page = next(&visitor, &page, typed);
        }
        let page = page.is(422);
        assert!(page.body().contains("四口"), "what was typed stands there again");
        let page = next(&visitor, &page, &[("household_size", "4")]).is(200);
        let page = next(&visitor, &page, &[("crowds", "migrant")]).is(200);
        let page = next(&visitor, &page, &[("applicant", "马建军"), ("phone", "13909371234")]).is(200);
        let text = page.text();
        for said in ["大漠建筑公司，13909375678", "欠我<三个月>工资", "马建军", "进城务工"] {
            assert!(text.contains(said), "{said} is not shown for checking: {text}");
        }
        let english = visitor.otherwise(&page, "en", &[]).is(200);
        assert!(english.text().contains("马建军") && english.text().contains("legal aid"), "{}", english.text());
        let back = visitor.fill(&page, "/apply", &[("go", "page-1")]).is(200);
        assert!(back.body().contains("包工头"), "a way back to each answer");
        let sent = visitor.fill(&page, "/apply", &[("go", "send")]).is(200);
        assert!(sent.text().contains("法定期限"), "{}", sent.text());
        assert!(sent.header("set-cookie").is_none());
        let number = number(&sent);
        // Sent once more, it is the same one.
        let again = visitor.fill(&page, "/apply", &[("go", "send")]).is(200);
        assert!(again.text().contains(&number), "{}", again.text());

        let find = visitor.get("/zh/620200/progress").is(200);
        let shown = visitor.fill(&find, "/progress", &[("number", &number), ("phone", "13909371234")]).is(200);
        assert!(shown.text().contains(&number) && shown.text().contains("法律援助"), "{}", shown.text());
        let officer = town.program("aid_officer").get("/api/v1/legal-aid-applications").is(200).json();
        assert_eq!(officer["items"].as_array().unwrap().len(), 1);
        assert_eq!(officer["items"][0]["number"], json!(number));
    }

    fn mediation_is_asked_for_and_reaches_the_mediators(backend) {
        let town = Town::start(backend);
        let visitor = town.visitor();
        let page = begun(&visitor, "/zh/620200/mediation/apply");
        let page = next(&visitor, &page, &[("dispute", "neighbours")]).is(200);
        let page = next(&visitor, &page, &[("facts", "邻居占了巷道。")]).is(200);
        let page = next(&visitor, &page, &[("other_side", "隔壁老王")]).is(200);
        let unreachable = next(&visitor, &page, &[("applicant", "马建军")]).is(422);
        assert!(unreachable.body().contains("马建军"));
        let page = next(&visitor, &unreachable, &[("phone", "13909371234")]).is(200);
        let sent = visitor.fill(&page, "/apply", &[("go", "send")]).is(200);
        assert!(sent.text().contains("调字第"), "{}", sent.text());
        // Whoever is told to come back later finds every answer still there.
        let later = (0..70).map(|_| visitor.fill(&page, "/apply", &[("go", "send")])).find(|sent| sent.status != 200);
        let later = later.expect("sent without end").is(429);
        assert!(later.text().contains("隔壁老王") && later.body().contains("class=\"errors\""), "{}", later.text());
        let forms = later.forms();
        let form = forms.iter().find(|form| form.action.ends_with("/apply")).unwrap();
        assert!(form.fields.contains(&("facts".to_owned(), "邻居占了巷道。".to_owned())), "{form:?}");
        let listed = town.program("mediator").get("/api/v1/mediation-cases").is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    }

    fn the_helper_explains_and_never_refuses(backend) {
        let town = Town::start(backend);
        let visitor = town.visitor();
        // One question a page; what was answered travels along, and nothing has to be answered.
        let asked = |answers: &[(&str, &str)]| {
            let mut page = visitor.get("/zh/620200/legal-aid/check").is(200);
            for name in ["matter", "mandatory", "unconditional", "exempt", "size", "income"] {
                assert!(page.status == 200 && page.body().contains(&format!("name=\"{name}\"")), "{}", page.text());
                let typed: Vec<_> = answers.iter().copied().filter(|(one, _)| *one == name).chain([("go", "next")]).collect();
                page = visitor.fill(&page, "/check", &typed);
            }
            page
        };
        let told = asked(&[("matter", "wages"), ("exempt", "migrant")]).is(200);
        assert!(told.text().contains("看起来可以申请"), "{}", told.text());
        let again = visitor.fill(&told, "/check", &[("go", "back")]).is(200);
        assert!(again.text().contains("第 6 步"), "{}", again.text());
        let first = visitor.get("/zh/620200/legal-aid/check").is(200);
        let second = visitor.fill(&first, "/check", &[("matter", "injury"), ("go", "next")]).is(200);
        let back = visitor.fill(&second, "/check", &[("go", "back")]).is(200);
        assert!(back.body().contains("value=\"injury\" checked"), "{}", back.body());
        let poor = asked(&[("matter", "other"), ("size", "3"), ("income", "90000")]).is(200);
        assert!(poor.text().contains("去申请"), "{}", poor.text());
        let wrong = asked(&[("income", "很多")]).is(422);
        assert!(wrong.body().contains("很多"));
        let large = visitor.otherwise(&wrong, "zh-large", &[("income", "3000")]).is(200);
        assert!(large.body().contains("value=\"3000\""), "{}", large.body());
        assert!(visitor.otherwise(&told, "en", &[]).is(200).text().contains("31"), "what the law says, once more");
        // A program of before sends all answers at once.
        visitor.post("/zh/620200/legal-aid/check", &[("matter", "wages"), ("exempt", "migrant")]).is(200);
        visitor.get("/en-large/620200/legal-aid/check").is(200);
        for door in ["/zh/620200/legal-aid/apply?place=999999999999", "/zh/620200/mediation/apply?in=1"] {
            visitor.send("GET", door, &[], Vec::new()).is(404);
        }
    }
}
