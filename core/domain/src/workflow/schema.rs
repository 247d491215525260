//! JSON Schema (2020-12) of what a step asks for, as `allowed_actions` and the OpenAPI document show it.

use serde_json::{Map, Value, json};

use super::{Field, Flow, Kind, Step};
use crate::words::IdPaper;

/// Text without control characters but line breaks and tabs, as every form of the house takes it.
const TEXT: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$";
const DAY: &str = r"^\d{4}-\d{2}-\d{2}$";

impl Flow {
    /// The schema of a step's other fields, labels in one language. Conditional fields are optional here; the
    /// refusal says when one is missing.
    pub fn schema(&self, step: &Step, lang: &str) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for asked in self.asked(step) {
            properties.insert(asked.field.name.clone(), asked.field.schema(lang));
            if asked.required && asked.when.is_none() {
                required.push(asked.field.name.clone());
            }
        }
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    }
}

impl Field {
    fn schema(&self, lang: &str) -> Value {
        let mut schema = match self.kind {
            Kind::IdNumber => {
                json!({"type": "string", "maxLength": self.longest(), "pattern": TEXT, "description": IdPaper::WRITTEN})
            }
            Kind::Text | Kind::Name | Kind::Phone | Kind::Uscc | Kind::Division => {
                json!({"type": "string", "maxLength": self.longest(), "pattern": TEXT})
            }
            Kind::Long => json!({"type": "string", "maxLength": self.longest(), "pattern": TEXT}),
            Kind::Number | Kind::Unit => {
                json!({"type": "integer", "minimum": self.least(), "maximum": self.most()})
            }
            Kind::Money => {
                json!({"type": "integer", "minimum": 0, "maximum": self.most(), "description": "fen"})
            }
            Kind::Date => json!({"type": "string", "format": "date", "pattern": DAY}),
            Kind::Time => json!({"type": "string", "format": "date-time"}),
            Kind::Yes => json!({"type": "boolean"}),
            Kind::Choice => json!({"type": "string", "enum": self.code_list()}),
            Kind::Choices => {
                json!({"type": "array", "items": {"type": "string", "enum": self.code_list()}, "maxItems": 50})
            }
            Kind::Worker | Kind::Household | Kind::Case | Kind::Room => {
                json!({"type": "string", "format": "uuid"})
            }
            Kind::Rows => self.rows_schema(lang),
        };
        if let Some(object) = schema.as_object_mut() {
            object.insert("title".to_owned(), json!(self.label.in_language(lang)));
        }
        schema
    }

    fn rows_schema(&self, lang: &str) -> Value {
        let columns = self.of.iter().map(|field| (field.name.clone(), field.schema(lang)));
        let required: Vec<&str> = self.of.iter().filter(|f| f.required).map(|f| f.name.as_str()).collect();
        json!({"type": "array", "maxItems": self.most_rows(), "items": {"type": "object",
            "properties": columns.collect::<Map<_, _>>(), "required": required, "additionalProperties": false}})
    }

    fn code_list(&self) -> Vec<&str> {
        self.choices().iter().map(|choice| choice.code.as_str()).collect()
    }

    /// Most characters of a text.
    pub fn longest(&self) -> usize {
        let usual = match self.kind {
            Kind::Long => 4000,
            Kind::Name => 50,
            Kind::IdNumber | Kind::Phone | Kind::Uscc | Kind::Division => 60,
            _ => 200,
        };
        self.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usual)
    }

    /// Least of a number.
    pub fn least(&self) -> i64 {
        self.min.unwrap_or(i64::from(self.kind == Kind::Unit))
    }

    /// Most of a number, or of fen.
    pub fn most(&self) -> i64 {
        let usual = if self.kind == Kind::Money { 100_000_000_000_000 } else { 1_000_000_000 };
        self.max.unwrap_or(usual)
    }

    /// Most rows.
    pub fn most_rows(&self) -> usize {
        self.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(200)
    }
}
