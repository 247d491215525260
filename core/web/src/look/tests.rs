//! Every template with its samples in every language and size; every text used and present in both languages.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use falin_domain::fault::FAULTS;
use falin_domain::refusal::{Refusal, TABLE};

use super::refusals::{field_key, refusal_key};
use super::*;

/// Keys that the code builds from codes and that no source names.
const BUILT: &[&str] = &[
    "refusal-",
    "field-",
    "fault-at-",
    "title-",
    "browser-",
    "device-",
    "doctor-",
    "cli-pair-provider-",
    "cli-pair-state-",
    "firm-kind-",
    "facility-kind-",
    "role-",
    "finding-",
    "notice-",
    "aid-ground-",
    "desk-case-routed-",
    "case-duty-",
    "committee-kind-",
    "committee-duty-",
    "committee-lacks-",
    "desk-deadline-state-",
    "desk-call-reason-",
    "desk-call-outcome-",
    "desk-channel-security-",
    "stats-unit-",
    "village-line-",
    "village-note-",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn look() -> Look {
    Look::load(None).unwrap()
}

fn frames() -> Vec<(String, Frame)> {
    let mut frames = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        for size in Size::ALL {
            let county = Some(("620200", "嘉峪关市"));
            let frame = Frame::public(lang, size, county, "/");
            frames.push((segment(lang, size), frame.clone()));
            frames.push((format!("{}, answered", segment(lang, size)), frame.of_answer()));
        }
    }
    frames
}

fn desk_frame(lang: Lang, size: Size) -> Frame {
    let person = Person { name: "周敏".to_owned(), role: "县管理员".to_owned(), seeks: true };
    let item = |label: &str, count, current| NavItem {
        href: "/desk".to_owned(),
        label: label.to_owned(),
        count,
        current,
    };
    let group = |label: &str, items| NavGroup { label: label.to_owned(), items, folds: false, open: true };
    let nav = vec![
        group("", vec![item("今天", Some(7), true), item("待回电", None, false)]),
        group("人和地", vec![item("结对", None, false), item("律师和机构", Some(76), false)]),
    ];
    Frame::desk(lang, size, ("620200", "嘉峪关市"), "/desk", "token", person).with_nav(nav)
}

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push((path.to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn every_sample_renders_in_every_language_and_size() {
    let look = look();
    for lang in [Lang::Zh, Lang::En] {
        assert_eq!(look.missing(lang).unwrap(), &[] as &[String]);
    }
    let mut faults = Vec::new();
    for one in all_templates() {
        let mut tried: Vec<_> = frames().into_iter().map(|(_, frame)| frame).collect();
        tried.push(desk_frame(Lang::Zh, Size::Normal));
        tried.push(desk_frame(Lang::En, Size::Large));
        for frame in &tried {
            let pages = (one.render)(&look, frame);
            assert!(!pages.is_empty(), "{} has no samples", one.template);
            for page in pages {
                match page {
                    Err(fault) => faults.push(format!("{} ({}): {fault}", one.template, frame.lang.code())),
                    Ok(html) => check_page(one.template, &html, &mut faults),
                }
            }
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What the content security policy and the readers forbid on every page.
fn check_page(template: &str, html: &str, faults: &mut Vec<String>) {
    let banned =
        [" style=", "<style", "javascript:", " onclick", "{$", "&amp;amp;", "&lt;b&gt;", "href=\"\""];
    for word in banned.iter().filter(|word| html.contains(**word)) {
        faults.push(format!("{template}: contains {word}"));
    }
    let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for id in ids.iter().filter(|id| ids.iter().filter(|other| other == id).count() > 1) {
        faults.push(format!("{template}: two things are called {id}"));
    }
    if html.matches("<h1").count() > 1 {
        faults.push(format!("{template}: more than one h1"));
    }
    if html.matches("class=\"b primary").count() > 1 && !html.contains("data-print") {
        faults.push(format!("{template}: more than one primary button"));
    }
}

#[test]
fn every_page_template_has_a_view() {
    let known: BTreeSet<_> = all_templates().iter().map(|one| one.template.to_owned()).collect();
    let base = root().join("templates");
    for (path, source) in files("templates/pages", ".hbs") {
        let name = Path::new(&path).strip_prefix(&base).unwrap().with_extension("");
        let name = name.to_string_lossy().into_owned();
        assert!(known.contains(&name), "{name} has no view");
        assert!(!source.contains("style="), "{name} has a style attribute");
    }
    for (path, source) in files("templates/components", ".hbs") {
        assert!(source.starts_with("{{!-- "), "{path} does not name its parameters");
        assert!(source.lines().count() <= 40, "{path} is longer than 40 lines");
    }
}

/// Keys of one language, with `message.attribute`.
fn keys(lang: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (path, text) in files(&format!("templates/locales/{lang}"), ".ftl") {
        let mut message = String::new();
        for line in text.lines() {
            let Some((name, _)) = line.split_once('=') else { continue };
            let name = name.trim_end();
            if let Some(attribute) = name.strip_prefix("    .") {
                keys.insert(format!("{message}.{attribute}"));
            } else if !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            {
                assert!(keys.insert(name.to_owned()), "{path}: {name} twice");
                message = name.to_owned();
            }
        }
    }
    keys
}

#[test]
fn words_are_joined_as_each_language_does() {
    let look = look();
    let (zh, en) = (look.say(Lang::Zh), look.say(Lang::En));
    assert_eq!((zh.list(&["甲", "乙"]), en.list(&["A", "B"])), ("甲、乙".to_owned(), "A, B".to_owned()));
    assert_eq!(
        (zh.noted("窗口", "新城镇"), en.noted("window", "A")),
        ("窗口（新城镇）".to_owned(), "window (A)".to_owned())
    );
    assert_eq!(
        (zh.labelled("现在", "甲"), en.labelled("now", "A")),
        ("现在：甲".to_owned(), "now: A".to_owned())
    );
}

#[test]
fn both_languages_have_the_same_texts_and_every_text_is_used() {
    let (zh, en) = (keys("zh"), keys("en"));
    let one_sided: Vec<_> = zh.symmetric_difference(&en).collect();
    assert!(one_sided.is_empty(), "in one language only: {one_sided:?}");

    let mut sources = files("templates", ".hbs");
    sources.extend(files("core", ".rs"));
    let mut all = String::new();
    for (_, source) in sources {
        all.push_str(&source);
    }
    let unused = |key: &&String| {
        let message = key.split('.').next().unwrap();
        !BUILT.iter().chain(desk::sentences::LISTS).any(|built| key.starts_with(built))
            && !all.contains(&format!("\"{message}"))
    };
    let unused: Vec<_> = zh.iter().filter(unused).collect();
    assert!(unused.is_empty(), "used nowhere: {unused:?}");
}

#[test]
fn every_refusal_says_what_and_what_next_in_both_languages() {
    let look = look();
    for (code, _) in TABLE {
        let key = refusal_key(code);
        for lang in [Lang::Zh, Lang::En] {
            assert!(look.texts().has(lang, &key), "{} lacks {key}", lang.code());
            assert!(look.texts().has(lang, &format!("{key}.detail")), "{} lacks {key}.detail", lang.code());
        }
    }
}

/// The arguments that a text speaks of: those of its own lines and of the choices in them.
fn spoken(text: &str) -> BTreeSet<&str> {
    let names = text.split("{ $").skip(1);
    names.filter_map(|rest| rest.split([' ', '}']).next()).collect()
}

#[test]
fn every_fault_of_a_file_has_a_text_in_both_languages_and_every_text_a_fault() {
    let all: String = files("core", ".rs").into_iter().map(|(_, source)| source).collect();
    let mut keys: BTreeMap<String, &[&str]> = BTreeMap::new();
    for (code, args) in FAULTS {
        keys.insert(field_key(&format!("fault.{code}")), args);
        assert!(all.matches(&format!("\"{code}\"")).count() > 1, "{code} is never said");
    }
    for lang in ["zh", "en"] {
        let folder = root().join("templates/locales").join(lang);
        let texts = std::fs::read_to_string(folder.join("fault.ftl")).unwrap();
        let mut told = BTreeSet::new();
        for text in texts.split("\nfield-").skip(1) {
            let (key, text) = text.split_once(" = ").unwrap();
            let key = format!("field-{key}");
            let args = keys.get(&key).unwrap_or_else(|| panic!("{lang}: {key} is no fault"));
            // A remark below belongs to the next.
            let text = text.split("\n#").next().unwrap();
            assert!(spoken(text).iter().all(|name| args.contains(name)), "{lang}: {key} speaks of more");
            told.insert(key);
        }
        let untold: Vec<_> = keys.keys().filter(|key| !told.contains(*key)).collect();
        assert!(untold.is_empty(), "{lang}: {untold:?}");
    }
}

#[test]
fn a_fault_of_a_file_is_told_at_its_place_in_both_languages() {
    use falin_domain::fault::{Fault, Part};
    let look = look();
    let place = [Part::entry("flow", 0, "visit"), Part::entry("guards", 1, ""), Part::member("about")];
    let fault = Fault::new("toml.lacks", &[("name", &"en")]).below(place).on_line(7).of_file("plugin.toml");
    let mut refusal = Refusal::new("package.declaration");
    refusal.fields.push(fault);
    for (lang, told) in [
        (Lang::Zh, "plugin.toml 第 7 行：流程 visit › 第 2 个前提 › about：少了“en”这一项，请补上。"),
        (Lang::En, "plugin.toml, line 7: flow visit › guard 2 › about: “en” is missing; add it."),
    ] {
        assert_eq!(look.say(lang).error_summary(&refusal).items[0].text, told);
        let json = serde_json::to_value(crate::problem::say(&look.say(lang), &refusal, "")).unwrap();
        let field = &json["fields"][0];
        assert_eq!((&field["place"], &field["line"]), (&"flow[0].guards[1].about".into(), &7.into()));
        assert_eq!((&field["code"], &field["args"]["name"]), (&"fault.toml.lacks".into(), &"en".into()));
    }
}

#[test]
fn closed_lists_have_their_words() {
    use falin_domain::directory::{FacilityKind, FirmKind, WorkerKind};
    let look = look();
    let workers = WorkerKind::ALL.iter().map(|kind| keys::worker_title(*kind));
    let firms = FirmKind::ALL.iter().map(|kind| keys::firm_kind(*kind));
    let facilities = FacilityKind::ALL.iter().map(|kind| keys::facility_kind(*kind));
    for key in workers.chain(firms).chain(facilities) {
        assert!(look.texts().has(Lang::Zh, key) && look.texts().has(Lang::En, key), "{key}");
    }
}

#[test]
fn every_notice_of_a_core_flow_has_title_and_text() {
    use falin_domain::workflow::{Effect, core};
    let look = look();
    let effects = core().iter().flat_map(|flow| &flow.step).flat_map(|step| &step.effects);
    for effect in effects {
        let Effect::Notice { text, .. } = effect else { continue };
        for lang in [Lang::Zh, Lang::En] {
            for key in [format!("notice-{text}"), format!("notice-{text}.title")] {
                assert!(look.texts().has(lang, &key), "{} lacks {key}", lang.code());
            }
        }
    }
}

#[test]
fn a_countys_own_files_take_the_place_of_ours() {
    let own = std::env::temp_dir().join(format!("falin-look-{}", std::process::id()));
    std::fs::create_dir_all(own.join("pages/public")).unwrap();
    std::fs::write(own.join("pages/public/revoked.hbs"), "<h1>{{frame.county_name}}</h1>").unwrap();
    let look = Look::load(Some(own.clone())).unwrap();
    let frame = Frame::public(Lang::Zh, Size::Normal, Some(("620200", "嘉峪关市")), "/");
    let page = look.render(&frame, &public::card::Revoked {}).unwrap();
    assert!(page.contains("<h1>嘉峪关市</h1>"), "{page}");
    std::fs::write(own.join("pages/public/revoked.hbs"), "{{#if}}").unwrap();
    let fault = Look::load(Some(own.clone())).err().unwrap().to_string();
    assert!(fault.starts_with("pages/public/revoked.hbs: "), "{fault}");
    std::fs::remove_dir_all(own).unwrap();
}

#[test]
fn what_people_typed_is_shown_as_text() {
    let look = look();
    let frame = Frame::public(Lang::Zh, Size::Normal, Some(("1", "<script>")), "/?q=\"><b>");
    let evil = "\"><script>alert(1)</script>";
    let mut view = public::directory::Workers::samples().remove(1);
    view.query = evil.to_owned();
    let page = look.render(&frame, &view).unwrap();
    assert!(!page.contains("<script>"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)"));
    let plain = look.say(Lang::Zh).with("field-too-long", &[("max", "3")]);
    assert_eq!(plain, "太长了，最多 3 个字");
    assert_eq!(look.say(Lang::Zh).with("errors-title", &[("count", "2")]), "有两处要改一下");
}

#[test]
fn the_whole_of_a_resident_page_is_light() {
    let look = look();
    let size = |path: &str| look.assets.get(path).unwrap().bytes.len();
    assert!(size("/assets/falin.css") <= 12 * 1024, "{}", size("/assets/falin.css"));
    assert!(size("/assets/falin.js") <= 10 * 1024);
}

/// Writes every sample to `$CARGO_TARGET_DIR/samples` for the eye, when `FALIN_SAMPLES` asks for it.
#[test]
fn samples_can_be_looked_at() {
    let Ok(folder) = std::env::var("FALIN_SAMPLES") else { return };
    let look = look();
    std::fs::create_dir_all(format!("{folder}/assets")).unwrap();
    for name in ["falin.css", "falin.js", "falin.svg"] {
        let asset = look.assets.get(&format!("/assets/{name}")).unwrap();
        std::fs::write(format!("{folder}/assets/{name}"), &asset.bytes).unwrap();
    }
    let mut shown = frames();
    shown.push(("desk-zh".to_owned(), desk_frame(Lang::Zh, Size::Normal)));
    shown.push(("desk-en".to_owned(), desk_frame(Lang::En, Size::Normal)));
    for one in all_templates() {
        for (prefix, frame) in &shown {
            if one.template.contains("/desk/") != prefix.starts_with("desk") {
                continue;
            }
            for (number, page) in (one.render)(&look, frame).into_iter().enumerate() {
                let html = page.unwrap().replace("\"/assets/", "\"assets/");
                let name = one.template.trim_start_matches("pages/").replace('/', "-");
                std::fs::write(format!("{folder}/{prefix}-{name}-{number}.html"), html).unwrap();
            }
        }
    }
}
