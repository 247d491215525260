//! E-mail through a county's mail server (SMTP, RFC 5321): plain text, one recipient, the same Message-ID whenever
//! the same message is sent again.

use std::time::{Duration, SystemTime};

use falin_domain::time::Instant;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

use super::send::{Job, Outcome};
use super::settings::MailServer;

/// The longest that a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(10);

/// Hands one message over.
pub(super) fn send(job: &Job, now: Instant) -> Outcome {
    let server = &job.channels.mail;
    let Some(message) = message(job, &server.from, now) else {
        return Outcome::Never("an address that is none".to_owned());
    };
    let transport = match transport(server, job.secrets.password.as_deref()) {
        Ok(transport) => transport,
        Err(_) => return Outcome::later("no tls"),
    };
    match transport.send(&message) {
        Ok(_) => Outcome::Taken,
        // The server's words may name the recipient: only the code is kept.
        Err(error) => match error.status() {
            Some(code) if error.is_permanent() => Outcome::Never(format!("smtp {code}")),
            Some(code) => Outcome::Later(format!("smtp {code}")),
            None => Outcome::unanswered(if error.is_timeout() { "timeout" } else { "no connection" }),
        },
    }
}

fn message(job: &Job, from: &str, now: Instant) -> Option<Message> {
    let to: Mailbox = job.to.parse().ok()?;
    let host = from.rsplit('@').next().unwrap_or("falin");
    let since = Duration::from_millis(u64::try_from(now.millis()).unwrap_or(0));
    Message::builder()
        .from(from.parse().ok()?)
        .to(to)
        .subject(&job.text.title)
        .date(SystemTime::UNIX_EPOCH + since)
        .message_id(Some(format!("<{}@{host}>", job.key)))
        .header(ContentType::TEXT_PLAIN)
        .body(job.text.body.clone())
        .ok()
}

fn transport(
    server: &MailServer,
    password: Option<&str>,
) -> Result<SmtpTransport, lettre::transport::smtp::Error> {
    let tls = |required: fn(TlsParameters) -> Tls| TlsParameters::new(server.host.clone()).map(required);
    let tls = match server.security.as_str() {
        "none" => Tls::None,
        "starttls" => tls(Tls::Required)?,
        _ => tls(Tls::Wrapper)?,
    };
    let mut builder =
        SmtpTransport::builder_dangerous(&server.host).port(server.port).tls(tls).timeout(Some(PATIENCE));
    if let (false, Some(password)) = (server.user.is_empty(), password) {
        builder = builder.credentials(Credentials::new(server.user.clone(), password.to_owned()));
    }
    Ok(builder.build())
}
