//! Plausible values for a paper, for the sample print that shows what it looks like. Nobody in them is real.

use serde_json::{Map, Value as Json, json};

use super::field::{Column, Field, From, Kind};
use super::{Paper, Values};

/// Every field filled that is not written by hand.
pub fn sample(paper: &Paper) -> Values {
    let filled = paper.fields.iter().filter(|field| field.from != From::Hand);
    let json: Map<String, Json> = filled.map(|field| (field.name.clone(), of(field))).collect();
    Values::read(paper, &json.into()).unwrap_or_default()
}

fn of(field: &Field) -> Json {
    match field.kind {
        Kind::Choice | Kind::Choices => match field.options.as_slice() {
            [] => json!(words(&field.name, &field.label)),
            [only] => json!(only),
            [first, ..] if field.kind == Kind::Choice => json!(first),
            [first, second, ..] => json!([first, second]),
        },
        Kind::List => {
            let row = |at: usize| -> Json {
                let cells = field.columns.iter().filter(|column| column.name != "n");
                cells.map(|column| (column.name.clone(), cell(column, at))).collect::<Map<_, _>>().into()
            };
            json!([row(0), row(1)])
        }
        Kind::Long => json!(format!("{}。", words(&field.name, &field.label))),
        kind => plain(kind, &field.name, &field.label, 0),
    }
}

fn cell(column: &Column, at: usize) -> Json {
    plain(column.kind, &column.name, &column.label, at)
}

fn plain(kind: Kind, name: &str, label: &str, at: usize) -> Json {
    match kind {
        Kind::Date => json!(if name.contains("birth") { "1958-03-12" } else { "2026-03-02" }),
        Kind::Time => json!("2026-03-02T09:30"),
        Kind::Int if name.ends_with("age") => json!(62 + at),
        Kind::Int => json!(2 + at),
        Kind::Money => json!(168_032),
        Kind::Id => json!("620201195803120012"),
        Kind::Phone => json!("13900000000"),
        Kind::Yes => json!(true),
        Kind::Number => json!("嘉援示〔2026〕1号"),
        _ if name == "name" && at > 0 => json!("李建国"),
        _ => json!(words(name, label)),
    }
}

/// Words by what the name ends in; else the label itself.
fn words(name: &str, label: &str) -> String {
    const KNOWN: &[(&str, &str)] = &[
        ("center.name", "嘉峪关市法律援助中心"),
        ("bureau.name", "嘉峪关市司法局"),
        ("committee.name", "新城镇人民调解委员会"),
        ("provider.name", "甘肃雄关律师事务所"),
        ("office.name", "嘉峪关市公共法律服务中心"),
        ("receiver.name", "新城镇人民调解委员会"),
        ("village", "新城镇横沟村"),
        ("firm", "甘肃雄关律师事务所"),
        ("assignee.name", "蔡志生"),
        ("agent.name", "蔡志生"),
        ("lawyer.name", "蔡志生"),
        ("adviser", "蔡志生"),
        ("adviser.name", "蔡志生"),
        ("mediators", "杨玲"),
        ("mediator.name", "杨玲"),
        ("name", "张桂兰"),
        ("cause", "追索劳动报酬纠纷"),
        ("dispute", "相邻通行纠纷"),
        ("subject", "相邻通行纠纷"),
        ("parties", "张桂兰、李建国"),
        ("gender", "女"),
        ("ethnicity", "汉族"),
        ("id_type", "居民身份证"),
        ("address", "嘉峪关市新城镇横沟村三组12号"),
        ("occupation", "务农"),
        ("uscc", "31620000MD0000016A"),
        ("court", "嘉峪关市城区人民法院"),
        ("organ", "嘉峪关市城区人民法院"),
        ("to_organ", "嘉峪关市城区人民法院"),
        ("review_government", "嘉峪关市人民政府"),
        ("review_bureau", "甘肃省司法厅"),
        ("contact", "王敏，0937-6220000"),
        ("aid_form", "民事诉讼代理"),
        ("crowd", "老年人"),
        ("stage", "一审"),
        ("place", "新城镇司法所调解室"),
        ("facts", "双方为邻居，因共用通道堆放杂物影响通行发生争议，经村委会劝说未果"),
        ("content", "李建国于三日内清除共用通道上的杂物，保持通道畅通"),
        ("refusal_basis", "《中华人民共和国法律援助法》第三十一条"),
        ("refusal_reason", "申请事项不属于法律援助范围"),
    ];
    let found = KNOWN.iter().find(|(ending, _)| name == *ending);
    let found = found.or_else(|| KNOWN.iter().find(|(ending, _)| name.ends_with(&format!(".{ending}"))));
    found.map_or_else(|| format!("（{label}）"), |(_, words)| (*words).to_owned())
}
