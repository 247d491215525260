//! How accounts are put into words: devices, moments, roles with their places.

use std::collections::HashMap;

use falin_app::account::Session;
use falin_domain::access::Post;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{DivisionId, SessionId};

use crate::look::desk::key;
use crate::look::desk::user::Session as Row;
use crate::look::{Say, format};

/// `phone-wechat` as 手机，微信.
pub fn device(say: &Say<'_>, code: &str) -> String {
    let (device, browser) = code.split_once('-').unwrap_or((code, "other"));
    let (device, browser) = (say.t(&key("device", device)), say.t(&key("browser", browser)));
    say.with("device-with", &[("device", &device), ("browser", &browser)])
}

/// 今天 9:01, 昨天 16:20, 11月20日 08:00.
pub fn moment(say: &Say<'_>, at: Instant, today: Date) -> String {
    let (day, time) = (at.date(), at.clock_text());
    match day.days_until(today) {
        0 => say.with("moment-today", &[("time", &time)]),
        1 => say.with("moment-yesterday", &[("time", &time)]),
        _ => say.with("moment-day", &[("day", &format::day(say.lang, day, today)), ("time", &time)]),
    }
}

/// A session's row; `end` makes the address at which it is ended.
pub fn session(
    say: &Say<'_>,
    session: &Session,
    today: Date,
    own: Option<SessionId>,
    end: impl Fn(SessionId) -> String,
) -> Row {
    let (began, seen) = (moment(say, session.created, today), moment(say, session.seen, today));
    let own = own == Some(session.id);
    Row {
        device: device(say, &session.device),
        when: say.with("session-when", &[("began", &began), ("seen", &seen)]),
        own,
        end: if own { String::new() } else { end(session.id) },
    }
}

/// Names of places by id, for roles; the county's own name stands for the whole of it.
pub struct Places<'a> {
    /// The county's name.
    pub county: &'a str,
    /// Divisions by id.
    pub names: HashMap<DivisionId, String>,
}

impl Places<'_> {
    /// The place of a role in words.
    pub fn of(&self, post: &Post) -> String {
        let place = post.place.and_then(|place| self.names.get(&place));
        place.map_or_else(|| self.county.to_owned(), |name| format::place(name).to_owned())
    }

    /// 窗口（新城镇）、调解员（新城镇）.
    pub fn roles(&self, say: &Say<'_>, posts: &[Post]) -> String {
        let one = |post: &Post| say.noted(&say.t(&key("role", post.role.code())), &self.of(post));
        say.list(&posts.iter().map(one).collect::<Vec<_>>())
    }
}
