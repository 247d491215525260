//! Shapes of JSON: each is written once, documents a route in OpenAPI, and checks what comes in.

use falin_domain::refusal::FieldError;
use serde_json::{Map, Value, json};

/// What a JSON value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text of at most so many characters, without control characters but line breaks and tabs.
    Text(usize),
    /// A UUID.
    Uuid,
    /// `YYYY-MM-DD`.
    Date,
    /// RFC 3339.
    Time,
    /// A whole number from, to.
    Whole(i64, i64),
    /// Any number.
    Number,
    /// True or false.
    Bool,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// One of the texts of a closed list that is written elsewhere.
    Code(fn() -> Vec<&'static str>),
    /// The shape, or null.
    Maybe(&'static Shape),
    /// A list of at most so many.
    List(&'static Shape, usize),
    /// An object under a name of its own, with all its members.
    Object(&'static str, &'static [Member]),
    /// Anything: the document says where its shape is written.
    Any,
    /// An object whose schema a flow's table makes; its reader finds the faults.
    Made(fn() -> Value),
}

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Its shape.
    pub shape: Shape,
    /// False where it may be absent.
    pub required: bool,
}

/// A member that is always there.
pub const fn must(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: true }
}

/// A member that may be absent.
pub const fn may(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: false }
}

/// A list in pages of `item`: `{items, next_cursor}` (contract.md "HTTP").
#[macro_export]
macro_rules! listed {
    ($name:literal, $item:expr) => {
        $crate::shape::Shape::Object(
            $name,
            &[
                $crate::shape::must("items", $crate::shape::Shape::List(&$item, 200)),
                $crate::shape::must(
                    "next_cursor",
                    $crate::shape::Shape::Maybe(&$crate::shape::Shape::Text(1024)),
                ),
            ],
        )
    };
}

/// JSON Schema (2020-12) of a shape; objects become references and are put into `named`.
pub fn schema(shape: &Shape, named: &mut Map<String, Value>) -> Value {
    match *shape {
        Shape::Text(max) => json!({"type": "string", "maxLength": max, "pattern": TEXT_PATTERN}),
        Shape::Uuid => json!({"type": "string", "format": "uuid"}),
        Shape::Date => json!({"type": "string", "format": "date"}),
        Shape::Time => json!({"type": "string", "format": "date-time"}),
        Shape::Whole(from, to) => json!({"type": "integer", "minimum": from, "maximum": to}),
        Shape::Number => json!({"type": "number"}),
        Shape::Bool => json!({"type": "boolean"}),
        Shape::OneOf(texts) => json!({"type": "string", "enum": texts}),
        Shape::Code(texts) => json!({"type": "string", "enum": texts()}),
        Shape::Maybe(inner) => json!({"anyOf": [schema(inner, named), {"type": "null"}]}),
        Shape::List(item, max) => json!({"type": "array", "maxItems": max, "items": schema(item, named)}),
        Shape::Any => json!({}),
        Shape::Made(make) => make(),
        Shape::Object(name, members) => {
            if !named.contains_key(name) {
                named.insert(name.to_owned(), Value::Null);
                let whole = object_schema(members, named);
                named.insert(name.to_owned(), whole);
            }
            json!({"$ref": format!("#/components/schemas/{name}")})
        }
    }
}

/// The schema of an object written out in place, such as the other fields of an act.
pub fn object_schema(members: &[Member], named: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for member in members {
        properties.insert(member.name.to_owned(), schema(&member.shape, named));
    }
    let required: Vec<&str> = members.iter().filter(|m| m.required).map(|m| m.name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// Everything but control characters, which no form of ours needs and PostgreSQL refuses in part.
const TEXT_PATTERN: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$";

/// Every fault of `value` against `shape`, each at its field (`parties[2].phone`); empty where it matches.
pub fn faults(shape: &Shape, value: &Value) -> Vec<FieldError> {
    let mut found = Vec::new();
    walk(shape, value, "", &mut found);
    found
}

fn walk(shape: &Shape, value: &Value, path: &str, found: &mut Vec<FieldError>) {
    let code = match (shape, value) {
        (Shape::Maybe(_), Value::Null) | (Shape::Any, _) | (Shape::Made(_), Value::Object(_)) => None,
        (Shape::Maybe(inner), _) => return walk(inner, value, path, found),
        (Shape::List(item, max), Value::Array(items)) => {
            for (i, item_value) in items.iter().take(*max).enumerate() {
                walk(item, item_value, &format!("{path}[{i}]"), found);
            }
            (items.len() > *max).then_some("list_too_long")
        }
        (Shape::Object(_, members), Value::Object(map)) => return walk_object(members, map, path, found),
        _ => leaf(shape, value),
    };
    if let Some(code) = code {
        let name = if path.is_empty() { "body" } else { path };
        found.push(fault(name, code, shape));
    }
}

/// The fault with the bounds that its message speaks of.
fn fault(name: &str, code: &str, shape: &Shape) -> FieldError {
    let plain = FieldError::new(name, code);
    match (code, shape) {
        (_, Shape::Maybe(inner)) => fault(name, code, inner),
        ("too_long", Shape::Text(max)) | ("list_too_long", Shape::List(_, max)) => plain.with("max", max),
        ("out_of_range", Shape::Whole(from, to)) => plain.with("min", from).with("max", to),
        _ => plain,
    }
}

fn walk_object(members: &[Member], map: &Map<String, Value>, path: &str, found: &mut Vec<FieldError>) {
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for member in members {
        match map.get(member.name) {
            Some(value) => walk(&member.shape, value, &at(member.name), found),
            None if member.required => found.push(FieldError::new(&at(member.name), "required")),
            None => {}
        }
    }
    let known = |name: &String| members.iter().any(|m| m.name == name);
    for name in map.keys().filter(|name| !known(name)).take(20) {
        let short: String = name.chars().take(60).collect();
        found.push(FieldError::new(&at(&short), "not_expected"));
    }
}

/// The fault of a value without parts; None where it matches.
fn leaf(shape: &Shape, value: &Value) -> Option<&'static str> {
    match (shape, value) {
        (Shape::Bool, Value::Bool(_)) | (Shape::Number, Value::Number(_)) => None,
        (Shape::Whole(from, to), Value::Number(n)) => match whole(n) {
            Some(n) if (*from..=*to).contains(&n) => None,
            Some(_) => Some("out_of_range"),
            None => Some("type"),
        },
        (_, Value::String(text)) => text_fault(shape, text),
        _ => Some("type"),
    }
}

/// `5.0` is a whole number in JSON Schema.
fn whole(n: &serde_json::Number) -> Option<i64> {
    n.as_i64().or_else(|| n.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9e15).map(|f| f as i64))
}

/// The fault of a text against a shape that is written as text.
fn text_fault(shape: &Shape, text: &str) -> Option<&'static str> {
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{80}'..='\u{9f}');
    let fault = |bad: bool, code| bad.then_some(code);
    match shape {
        Shape::Text(_) if text.chars().any(odd) => Some("control"),
        Shape::Text(max) => fault(text.chars().count() > *max, "too_long"),
        Shape::Uuid => fault(text.len() != 36 || uuid::Uuid::try_parse(text).is_err(), "reference"),
        Shape::Date => fault(text.parse::<falin_domain::time::Date>().is_err(), "date.invalid"),
        Shape::Time => fault(text.parse::<falin_domain::time::Instant>().is_err(), "time.invalid"),
        Shape::OneOf(texts) => fault(!texts.contains(&text), "unknown"),
        Shape::Code(texts) => fault(!texts().contains(&text), "unknown"),
        Shape::Maybe(inner) => text_fault(inner, text),
        Shape::Any => None,
        _ => Some("type"),
    }
}

/// The fault of the query parameter `name`, where numbers and truth values come as text.
pub fn query_fault(name: &str, shape: &Shape, text: &str) -> Option<FieldError> {
    query_code(shape, text).map(|code| fault(name, code, shape))
}

fn query_code(shape: &Shape, text: &str) -> Option<&'static str> {
    match shape {
        Shape::Whole(from, to) => match text.parse::<i64>() {
            Ok(n) if (*from..=*to).contains(&n) => None,
            Ok(_) => Some("out_of_range"),
            Err(_) => Some("type"),
        },
        Shape::Bool => (!matches!(text, "true" | "false")).then_some("type"),
        // A plus that nobody escaped comes as a blank; the offset of a time is the one place for either.
        Shape::Time => text_fault(shape, &text.replace(' ', "+")),
        _ => text_fault(shape, text),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PARTY: Shape =
        Shape::Object("Party", &[must("name", Shape::Text(5)), may("phone", Shape::Text(11))]);
    const CASE: Shape = Shape::Object(
        "Case",
        &[
            must("room_id", Shape::Uuid),
            must("kind", Shape::OneOf(&["a", "b"])),
            may("on", Shape::Maybe(&Shape::Date)),
            may("count", Shape::Whole(1, 9)),
            may("parties", Shape::List(&PARTY, 2)),
        ],
    );

    fn codes(value: Value) -> Vec<String> {
        faults(&CASE, &value).into_iter().map(|f| format!("{} {}", f.name, f.code)).collect()
    }

    #[test]
    fn every_fault_is_named_at_its_field() {
        let good = json!({"room_id": "0190a0a0-0000-7000-8000-000000000000", "kind": "a", "on": null, "count": 5.0,
            "parties": [{"name": "张三"}]});
        assert_eq!(codes(good), Vec::<String>::new());
        let bad = json!({"kind": "c", "on": "2026-02-30", "count": 10, "parties": [{"name": "a\u{0}"}, {}, {}], "x": 1});
        let expected = [
            "room_id required",
            "kind unknown",
            "on date.invalid",
            "count out_of_range",
            "parties[0].name control",
            "parties[1].name required",
            "parties list_too_long",
            "x not_expected",
        ];
        assert_eq!(codes(bad), expected);
        assert_eq!(codes(json!([])), ["body type"]);
    }

    #[test]
    fn an_object_is_documented_once() {
        let mut named = Map::new();
        assert_eq!(schema(&CASE, &mut named)["$ref"], "#/components/schemas/Case");
        assert_eq!(named.keys().collect::<Vec<_>>(), ["Case", "Party"]);
        assert_eq!(named["Case"]["required"], json!(["room_id", "kind"]));
    }
}
