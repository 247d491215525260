//! Kinds of papers: samples, blank prints, and the county's own templates.

use actix_web::HttpRequest;
use falin_app::paper;
use falin_domain::access::{Act, Noun};
use std::sync::Arc;

use falin_domain::paper::{self as forms, Fill, Paper as Form, Values, compose, sample};
use falin_domain::refusal::Refusal;

use super::{HERE, attached, called, group};
use crate::desk::Desk;
use crate::look::desk::paper::{KindField, KindGroup, KindRow, PaperKind, PaperKinds, upload_form};
use crate::look::desk::{Form as Posted, Link};
use crate::look::format;
use crate::look::parts::{Button, Fact, Notice};
use crate::look::print::paper::PaperPrint;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::Query;
use crate::upload::Upload;

/// The sorts of cases, in the order of the form book; after them stand the workflows that bring papers of their own.
const GROUPS: [&str; 5] = ["aid", "mediation", "adviser", "plugin", "consultation"];

/// `GET /desk/papers/kinds?noun=&subject=`: with a case, each kind leads to the form of a new paper.
///
/// # Errors
/// `access.denied`.
pub async fn list_kinds(desk: Desk, query: Query) -> Answer {
    let own = paper::templates(&desk.site.app, desk.visitor()).await?;
    let noun = query.filled("noun").unwrap_or_default();
    let case = query.filled("subject").filter(|_| !noun.is_empty());
    let fitting = match query.id("subject")?.filter(|_| case.is_some()) {
        Some(id) => Some(paper::offered_to(&desk.site.app, desk.visitor(), noun, id).await?),
        None => None,
    };
    let href = |form: &Form| match case {
        Some(case) => format!(
            "{HERE}/new?kind={}&noun={}&subject={}",
            form.code,
            format::query_escape(noun),
            format::query_escape(case)
        ),
        None => format!("{HERE}/kinds/{}", form.code),
    };
    let row = |form: &Arc<Form>| KindRow {
        href: href(form),
        title: form.called(desk.lang.code()).to_owned(),
        lang: called(&desk, Some(form)),
        source: form.source.clone(),
        own: own.iter().any(|template| form.codes().any(|code| code == template.kind)),
    };
    let all: Vec<Arc<Form>> = match &fitting {
        Some(found) => found.now.iter().chain(&found.more).cloned().collect(),
        None => paper::kinds(&desk.site.app, desk.visitor()),
    };
    let of_house = |form: &&Arc<Form>, sort: &str| {
        form.own.is_none() && form.nouns.first().is_some_and(|first| first == sort)
    };
    let groups = GROUPS.iter().map(|sort| KindGroup {
        name: desk.say().t(&group(sort)),
        rows: forms::all()
            .iter()
            .filter(|form| of_house(form, sort) && all.iter().any(|one| one.code == form.code))
            .map(row)
            .collect(),
    });
    let used = desk.site.app.flows.in_use(desk.visitor().county);
    let brought = |form: &&Arc<Form>, name: &str| form.own.as_ref().is_some_and(|own| own.plugin == name);
    let groups = groups.chain(used.iter().map(|one| KindGroup {
        name: one.manifest.name.in_language(desk.lang.code()).to_owned(),
        rows: all.iter().filter(|form| brought(form, &one.name)).map(row).collect(),
    }));
    let may_set = desk.visitor().may(Act::Write, Noun::Setting);
    desk.page(&PaperKinds { groups: groups.filter(|group| !group.rows.is_empty()).collect(), may_set })
}

fn named(desk: &Desk, req: &HttpRequest) -> Result<Arc<Form>, Refusal> {
    paper::kind(&desk.site.app, desk.visitor(), req.match_info().query("kind"))
}

/// `GET /desk/papers/kinds/{kind}`.
///
/// # Errors
/// `not_found`.
pub async fn kind(req: HttpRequest, desk: Desk) -> Answer {
    let form = named(&desk, &req)?;
    let view = view(&desk, &form, None).await?;
    desk.page(&view)
}

async fn view(desk: &Desk, form: &Form, refusal: Option<&Refusal>) -> Result<PaperKind, Refused> {
    let say = desk.say();
    let address = format!("{HERE}/kinds/{}", form.code);
    let history = paper::history(&desk.site.app, desk.visitor(), &form.code).await?;
    let own = history.iter().find(|template| template.active);
    let may = desk.visitor().may(Act::Write, Noun::Setting);
    let in_use = own.map_or_else(|| say.t("desk-paper-built-in"), |template| template.file_name.clone());
    let style = form
        .number
        .as_ref()
        .map(|number| number.style.write(&number.prefix.replace("{office}", "X"), 2026, 1));
    let mut facts = vec![
        Fact::new("desk-paper-source", &form.source),
        Fact::new("desk-paper-style", style.unwrap_or_else(|| say.t("desk-paper-none"))),
        Fact::new("desk-paper-in-use", in_use),
    ];
    if !form.copies.is_empty() {
        facts.insert(1, Fact::new("desk-paper-copies", &form.copies));
    }
    if let Some(own) = &form.own {
        let used = desk.site.app.flows.in_use(desk.visitor().county);
        let of = used.iter().find(|one| one.name == own.plugin).map(|one| &one.manifest);
        let name = of.map(|of| format!("{} {}", of.name.in_language(desk.lang.code()), of.version));
        facts.push(Fact::new("desk-paper-brought", name.unwrap_or_else(|| own.plugin.clone())));
    }
    let mut links = vec![
        Link::new(format!("{address}/print"), say.t("desk-paper-sample-print")),
        Link::new(format!("{address}/print?blank=yes"), say.t("desk-paper-blank-print")),
        Link::new(format!("{address}/sample.docx"), say.t("desk-paper-sample-docx")),
        Link::new(format!("{address}/outline.docx"), say.t("desk-paper-outline")),
    ];
    if own.is_some() {
        links.push(Link::new(format!("{address}/template.docx"), say.t("desk-paper-own-file")));
    }
    let revert = Posted::post(format!("{address}/revert"))
        .button(Button::submit("low", say.t("desk-paper-template-revert")));
    let unfit = own.is_some() && paper::is_unfit(&desk.site.app, desk.visitor(), &form.code).await?;
    let notice = || Notice::new("caution", say.t("desk-paper-unfit"), say.t("desk-paper-unfit-why"));
    Ok(PaperKind {
        title: form.called(desk.lang.code()).to_owned(),
        lang: called(desk, Some(form)),
        notice: unfit.then(notice),
        facts,
        links,
        fields: form.fields.iter().map(marked).collect(),
        upload: may.then(|| upload_form(&say, &address, refusal)),
        revert: (may && own.is_some()).then_some(revert),
    })
}

fn marked(field: &forms::Field) -> KindField {
    let mark = match field.columns.is_empty() {
        true => format!("{{{{{}}}}}", field.name),
        false => format!("{{{{#each {}}}}}…{{{{/each}}}}", field.name),
    };
    let column = |column: &forms::Column| format!("{} {{{{{}}}}}", column.label, column.name);
    KindField {
        label: field.label.clone(),
        mark,
        columns: field.columns.iter().map(column).collect::<Vec<_>>().join("　"),
    }
}

/// `GET /desk/papers/kinds/{kind}/print?blank=`.
///
/// # Errors
/// `not_found`.
pub async fn kind_print(req: HttpRequest, desk: Desk, query: Query) -> Answer {
    let form = &*named(&desk, &req)?;
    let values = if query.filled("blank").is_some() { Values::default() } else { sample(form) };
    desk.page(&PaperPrint::new(&compose(form, Fill::Values(&values), &form.code)))
}

/// `GET /desk/papers/kinds/{kind}/sample.docx`.
///
/// # Errors
/// `not_found`.
pub async fn kind_sample(req: HttpRequest, desk: Desk) -> Answer {
    let (name, bytes) = paper::sample_docx(&desk.site.app, desk.visitor(), &named(&desk, &req)?.code).await?;
    Ok(attached(&name, bytes))
}

/// `GET /desk/papers/kinds/{kind}/outline.docx`.
///
/// # Errors
/// `not_found`.
pub async fn kind_outline(req: HttpRequest, desk: Desk) -> Answer {
    let (name, bytes) = paper::outline(&desk.site.app, desk.visitor(), &named(&desk, &req)?.code)?;
    Ok(attached(&name, bytes))
}

/// `GET /desk/papers/kinds/{kind}/template.docx`.
///
/// # Errors
/// `not_found`, also where the built-in layout is in use.
pub async fn kind_own(req: HttpRequest, desk: Desk) -> Answer {
    let (name, bytes) = paper::file_of(&desk.site.app, desk.visitor(), &named(&desk, &req)?.code).await?;
    Ok(attached(&name, bytes))
}

/// `POST /desk/papers/kinds/{kind}/template`.
///
/// # Errors
/// `not_found`; what is wrong with the template is told on its page.
pub async fn upload(req: HttpRequest, desk: Desk, upload: Upload) -> Answer {
    let form = &*named(&desk, &req)?;
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let done = match upload.file("file") {
        Some(file) => paper::replace(app, visitor, &form.code, &file.name, &file.bytes).await.map(drop),
        None => Err(Refusal::field("file", "required").into()),
    };
    let Err(stop) = done else { return desk.go(format!("{HERE}/kinds/{}", form.code)) };
    let refusal = of_stop(stop);
    let view = view(&desk, form, Some(&refusal)).await?;
    desk.again(&refusal, &view)
}

/// `POST /desk/papers/kinds/{kind}/revert`.
///
/// # Errors
/// `not_found`; `action.not_allowed` where the built-in layout is in use.
pub async fn revert(req: HttpRequest, desk: Desk) -> Answer {
    let form = named(&desk, &req)?;
    paper::revert(&desk.site.app, desk.visitor(), &form.code, None).await?;
    desk.go(format!("{HERE}/kinds/{}", form.code))
}
