//! Which flow an address speaks of: the core's by their own names, plugins' as `workflows/{plugin}/{flow}`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use falin_domain::refusal::Refusal;

use crate::problem::Refused;

/// The core's flows: name, part of the desk's addresses, part of the API's.
pub const CORE: [(&str, &str, &str); 3] = [
    ("consultation", "consultations", "consultations"),
    ("aid", "legal-aid", "legal-aid-applications"),
    ("mediation", "mediation", "mediation-cases"),
];

/// What the address of a list ends in that is taken away as a table.
const TABLE: &str = ".xlsx";

/// The flow of an address, and how its addresses begin.
#[derive(Clone, Debug)]
pub struct FlowPath {
    /// Its name: `consultation`, or `plugin/flow`.
    pub flow: String,
    /// `/desk/consultations`, `/desk/workflows/petition/visit`, without what follows.
    pub base: String,
}

impl FromRequest for FlowPath {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of(req).ok_or_else(|| Refusal::absent().into()))
    }
}

fn of(req: &HttpRequest) -> Option<FlowPath> {
    let mut parts = req.path().trim_start_matches('/').split('/');
    let door = if parts.next()? == "api" { format!("/api/{}", parts.next()?) } else { "/desk".to_owned() };
    let noun = parts.next()?.trim_end_matches(TABLE);
    if noun == "workflows" {
        let (plugin, name) = (parts.next()?, parts.next()?.trim_end_matches(TABLE));
        let base = format!("{door}/workflows/{plugin}/{name}");
        return Some(FlowPath { flow: format!("{plugin}/{name}"), base });
    }
    let (flow, _, _) = CORE.iter().find(|(_, desk, api)| *desk == noun || *api == noun)?;
    Some(FlowPath { flow: (*flow).to_owned(), base: format!("{door}/{noun}") })
}

/// Where the desk shows the cases of a flow.
pub fn desk_base(flow: &str) -> String {
    match CORE.iter().find(|(id, _, _)| *id == flow) {
        Some((_, desk, _)) => format!("/desk/{desk}"),
        None => format!("/desk/workflows/{flow}"),
    }
}
