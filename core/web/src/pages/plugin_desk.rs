//! Settings and posts of a workflow at the desk.

use actix_web::HttpRequest;
use falin_app::plugin::{self, Giving, PostsSeen, SettingsSeen};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{PluginNoun, PluginPostNoun};
use falin_domain::workflow::{Flow, Manner, Values, Written, form_flow};

use super::cases::typed_values;
use super::choices;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::case::questions;
use crate::look::desk::plugin_desk::{PluginPosts, PluginSettings, PostRow};
use crate::look::desk::{Form, Link};
use crate::look::parts::{Button, Field, FieldOption};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, path_id};

/// `GET /desk/plugins/{id}/settings`.
///
/// # Errors
/// `not_found`.
pub async fn settings(desk: Desk, id: PathId<PluginNoun>) -> Answer {
    let seen = plugin::settings(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&settings_page(&desk, &seen, &seen.given, None))
}

/// `POST /desk/plugins/{id}/settings`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn set(desk: Desk, id: PathId<PluginNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let fields = body.form()?;
    let typed = typed_values(&fields);
    let given = (typed.clone(), Manner::Form);
    match plugin::set(app, visitor, id.0, choices::version(&fields), given).await.map_err(of_stop) {
        Ok(_) => desk.go(format!("/desk/plugins/{}", id.0)),
        Err(refusal) => {
            let seen = plugin::settings(app, visitor, id.0).await?;
            let mut view = settings_page(&desk, &seen, &typed, Some(&refusal));
            let now = settings_page(&desk, &seen, &seen.given, None);
            if let (true, Some(form), Some(now)) = (refusal.is_stale(), &mut view.form, &now.form) {
                form.meanwhile(&desk.say(), now);
            }
            desk.again(&refusal, &view)
        }
    }
}

fn settings_page(
    desk: &Desk,
    seen: &SettingsSeen,
    typed: &Values,
    refusal: Option<&Refusal>,
) -> PluginSettings {
    let (say, lang) = (desk.say(), desk.lang.code());
    let address = format!("/desk/plugins/{}", seen.install.id);
    let flow = form_of(seen);
    let mut fields = flow.opening().map(|step| questions(&say, &flow, step, typed)).unwrap_or_default();
    for (field, setting) in fields.iter_mut().zip(&seen.manifest.setting) {
        let usual = setting.field.told(Some(&setting.default), lang == "en", Written::Read);
        // The sentence around it has a stop of its own.
        let usual = usual.trim_end_matches(['。', '.']);
        let source = setting.source.as_ref().map(|source| source.in_language(lang)).unwrap_or_default();
        let said = say.with("desk-plugin-setting-usual", &[("value", usual), ("source", source)]);
        let hint = setting.field.hint.as_ref().map(|hint| hint.in_language(lang)).unwrap_or_default();
        *field = field.clone().hint(format!("{hint} {said}").trim().to_owned()).optional();
    }
    let may = desk.visitor().whole_scope(Act::Commit, Noun::Plugin).is_ok() && !fields.is_empty();
    let mut form = Form::post(format!("{address}/settings")).keep("version", seen.version.to_string());
    form.fields = fields;
    let form = form.button(Button::submit("primary", say.t("desk-save"))).maybe_refused(&say, refusal);
    let name = seen.manifest.name.in_language(lang).to_owned();
    PluginSettings { back: Link::new(address, name.clone()), name, form: may.then_some(form) }
}

/// The settings as the one form of a flow, so that they are asked as every other form of the house.
fn form_of(seen: &SettingsSeen) -> Flow {
    let fields: Vec<_> = seen.manifest.setting.iter().map(|one| one.field.clone()).collect();
    form_flow(&seen.install.plugin, &fields)
}

/// `GET /desk/plugins/{id}/posts`.
///
/// # Errors
/// `not_found`.
pub async fn posts(desk: Desk, id: PathId<PluginNoun>) -> Answer {
    let seen = plugin::posts(&desk.site.app, desk.visitor(), id.0).await?;
    let view = posts_page(&desk, &seen, &Giving::default(), None).await?;
    desk.page(&view)
}

async fn posts_page(
    desk: &Desk,
    seen: &PostsSeen,
    typed: &Giving,
    refusal: Option<&Refusal>,
) -> Result<PluginPosts, Refused> {
    let (say, lang) = (desk.say(), desk.lang.code());
    let address = format!("/desk/plugins/{}", seen.install.id);
    let may = desk.visitor().may(Act::Commit, Noun::Plugin);
    let word = |code: &str| {
        let post = seen.manifest.post.iter().find(|post| post.code == code);
        post.map_or_else(|| code.to_owned(), |post| post.name.in_language(lang).to_owned())
    };
    let row = |one: &plugin::Holding| PostRow {
        post: word(&one.row.post),
        who: one.who.clone(),
        place: if one.place.is_empty() { desk.me.county.name.clone() } else { one.place.clone() },
        since: desk.day(Instant::from_millis(one.row.from_ms).date()),
        withdraw: may.then(|| {
            Form::post(format!("{address}/posts/{}/withdraw", one.row.id))
                .keep("version", one.row.version.to_string())
                .button(Button::submit("low", say.t("desk-plugin-post-withdraw")))
        }),
    };
    let form = if may && !seen.manifest.post.is_empty() {
        Some(giving_form(desk, seen, typed, &address).await?.maybe_refused(&say, refusal))
    } else {
        None
    };
    let name = seen.manifest.name.in_language(lang).to_owned();
    Ok(PluginPosts {
        errors: form.as_ref().and_then(|form| form.errors.clone()),
        back: Link::new(address.clone(), name.clone()),
        name,
        rows: seen.held.iter().map(row).collect(),
        form,
    })
}

async fn giving_form(desk: &Desk, seen: &PostsSeen, typed: &Giving, address: &str) -> Result<Form, Refused> {
    let (say, lang) = (desk.say(), desk.lang.code());
    let role = |post: &falin_domain::workflow::Post| {
        let role = say.t(&format!("role-{}", post.role.code().replace('_', "-")));
        format!("{}（{role}）", post.name.in_language(lang))
    };
    let codes =
        seen.manifest.post.iter().map(|post| FieldOption::new(post.code.clone(), role(post), &typed.post));
    let mut accounts = vec![FieldOption::new("", say.t("desk-choose"), &typed.account)];
    accounts.extend(
        seen.accounts.iter().map(|(id, name)| FieldOption::new(id.to_string(), name.clone(), &typed.account)),
    );
    let place = typed.place.clone().unwrap_or_default();
    let mut places = vec![FieldOption::new("", desk.me.county.name.clone(), &place)];
    places
        .extend(choices::villages(desk, &place, true).await?.into_iter().filter(|one| !one.value.is_empty()));
    Ok(Form::post(format!("{address}/posts"))
        .field(Field::select("post", "desk-plugin-post", codes.collect()))
        .field(Field::select("account", "desk-plugin-post-who", accounts))
        .field(Field::select("place", "desk-plugin-post-place", places).optional())
        .button(Button::submit("primary", say.t("desk-plugin-post-give"))))
}

/// `POST /desk/plugins/{id}/posts`: gives one.
///
/// # Errors
/// `not_found`; a refused form comes back with what was chosen.
pub async fn give(desk: Desk, id: PathId<PluginNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let fields = body.form()?;
    let text = |name: &str| fields.filled(name).unwrap_or_default().to_owned();
    let giving = Giving {
        post: text("post"),
        account: text("account"),
        place: fields.filled("place").map(str::to_owned),
    };
    match plugin::give(app, visitor, id.0, giving.clone()).await.map_err(of_stop) {
        Ok(_) => desk.go(format!("/desk/plugins/{}/posts", id.0)),
        Err(refusal) => {
            let seen = plugin::posts(app, visitor, id.0).await?;
            let view = posts_page(&desk, &seen, &giving, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/plugins/{id}/posts/{post}/withdraw`: takes one back.
///
/// # Errors
/// `not_found`; what is refused is told on the page.
pub async fn withdraw(req: HttpRequest, desk: Desk, id: PathId<PluginNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let post = path_id::<PluginPostNoun>(&req, "post")?;
    let version = choices::version(&body.form()?);
    match plugin::withdraw(app, visitor, id.0, post, version).await.map_err(of_stop) {
        Ok(_) => desk.go(format!("/desk/plugins/{}/posts", id.0)),
        Err(refusal) => {
            let seen = plugin::posts(app, visitor, id.0).await?;
            let mut view = posts_page(&desk, &seen, &Giving::default(), None).await?;
            view.errors = Some(desk.say().error_summary(&refusal));
            desk.again(&refusal, &view)
        }
    }
}
