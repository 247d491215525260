//! A workflow in its author's own tests: the same table and the same bytes as in a worker, in the test's process.
//!
//! ```
//! use falin_sdk::bench::Bench;
//! use falin_sdk::{Decision, Guard, Host, HostOp, Outcome, Workflow};
//! use serde_json::json;
//!
//! #[derive(Default)]
//! struct Polite;
//! impl Workflow for Polite {
//!     fn guard(&mut self, host: &Host<'_>, _: Guard) -> Outcome<Decision> {
//!         Ok(Decision::allow().set("seen", host.now()?.today))
//!     }
//! }
//!
//! let mut bench = Bench::of::<Polite>(|op, _| match op {
//!     HostOp::Clock => Ok(json!({ "today": "2026-03-01" })),
//!     _ => Err(falin_sdk::Stop::unknown()),
//! });
//! let answer = bench.call(falin_sdk::PluginOp::Guard, &json!({ "step": "answer" })).unwrap();
//! assert_eq!(answer["set"]["seen"], "2026-03-01");
//! ```

use std::any::Any;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

use falin_abi::{Host as RawHost, HostOp, MAJOR, MINOR, Plugin, PluginOp, Sink, status};
use serde_json::Value;

use crate::border::{borrowed, spoken, table};
use crate::stop::{Outcome, Stop};
use crate::workflow::Workflow;

type Answers = dyn FnMut(HostOp, Value) -> Outcome<Value>;

/// The author's closure, and the panic that must not leave it through the workflow.
struct Server {
    answers: Box<Answers>,
    panic: Option<Box<dyn Any + Send>>,
}

/// A workflow with a server made of a closure.
pub struct Bench {
    table: Plugin,
    instance: *mut c_void,
    /// In boxes, because the instance keeps the pointers.
    host: Box<RawHost>,
    server: Box<Server>,
}

impl Bench {
    /// Makes the workflow. `server` answers its host calls.
    ///
    /// # Panics
    /// If the workflow's `Default` panics.
    #[allow(unsafe_code)]
    pub fn of<W: Workflow>(server: impl FnMut(HostOp, Value) -> Outcome<Value> + 'static) -> Self {
        let table = table::<W>(c"bench", c"0.0.0", [0; 32]);
        let mut server = Box::new(Server { answers: Box::new(server), panic: None });
        let ctx = ptr::from_mut(server.as_mut()).cast();
        let size = size_of::<RawHost>() as u32;
        let host =
            Box::new(RawHost { size, major: MAJOR, minor: MINOR, ctx, call: Some(host_call), log: None });
        let mut instance = ptr::null_mut();
        // SAFETY: the SDK's own function; the host's table is in a box that lives as long as the bench.
        let made = table.create.map(|create| unsafe { create(&*host, &mut instance) });
        assert_eq!(made, Some(status::OK), "the workflow could not be made");
        Self { table, instance, host, server }
    }

    /// Another server for the calls that follow.
    pub fn serve(&mut self, server: impl FnMut(HostOp, Value) -> Outcome<Value> + 'static) {
        self.server.answers = Box::new(server);
    }

    /// One call. A panic of the workflow comes back as a fault with status `PANICKED`, as it would in a worker; one
    /// of the test's server fails the test.
    ///
    /// # Errors
    /// The workflow's refusal or fault.
    #[allow(unsafe_code)]
    pub fn call(&mut self, op: PluginOp, input: &Value) -> Outcome<Value> {
        let bytes = input.to_string();
        let mut answer = Vec::new();
        let ctx = ptr::from_mut(&mut answer).cast();
        let sink = Sink { size: size_of::<Sink>() as u32, flags: 0, ctx, write: Some(take) };
        let Some(call) = self.table.call else { return Err(Stop::unknown()) };
        // SAFETY: the SDK's own function with the instance that it made; bytes and sink outlive the call.
        let status = unsafe { call(self.instance, op.number(), bytes.as_ptr(), bytes.len(), &sink) };
        if let Some(panic) = self.server.panic.take() {
            resume_unwind(panic);
        }
        match status {
            status::OK => Ok(serde_json::from_slice(&answer)?),
            1.. => Err(Stop::Refused(serde_json::from_slice(&answer)?)),
            fault => Err(Stop::Fault(fault, String::from_utf8_lossy(&answer).into_owned())),
        }
    }
}

impl Drop for Bench {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        debug_assert_eq!(self.host.major, MAJOR);
        if let Some(destroy) = self.table.destroy {
            // SAFETY: made by `create`, ended once, and used by nobody afterwards.
            unsafe { destroy(self.instance) };
        }
    }
}

#[allow(unsafe_code)]
unsafe extern "C" fn host_call(
    ctx: *mut c_void,
    op: u32,
    bytes: *const u8,
    len: usize,
    sink: *const Sink,
) -> i32 {
    // SAFETY: `ctx` is the bench's boxed server, and calls do not nest.
    let server = unsafe { &mut *ctx.cast::<Server>() };
    // SAFETY: the SDK's own host handle passes a slice.
    let bytes = unsafe { borrowed(bytes, len) };
    let Some(op) = HostOp::from_number(op) else { return status::UNKNOWN_OP };
    let answer = AssertUnwindSafe(|| (server.answers)(op, serde_json::from_slice(bytes)?));
    let outcome = catch_unwind(answer).unwrap_or_else(|panic| {
        server.panic = Some(panic);
        Err(Stop::fault("the test's server panicked"))
    });
    let (status, answer) = spoken(outcome.map(|value| value.to_string().into_bytes()));
    // SAFETY: the SDK's own host handle passes a sink of its own.
    if let Some(Sink { ctx, write: Some(write), .. }) = unsafe { sink.as_ref() } {
        // SAFETY: the sink's own function with its own context.
        unsafe { write(*ctx, answer.as_ptr(), answer.len()) };
    }
    status
}

#[allow(unsafe_code)]
unsafe extern "C" fn take(ctx: *mut c_void, bytes: *const u8, len: usize) -> i32 {
    // SAFETY: `ctx` is the vector of `Bench::call`.
    let answer = unsafe { &mut *ctx.cast::<Vec<u8>>() };
    // SAFETY: the caller lends `len` bytes.
    answer.extend_from_slice(unsafe { borrowed(bytes, len) });
    status::OK
}
