//! Reading an HTML page as a person does: its text, its links, its forms with what is already in them.

/// One tag: its name, its attributes and where the text behind it begins.
#[derive(Debug)]
pub struct Tag<'a> {
    /// Lower-case name, with a leading `/` where it closes.
    pub name: String,
    /// Attributes with entities resolved; a bare attribute has an empty value.
    pub attributes: Vec<(String, String)>,
    /// The page's source from behind this tag.
    pub rest: &'a str,
}

impl Tag<'_> {
    /// An attribute's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A form: where it goes, how, and what a browser would send without a keystroke.
#[derive(Debug, Default)]
pub struct Form {
    /// Its id, by which buttons elsewhere on the page are its own.
    pub id: String,
    /// Its action, empty where it goes to its own page.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// Names and present values, hidden ones included.
    pub fields: Vec<(String, String)>,
    /// Names that have a control, hidden or not, checked or not.
    pub names: Vec<String>,
}

/// Every tag in order.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(length) = tag_length(rest) else { break };
        let inner = &rest[1..length];
        rest = &rest[length + 1..];
        let split = inner.find(|c: char| c.is_whitespace()).unwrap_or(inner.len());
        let name = inner[..split].trim_end_matches('/').to_lowercase();
        let attributes = attributes(&inner[split..]);
        let raw = name == "script" || name == "style";
        found.push(Tag { name, attributes, rest });
        if raw {
            rest = rest.find("</").map_or("", |end| &rest[end..]);
        }
    }
    found
}

/// Length of the tag at the start of `source` up to its `>`, minding quotes.
fn tag_length(source: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in source.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn attributes(mut source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    loop {
        source = source.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = source.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(source.len());
        if end == 0 {
            return found;
        }
        let name = source[..end].to_lowercase();
        source = source[end..].trim_start();
        let mut value = "";
        if let Some(after) = source.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| *c == '"' || *c == '\'');
            let body = if quote.is_some() { &after[1..] } else { after };
            let stop = match quote {
                Some(quote) => body.find(quote),
                None => body.find(char::is_whitespace),
            };
            let stop = stop.unwrap_or(body.len());
            value = &body[..stop];
            source = body[stop..].strip_prefix(['"', '\'']).unwrap_or(&body[stop..]);
        }
        found.push((name, unescape(value)));
    }
}

/// Resolves the entities that templates write.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(';').filter(|end| *end < 12);
        let meant = end.and_then(|end| entity(&rest[1..end]));
        match (meant, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn entity(name: &str) -> Option<char> {
    if let Some(hex) = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        return u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
    }
    if let Some(number) = name.strip_prefix('#') {
        return number.parse().ok().and_then(char::from_u32);
    }
    let known = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{a0}')];
    known.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

/// The page's visible text, blanks folded.
pub fn text(html: &str) -> String {
    let body = html.find("<body").map_or(html, |start| &html[start..]);
    let mut out = String::new();
    for tag in tags(body) {
        if tag.name != "script" && tag.name != "style" {
            out.push_str(tag.rest.split('<').next().unwrap_or_default());
            out.push(' ');
        }
    }
    unescape(&out).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of an element up to its closing tag.
fn inner_text(tag: &Tag<'_>) -> String {
    let end = tag.rest.find(&format!("</{}", tag.name)).unwrap_or(tag.rest.len());
    text(&format!("<p>{}", &tag.rest[..end]))
}

/// What stands in a text area: its lines as they are, but for a first break, which browsers drop.
fn typed_text(tag: &Tag<'_>) -> String {
    let end = tag.rest.find("</textarea").unwrap_or(tag.rest.len());
    let text = unescape(&tag.rest[..end]);
    text.strip_prefix('\n').map(str::to_owned).unwrap_or(text)
}

/// Every link: address and text.
pub fn links(html: &str) -> Vec<(String, String)> {
    let anchors = tags(html).into_iter().filter(|tag| tag.name == "a");
    anchors.filter_map(|tag| Some((tag.get("href")?.to_owned(), inner_text(&tag)))).collect()
}

/// Every form with what it holds.
pub fn forms(html: &str) -> Vec<Form> {
    let mut found: Vec<Form> = Vec::new();
    let mut open = false;
    let mut select = String::new();
    for tag in tags(html) {
        if tag.name == "form" {
            let method = tag.get("method").unwrap_or("get").to_lowercase();
            found.push(Form {
                id: tag.get("id").unwrap_or_default().to_owned(),
                action: tag.get("action").unwrap_or_default().to_owned(),
                method,
                ..Form::default()
            });
            open = true;
        } else if tag.name == "/form" {
            open = false;
        } else if open && let Some(form) = found.last_mut() {
            read_control(form, &tag, &mut select);
        }
    }
    found
}

fn read_control(form: &mut Form, tag: &Tag<'_>, select: &mut String) {
    let name = tag.get("name").unwrap_or_default().to_owned();
    let value = tag.get("value").unwrap_or_default().to_owned();
    match tag.name.as_str() {
        "input" | "select" | "textarea" if name.is_empty() => {}
        "input" => {
            let kind = tag.get("type").unwrap_or("text");
            let chosen = !matches!(kind, "checkbox" | "radio") || tag.get("checked").is_some();
            if chosen && !matches!(kind, "submit" | "file" | "button") {
                form.fields.push((name.clone(), value));
            }
            form.names.push(name);
        }
        "textarea" => {
            form.fields.push((name.clone(), typed_text(tag)));
            form.names.push(name);
        }
        "select" => {
            select.clone_from(&name);
            form.names.push(name);
        }
        "option" if tag.get("selected").is_some() => form.fields.push((select.clone(), value)),
        _ => {}
    }
}
