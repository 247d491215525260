//! `/api/v1/settings`: what a county sets for itself, part by part, each saved whole under one version.

use actix_web::HttpRequest;
use actix_web::web::Data;
use falin_app::settings::{
    self, CountySettings, OfficeNames, Typed, TypedCasework, TypedLines, TypedRetention,
};
use falin_domain::directory::ProviderKind;
use falin_domain::refusal::Refusal;
use falin_domain::statistics::scorecard::Line;
use serde_json::{Map, Value, json};

use super::form::{Names, over, told};
use super::{Given, one};
use crate::body::Body;
use crate::openapi::Doc;
use crate::problem::Answer;
use crate::shape::{Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const VERSION: Shape = Shape::Whole(1, i64::MAX);
const FEN: Shape = Shape::Whole(0, i64::MAX);
const NAME: Shape = Shape::Text(60);
const BASIS: Shape = Shape::Text(300);
const MARK: Shape = Shape::Maybe(&Shape::Whole(0, 1_000_000));

fn providers() -> Vec<&'static str> {
    ProviderKind::ALL.iter().map(|kind| kind.code()).collect()
}

const PAIRING: Shape = Shape::Object(
    "PairingSettings",
    &[
        must("rural", Shape::Code(providers)),
        must("urban", Shape::Code(providers)),
        must("capacity", Shape::Maybe(&Shape::Whole(0, 100_000))),
        must("consent", Shape::Bool),
        must("consent_since", Shape::Maybe(&Shape::Date)),
        must("fallback_hours", Shape::Whole(1, 1_000)),
    ],
);
const CASEWORK: Shape = Shape::Object(
    "CaseworkSettings",
    &[
        must("income_limit_fen", Shape::Maybe(&FEN)),
        must("income_limit_source", BASIS),
        must("aid_hands", Shape::Whole(1, 3)),
        must("simple_fen", FEN),
        must("ordinary_fen", FEN),
        must("hard_fen", FEN),
        must("major_fen", FEN),
        must("oral_fen", FEN),
        must("failed_percent", Shape::Whole(0, 100)),
        must("tariff_source", BASIS),
    ],
);
const OFFICE: Shape = Shape::Object(
    "OfficeSettings",
    &[
        may("abbreviation", Shape::Text(8)),
        may("center", NAME),
        may("bureau", NAME),
        may("service", NAME),
        may("committee", NAME),
        may("phone", Shape::Text(30)),
        may("contact", NAME),
        may("government", NAME),
        may("upper_bureau", NAME),
        may("court", NAME),
    ],
);
const SCORECARD: Shape = Shape::Object(
    "ScorecardSettings",
    &[
        may("settled_share", MARK),
        may("unsettled", MARK),
        may("lectures", MARK),
        may("visits", MARK),
        may("paired_share", MARK),
        may("basis", Shape::Text(200)),
        // Villages that are sites, one a line: name or code, then the day since when.
        may("sites", Shape::Text(20_000)),
    ],
);
const YEARS: Shape = Shape::Whole(0, 100);
const RETENTION: Shape = Shape::Object(
    "RetentionSettings",
    &[
        may("household", YEARS),
        may("consultation", YEARS),
        may("aid", YEARS),
        may("mediation", YEARS),
        may("workflow", YEARS),
    ],
);
const SETTINGS: Shape = Shape::Object(
    "Settings",
    &[
        must("version", VERSION),
        must("pairing", PAIRING),
        must("casework", CASEWORK),
        must("office", OFFICE),
        must("scorecard", SCORECARD),
        must("retention", RETENTION),
    ],
);
const SET_PAIRING: Shape = Shape::Object(
    "SetPairing",
    &[
        may("rural", Shape::Code(providers)),
        may("urban", Shape::Code(providers)),
        may("capacity", Shape::Maybe(&Shape::Whole(0, 100_000))),
        may("consent", Shape::Bool),
        may("fallback_hours", Shape::Whole(1, 1_000)),
    ],
);
const SET_CASEWORK: Shape = Shape::Object(
    "SetCasework",
    &[
        may("income_limit_fen", Shape::Maybe(&FEN)),
        may("income_limit_source", BASIS),
        may("aid_hands", Shape::Whole(1, 3)),
        may("simple_fen", FEN),
        may("ordinary_fen", FEN),
        may("hard_fen", FEN),
        may("major_fen", FEN),
        may("oral_fen", FEN),
        may("failed_percent", Shape::Whole(0, 100)),
        may("tariff_source", BASIS),
    ],
);
const ACT: Shape = Shape::Object(
    "SettingsAct",
    &[
        must("action", Shape::OneOf(&["pairing", "casework", "office", "scorecard", "retention"])),
        must("version", VERSION),
        may("pairing", SET_PAIRING),
        may("casework", SET_CASEWORK),
        may("office", OFFICE),
        may("scorecard", SCORECARD),
        may("retention", RETENTION),
    ],
);

/// Document of what is set.
pub const SHOW: Doc = Doc::read("setting", "What the caller's county has set for itself.", &SETTINGS);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "setting",
    "Saves the part that `action` names, from the member of that name; what it leaves out stays as it is.",
    &ACT,
    &SETTINGS,
)
.refusals(&["state.changed"]);

/// Members and the controls of the desk's forms, part by part.
const PAIRING_NAMES: Names = &[("fallback_hours", "fallback")];
const CASEWORK_NAMES: Names = &[
    ("income_limit_fen", "limit"),
    ("income_limit_source", "source"),
    ("aid_hands", "hands"),
    ("simple_fen", "simple"),
    ("ordinary_fen", "ordinary"),
    ("hard_fen", "hard"),
    ("major_fen", "major"),
    ("oral_fen", "oral"),
    ("failed_percent", "failed"),
    ("tariff_source", "tariff"),
];

fn show(version: i64, set: &CountySettings) -> Value {
    let (tariff, lines) = (&set.tariff, &set.scorecard);
    let mut scorecard = json!({ "basis": lines.basis, "sites": TypedLines::of(lines).sites });
    for line in Line::ALL {
        scorecard[line.code()] = json!(lines.at(line));
    }
    json!({
        "version": version,
        "pairing": {
            "rural": set.rural.code(), "urban": set.urban.code(), "capacity": set.capacity,
            "consent": set.consent, "consent_since": set.consent_since, "fallback_hours": set.fallback_hours,
        },
        "casework": {
            "income_limit_fen": set.aid_income_limit, "income_limit_source": set.aid_limit_source,
            "aid_hands": set.aid_hands,
            "simple_fen": tariff.simple, "ordinary_fen": tariff.ordinary, "hard_fen": tariff.hard,
            "major_fen": tariff.major, "oral_fen": tariff.oral, "failed_percent": tariff.failed_percent,
            "tariff_source": tariff.source,
        },
        "office": set.office,
        "scorecard": scorecard,
        "retention": set.retention,
    })
}

/// `GET /api/v1/settings`.
///
/// # Errors
/// `access.denied`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed) -> Answer {
    let (county, set) = settings::get(&site.app, &me.visitor).await?;
    one(&req, 200, county.version, &show(county.version, &set))
}

/// Members as the desk's forms take them: `on` and `off`, and 元 for fen.
fn typed(part: &Map<String, Value>) -> Map<String, Value> {
    let control = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::Bool(yes) => json!(if *yes { "on" } else { "off" }),
            Value::Number(fen) if name.ends_with("_fen") => {
                let fen = fen.as_f64().unwrap_or_default() as i64;
                json!(format!("{}.{:02}", fen / 100, fen % 100))
            }
            other => other.clone(),
        };
        (name.clone(), value)
    };
    part.iter().map(control).collect()
}

/// `POST /api/v1/settings/actions`.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given = Given::read(&req, &body, &ACT)?;
    let (app, visitor, version) = (&site.app, &me.visitor, given.version);
    let name = given.action.as_str();
    let part = given.members.get(name).and_then(Value::as_object);
    let part = typed(part.ok_or_else(|| Refusal::field(name, "required"))?);
    let (_, there) = settings::get(app, visitor).await?;
    let (county, set) = match name {
        "pairing" => {
            let form = over(&Typed::of(&there), PAIRING_NAMES, &part)?;
            settings::save(app, visitor, version, &form).await.map_err(told(PAIRING_NAMES))?
        }
        "casework" => {
            let form = over(&TypedCasework::of(&there), CASEWORK_NAMES, &part)?;
            settings::save_casework(app, visitor, version, &form).await.map_err(told(CASEWORK_NAMES))?
        }
        "office" => {
            let form: OfficeNames = over(&there.office, &[], &part)?;
            settings::save_office(app, visitor, version, &form).await.map_err(told(&[]))?
        }
        "retention" => {
            let form = over(&TypedRetention::of(&there.retention), &[], &part)?;
            settings::save_retention(app, visitor, version, &form).await.map_err(told(&[]))?
        }
        _ => {
            let form = over(&TypedLines::of(&there.scorecard), &[], &part)?;
            settings::save_lines(app, visitor, version, &form).await.map_err(told(&[]))?
        }
    };
    one(&req, 200, county.version, &show(county.version, &set))
}
