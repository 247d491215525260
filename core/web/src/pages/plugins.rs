//! `/desk/plugins`: the county's workflows, the shelf, what each asks for, and every move of its life.

use falin_app::plugin::{self, Entry, Move, PluginState, PublicKey, Revocations, Shown};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{PluginExportNoun, PluginId, PluginNoun};

use super::choices;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::plugin::{
    KeyRow, PermissionRow, PluginList, PluginPage, PluginRow, PluginUpload, ShelfRow, key_form, package_form,
};
use crate::look::desk::{Form, Link, key};
use crate::look::parts::{Button, Fact, Notice, State};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};
use crate::upload::Upload;

const LIST: &str = "/desk/plugins";
/// The member by which a form says that its reader knows what the move takes away.
const SURE: &str = "sure";

/// `GET /desk/plugins`.
///
/// # Errors
/// `access.denied`.
pub async fn list(desk: Desk) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let all = plugin::list(app, visitor).await?;
    let shelf = plugin::catalogue(app, visitor).await?;
    let may = visitor.may(Act::Write, Noun::Plugin);
    let exports = match visitor.whole_scope(Act::Commit, Noun::Plugin).is_ok() {
        true => plugin::exports(app, visitor).await?,
        false => Vec::new(),
    };
    let name = |plugin: &str| {
        let mut there = shelf.iter().map(|one| &one.manifest).chain(all.iter().map(|one| &one.manifest));
        let named = there.find(|one| one.id == plugin);
        named.map_or_else(|| plugin.to_owned(), |one| one.name.in_language(desk.lang.code()).to_owned())
    };
    let kept = |one: &plugin::Export| {
        let until = Instant::from_millis(one.until_ms).date();
        let args =
            [("plugin", name(&one.plugin)), ("count", one.case_count.to_string()), ("day", desk.day(until))];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let text = if one.case_count > 0 { "desk-plugin-export" } else { "desk-plugin-export-documents" };
        Link::new(format!("/desk/plugin-exports/{}", one.id), desk.say().with(text, &args))
    };
    desk.page(&PluginList {
        kept: exports.iter().map(kept).collect(),
        new: if may { format!("{LIST}/new") } else { String::new() },
        rows: all.iter().map(|one| row(&desk, one)).collect(),
        shelf: shelf.iter().map(|one| shelved(&desk, one, may)).collect(),
    })
}

fn row(desk: &Desk, it: &Shown) -> PluginRow {
    let lang = desk.lang.code();
    PluginRow {
        href: format!("{LIST}/{}", it.install.id),
        name: it.manifest.name.in_language(lang).to_owned(),
        about: it.manifest.about.in_language(lang).to_owned(),
        version: version(it),
        state: state(desk, it.install.state),
        fits: fits(desk, &it.misfits),
        open: it.open_cases,
        waiting: match it.letters {
            0 => String::new(),
            n => desk.say().with("desk-plugin-waiting", &[("count", &n.to_string())]),
        },
    }
}

fn version(it: &Shown) -> String {
    match &it.offered {
        Some(offered) => format!("{} ⇡ {}", it.manifest.version, offered.version),
        None => it.manifest.version.clone(),
    }
}

fn state(desk: &Desk, state: PluginState) -> State {
    let fill = match state {
        PluginState::Verified => "empty",
        PluginState::Tried | PluginState::Granted => "half",
        PluginState::Enabled => "done",
        PluginState::Disabled | PluginState::Quarantined | PluginState::Removed => "stopped",
    };
    State { fill, word: desk.say().t(&key("plugin-state", state.code())) }
}

/// "Fits your version: yes", or "no, because".
fn fits(desk: &Desk, misfits: &[&'static str]) -> String {
    let say = desk.say();
    if misfits.is_empty() {
        return say.t("desk-plugin-fits");
    }
    let why: Vec<String> = misfits.iter().map(|one| say.t(&key("plugin-misfit", one))).collect();
    say.with("desk-plugin-misfits", &[("why", &why.join("; "))])
}

fn shelved(desk: &Desk, it: &Entry, may: bool) -> ShelfRow {
    let lang = desk.lang.code();
    let take = Form::post(format!("{LIST}/shelf"))
        .keep("plugin", it.manifest.id.clone())
        .button(Button::submit("outline", desk.say().t("desk-plugin-take")));
    ShelfRow {
        name: it.manifest.name.in_language(lang).to_owned(),
        about: it.manifest.about.in_language(lang).to_owned(),
        version: it.manifest.version.clone(),
        signer: it.signer.clone().unwrap_or_default(),
        fits: fits(desk, &it.misfits),
        take: (may && it.misfits.is_empty()).then_some(take),
    }
}

/// `GET /desk/plugins/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<PluginNoun>, query: Query) -> Answer {
    let mut view = page(&desk, id.0, None).await?;
    if let Some(answered) = query.0.filled("letter") {
        view.notices.insert(0, super::plugin_letters::answered(&desk, id.0, answered).await?);
    }
    desk.page(&view)
}

/// One workflow as it stands now, and what was refused.
pub(super) async fn page(
    desk: &Desk,
    id: PluginId,
    refusal: Option<&Refusal>,
) -> Result<PluginPage, Refused> {
    let there = plugin::one(&desk.site.app, desk.visitor(), id).await?;
    let letters = super::plugin_letters::rows(desk, id).await?;
    Ok(PluginPage { letters, ..told(desk, &there, refusal) })
}

fn told(desk: &Desk, it: &Shown, refusal: Option<&Refusal>) -> PluginPage {
    let (say, lang) = (desk.say(), desk.lang.code());
    let used = it.install.state == PluginState::Enabled;
    let newest = it.offered.as_ref().unwrap_or(&it.manifest);
    let flow = |flow: &falin_domain::workflow::Flow| {
        let seen = used && desk.visitor().may(Act::Read, Noun::Workflow);
        let href =
            if seen { format!("/desk/workflows/{}", it.manifest.flow_id(&flow.id)) } else { String::new() };
        Link::new(href, flow.name.in_language(lang))
    };
    let permission = |one: &falin_domain::workflow::Wanted| {
        let granted = !it.ungranted.contains(&one.code);
        let (fill, word) =
            if granted { ("done", "desk-plugin-granted") } else { ("empty", "desk-plugin-ungranted") };
        PermissionRow {
            what: say.t(&key("plugin-permission", one.code.code())),
            why: one.why.in_language(lang).to_owned(),
            state: State { fill, word: say.t(word) },
        }
    };
    PluginPage {
        back: Link::new(LIST, say.t("desk-plugin-list-title")),
        name: newest.name.in_language(lang).to_owned(),
        about: newest.about.in_language(lang).to_owned(),
        state: state(desk, it.install.state),
        errors: refusal.map(|refusal| say.error_summary(refusal)),
        notices: notices(desk, it),
        facts: facts(desk, it),
        permissions: newest.permission.iter().map(permission).collect(),
        flows: it.manifest.flow.iter().map(flow).collect(),
        beside: beside(desk, it),
        form: moves(desk, it),
        letters: Vec::new(),
    }
}

/// What the county sets beside the moves.
fn beside(desk: &Desk, it: &Shown) -> Vec<Link> {
    let address = format!("{LIST}/{}", it.install.id);
    let mut links = Vec::new();
    if !it.manifest.setting.is_empty() {
        links.push(Link::new(format!("{address}/settings"), desk.say().t("desk-plugin-settings")));
    }
    if !it.manifest.post.is_empty() {
        links.push(Link::new(format!("{address}/posts"), desk.say().t("desk-plugin-posts")));
    }
    let figures = desk.visitor().may(Act::Read, Noun::Statistics);
    if figures && !it.manifest.statistic.is_empty() && it.install.state == PluginState::Enabled {
        links.push(Link::new(format!("/desk/figures/{}", it.manifest.id), desk.say().t("stats-title")));
    }
    links
}

fn notices(desk: &Desk, it: &Shown) -> Vec<Notice> {
    let say = desk.say();
    let mut notices = Vec::new();
    if it.install.state == PluginState::Quarantined {
        notices.push(Notice::new("caution", "", say.t(&key("desk-plugin-quarantined", &it.install.reason))));
    }
    if let Some(offered) = &it.offered {
        let text = match offered.migration.is_empty() {
            true => "desk-plugin-offered",
            false => "desk-plugin-offered-moving",
        };
        notices.push(Notice::new("plain", "", say.with(text, &[("version", &offered.version)])));
    }
    if let Some(other) = &it.other_signer {
        let unsigned = say.t("desk-plugin-unsigned");
        let who = if other.is_empty() { &unsigned } else { other };
        notices.push(Notice::new("caution", "", say.with("desk-plugin-other-signer", &[("who", who)])));
    }
    if !it.misfits.is_empty() {
        notices.push(Notice::new("caution", "", fits(desk, &it.misfits)));
    }
    notices
}

fn facts(desk: &Desk, it: &Shown) -> Vec<Fact> {
    let say = desk.say();
    let yes = |truth: bool| say.t(if truth { "desk-plugin-yes" } else { "desk-plugin-no" });
    let signer = it.signer.clone().unwrap_or_else(|| say.t("desk-plugin-unsigned"));
    let mut facts = vec![
        Fact::new("desk-plugin-version", version(it)),
        Fact::new("desk-plugin-signer", signer),
        Fact::new("desk-plugin-fit", fits(desk, &it.misfits)),
        Fact::new("desk-plugin-library", yes(it.library)),
        Fact::new("desk-plugin-open", it.open_cases.to_string()),
    ];
    if let Some(previous) = &it.previous {
        facts.push(Fact::new("desk-plugin-previous", previous.clone()));
    }
    let work = desk.site.app.plugins.work(&it.install).filter(|_| it.library);
    facts.extend(work.map(|work| Fact::new("desk-plugin-work", worked(desk, &work))));
    facts
}

/// What its library has done since this server began, in words.
fn worked(desk: &Desk, work: &plugin::Work) -> String {
    let millis = |time: std::time::Duration| format!("{:.1}", time.as_secs_f64() * 1e3);
    let args = [
        ("count", work.answered.count.to_string()),
        ("half", millis(work.answered.p50)),
        ("most", millis(work.answered.p99)),
        ("deaths", work.deaths.to_string()),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    desk.say().with("desk-plugin-worked", &args)
}

fn moves(desk: &Desk, it: &Shown) -> Option<Form> {
    if it.moves.is_empty() || desk.visitor().whole_scope(Act::Commit, Noun::Plugin).is_err() {
        return None;
    }
    let form = Form::post(format!("{LIST}/{}/actions", it.install.id));
    let mut form = form.keep("version", it.install.version.to_string());
    let mut primary = true;
    for one in &it.moves {
        let look = match one {
            Move::Disable | Move::Remove => "refuse",
            Move::Try | Move::Grant | Move::Enable | Move::Upgrade if std::mem::take(&mut primary) => {
                "primary"
            }
            _ => "outline",
        };
        let label = desk.say().t(&key("desk-plugin-move", one.code()));
        form = form.button(Button::submit(look, label).named("action", one.code()));
    }
    Some(form)
}

/// What a move takes with it is said before it is made: the same page, with that and the one button.
fn asked(desk: &Desk, it: &Shown, wanted: Move) -> PluginPage {
    let say = desk.say();
    let address = format!("{LIST}/{}", it.install.id);
    let open = it.open_cases.to_string();
    let text = say.with(&key("desk-plugin-ask", wanted.code()), &[("count", &open)]);
    let sure = Button::submit("refuse", say.t(&key("desk-plugin-move", wanted.code())));
    let form = Form::post(format!("{address}/actions"))
        .keep("version", it.install.version.to_string())
        .keep(SURE, wanted.code())
        .button(sure.named("action", wanted.code()))
        .button(Button::link("outline", say.t("desk-plugin-ask-no"), address));
    let mut view = told(desk, it, None);
    view.notices.insert(0, Notice::new("caution", "", text));
    PluginPage { form: Some(form), ..view }
}

/// `GET /desk/plugin-exports/{id}`: the cases of a plugin that was taken out.
///
/// # Errors
/// `not_found`.
pub async fn export(desk: Desk, id: PathId<PluginExportNoun>) -> Answer {
    let (row, body) = plugin::export(&desk.site.app, desk.visitor(), id.0).await?;
    Ok(actix_web::HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header(("content-disposition", format!("attachment; filename=\"{}.zip\"", row.plugin)))
        .insert_header(("cache-control", "no-store"))
        .body(body))
}

/// `POST /desk/plugins/{id}/actions`.
///
/// # Errors
/// `not_found`; what the move refuses is told on the page.
pub async fn act(desk: Desk, id: PathId<PluginNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let there = plugin::one(app, visitor, id.0).await?;
    let fields = body.form()?;
    let wanted = fields.filled("action").and_then(Move::from_code);
    let done = match wanted {
        None => Err(Refusal::new("action.not_allowed")),
        Some(wanted) if takes_away(wanted) && fields.filled(SURE) != Some(wanted.code()) => {
            return desk.page(&asked(&desk, &there, wanted));
        }
        Some(wanted) => {
            let version = choices::version(&fields);
            plugin::act(app, visitor, id.0, version, wanted).await.map_err(of_stop)
        }
    };
    match done {
        Ok(done) if done.install.state == PluginState::Removed => desk.go(LIST),
        Ok(_) => desk.go(format!("{LIST}/{}", id.0)),
        Err(refusal) => desk.again(&refusal, &page(&desk, id.0, Some(&refusal)).await?),
    }
}

/// Whether a move puts something out of people's reach.
fn takes_away(wanted: Move) -> bool {
    matches!(wanted, Move::Disable | Move::Remove)
}

/// `GET /desk/plugins/new`.
///
/// # Errors
/// `access.denied`.
pub async fn new(desk: Desk) -> Answer {
    let view = bringing(&desk, None, None).await?;
    desk.page(&view)
}

async fn bringing(
    desk: &Desk,
    refusal: Option<&Refusal>,
    key_refusal: Option<&Refusal>,
) -> Result<PluginUpload, Refused> {
    let say = desk.say();
    let keys = plugin::keys(&desk.site.app, desk.visitor()).await?;
    let row = |one: &plugin::TrustedKey| {
        let (fill, word) = match (one.revoked_ms, one.root) {
            (Some(_), _) => ("stopped", "desk-plugin-key-revoked"),
            (None, true) => ("full", "desk-plugin-key-root"),
            (None, false) => ("done", "desk-plugin-key-publisher"),
        };
        KeyRow {
            name: one.name.clone(),
            fingerprint: plugin::fingerprint_of(&one.key_id),
            state: State { fill, word: say.t(word) },
        }
    };
    Ok(PluginUpload {
        back: Link::new(LIST, say.t("desk-plugin-list-title")),
        form: package_form(&say).maybe_refused(&say, refusal),
        key_form: Some(key_form(&say).maybe_refused(&say, key_refusal)),
        keys: keys.iter().map(row).collect(),
    })
}

/// `POST /desk/plugins`: a package.
///
/// # Errors
/// `access.denied`; what is refused is told on the form.
pub async fn add(desk: Desk, upload: Upload) -> Answer {
    let done = match upload.file("file") {
        None => Err(Refusal::field("file", "required")),
        Some(file) => {
            let bytes = file.bytes.to_vec();
            plugin::upload(&desk.site.app, desk.visitor(), bytes, false).await.map_err(of_stop)
        }
    };
    match done {
        Ok(done) => desk.go(format!("{LIST}/{}", done.install.id)),
        Err(refusal) => {
            let view = bringing(&desk, Some(&refusal), None).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/plugins/shelf`: takes what another county brought.
///
/// # Errors
/// `access.denied`, `not_found`, `package.revoked`.
pub async fn take(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let name = fields.filled("plugin").unwrap_or_default();
    let done = plugin::take(&desk.site.app, desk.visitor(), name).await?;
    desk.go(format!("{LIST}/{}", done.install.id))
}

/// `POST /desk/plugins/keys`: a publisher's key, or a root's list of revocations.
///
/// # Errors
/// `access.denied`; what is refused is told on the form.
pub async fn trust(desk: Desk, upload: Upload) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let text = upload.file("file").map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
    let done = match text {
        None => Err(Refusal::field("file", "required")),
        Some(text) if text.starts_with("falin revocations") => match Revocations::parse(&text) {
            Ok((list, root)) => plugin::revoke(app, visitor, list, root).await.map_err(of_stop),
            Err(refusal) => Err(refusal),
        },
        Some(text) => match PublicKey::parse(&text) {
            Ok(key) => plugin::trust_key(app, visitor, key, false).await.map_err(of_stop),
            Err(refusal) => Err(refusal),
        },
    };
    match done {
        Ok(()) => desk.go(format!("{LIST}/new")),
        Err(refusal) => {
            let view = bringing(&desk, None, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}
