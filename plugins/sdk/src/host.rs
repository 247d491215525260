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
            // An older server, or an op at which it offers nothing: this workflow's own op is not unknown for that.
            status::UNKNOWN_OP => Err(Stop::fault(format!("the server does not offer {} here", op.name()))),
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
    ///
    /// # Errors
    /// A refusal or fault of the server, as of every function here.
    pub fn put(
        &self,
        collection: &str,
        id: &str,
        version: Option<u64>,
        body: &impl Serialize,
    ) -> Outcome<u64> {
        let asked = json!({ "collection": collection, "id": id, "version": version, "body": body });
        #[derive(Deserialize)]
        struct Written {
            version: u64,
        }
        Ok(self.ask::<Written>(HostOp::DocumentPut, &asked)?.version)
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

    /// One case of one of the plugin's own flows, as far as the actor may see and read it.
    pub fn core(&self, flow: &str, id: &str) -> Outcome<Option<Thing>> {
        self.ask(HostOp::CoreGet, &json!({ "noun": flow, "id": id }))
    }

    /// Cases of one of the plugin's own flows whose indexed fields have these values: the newest hundred that the actor
    /// may see.
    pub fn core_find(&self, flow: &str, by: &Fields) -> Outcome<Vec<Thing>> {
        Ok(self.ask::<Found<Thing>>(HostOp::CoreFind, &json!({ "noun": flow, "by": by }))?.items)
    }

    /// A write that is kept when the call ends well, and has no id and no number before.
    fn stage(&self, op: HostOp, asked: &Value) -> Outcome<()> {
        self.ask::<Value>(op, asked).map(drop)
    }

    /// Opens a consultation with the fields of the core's own form.
    pub fn consult(&self, fields: &Fields) -> Outcome<()> {
        self.stage(HostOp::ConsultationCreate, &json!({ "fields": fields }))
    }

    /// Adds a note to a consultation.
    pub fn annotate(&self, consultation: &str, note: &str) -> Outcome<()> {
        let asked = json!({ "id": consultation, "note": note });
        self.stage(HostOp::ConsultationAnnotate, &asked)
    }

    /// Opens a mediation case with the fields of the core's own form.
    pub fn mediate(&self, fields: &Fields) -> Outcome<()> {
        self.stage(HostOp::MediationOpen, &json!({ "fields": fields }))
    }

    /// Books a room from one instant to another (UTC, RFC 3339), for a case or for none.
    pub fn book(&self, room: &str, (from, to): (&str, &str), case: Option<&str>) -> Outcome<()> {
        self.stage(HostOp::RoomBook, &json!({ "room": room, "from": from, "to": to, "case": case }))
    }

    /// Opens a case of one of the plugin's flows.
    pub fn open(&self, flow: &str, fields: &Fields) -> Outcome<()> {
        self.stage(HostOp::CaseOpen, &json!({ "flow": flow, "fields": fields }))
    }

    /// Takes a step in a case that still has this version.
    pub fn step(&self, case: (&str, u64), step: &str, form: &Fields) -> Outcome<()> {
        let asked = json!({ "id": case.0, "version": case.1, "step": step, "form": form });
        self.stage(HostOp::CaseStep, &asked)
    }

    /// Tells whoever holds a role (`county_admin`), at the place of the case that the call is about.
    pub fn notify(&self, role: &str, text: &Text) -> Outcome<()> {
        self.stage(HostOp::NoticeSend, &json!({ "to": format!("role:{role}"), "text": text }))
    }

    /// Issues a paper that the case's flow offers.
    pub fn issue(&self, paper: &str, case: &str, values: &Fields) -> Outcome<()> {
        self.stage(HostOp::DocumentIssue, &json!({ "paper": paper, "case": case, "values": values }))
    }

    /// Writes a line of the journal, by the key of a text: the journal names nobody, so nothing is filled in.
    pub fn audit(&self, key: &str) -> Outcome<()> {
        self.stage(HostOp::AuditWrite, &json!({ "text": Text::new(key) }))
    }

    /// A setting: what the county says, else the declared default; null where none of this name is declared.
    pub fn setting(&self, name: &str) -> Outcome<Value> {
        self.ask(HostOp::SettingGet, &json!({ "name": name }))
    }

    /// A new id.
    pub fn new_id(&self) -> Outcome<String> {
        #[derive(Deserialize)]
        struct Made {
            id: String,
        }
        Ok(self.ask::<Made>(HostOp::NewId, &json!({}))?.id)
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
