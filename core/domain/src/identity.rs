//! Who somebody is: names and passwords of accounts, guessing, sessions, activation slips, second factor.

use std::fmt;

use crate::access::{Post, Role, exclude_each_other};
use crate::refusal::{FieldError, Refusal};
use crate::time::Instant;
use crate::words::half_width;

/// Fewest characters of a password (NIST SP 800-63B §5.1.1 asks for 8; no composition rules, as it says).
pub const PASSWORD_LEAST: usize = 10;
/// Most characters of a password, so that hashing stays bounded.
pub const PASSWORD_MOST: usize = 128;
/// Days for which an activation slip is good.
pub const SLIP_DAYS: i64 = 14;
/// Days for which a browser in which the owner has signed in is remembered as theirs.
pub const DEVICE_DAYS: i64 = 90;
/// Guesses of one account in a day, by everybody together (trust.md).
pub const GUESSES_A_DAY: i32 = 100;
/// Of these, the ones that only browsers in which the owner has signed in before may use: strangers who spend
/// all theirs never lock the owner out.
pub const GUESSES_OF_OWNER: i32 = 10;
/// Failures in a day at which the security administrator is told.
pub const GUESSES_TOLD: i32 = 20;
/// Seconds for which a password that was right waits for its second factor.
pub const HALF_SESSION_SECONDS: i64 = 600;
/// Seconds of one step of a second factor (RFC 6238).
pub const TOTP_STEP_SECONDS: i64 = 30;
/// Seconds between two notes of when a session was last seen.
pub const SEEN_EVERY_SECONDS: i64 = 60;
/// Longest life of a program's token in days.
pub const TOKEN_DAYS_MOST: i64 = 366;

/// Letters and digits that nobody confuses on paper: no 0 O 1 I L, no U beside V.
const SLIP_ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of an activation code: 58 bits.
const SLIP_LENGTH: usize = 12;

/// A log-in name: 3 to 32 of `a–z 0–9 . _ -`, beginning with a letter, so that it is never a phone or ID number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Username(String);

impl Username {
    /// Reads a name as typed: width, case and outer spaces do not matter.
    ///
    /// # Errors
    /// `required` or `username.invalid`.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let name = folded(text);
        if name.is_empty() {
            return Err("required");
        }
        let fits = (3..=32).contains(&name.len()) && name.as_bytes()[0].is_ascii_lowercase();
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        if fits && name.bytes().all(allowed) { Ok(Self(name)) } else { Err("username.invalid") }
    }

    /// The `n`th proposal for a person of this pinyin: `zhangsan`, `zhangsan2`, …
    pub fn propose(pinyin: &str, n: u32) -> Self {
        let letters = pinyin.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase());
        let mut name: String = letters.take(24).collect();
        if name.len() < 3 {
            name.insert_str(0, "user");
        }
        if n > 1 {
            name.push_str(&n.to_string());
        }
        Self(name)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Username(…)")
    }
}

/// A typed name in the form under which guesses are counted, whether or not such an account exists.
pub fn folded(text: &str) -> String {
    half_width(text).trim().to_lowercase().chars().take(64).collect()
}

/// Checks a new password; the field is called `password`.
///
/// # Errors
/// `form.invalid` with `required`, `password.short`, `password.long`, `password.username` or `password.common`.
pub fn check_password(password: &str, username: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    let fault = match length {
        0 => FieldError::new("password", "required"),
        _ if length < PASSWORD_LEAST => {
            FieldError::new("password", "password.short").with("min", PASSWORD_LEAST)
        }
        _ if length > PASSWORD_MOST => {
            FieldError::new("password", "password.long").with("max", PASSWORD_MOST)
        }
        _ if names_the_user(password, username) => FieldError::new("password", "password.username"),
        _ if is_common(password) => FieldError::new("password", "password.common"),
        _ => return Ok(()),
    };
    Err(Refusal::form(vec![fault]))
}

/// The name itself, or the name with nothing but digits and marks around it.
fn names_the_user(password: &str, username: &str) -> bool {
    let lower = password.to_lowercase();
    let rest = lower.replacen(username, "", 1);
    !username.is_empty() && rest != lower && rest.chars().all(|c| !c.is_alphabetic())
}

/// What every list of guesses begins with: one character repeated, keys or numbers in a row, and a few words.
fn is_common(password: &str) -> bool {
    const ROWS: [&str; 4] = [
        "01234567890123456789",
        "98765432109876543210",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
    ];
    const WORDS: [&str; 8] =
        ["password", "passw0rd", "admin", "woaini", "iloveyou", "qwerty", "1q2w3e4r", "a123456"];
    let lower = password.to_lowercase();
    let mut rest = lower.clone();
    for word in WORDS {
        rest = rest.replace(word, "");
    }
    let digits_around = rest != lower && rest.chars().all(|c| !c.is_alphabetic());
    let one = lower.chars().all(|c| lower.starts_with(c));
    one || digits_around || ROWS.iter().any(|row| row.contains(&lower))
}

/// How often a name was guessed wrong from one source, and by all sources together today.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Guesses {
    /// Failures in a row from this source.
    pub in_a_row: i32,
    /// This source's next attempt counts from here.
    pub retry_at: i64,
    /// Failures of all sources today.
    pub today: i32,
    /// True where the owner has signed in from this source before.
    pub owners: bool,
}

impl Guesses {
    /// Seconds to wait before the next attempt from this source; None where it may be made now.
    pub fn wait(&self, now: Instant) -> Option<i64> {
        let most = if self.owners { GUESSES_A_DAY } else { GUESSES_A_DAY - GUESSES_OF_OWNER };
        if self.today >= most {
            let tomorrow = now.date().plus_days(1).start();
            return Some((tomorrow.millis() - now.millis()).div_euclid(1000) + 1);
        }
        let left = self.retry_at - now.millis();
        (left > 0).then(|| (left + 999) / 1000)
    }
}

/// Seconds until the next attempt after `failures` in a row: long for a program, short for a finger's slip.
pub fn delay_seconds(failures: i32) -> i64 {
    match failures {
        i32::MIN..=0 => 0,
        1 => 1,
        2 => 3,
        3 => 5,
        4 | 5 => 10,
        6 | 7 => 20,
        8 | 9 => 30,
        _ => 60,
    }
}

/// Longest idle time of a session in seconds.
pub fn idle_seconds(posts: &[Post]) -> i64 {
    if needs_second_factor(posts) { 30 * 60 } else { 60 * 60 }
}

/// Longest life of a session in seconds, however busy.
pub const fn absolute_seconds() -> i64 {
    12 * 3600
}

/// True where a password alone does not sign in: every role but the resident's.
pub fn needs_second_factor(posts: &[Post]) -> bool {
    posts.iter().any(|post| post.role.is_staff())
}

/// What a sign-in still needs after the right password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Nothing: the session stands.
    Done,
    /// A code of the enrolled second factor.
    SecondFactor,
    /// A second factor has to be enrolled first.
    Enrol,
}

/// The step that follows the right password.
pub fn step_after_password(posts: &[Post], enrolled: bool) -> Step {
    match (needs_second_factor(posts), enrolled) {
        (_, true) => Step::SecondFactor,
        (true, false) => Step::Enrol,
        (false, false) => Step::Done,
    }
}

/// Refuses a role that excludes one that is held already.
///
/// # Errors
/// `account.roles_exclude`, naming both.
pub fn check_exclusion(held: &[Post], role: Role) -> Result<(), Refusal> {
    match held.iter().find(|post| exclude_each_other(post.role, role)) {
        Some(post) => Err(Refusal::new("account.roles_exclude")
            .with("held", post.role.code())
            .with("role", role.code())),
        None => Ok(()),
    }
}

/// What a browser runs on and which it is, as `phone-wechat`: enough to know one's own sessions by, nothing more.
pub fn device_of(user_agent: &str) -> String {
    const KINDS: [(&str, &str); 6] = [
        ("iPad", "tablet"),
        ("iPhone", "phone"),
        ("Android", "phone"),
        ("Mobile", "phone"),
        ("Windows", "computer"),
        ("Mozilla", "computer"),
    ];
    // In this order: each later one also names itself in the earlier ones' text.
    const FAMILIES: [(&str, &str); 7] = [
        ("MicroMessenger", "wechat"),
        ("DingTalk", "dingtalk"),
        ("QQBrowser", "qq"),
        ("Edg", "edge"),
        ("Firefox", "firefox"),
        ("Chrome", "chrome"),
        ("Safari", "safari"),
    ];
    let find = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| user_agent.contains(mark)).map_or("other", |(_, code)| *code)
    };
    format!("{}-{}", find(&KINDS), find(&FAMILIES))
}

/// An activation code as printed on a slip, in three groups of four. No Debug: it is a secret until used.
#[derive(Clone, PartialEq, Eq)]
pub struct SlipCode(String);

impl SlipCode {
    /// A new code from 32 random bytes; bytes that would make some letters likelier are skipped.
    pub fn from_random(mut next: impl FnMut() -> [u8; 32]) -> Self {
        let mut code = String::with_capacity(SLIP_LENGTH);
        while code.len() < SLIP_LENGTH {
            for byte in next() {
                if byte < 240 && code.len() < SLIP_LENGTH {
                    code.push(char::from(SLIP_ALPHABET[usize::from(byte) % SLIP_ALPHABET.len()]));
                }
            }
        }
        Self(code)
    }

    /// Reads a code as typed: case, width, spaces and dashes do not matter.
    ///
    /// # Errors
    /// `required` or `activation.invalid`.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let keep = |c: &char| !c.is_whitespace() && *c != '-';
        let code: String = half_width(text).chars().filter(keep).flat_map(char::to_uppercase).collect();
        match code.len() {
            0 => Err("required"),
            SLIP_LENGTH if code.bytes().all(|b| SLIP_ALPHABET.contains(&b)) => Ok(Self(code)),
            _ => Err("activation.invalid"),
        }
    }

    /// The code without dashes, as it is indexed.
    pub fn plain(&self) -> &str {
        &self.0
    }

    /// The code in groups of four, as it is printed.
    pub fn grouped(&self) -> String {
        let groups: Vec<&str> = (0..SLIP_LENGTH / 4).map(|i| &self.0[4 * i..4 * i + 4]).collect();
        groups.join("-")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::Id;
    use uuid::Uuid;

    fn post(role: Role) -> Post {
        Post { role, county: Id::from_uuid(Uuid::from_u128(1)), place: None }
    }

    #[test]
    fn usernames_are_folded_and_never_numbers() {
        assert_eq!(Username::parse(" Ｚhang.San ").unwrap().as_str(), "zhang.san");
        for bad in ["13912345678", "620201198505150012", "ab", "张三", "a b c", &"a".repeat(33)] {
            assert_eq!(Username::parse(bad), Err("username.invalid"), "{bad}");
        }
        assert_eq!(Username::propose("zhang san", 2).as_str(), "zhangsan2");
        assert!(Username::parse(Username::propose("", 1).as_str()).is_ok());
        assert!(Username::parse(Username::propose(&"abc".repeat(20), 99_999).as_str()).is_ok());
    }

    #[test]
    fn passwords_are_long_and_not_what_everybody_tries_first() {
        let code =
            |password: &str| check_password(password, "zhangsan").map_err(|r| r.fields[0].code.clone());
        assert_eq!(code(""), Err("required".into()));
        assert_eq!(code("sun2moon3"), Err("password.short".into()));
        assert_eq!(code(&"长".repeat(129)), Err("password.long".into()));
        assert_eq!(code("ZhangSan2026"), Err("password.username".into()));
        for common in ["1234567890", "aaaaaaaaaaaa", "password2026", "Admin@123456", "qwertyuiop"] {
            assert_eq!(code(common), Err("password.common".into()), "{common}");
        }
        assert_eq!(code("correct horse"), Ok(()));
        assert_eq!(code("新城镇横沟村的早晨很安静"), Ok(()));
    }

    #[test]
    fn delays_grow_and_strangers_leave_the_owner_a_way_in() {
        let now = Instant::from_millis(1_770_000_000_000);
        let delays: Vec<_> = (0..12).map(delay_seconds).collect();
        assert_eq!(delays, [0, 1, 3, 5, 10, 10, 20, 20, 30, 30, 60, 60]);
        let waiting = Guesses { retry_at: now.millis() + 1, ..Guesses::default() };
        assert_eq!(waiting.wait(now), Some(1));
        let stranger = Guesses { today: 90, ..Guesses::default() };
        assert!(stranger.wait(now).unwrap() <= 86_400);
        assert_eq!(Guesses { owners: true, ..stranger }.wait(now), None);
        assert!(Guesses { owners: true, today: 100, ..stranger }.wait(now).is_some());
    }

    #[test]
    fn staff_need_a_second_factor() {
        assert_eq!(step_after_password(&[post(Role::Resident)], false), Step::Done);
        assert_eq!(step_after_password(&[post(Role::Lawyer)], false), Step::Enrol);
        assert_eq!(step_after_password(&[post(Role::Lawyer)], true), Step::SecondFactor);
    }

    #[test]
    fn administrators_exclude_each_other() {
        let held = [post(Role::CountyAdmin), post(Role::AuditAdmin)];
        let refusal = check_exclusion(&held, Role::SecurityAdmin).unwrap_err();
        assert_eq!(refusal.code(), "account.roles_exclude");
        assert!(check_exclusion(&held, Role::AuditAdmin).is_ok());
    }

    #[test]
    fn a_device_is_told_by_kind_and_family_only() {
        let wechat = "Mozilla/5.0 (Linux; Android 10; HLK-AL00) AppleWebKit/537.36 (KHTML, like Gecko) \
            Version/4.0 Chrome/86.0 MQQBrowser/6.2 Mobile Safari/537.36 MicroMessenger/8.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(device_of(wechat), "phone-wechat");
        assert_eq!(device_of(edge), "computer-edge");
        assert_eq!(device_of("curl/8"), "other-other");
    }

    #[test]
    fn slip_codes_survive_handwriting() {
        let mut n = 0u8;
        let code = SlipCode::from_random(|| {
            n += 1;
            std::array::from_fn(|i| (i as u8).wrapping_mul(37).wrapping_add(n))
        });
        let typed = format!(" {} ", code.grouped().to_lowercase().replace('-', " － "));
        assert!(SlipCode::parse(&typed).unwrap() == code);
        assert_eq!(SlipCode::parse("").err(), Some("required"));
        assert_eq!(SlipCode::parse("0000-0000-0000").err(), Some("activation.invalid"));
    }
}
