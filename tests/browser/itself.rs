//! The browser itself: it starts, runs scripts or not, sees faults, and counts what is loaded.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::{Page, Size, available, axe};

/// A tiny server of one page.
fn page_server(html: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\n";
            let _ = write!(stream, "{head}content-length: {}\r\n\r\n{html}", html.len());
        }
    });
    address
}

#[test]
fn scripts_run_only_where_they_may_and_faults_are_seen() {
    if !available() {
        return;
    }
    let html = "<!doctype html><html><meta name=viewport content='width=device-width'><title>t</title><body><main><h1>页</h1><p id=p>静</p><img src=/x.png>\
                <script>document.getElementById('p').textContent = '动'</script>\
                <a href=/next>下一页</a></main>";
    let home = page_server(html);
    let still = Page::without_script(&home, Size::Phone);
    assert!(still.go("/").text().contains('静'));
    still.press("下一页");
    assert_eq!(still.path(), "/next");

    let page = Page::open(&home, Size::Phone);
    assert!(page.go("/").text().contains('动'));
    assert_eq!(page.run("return window.innerWidth"), 375);
    let rules: Vec<_> = axe(&page).into_iter().map(|fault| fault.rule).collect();
    assert!(
        rules.contains(&"image-alt".to_owned()) && rules.contains(&"html-has-lang".to_owned()),
        "{rules:?}"
    );
    assert!(page.loaded().iter().any(|(name, bytes)| name.ends_with('/') && *bytes > 200));
    page.is_light_and_alone();
    page.screenshot("itself");
    let png = concat!(env!("CARGO_MANIFEST_DIR"), "/target/screenshots/itself.png");
    assert!(std::fs::read(png).unwrap().starts_with(b"\x89PNG"));
}
