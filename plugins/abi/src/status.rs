//! What a call comes back with: zero is done, positive is a "no" for the user, negative is a fault.

/// Done; the answer is what the op's schema calls `output`.
pub const OK: i32 = 0;
/// A refusal for the user: the answer is `{"key", "args", "fields"}`, texts by key. Any positive number means this.
pub const REFUSED: i32 = 1;
/// Something went wrong that no user can mend; the answer may be `{"said"}` for the log.
pub const FAULT: i32 = -1;
/// The payload does not follow the op's schema.
pub const BAD_INPUT: i32 = -2;
/// The other side does not know this op: an old server meets a new plugin, or the reverse.
pub const UNKNOWN_OP: i32 = -3;
/// The plugin panicked and its SDK caught it. The instance is not used again.
pub const PANICKED: i32 = -4;
/// More than four MiB.
pub const TOO_LARGE: i32 = -5;
/// The call has used up what it may ask of the server.
pub const BUDGET: i32 = -6;
/// The county has not granted this to the plugin.
pub const NOT_GRANTED: i32 = -7;
/// A host call outside a plugin's call, or on another thread.
pub const NOT_NOW: i32 = -8;
