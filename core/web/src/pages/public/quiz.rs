//! Whether legal aid is likely: one question a page, and what the law says to the answers.

use falin_app::application;
use falin_domain::eligibility::{Answers, Outlook};
use falin_domain::refusal::Refusal;
use falin_domain::workflow::shared_list;

use super::{AGAIN, Spot};
use crate::body::{Body, Fields};
use crate::look::desk::Form;
use crate::look::desk::case::lang_code;
use crate::look::format;
use crate::look::parts::{Button, Field, FieldOption};
use crate::look::public::apply::{Advised, Quiz};
use crate::problem::{Answer, of_stop};

/// `GET /{view}/{county}/legal-aid/check`: the helper that explains and never refuses.
///
/// # Errors
/// The store's own.
pub async fn quiz(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| Ok(quiz_form(spot, &Fields::default(), 0, None))).await
}

/// The questions of the quiz, one a page.
const QUIZ: [&str; 6] = ["matter", "mandatory", "unconditional", "exempt", "size", "income"];

/// The page of one question; what was answered before travels along unseen.
fn quiz_form(spot: &Spot, fields: &Fields, at: usize, refusal: Option<&Refusal>) -> Quiz {
    let say = spot.say();
    let name = QUIZ.get(at).copied().unwrap_or(QUIZ[0]);
    let form = quiz_carried(spot, fields, name).keep("at", at.to_string());
    let look = if at + 1 < QUIZ.len() { "apply-next" } else { "quiz-look" };
    let mut form = form
        .field(quiz_question(spot, fields, name))
        .button(Button::submit("primary", say.t(look)).named("go", "next"));
    if at > 0 {
        form = form.button(Button::submit("low", say.t("apply-back")).named("go", "back"));
    }
    let numbers = (at + 1, QUIZ.len());
    Quiz {
        form: form.maybe_refused(&say, refusal).redrawn(AGAIN),
        at: numbers.0.to_string(),
        of: numbers.1.to_string(),
        advised: None,
        apply: spot.href("/legal-aid/apply"),
    }
}

/// A form of the quiz with every answer but one's kept unseen.
fn quiz_carried(spot: &Spot, fields: &Fields, but: &str) -> Form {
    let kept = QUIZ.iter().filter(|name| **name != but);
    let kept = kept.filter_map(|name| Some((*name, fields.filled(name)?)));
    kept.fold(Form::post(spot.href("/legal-aid/check")), |form, (name, value)| form.keep(name, value))
}

fn quiz_question(spot: &Spot, fields: &Fields, name: &str) -> Field {
    let (say, english) = (spot.say(), lang_code(spot.lang) == "en");
    let now = fields.get(name).unwrap_or_default();
    let options = |list: &str| -> Vec<FieldOption> {
        let all = shared_list(list).unwrap_or_default().iter();
        all.map(|c| FieldOption::new(c.code.clone(), if english { c.en.clone() } else { c.zh.clone() }, now))
            .collect()
    };
    let yes_no =
        || vec![FieldOption::new("true", say.t("yes"), now), FieldOption::new("false", say.t("no"), now)];
    let field = match name {
        "matter" => Field::radios("matter", "quiz-matter", options("aid_matter")),
        "mandatory" => Field::radios("mandatory", "quiz-mandatory", yes_no()).hint("quiz-mandatory-hint"),
        "unconditional" => Field::radios("unconditional", "quiz-unconditional", options("aid_unconditional")),
        "exempt" => Field::radios("exempt", "quiz-exempt", options("aid_exempt")),
        "size" => Field::text("size", "quiz-size").value(now).typing("off", "numeric").width(5),
        _ => Field::text("income", "quiz-income").value(now).typing("off", "decimal").width(10),
    };
    field.optional()
}

/// `POST /{view}/{county}/legal-aid/check`: the next question, or after the last one what the law says. Without a page's
/// number all answers came at once.
///
/// # Errors
/// A number that is none is told at its field.
pub async fn advise(spot: Spot, body: Body) -> Answer {
    let fields = body.form()?;
    let at: Option<usize> = fields.filled("at").and_then(|text| text.parse().ok());
    if let Some(at) = at.filter(|_| fields.filled("go") == Some("back")) {
        return spot.shown(&quiz_form(&spot, &fields, at.saturating_sub(1), None));
    }
    if let Some(at) = at.filter(|at| fields.filled("go") == Some(AGAIN) && *at < QUIZ.len()) {
        return spot.shown(&quiz_form(&spot, &fields, at, None));
    }
    let answers = match answers(&fields) {
        Ok(answers) => answers,
        Err(refusal) => {
            let wrong =
                refusal.fields.first().and_then(|fault| QUIZ.iter().position(|name| *name == fault.name));
            let view = quiz_form(&spot, &fields, wrong.unwrap_or(0), Some(&refusal));
            return spot.refused(&refusal, &view);
        }
    };
    if let Some(next) = at.map(|at| at.saturating_add(1)).filter(|next| *next < QUIZ.len()) {
        return spot.shown(&quiz_form(&spot, &fields, next, None));
    }
    let (advice, limit, source) =
        application::advice(&spot.site.app, spot.county(), answers).await.map_err(of_stop)?;
    let say = spot.say();
    let limit = limit.map(|fen| format::money(spot.lang, fen)).unwrap_or_default();
    let ground = |ground: &falin_domain::eligibility::Ground| {
        let article = ground.article.to_string();
        say.with(&format!("aid-ground-{}", ground.code), &[("article", &article), ("limit", &limit)])
    };
    let likely = advice.outlook == Outlook::Likely;
    // From the answer one goes back to the last question, with everything still answered.
    let again = quiz_carried(&spot, &fields, "")
        .keep("at", QUIZ.len().to_string())
        .button(Button::submit("low", say.t("quiz-again")).named("go", "back"))
        .redrawn(AGAIN);
    let mut view = Quiz { form: again, ..quiz_form(&spot, &fields, 0, None) };
    view.advised = Some(Advised { likely, grounds: advice.grounds.iter().map(ground).collect(), source });
    spot.shown(&view)
}

fn answers(fields: &Fields) -> Result<Answers, Refusal> {
    let code = |name: &str| fields.filled(name).map(str::to_owned);
    let size = fields.filled("size").map(|text| falin_domain::words::half_width(text).parse::<u16>());
    let size = size.transpose().map_err(|_| Refusal::field("size", "not_a_number"))?;
    let income = fields.filled("income").map(falin_domain::workflow::fen_of);
    let income = match income {
        Some(None) => return Err(Refusal::field("income", "not_a_number")),
        Some(found) => found,
        None => None,
    };
    Ok(Answers {
        matter: code("matter"),
        mandatory: fields.filled("mandatory").map(|text| text == "true"),
        unconditional: code("unconditional"),
        exempt: code("exempt"),
        size,
        income,
    })
}
