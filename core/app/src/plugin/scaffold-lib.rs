//! What this workflow decides in code: everything else stands in plugin.toml.

use falin_sdk::{Decision, Guard, Host, Outcome, Refusal, Workflow};

/// Fewest characters of a result.
const LEAST: usize = 10;

/// Nothing is kept in it: its process may end at any moment.
#[derive(Default)]
struct Request;

impl Workflow for Request {
    fn guard(&mut self, _: &Host<'_>, asked: Guard) -> Outcome<Decision> {
        if asked.form.text("result").trim().chars().count() < LEAST {
            return Err(Refusal::new("too-short").with("least", LEAST).on("result").into());
        }
        Ok(Decision::allow())
    }
}

falin_sdk::export!(Request, id = "ID", manifest = "../plugin.toml");

#[cfg(test)]
mod tests {
    use super::*;
    use falin_sdk::serde_json::json;
    use falin_sdk::{PluginOp, Stop, bench::Bench};

    #[test]
    fn a_result_that_says_nothing_is_refused_at_its_field() {
        let mut bench = Bench::of::<Request>(|_, _| Err(Stop::unknown()));
        let mut finish =
            |result| bench.call(PluginOp::Guard, &json!({ "step": "finish", "form": { "result": result } }));
        assert!(finish("已经发还全部工资，申请人满意。").is_ok());
        let Err(Stop::Refused(no)) = finish("办了") else { panic!("not refused") };
        assert_eq!(no.fields["result"].key, "too-short");
    }
}
