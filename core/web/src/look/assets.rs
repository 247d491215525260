//! Stylesheet, script and mark: embedded in the executable, under addresses that change with their content.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::LookError;

/// Everything under `templates/`; a debug build reads the folder itself, so that an edit shows after a restart.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates"]
struct Embedded;

/// Where templates, texts and assets come from: the executable, and before it a county's own folder.
pub struct Sources {
    own: Option<PathBuf>,
}

impl Sources {
    /// Embedded files; a file of the same name in `own` takes its place.
    pub fn new(own: Option<PathBuf>) -> Self {
        Self { own }
    }

    /// Name and text of every embedded file whose name starts and ends so, by name.
    ///
    /// # Errors
    /// A file of the county's folder that cannot be read, or text that is not UTF-8.
    pub fn under(&self, prefix: &str, suffix: &str) -> Result<Vec<(String, String)>, LookError> {
        let mut found = Vec::new();
        for name in Embedded::iter().filter(|n| n.starts_with(prefix) && n.ends_with(suffix)) {
            let text = String::from_utf8(self.read(&name)?.into_owned());
            found.push((name.to_string(), text.map_err(|fault| LookError::new(&name, fault))?));
        }
        found.sort();
        Ok(found)
    }

    fn read(&self, name: &str) -> Result<Cow<'static, [u8]>, LookError> {
        let own = self.own.as_ref().map(|folder| folder.join(name)).filter(|path| path.is_file());
        if let Some(path) = own {
            return std::fs::read(path).map(Cow::Owned).map_err(|fault| LookError::new(name, fault));
        }
        Embedded::get(name).map(|file| file.data).ok_or_else(|| LookError::new(name, "no such file"))
    }
}

/// One asset, ready to be sent with `Cache-Control: immutable`.
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Media type.
    pub media: &'static str,
    /// First 16 hexadecimal digits of its SHA-256, also the ETag.
    pub hash: String,
}

/// All assets by address.
pub struct Assets {
    by_path: BTreeMap<String, Asset>,
    by_name: BTreeMap<String, String>,
}

impl Assets {
    /// Reads every file under `assets/`.
    ///
    /// # Errors
    /// A file of the county's folder that cannot be read.
    pub fn load(sources: &Sources) -> Result<Self, LookError> {
        let mut assets = Self { by_path: BTreeMap::new(), by_name: BTreeMap::new() };
        for name in Embedded::iter().filter(|name| name.starts_with("assets/")) {
            let bytes = sources.read(&name)?;
            let hash = fingerprint(&bytes);
            let path = format!("/{name}?v={}", &hash[..8]);
            let asset = Asset { bytes, media: media(&name), hash };
            assets.by_path.insert(format!("/{name}"), asset);
            assets.by_name.insert(name.trim_start_matches("assets/").to_owned(), path);
        }
        Ok(assets)
    }

    /// The asset at this path (`/assets/falin.css`, query left off).
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.by_path.get(path)
    }

    /// Every asset with its path.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.by_path.iter().map(|(path, asset)| (path.as_str(), asset))
    }

    /// The address to link to, its content's hash in the query (`/assets/falin.css?v=…`).
    pub fn href(&self, name: &str) -> &str {
        self.by_name.get(name).map_or("", String::as_str)
    }
}

fn fingerprint(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(16);
    for byte in Sha256::digest(bytes).iter().take(8) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        _ => "application/octet-stream",
    }
}
