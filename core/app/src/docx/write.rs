//! A laid-out paper as a document.

use falin_domain::paper::{Cell, Indent, Laid, Page, Row, Sheet, Sign, Span};

use super::package::{self, BadPackage};
use super::styles::{self, HEAD, Measure, SPACES};

/// Units that a table's width is counted in.
const UNITS: u32 = 24;
/// A cell of so many characters may run over a page; shorter rows stay whole.
const MAY_SPLIT: usize = 240;

/// The document of a paper. The same sheet gives the same bytes.
///
/// # Errors
/// A fault of the archive, which only a document of several GiB causes.
pub fn document(sheet: &Sheet) -> Result<Vec<u8>, BadPackage> {
    let parts = [
        ("[Content_Types].xml", styles::content_types()),
        ("_rels/.rels", styles::package_relations()),
        ("docProps/core.xml", properties(&sheet.title)),
        ("word/document.xml", main(sheet)),
        ("word/_rels/document.xml.rels", styles::document_relations()),
        ("word/styles.xml", styles::styles(sheet.page)),
        ("word/settings.xml", styles::settings()),
        ("word/fontTable.xml", styles::font_table()),
        ("word/footer1.xml", footer(sheet, false)),
        ("word/footer2.xml", footer(sheet, true)),
    ];
    package::write(parts.iter().map(|(name, text)| (*name, text.as_bytes())))
}

fn properties(title: &str) -> String {
    format!(
        r#"{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>"#,
        escape(title)
    )
}

/// Text for XML: markup escaped, what XML does not hold left out.
pub(super) fn escape(text: &str) -> String {
    let fit = |c: &char| !c.is_control() || matches!(c, '\t' | '\n');
    let text: String = text.chars().filter(fit).filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    quick_xml::escape::escape(text.as_str()).into_owned()
}

fn main(sheet: &Sheet) -> String {
    let measure = Measure::of(sheet.page);
    let mut body = String::new();
    let mut fresh = false;
    for laid in &sheet.laid {
        if matches!(laid, Laid::NewPage) {
            fresh = true;
            continue;
        }
        if std::mem::take(&mut fresh) {
            body.push_str(
                r#"<w:p><w:pPr><w:pStyle w:val="Foot"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>"#,
            );
        }
        body.push_str(&block(laid, sheet.page, &measure));
    }
    let Measure { width, height, top, right, bottom, left, footer, .. } = measure;
    format!(
        r#"{HEAD}<w:document {SPACES}><w:body>{body}<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/><w:pgSz w:w="{width}" w:h="{height}"/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="567" w:footer="{footer}" w:gutter="0"/></w:sectPr></w:body></w:document>"#
    )
}

fn block(laid: &Laid, page: Page, measure: &Measure) -> String {
    match laid {
        Laid::Organ(spans) => para("Organ", "", spans),
        Laid::Title(spans) => para("Heading", "", spans),
        Laid::Number(spans) => para("Number", "", spans),
        Laid::To(spans) => para("To", "", spans),
        Laid::Para(Indent::Two, spans) => para("Body", "", spans),
        Laid::Para(Indent::None, spans) => para("Flush", "", spans),
        Laid::Section(spans) => para("Section", "", spans),
        Laid::Note(spans) => para("Note", "", spans),
        Laid::Cut(spans) => para("Cut", "", spans),
        Laid::Table(rows) => table(rows, measure),
        Laid::Signs(signs) => signs.iter().map(|sign| sign_line(sign, measure)).collect(),
        Laid::Seal(issuer, date) => seal(issuer, date, page, measure),
        Laid::NewPage => String::new(),
    }
}

fn para(style: &str, more: &str, spans: &[Span]) -> String {
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{}</w:p>"#, runs(spans))
}

fn runs(spans: &[Span]) -> String {
    spans.iter().map(run).collect()
}

/// In a ruled cell the cell itself is the room: no line under it.
fn cell_runs(spans: &[Span]) -> String {
    let plain = |span: &Span| match span {
        Span::Blank(width) => run(&Span::Text(room(*width))),
        other => run(other),
    };
    spans.iter().map(plain).collect()
}

/// So many characters of nothing; the last is one that no program takes away at the end of a line.
fn room(width: u8) -> String {
    format!("{}\u{a0}\u{a0}", "\u{3000}".repeat(usize::from(width).saturating_sub(1)))
}

fn run(span: &Span) -> String {
    let text = |text: &str, properties: &str| {
        format!(r#"<w:r>{properties}<w:t xml:space="preserve">{}</w:t></w:r>"#, escape(text))
    };
    match span {
        Span::Text(words) => text(words, ""),
        // A non-breaking hyphen is the only thing in them that a line could break at.
        Span::Whole(words) => text(&words.replace('-', "\u{2011}"), ""),
        Span::Blank(width) => text(&room(*width), r#"<w:rPr><w:u w:val="single"/></w:rPr>"#),
        Span::Tick(true) => {
            text("√", r#"<w:rPr><w:bdr w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:rPr>"#)
        }
        Span::Tick(false) => text("□", ""),
    }
}

/// `签名：________　　年　月　日`, right-hand.
fn sign_line(sign: &Sign, measure: &Measure) -> String {
    let mut spans = vec![Span::text(format!("{}：", sign.label)), Span::Blank(8)];
    if sign.dated {
        let parts = [("　", 3), ("年", 2), ("月", 2)];
        for (words, room) in parts {
            spans.extend([Span::text(words), Span::Blank(room)]);
        }
        spans.push(Span::text("日"));
    }
    let before = measure.body * 10;
    let more = format!(r#"<w:keepLines/><w:spacing w:before="{before}" w:after="0"/><w:jc w:val="right"/>"#);
    para("Flush", &more, &spans)
}

/// The issuer centred over the date, the date four characters in from the right; both stay with the text's last lines,
/// so that the seal is never alone on its page.
fn seal(issuer: &[Span], date: &[Span], page: Page, measure: &Measure) -> String {
    let em = measure.body * 10;
    let (wide, narrow) = (width(issuer), width(date));
    let right = 4.0 + (narrow - wide) / 2.0;
    let over = (right.max(0.0) * f64::from(em)) as u32;
    let room = if page == Page::Letter { 2 * 579 } else { 720 };
    let first = format!(
        r#"<w:keepNext/><w:keepLines/><w:spacing w:before="{room}" w:after="0"/><w:ind w:right="{over}"/><w:jc w:val="right"/>"#
    );
    let second = format!(
        r#"<w:keepLines/><w:spacing w:before="0" w:after="{room}"/><w:ind w:right="{}"/><w:jc w:val="right"/>"#,
        4 * em
    );
    format!("{}{}", para("Flush", &first, issuer), para("Flush", &second, date))
}

/// Width in characters: Latin letters and digits are half as wide.
fn width(spans: &[Span]) -> f64 {
    let words = |text: &str| text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum();
    let one = |span: &Span| match span {
        Span::Text(text) | Span::Whole(text) => words(text),
        Span::Blank(n) => f64::from(*n),
        Span::Tick(_) => 1.0,
    };
    spans.iter().map(one).sum()
}

fn table(rows: &[Row], measure: &Measure) -> String {
    let unit = measure.text / UNITS;
    let grid: String = (0..UNITS).map(|_| format!(r#"<w:gridCol w:w="{unit}"/>"#)).collect();
    let side = |name: &str| format!(r#"<w:{name} w:val="single" w:sz="6" w:space="0" w:color="auto"/>"#);
    let sides: String =
        ["top", "left", "bottom", "right", "insideH", "insideV"].iter().map(|name| side(name)).collect();
    let body: String = rows.iter().map(|one| row(one, unit)).collect();
    // The empty paragraph keeps two tables apart and ends the cell that Word wants ended.
    format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl><w:p><w:pPr><w:pStyle w:val="Foot"/><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>"#,
        unit * UNITS
    )
}

fn row(row: &Row, unit: u32) -> String {
    // 1 mm is 56.7 twips.
    let height = u32::from(row.height) * 567 / 10;
    let long = row.cells.iter().any(|cell| letters(cell) > MAY_SPLIT);
    let split = if long { "" } else { "<w:cantSplit/>" };
    let header = if row.repeated { "<w:tblHeader/>" } else { "" };
    let cells: String = row.cells.iter().map(|one| cell(one, row.cells.len(), unit)).collect();
    format!(
        r#"<w:tr><w:trPr>{split}<w:trHeight w:val="{height}" w:hRule="atLeast"/>{header}</w:trPr>{cells}</w:tr>"#
    )
}

fn letters(cell: &Cell) -> usize {
    let one = |span: &Span| if let Span::Text(text) = span { text.chars().count() } else { 1 };
    cell.lines.iter().flatten().map(one).sum()
}

fn cell(cell: &Cell, of: usize, unit: u32) -> String {
    let style = match (cell.label, of) {
        (true, 1) => "Head",
        (true, _) => "Label",
        (false, _) => "Cell",
    };
    let line = |line: &Vec<Span>| {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{}</w:p>"#, cell_runs(line))
    };
    let lines: String = cell.lines.iter().map(line).collect();
    // A long text begins at the top of its cell, all else stands in the middle.
    let align = if !cell.label && letters(cell) > 60 { "top" } else { "center" };
    format!(
        r#"<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/><w:gridSpan w:val="{}"/><w:vAlign w:val="{align}"/></w:tcPr>{}</w:tc>"#,
        u32::from(cell.units) * unit,
        cell.units,
        if lines.is_empty() { para(style, "", &[]) } else { lines }
    )
}

/// `— 1 —` outside the text: odd pages at the right, even ones at the left, one character in.
fn footer(sheet: &Sheet, even: bool) -> String {
    let small = para("Foot", "", &[Span::text(sheet.foot.clone())]);
    let numbered = match sheet.page {
        Page::Card => String::new(),
        Page::Form => String::new(),
        Page::Letter => {
            let side = if even { "left" } else { "right" };
            let dash = run(&Span::text("— "));
            let end = run(&Span::text(" —"));
            format!(
                r#"<w:p><w:pPr><w:pStyle w:val="Page"/><w:ind w:left="280" w:right="280"/><w:jc w:val="{side}"/></w:pPr>{dash}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>{end}</w:p>"#
            )
        }
    };
    format!("{HEAD}<w:ftr {SPACES}>{numbered}{small}</w:ftr>")
}
