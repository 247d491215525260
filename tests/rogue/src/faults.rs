//! What goes wrong in a call, by name.

use std::time::Duration;

use falin_sdk::serde_json::{Value, json};
use falin_sdk::{Host, Outcome, Refusal, Stop};

use crate::{Rogue, frames, probes, tables};

/// Does what the name says. What comes back at all comes back as the page's model.
pub fn commit(rogue: &mut Rogue, host: &Host<'_>, name: &str) -> Outcome<Value> {
    if let Some(lie) = name.strip_prefix("lie-") {
        // The first call of a worker has the id that the server counts from.
        let (lie, call) = lie.split_once('#').unwrap_or((lie, "1"));
        frames::lie(lie, call.parse().unwrap_or(1));
        return Ok(json!("lied"));
    }
    match name {
        "good" => Ok(json!("good")),
        "refuse" => Err(Refusal::new("matter-missing").on("matter").into()),
        "fault" => Err(Stop::fault("as asked")),
        "panic" => panic!("as asked"),
        "panic-twice" => panic_while_unwinding(),
        "abort" => std::process::abort(),
        "null-write" => unsafe {
            std::ptr::null_mut::<u8>().write_volatile(1);
            Ok(json!("impossible"))
        },
        "stack" => Ok(json!(deeper(1))),
        "exit" => unsafe { libc::_exit(0) },
        "exit-out-of-turn" => {
            std::thread::sleep(Duration::from_millis(300));
            unsafe { libc::_exit(75) }
        }
        "double-free" => double_free(),
        "loop" => loop {
            std::hint::spin_loop();
        },
        "sleep" => loop {
            std::thread::sleep(Duration::from_secs(3600));
        },
        "hog" => Ok(json!(std::hint::black_box(vec![1u8; 1 << 30]).len())),
        "dirty-then-read-only" => {
            let filled = (0..512).filter(|_| dirty()).count();
            std::thread::sleep(Duration::from_secs(1));
            Ok(json!(filled))
        }
        "dirty-a-little" => Ok(json!(dirty())),
        "leak" => {
            rogue.leak.push(vec![1; 8 << 20]);
            Ok(json!(rogue.leak.len()))
        }
        "fd-bomb" => Ok(json!((0..10_000).filter(|_| unsafe { libc::dup(0) } >= 0).count())),
        "fork" => Ok(json!(unsafe { libc::fork() })),
        "threads" => Ok(json!((0..100).filter(|_| std::thread::Builder::new().spawn(|| ()).is_ok()).count())),
        "kill-parent" => Ok(json!(unsafe { libc::kill(libc::getppid(), libc::SIGKILL) })),
        "kill-all" => Ok(json!(unsafe { libc::kill(-1, libc::SIGKILL) })),
        "close-all" => {
            frames::close_to(64);
            Ok(json!("closed"))
        }
        "gib-reply" => Ok(json!("x".repeat(1 << 30))),
        "large-reply" => Ok(json!("x".repeat(5 << 20))),
        "large-good" => Ok(json!("x".repeat(3 << 20))),
        "stderr" => {
            frames::flood_stderr(256 << 20);
            Ok(json!("flooded"))
        }
        "log" => {
            (0..100_000).for_each(|line| host.log(2, &format!("line {line}")));
            Ok(json!("logged"))
        }
        "drip" => frames::drip(1, 0),
        "slow-drip" => frames::drip(1, 50),
        "drip-and-loop" => frames::drip_and_loop(1),
        "ask-10000" => Ok(json!(frames::ask_for_ever(host, 10_000))),
        "ask-900" => Ok(json!(frames::ask_for_ever(host, 900))),
        "ask-large" => {
            let much = falin_sdk::Fields::default().with("much", "x".repeat(3 << 20));
            Ok(json!((0..10).filter(|_| host.open("flow", &much).is_err()).count()))
        }
        "ask" => Ok(json!(host.now()?.today)),
        "other-county" => Ok(json!(host.core("household", "of-another-county")?.is_some())),
        "probes" => Ok(told(&probes::all())),
        "ctor-report" => Ok(tables::CONSTRUCTED.get().map_or(Value::Null, |found| told(found))),
        "exec-gain" => Ok(json!(probes::exec_gain())),
        "pid" => Ok(json!(unsafe { libc::getpid() })),
        _ => Err(Stop::unknown()),
    }
}

fn told(found: &[(&'static str, bool)]) -> Value {
    let succeeded: Vec<_> = found.iter().filter(|(_, open)| *open).map(|(name, _)| *name).collect();
    json!({ "tried": found.len(), "succeeded": succeeded })
}

fn panic_while_unwinding() -> ! {
    struct Twice;
    impl Drop for Twice {
        fn drop(&mut self) {
            panic!("while unwinding");
        }
    }
    let _twice = Twice;
    panic!("as asked");
}

#[allow(unconditional_recursion)]
fn deeper(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 512]);
    deeper(depth + 1) + room[0]
}

/// A MiB that is full and that no limit on writable memory counts.
fn dirty() -> bool {
    let (len, writable) = (1 << 20, libc::PROT_READ | libc::PROT_WRITE);
    unsafe {
        let place =
            libc::mmap(std::ptr::null_mut(), len, writable, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0);
        if place == libc::MAP_FAILED {
            return false;
        }
        std::ptr::write_bytes(place.cast::<u8>(), 1, len);
        libc::mprotect(place, len, libc::PROT_READ) == 0
    }
}

fn double_free() -> Outcome<Value> {
    unsafe {
        let place = libc::malloc(64);
        libc::free(place);
        libc::free(std::hint::black_box(place));
    }
    Ok(json!("impossible"))
}
