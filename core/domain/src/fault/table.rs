//! Every fault that a file of an author can have: its code, and what its text speaks of.

macro_rules! faults {
    ($($code:literal [$($arg:literal)*];)*) => {
        /// Every code with its arguments; a code that is not here cannot be said.
        pub const FAULTS: &[(&str, &[&str])] = &[$(($code, &[$($arg),*])),*];
    };
}

faults! {
    // What the reader of TOML says.
    "toml.key" ["name" "known"];
    "toml.lacks" ["name"];
    "toml.shape" ["found" "expected"];
    "toml.syntax" ["sort" "told"];
    "toml.twice" [];
    "toml.word" ["word" "known"];
    "each" [];
    "role" ["role"];
    "whom" ["name"];

    // Names, and what they lead to.
    "name" [];
    "name.hyphen" [];
    "name.id" [];
    "name.flow" [];
    "name.query" [];
    "twice" [];
    "no_flow" ["flow"];
    "no_state" ["flow" "state"];
    "no_step" ["flow" "step"];
    "no_field" ["flow" "field"];
    "no_index" ["flow" "field"];
    "needs_kind" ["field" "kind"];
    "no_post" ["post"];
    "no_text" ["text"];
    "no_figure" ["figure"];
    "no_deadline" ["deadline"];
    "no_number_setting" ["setting"];
    "no_paper" ["paper"];
    "between" ["least" "most"];
    "too_many" ["most"];
    "too_large" ["most"];
    "cannot_hold" ["value"];
    "text.missing" ["lang"];
    "text.apart" ["name"];

    // The head of a declaration.
    "id_of_house" [];
    "version" [];
    "abi" ["speaks"];
    "division" ["code"];
    "no_flows" [];
    "limits" [];
    "permission.needed" ["code"];
    "library.unasked" [];
    "library.unbrought" [];

    // Flows.
    "flow.reserved" [];
    "flow.opening" [];
    "number.bare" [];
    "number.name" ["name"];
    "place.kind" ["field"];
    "field.taken" [];
    "field.choices" [];
    "field.passing" [];
    "field.rows" [];
    "field.max" [];
    "deadline.code" ["plugin"];
    "deadline.zero" [];
    "deadline.setting" ["n" "setting"];
    "state.unreached" [];
    "state.dead_end" [];
    "state.open_next" [];
    "state.closed_next" [];
    "state.turn" ["role"];
    "step.nobody" [];
    "step.last_way" [];
    "sets.count" ["list" "field"];
    "sets.value" ["value" "field"];
    "rows.dates" ["rows" "due" "done"];
    "rows.columns" ["rows" "column" "other"];
    "notice.nobody" [];
    "notice.no_field" ["text" "field"];
    "notice.kept" ["text" "field"];
    "notice.inside" ["text" "field"];
    "linked.no_state" ["flow"];
    "when.no_field" ["field"];
    "when.never" ["field" "value"];
    "when.no_index" ["field"];
    "when.nothing" ["field"];
    "when.bound" ["field" "kind" "bound"];
    "when.list" [];

    // What opens a case elsewhere by itself.
    "opens.known" ["name"];
    "opens.text" ["name" "field"];
    "opens.nothing" ["name"];
    "opens.person" ["name" "field"];
    "opens.kinds" ["name" "kind" "field" "other"];
    "opens.sensitive" ["name" "field"];
    "opens.unasked" ["flow" "field"];
    "opens.unfilled" ["flow" "field"];
    "opens.library" ["flow"];
    "act.no_step" ["flow" "step"];
    "act.unasked" ["flow" "step" "field"];
    "act.unfilled" ["flow" "step" "field"];

    // What stands beside the flows.
    "setting.rows" [];
    "setting.number" [];
    "job.both" [];
    "job.either" [];
    "job.once" [];
    "job.library" ["step"];
    "job.asks" ["step"];
    "hook.no_step" [];
    "hook.either" [];
    "hook.facts" [];
    "import.no_head" [];
    "import.unfilled" ["field"];
    "page.nobody" [];
    "page.template" [];
    "page.no_template" [];
    "page.query" [];
    "page.role" ["role"];
    "page.field" [];
    "page.asks_twice" ["field"];
    "collection.index" [];
    "figure.per" [];
    "figure.percent" [];
    "figure.yuan" [];
    "figure.share" [];
    "figure.no_day" ["name" "flow"];
    "figure.median" [];

    // Papers, as the declaration names them and as their files write them.
    "paper.of_house" ["paper"];
    "paper.was" ["paper"];
    "paper.not_for_flow" ["paper"];
    "paper.no_file" [];
    "paper.undeclared" [];
    "paper.code" ["code"];
    "paper.nouns" [];
    "paper.counted" ["prefix" "paper"];
    "paper.no_field" ["field"];
    "paper.unused" ["field"];
    "paper.no_column" ["column" "list"];
    "paper.kind" ["field"];
    "paper.style" ["style"];
    "paper.empty_title" [];
    "paper.long_title" ["most"];
    "paper.size" ["fields" "lines"];
    "paper.after" ["name"];
    "paper.no_number" [];
    "paper.unprinted" [];
    "paper.prefix" ["prefix"];
    "paper.house_prefix" ["prefix"];
    "paper.variant" ["series"];
    "paper.wide" [];
    "paper.nothing" [];
    "paper.sample" [];
    "paper.source" ["field" "source"];
    "paper.unfilled" ["field"];
    "entry.no_block" ["block"];
    "entry.no_of" ["block"];
    "entry.no_name" [];
    "entry.lacks" ["what"];
    "entry.column" ["column"];
    "entry.column_kind" ["column" "kind"];
    "entry.name" [];
    "entry.columns" [];
    "entry.options" [];
    "entry.by_hand" [];
    "line.word" ["word"];
    "line.form" ["form"];
    "line.braces" [];
    "line.unclosed" [];
    "line.unopened" [];
    "line.nested" [];

    // Templates of pages.
    "template.missing" ["page"];
    "template.unescaped" [];
    "template.forbidden" ["sign"];
    "template.block" ["block"];
    "template.unopened" ["block"];
    "template.unclosed" ["sign"];
    "template.path" ["said"];
    "template.deep" [];
    "template.unseen" ["said" "page" "name"];
    "template.tag" ["tag"];
    "template.attribute" ["tag" "attribute"];
    "template.attributes" ["tag"];
    "template.link" ["tag"];
}
