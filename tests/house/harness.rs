//! The harness itself: the private database starts, clones and is quick.

use std::time::{Duration, Instant};

use crate::town::{Backend, Town, page};

#[test]
fn a_private_postgres_starts_within_ten_seconds() {
    if !Backend::Postgres.available() {
        return;
    }
    let started = Instant::now();
    let town = Town::empty(Backend::Postgres);
    town.sql("CREATE TABLE a (b TEXT)").unwrap();
    town.sql("INSERT INTO a VALUES ('结对')").unwrap();
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(town.number("SELECT count(*) FROM a"), 1);
    assert_eq!(town.texts("SELECT b AS t FROM a"), ["结对"]);
    assert!(town.sql("INSERT INTO a (c) VALUES (1)").is_err());
}

#[test]
fn pages_are_read_as_a_browser_reads_them() {
    let html = r#"<!doctype html><body><p>甲 &amp; 乙<!-- <a href="/no">no</a> --></p>
        <a class=x href="/v/1?a=1&amp;b=2">横沟<b>村</b></a>
        <form method="post" action='/go'><input type=hidden name=csrf value="t&#x3D;1">
        <input name="q" value="a>b"><input type=checkbox name=c value=1>
        <select name=s><option value=1>一<option value=2 selected>二</select>
        <textarea name=t>写 了</textarea></form><script>if (a < b) {}</script>"#;
    assert!(page::text(html).starts_with("甲 & 乙"));
    assert_eq!(page::links(html), [("/v/1?a=1&b=2".to_owned(), "横沟 村".to_owned())]);
    let form = &page::forms(html)[0];
    assert_eq!((form.action.as_str(), form.method.as_str()), ("/go", "post"));
    let expected = [("csrf", "t=1"), ("q", "a>b"), ("s", "2"), ("t", "写 了")];
    let fields: Vec<_> = form.fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(fields, expected);
    assert_eq!(form.names, ["csrf", "q", "c", "s", "t"]);
}
