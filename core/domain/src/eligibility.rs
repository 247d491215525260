//! Whether legal aid is likely: explains with the article of the law, recommends, and never refuses (个人信息保护法 24).

use serde::Serialize;

/// What somebody says of the own matter; everything may be left open.
#[derive(Clone, Default, Debug)]
pub struct Answers {
    /// Code of the list `aid_matter`.
    pub matter: Option<String>,
    /// Whether it is a criminal case of those in which a defender must be assigned (art. 25).
    pub mandatory: Option<bool>,
    /// Code of the list `aid_unconditional` (art. 32).
    pub unconditional: Option<String>,
    /// Code of the list `aid_exempt` (art. 42).
    pub exempt: Option<String>,
    /// People who live together.
    pub size: Option<u16>,
    /// What they have a month together, fen.
    pub income: Option<i64>,
}

/// What is said at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outlook {
    /// The law speaks for it.
    Likely,
    /// The centre has to look at it; applying costs nothing.
    Open,
}

/// One reason, with the article that it rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ground {
    /// Text key: `aid-ground-…`.
    pub code: &'static str,
    /// Article of 法律援助法.
    pub article: u16,
}

/// The recommendation: to apply in every case, and why it looks as it does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Advice {
    /// How it looks.
    pub outlook: Outlook,
    /// Why.
    pub grounds: Vec<Ground>,
}

const fn ground(code: &'static str, article: u16) -> Ground {
    Ground { code, article }
}

/// What the law says to these answers. `limit` is what the county counts as hardship, fen a person a month; None
/// where the county has set none.
pub fn advise(answers: &Answers, limit: Option<i64>) -> Advice {
    let chosen =
        |text: &Option<String>| text.as_deref().is_some_and(|code| !code.is_empty() && code != "none");
    if answers.mandatory == Some(true) {
        return likely(vec![ground("mandatory", 25)]);
    }
    let listed = match answers.matter.as_deref() {
        None | Some("") => None,
        Some("criminal") => Some(ground("criminal", 29)),
        Some("other") => Some(ground("unlisted", 31)),
        Some(_) => Some(ground("listed", 31)),
    };
    let mut grounds: Vec<Ground> = listed.into_iter().collect();
    if chosen(&answers.unconditional) {
        grounds.push(ground("unconditional", 32));
        return likely(grounds);
    }
    let poor = hardship(answers, limit, chosen(&answers.exempt));
    let outlook = if poor.code == "exempt" || poor.code == "below" { Outlook::Likely } else { Outlook::Open };
    let unlisted = grounds.iter().any(|ground| ground.code == "unlisted");
    grounds.push(poor);
    Advice { outlook: if unlisted { Outlook::Open } else { outlook }, grounds }
}

fn likely(grounds: Vec<Ground>) -> Advice {
    Advice { outlook: Outlook::Likely, grounds }
}

fn hardship(answers: &Answers, limit: Option<i64>, exempt: bool) -> Ground {
    if exempt {
        return ground("exempt", 42);
    }
    let each = match (answers.income, answers.size) {
        (Some(income), Some(size)) if size > 0 => Some(income / i64::from(size)),
        _ => None,
    };
    match (each, limit) {
        (Some(each), Some(limit)) if each <= limit => ground("below", 34),
        (Some(_), Some(_)) => ground("above", 34),
        _ => ground("unknown", 41),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn victims_of_violence_need_no_hardship() {
        let answers =
            Answers { matter: code("support"), unconditional: code("violence"), ..Answers::default() };
        let advice = advise(&answers, Some(0));
        assert_eq!(advice.outlook, Outlook::Likely);
        assert_eq!(advice.grounds.iter().map(|g| g.article).collect::<Vec<_>>(), [31, 32]);
    }

    #[test]
    fn wages_of_a_migrant_worker_are_not_checked() {
        let answers = Answers { matter: code("wages"), exempt: code("migrant"), ..Answers::default() };
        assert_eq!(advise(&answers, None).outlook, Outlook::Likely);
    }

    #[test]
    fn income_is_held_against_the_countys_limit_by_person() {
        let answers =
            Answers { matter: code("wages"), size: Some(3), income: Some(300_000), ..Answers::default() };
        assert_eq!(advise(&answers, Some(100_000)).outlook, Outlook::Likely);
        let above = advise(&answers, Some(99_999));
        assert_eq!((above.outlook, above.grounds[1].code), (Outlook::Open, "above"));
        assert_eq!(advise(&answers, None).grounds[1].code, "unknown");
    }

    #[test]
    fn nothing_is_ever_a_no() {
        for matter in ["", "other", "wages", "criminal"] {
            let advice = advise(&Answers { matter: code(matter), ..Answers::default() }, Some(1));
            assert!(!advice.grounds.is_empty() && matches!(advice.outlook, Outlook::Likely | Outlook::Open));
        }
    }
}
