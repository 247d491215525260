//! What a workflow may ask of the server, typed. Every write is staged: kept if the call ends well, else dropped.

use std::ffi::c_void;
use std::marker::PhantomData;

use falin_abi::{Host as RawHost, HostOp, Sink, status};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ask::Fields;
use crate::border::borrowed;
use crate::stop::{Outcome, Stop, Text};

/// The server, for the time of one call.
pub struct Host<'a> {
    raw: *const RawHost,
    call: PhantomData<&'a ()>,
}

/// One stored document.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Document<T> {
    /// Its id.
    pub id: String,
    /// Counts its writes; a write must name the version that it saw.
    pub version: u64,
    /// What was stored.
    pub body: T,
}

/// One thing of the core, with the fields that were granted.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Thing {
    /// Its id.
    pub id: String,
    /// Its version, where it has one.
    pub version: Option<u64>,
    /// Its number for people, where it is a case.
    pub no: Option<String>,
    /// Its state, where it is a case.
    pub state: Option<String>,
    /// Granted fields.
    pub fields: Fields,
}

/// Which documents to find: by a declared index, its value or a range of it, in its order.
#[derive(Clone, PartialEq, Default, Debug, Serialize)]
pub struct Find {
    /// The index's name.
    pub index: String,
    /// Exactly this value.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub is: Value,
    /// This value or a later one.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub from: Value,
    /// This value or an earlier one.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub to: Value,
    /// At most so many, up to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the last page ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A page of what was found.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Found<T> {
    /// In the index's order.
    pub items: Vec<T>,
    /// For the next page; none: there is none.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Something that was opened or issued.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default)]
pub struct Opened {
    /// Its id.
    pub id: String,
    /// Its number for people, where it has one.
    pub no: Option<String>,
    /// Its version, where it has one.
    pub version: u64,
    /// The state that it is in, where it has one.
    pub state: String,
}

/// What time it is.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default)]
pub struct Now {
    /// Instant, UTC, RFC 3339.
    pub now: String,
    /// Date in China.
    pub today: String,
}

impl Host<'_> {
    /// # Safety
    /// `raw` must be the table that the server gave to `create`, and this must not outlive the call.
    #[allow(unsafe_code)]
    pub(crate) unsafe fn at_border(raw: *const RawHost) -> Self {
        Self { raw, call: PhantomData }
    }

    /// Any op, as JSON: what the typed functions below go through.
    pub fn ask<O: DeserializeOwned>(&self, op: HostOp, input: &Value) -> Outcome<O> {
        let (status, bytes) = self.ask_raw(op.number(), input.to_string().as_bytes());
        match status {
            status::OK => Ok(serde_json::from_slice(&bytes)?),
            1.. => Err(Stop::Refused(serde_json::from_slice(&bytes)?)),
            fault => Err(Stop::Fault(fault, format!("the server to {}", op.name()))),
        }
    }

    #[allow(unsafe_code)]
    fn ask_raw(&self, op: u32, bytes: &[u8]) -> (i32, Vec<u8>) {
        // SAFETY: `at_border`'s promise.
        let raw = unsafe { &*self.raw };
        let Some(call) = raw.call else { return (status::UNKNOWN_OP, Vec::new()) };
        let mut answer = Vec::new();
        let ctx = std::ptr::from_mut(&mut answer).cast();
        let sink = Sink { size: size_of::<Sink>() as u32, flags: 0, ctx, write: Some(take) };
        // SAFETY: input and sink outlive the call, on the one thread there is.
        let status = unsafe { call(raw.ctx, op, bytes.as_ptr(), bytes.len(), &sink) };
        (status, answer)
    }

    /// A line for the server's log: 1 error, 2 warning, 3 information. No personal data.
    #[allow(unsafe_code)]
    pub fn log(&self, level: u32, text: &str) {
        // SAFETY: `at_border`'s promise.
        let raw = unsafe { &*self.raw };
        if let Some(log) = raw.log {
            // SAFETY: the text outlives the call.
            unsafe { log(raw.ctx, level, text.as_ptr(), text.len()) };
        }
    }

    /// A document of an own collection.
    pub fn document<T: DeserializeOwned>(&self, collection: &str, id: &str) -> Outcome<Option<Document<T>>> {
        self.ask(HostOp::DocumentGet, &json!({ "collection": collection, "id": id }))
    }

    /// Writes a document and returns its new version. `version` is the one that was seen; none: it must not exist.
    /// Refuses with `state.changed` where somebody was faster.
    pub fn put(
        &self,
        collection: &str,
        id: &str,
        version: Option<u64>,
        body: &impl Serialize,
    ) -> Outcome<u64> {
        let asked = json!({ "collection": collection, "id": id, "version": version, "body": body });
        Ok(self.ask::<Opened>(HostOp::DocumentPut, &asked)?.version)
    }

    /// Deletes a document that still has this version.
    pub fn delete(&self, collection: &str, id: &str, version: u64) -> Outcome<()> {
        let asked = json!({ "collection": collection, "id": id, "version": version });
        self.ask::<Value>(HostOp::DocumentDelete, &asked).map(drop)
    }

    /// Documents of an own collection.
    pub fn find<T: DeserializeOwned>(&self, collection: &str, find: &Find) -> Outcome<Found<Document<T>>> {
        self.ask(HostOp::DocumentFind, &json!({ "collection": collection, "find": find }))
    }

    /// One thing of the core.
    pub fn core(&self, noun: &str, id: &str) -> Outcome<Option<Thing>> {
        self.ask(HostOp::CoreGet, &json!({ "noun": noun, "id": id }))
    }

    /// Things of the core whose fields have these values.
    pub fn core_find(&self, noun: &str, by: &Fields, cursor: Option<&str>) -> Outcome<Found<Thing>> {
        self.ask(HostOp::CoreFind, &json!({ "noun": noun, "by": by, "cursor": cursor }))
    }

    /// Opens a consultation with the fields of the core's own form.
    pub fn consult(&self, fields: &Fields) -> Outcome<Opened> {
        self.ask(HostOp::ConsultationCreate, &json!({ "fields": fields }))
    }

    /// Adds a note to a consultation.
    pub fn annotate(&self, consultation: &str, note: &str) -> Outcome<()> {
        let asked = json!({ "id": consultation, "note": note });
        self.ask::<Value>(HostOp::ConsultationAnnotate, &asked).map(drop)
    }

    /// Opens a mediation case with the fields of the core's own form.
    pub fn mediate(&self, fields: &Fields) -> Outcome<Opened> {
        self.ask(HostOp::MediationOpen, &json!({ "fields": fields }))
    }

    /// Books a room from one instant to another (UTC, RFC 3339), for a case or for none.
    pub fn book(&self, room: &str, (from, to): (&str, &str), case: Option<&str>) -> Outcome<Opened> {
        self.ask(HostOp::RoomBook, &json!({ "room": room, "from": from, "to": to, "case": case }))
    }

    /// Opens a case of one of the plugin's flows.
    pub fn open(&self, flow: &str, fields: &Fields) -> Outcome<Opened> {
        self.ask(HostOp::CaseOpen, &json!({ "flow": flow, "fields": fields }))
    }

    /// Takes a step in a case that still has this version.
    pub fn step(&self, case: (&str, u64), step: &str, form: &Fields) -> Outcome<Opened> {
        let asked = json!({ "id": case.0, "version": case.1, "step": step, "form": form });
        self.ask(HostOp::CaseStep, &asked)
    }

    /// Puts a notice into the core's outbox. `to` names a party of the case, a post or a role: never a number.
    pub fn notify(&self, to: &str, case: Option<&str>, text: &Text) -> Outcome<Opened> {
        self.ask(HostOp::NoticeSend, &json!({ "to": to, "case": case, "text": text }))
    }

    /// Issues a declared paper for a case, with its number.
    pub fn issue(&self, paper: &str, case: &str, values: &Fields) -> Outcome<Opened> {
        self.ask(HostOp::DocumentIssue, &json!({ "paper": paper, "case": case, "values": values }))
    }

    /// Writes a line of the journal.
    pub fn audit(&self, text: &Text, case: Option<&str>) -> Outcome<()> {
        self.ask::<Value>(HostOp::AuditWrite, &json!({ "text": text, "case": case })).map(drop)
    }

    /// A setting that the county made; null if it made none.
    pub fn setting(&self, name: &str) -> Outcome<Value> {
        self.ask(HostOp::SettingGet, &json!({ "name": name }))
    }

    /// A new id.
    pub fn new_id(&self) -> Outcome<String> {
        Ok(self.ask::<Opened>(HostOp::NewId, &json!({}))?.id)
    }

    /// The server's clock.
    pub fn now(&self) -> Outcome<Now> {
        self.ask(HostOp::Clock, &json!({}))
    }
}

#[allow(unsafe_code)]
unsafe extern "C" fn take(ctx: *mut c_void, bytes: *const u8, len: usize) -> i32 {
    // SAFETY: `ctx` is the vector of `ask_raw`, which nobody else touches until the call returns.
    let answer = unsafe { &mut *ctx.cast::<Vec<u8>>() };
    // SAFETY: the header promises `len` readable bytes.
    answer.extend_from_slice(unsafe { borrowed(bytes, len) });
    status::OK
}
