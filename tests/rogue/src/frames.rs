//! Lies on the wire: bytes written to the worker's socket behind the worker's back.

use falin_sdk::Host;

/// The worker's socket came in as stdin.
const SOCKET: i32 = 0;

/// Writes bytes as they are.
pub fn raw(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let sent = unsafe { libc::write(SOCKET, bytes.as_ptr().cast(), bytes.len()) };
        if sent <= 0 {
            return;
        }
        bytes = &bytes[sent as usize..];
    }
}

/// A frame: length, kind, flags, op, call id, body.
pub fn frame(kind: u8, flags: u8, op: u16, call: u64, body: &[u8]) -> Vec<u8> {
    let mut bytes = (body.len() as u32).to_le_bytes().to_vec();
    bytes.extend_from_slice(&[kind, flags]);
    bytes.extend_from_slice(&op.to_le_bytes());
    bytes.extend_from_slice(&call.to_le_bytes());
    bytes.extend_from_slice(body);
    bytes
}

const READY: u8 = 2;
const FAILED: u8 = 3;
const ASK: u8 = 5;
const RETURN: u8 = 7;
const LOG: u8 = 8;
const PAGE: u16 = 3;

/// Says "ready" before it is: an impatient server would believe the cage that it names.
pub fn forged_ready() {
    raw(&frame(READY, 0, 0, 0, &[1, 1]));
}

/// Puts the blame on the machine.
pub fn forged_refusal(words: &[u8]) {
    raw(&frame(FAILED, 0, 0, 0, words));
}

/// One lie by name; `call` is what the plugin takes for the call's id.
pub fn lie(name: &str, call: u64) {
    let answer = [&0i32.to_le_bytes()[..], br#"{"model":"early"}"#].concat();
    match name {
        "garbage" => raw(&[0xa5; 48]),
        "zeros" => raw(&[0; 64]),
        "long-frame" => raw(&[0xff, 0xff, 0xff, 0x7f, RETURN, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        "flagged" => raw(&frame(RETURN, 1, PAGE, call, &answer)),
        "unknown-kind" => raw(&frame(99, 0, PAGE, call, &answer)),
        "servers-kind" => raw(&frame(6, 0, PAGE, call, &answer)),
        "no-status" => raw(&frame(RETURN, 0, PAGE, call, b"")),
        "other-op" => raw(&frame(RETURN, 0, 1, call, &answer)),
        "forged-call" => raw(&frame(RETURN, 0, PAGE, call + 1000, &answer)),
        "forged-ask" => raw(&frame(ASK, 0, 101, call + 1000, b"{}")),
        "answer-twice" => raw(&frame(RETURN, 0, PAGE, call, &answer).repeat(2)),
        "half-frame" => raw(&frame(RETURN, 0, PAGE, call, &answer)[..20]),
        "asks-at-once" => raw(&frame(ASK, 0, 154, call, b"{}").repeat(2)),
        "long-line" => raw(&frame(LOG, 0, 2, call, &[b'x'; 1001])),
        "unknown-ask" => raw(&frame(ASK, 0, 9999, call, b"{}")),
        _ => {}
    }
}

/// A good answer, byte by byte, at once or slowly.
pub fn drip(call: u64, pause_ms: u64) -> ! {
    dribble(call, pause_ms);
    // The worker would answer once more; it never gets to.
    loop {
        std::thread::sleep(std::time::Duration::from_secs(3600));
    }
}

/// The same, and then no rest.
pub fn drip_and_loop(call: u64) -> ! {
    dribble(call, 0);
    loop {
        std::hint::spin_loop();
    }
}

fn dribble(call: u64, pause_ms: u64) {
    let answer = [&0i32.to_le_bytes()[..], br#"{"model":"dripped"}"#].concat();
    for byte in frame(RETURN, 0, PAGE, call, &answer) {
        raw(&[byte]);
        if pause_ms > 0 {
            std::thread::sleep(std::time::Duration::from_millis(pause_ms));
        }
    }
}

/// Asks the server for the time until it has had enough.
pub fn ask_for_ever(host: &Host<'_>, times: u32) -> i32 {
    (0..times).filter(|_| host.now().is_err()).count() as i32
}

/// Prints much.
pub fn flood_stderr(bytes: usize) {
    let line = [b'x'; 4096];
    for _ in 0..bytes / line.len() {
        unsafe { libc::write(2, line.as_ptr().cast(), line.len()) };
    }
}

/// Closes the first descriptors, whatever they are.
pub fn close_to(end: i32) {
    for descriptor in 0..end {
        unsafe { libc::close(descriptor) };
    }
}
