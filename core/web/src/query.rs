//! What an address says: ids in its path, filters and the page in its query.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::words::Id;

use crate::body::Fields;
use crate::cursor;
use crate::problem::Refused;

/// The query of a request; an API route's query has been matched against its document before.
#[derive(Clone, Debug, Default)]
pub struct Query(pub Fields);

impl FromRequest for Query {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Fields::parse(req.query_string().as_bytes()).map(Self).map_err(Refused))
    }
}

impl Query {
    /// The filter under `name`, trimmed; None where it is absent or blank.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.0.filled(name)
    }

    /// The page asked for by `limit` and `cursor`.
    ///
    /// # Errors
    /// `page.limit`, `page.cursor`.
    pub fn window(&self) -> Result<Window, Refusal> {
        cursor::window(self.0.get("limit"), self.0.get("cursor"))
    }

    /// The id under `name`; None where it is absent or blank.
    ///
    /// # Errors
    /// `form.invalid` at this field where it is no id.
    pub fn id<T>(&self, name: &str) -> Result<Option<Id<T>>, Refusal> {
        let text = self.filled(name);
        text.map(|text| text.parse().map_err(|_| Refusal::field(name, "reference"))).transpose()
    }

    /// The value under `name` in a type of ours; None where it is absent or blank.
    ///
    /// # Errors
    /// `form.invalid` with `code` at this field where it is none.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str, code: &str) -> Result<Option<T>, Refusal> {
        self.filled(name).map(|text| text.parse().map_err(|_| Refusal::field(name, code))).transpose()
    }
}

/// The `{id}` of the path. What is no id is absent, like a foreign one.
#[derive(Clone, Copy, Debug)]
pub struct PathId<T>(pub Id<T>);

impl<T: 'static> FromRequest for PathId<T> {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(path_id(req, "id").map(Self).map_err(Refused))
    }
}

/// The id under another name in the path.
///
/// # Errors
/// `not_found` where it is no id.
pub fn path_id<T>(req: &HttpRequest, name: &str) -> Result<Id<T>, Refusal> {
    // One way to write it: otherwise one thing has many addresses, and a cache many copies.
    let text = req.match_info().query(name);
    let id: Id<T> = text.parse().map_err(|_| Refusal::absent())?;
    if id.to_string() == text { Ok(id) } else { Err(Refusal::absent()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use actix_web::test::TestRequest;

    fn asked(uri: &str) -> Query {
        let req = TestRequest::get().uri(uri).to_http_request();
        Query::from_request(&req, &mut Payload::None).into_inner().unwrap()
    }

    #[test]
    fn filters_are_parsed_or_refused_at_their_field() {
        let query = asked("/x?place=620200&worker=abc&on=2026-03-01&limit=5&blank=+");
        assert_eq!(query.filled("place"), Some("620200"));
        assert_eq!(query.filled("blank"), None);
        assert_eq!(query.window().unwrap().limit, 5);
        let on: Option<falin_domain::time::Date> = query.parsed("on", "date.invalid").unwrap();
        assert_eq!(on.unwrap().to_string(), "2026-03-01");
        assert_eq!(query.id::<()>("worker").unwrap_err().fields[0].name, "worker");
    }

    #[test]
    fn what_is_no_id_is_absent() {
        let ask = |id: &'static str| TestRequest::get().param("id", id).to_http_request();
        let good = "0190a0a0-0000-7000-8000-0000000000aa";
        assert!(path_id::<()>(&ask(good), "id").is_ok());
        for bad in ["1", "", "0190A0A0-0000-7000-8000-0000000000AA", "0190a0a0000070008000000000000000aa"] {
            assert_eq!(path_id::<()>(&ask(bad), "id").unwrap_err().code(), "not_found", "{bad}");
        }
    }
}
