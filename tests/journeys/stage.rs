//! A plugin with everything that can stand beside a flow, in use in a town.

use serde_json::Value;

use crate::town::{Client, Town, watchdog};

/// Its declaration.
pub const STAGE: &str = include_str!("../plugins/stage.toml");
/// Its page.
pub const BOARD: &str = "<h2>{{title}}</h2>\n<p>{{t \"board-lead\"}}: {{figures.shops.value}} {{figures.shops.unit}}</p>\n\
    <ul>{{#each lists.open}}<li><a href=\"{{link}}\">{{number}}</a> {{fields.name}} {{fields.kind}} {{state}}</li>{{/each}}</ul>\n";
/// Its cases.
pub const SHOPS: &str = "/api/v1/workflows/stage/shop/cases";

/// A folder with this declaration and this page.
pub fn folder(declaration: &str, board: &str) -> String {
    let place = watchdog::fresh_directory().join("stage");
    std::fs::create_dir_all(place.join("templates")).unwrap();
    std::fs::write(place.join("plugin.toml"), declaration).unwrap();
    std::fs::write(place.join("templates/board.hbs"), board).unwrap();
    place.to_str().unwrap().to_owned()
}

/// Puts a folder in use, unsigned, as an author does.
pub fn put(town: &Town, folder: &str) {
    town.falin(&["plugin", "dev", folder, "--once"]).ok();
}

/// Waits until something holds.
pub fn settled(what: impl Fn() -> bool) {
    for _ in 0..150 {
        if what() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("the server has not noticed");
}

/// In use, and known to the server.
pub fn ready(town: &Town) {
    put(town, &folder(STAGE, BOARD));
    let clerk = town.program("clerk");
    settled(|| clerk.get(SHOPS).status == 200);
}

/// A shop.
pub fn enter(client: &Client, form: Value) -> Value {
    client.call("POST", SHOPS, &form).is(201).json()
}

/// Sends a file as a program does.
pub fn upload(client: &Client, path: &str, name: &str, bytes: &[u8]) -> crate::town::Answer {
    const BOUNDARY: &str = "----falinStage7MA4YWxk";
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    client.send("POST", path, &[("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"))], body)
}
