//! A resident, on a phone, without an account and without scripts: three steps to a name and a number.

use crate::browser::{Page, Size, available};
use crate::town::county::{LAWYERS, RURAL};
use crate::town::{Town, on_both};

/// From the first page through township and village; the path of the adviser's page.
fn walk(page: &Page) -> String {
    page.go("/");
    page.press(RURAL[0].0);
    page.press(RURAL[0].1);
    page.path()
}

on_both! {
    fn three_steps_to_the_adviser_with_scripts_off(backend) {
        if !available() {
            return;
        }
        let town = Town::start(backend);
        let page = Page::without_script(&town.server().address, Size::Phone);
        let path = walk(&page);
        let text = page.text();
        assert!(text.contains(LAWYERS[0].0), "{path}\n{text}");
        assert!(page.has("a[href='tel:13909371000']"), "{path}: no call button");
        assert!(!text.contains("张"), "a household's name on a public page");
    }
}

#[test]
fn public_pages_are_light_alone_and_open_to_everybody() {
    if !available() {
        return;
    }
    let town = Town::start(crate::town::Backend::Sqlite);
    for (name, page) in [
        ("zh", Page::open(&town.server().address, Size::Phone)),
        ("en", Page::in_english(&town.server().address, Size::Phone)),
    ] {
        page.go("/");
        page.is_light_and_alone();
        page.is_accessible();
        page.screenshot(&format!("home-{name}"));
        let path = walk(&page);
        page.is_light_and_alone();
        page.is_accessible();
        page.screenshot(&format!("adviser-{name}"));
        let (first, rest) = path[1..].split_once('/').unwrap();
        for rest in [rest, "620200/", "620200/workers", "620200/facilities"] {
            page.go(&format!("/{first}-large/{rest}"));
            page.is_accessible();
            let wide = page.run("return document.documentElement.scrollWidth - window.innerWidth");
            assert!(wide.as_i64() <= Some(0), "{rest} scrolls sideways in large print by {wide} px");
        }
        page.screenshot(&format!("large-{name}"));
        for size in [Size::Narrow, Size::Desk] {
            page.resize(size);
            page.go(&path).is_light_and_alone();
            page.screenshot(&format!("adviser-{name}-{size:?}").to_lowercase());
        }
    }
}

#[test]
fn names_are_found_by_characters_and_by_every_reading() {
    let town = Town::start(crate::town::Backend::Sqlite);
    let program = town.visitor();
    for (asked, meant) in [
        ("仇文静", "仇文静"),
        ("文静", "仇文静"),
        ("qiuwenjing", "仇文静"),
        ("chanyu", "单于明"),
        ("zeng", "曾国强"),
        ("买买提", "阿依古丽·买买提"),
        ("ＱＩＵ", "仇文静"),
    ] {
        let path = format!("/api/v1/advisers?q={}", crate::town::client::encode(asked));
        let found = program.get(&path).is(200);
        assert!(found.body().contains(meant), "{asked}: {}", found.body());
    }
    program.get("/api/v1/advisers?q=13909371000").refused(422, "search.digits");
}

#[test]
fn asking_is_light_accessible_and_fits_a_phone() {
    if !available() {
        return;
    }
    let town = Town::start(crate::town::Backend::Sqlite);
    let page = Page::open(&town.server().address, Size::Phone);
    for (view, name) in [("zh", "ask-zh"), ("en", "ask-en"), ("zh-large", "ask-large")] {
        for rest in ["/ask", "/ask?in=620201100", "/ask?place=620201100201", "/progress"] {
            page.go(&format!("/{view}/620200{rest}")).is_light_and_alone();
        }
        page.screenshot(name);
    }
    for view in ["zh", "zh-large"] {
        for rest in ["/ask", "/ask?place=620201100201", "/progress"] {
            page.go(&format!("/{view}/620200{rest}"));
            page.is_accessible();
        }
    }
}
