//! The parts of a document that are the same for every paper: styles, fonts, settings, relations.

use falin_domain::paper::Page;

/// Faces of official papers (GB/T 9704—2012); the county's Windows or WPS has them.
pub(super) const BODY: &str = "仿宋_GB2312";
const TITLE: &str = "方正小标宋简体";
const HEADING: &str = "黑体";
const NUMERALS: &str = "宋体";

/// Sizes in half points and pitch in twips of one kind of page.
pub(super) struct Measure {
    pub width: u32,
    pub height: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
    pub left: u32,
    pub footer: u32,
    /// Width of the text.
    pub text: u32,
    /// Body size, half points.
    pub body: u32,
    title: u32,
    cell: u32,
    /// Line pitch of the body: exact twips; None leaves it to the face.
    pitch: Option<u32>,
}

impl Measure {
    pub(super) const fn of(page: Page) -> Self {
        let a4 = Self {
            width: 11_906,
            height: 16_838,
            // 37, 26, 35 and 28 mm: a text of 156 × 225 mm.
            top: 2098,
            right: 1474,
            bottom: 1985,
            left: 1588,
            footer: 1020,
            text: 8844,
            body: 32,
            title: 44,
            cell: 24,
            pitch: Some(579),
        };
        match page {
            Page::Letter => a4,
            Page::Form => {
                Self { top: 1588, bottom: 1247, footer: 680, body: 24, title: 40, pitch: None, ..a4 }
            }
            Page::Card => Self {
                width: 5102,
                height: 3061,
                top: 227,
                right: 284,
                bottom: 227,
                left: 284,
                footer: 0,
                text: 4534,
                body: 20,
                title: 26,
                cell: 18,
                pitch: None,
            },
        }
    }
}

/// Namespaces of the main parts.
pub(super) const SPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
pub(super) const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

pub(super) fn content_types() -> String {
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let part = |name: &str, kind: &str| {
        format!(r#"<Override PartName="/word/{name}.xml" ContentType="{word}.{kind}+xml"/>"#)
    };
    let parts = [
        part("document", "document.main"),
        part("styles", "styles"),
        part("settings", "settings"),
        part("fontTable", "fontTable"),
        part("footer1", "footer"),
        part("footer2", "footer"),
    ]
    .concat();
    format!(
        r#"{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{parts}<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#
    )
}

pub(super) fn package_relations() -> String {
    format!(
        r#"{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#
    )
}

pub(super) fn document_relations() -> String {
    let kinds = [
        ("styles", "styles"),
        ("settings", "settings"),
        ("fontTable", "fontTable"),
        ("footer", "footer1"),
        ("footer", "footer2"),
    ];
    let line = |(at, (kind, part)): (usize, (&str, &str))| {
        format!(
            r#"<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{part}.xml"/>"#,
            at + 1
        )
    };
    let lines: String = kinds.into_iter().enumerate().map(line).collect();
    format!(
        r#"{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>"#
    )
}

pub(super) fn settings() -> String {
    format!(
        r#"{HEAD}<w:settings {SPACES}><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#
    )
}

/// Names under which other systems have the same faces.
pub(super) fn font_table() -> String {
    let font = |name: &str, other: &str| {
        format!(
            r#"<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="roman"/></w:font>"#
        )
    };
    let fonts = [
        font(BODY, "仿宋,FangSong,LXGW WenKai,Noto Serif CJK SC"),
        font(TITLE, "华文中宋,STZhongsong,Noto Serif CJK SC"),
        font(HEADING, "SimHei"),
        font(NUMERALS, "SimSun"),
    ]
    .concat();
    format!("{HEAD}<w:fonts {SPACES}>{fonts}</w:fonts>")
}

fn face(name: &str) -> String {
    format!(r#"<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>"#)
}

struct Style<'a> {
    id: &'a str,
    face: &'a str,
    size: u32,
    /// Paragraph properties.
    para: String,
}

/// The styles, one for each thing that a sheet lays.
pub(super) fn styles(page: Page) -> String {
    let measure = Measure::of(page);
    let (body, cell) = (measure.body, measure.cell);
    let pitch = match measure.pitch {
        Some(pitch) => {
            format!(r#"<w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="exact"/>"#)
        }
        None => r#"<w:spacing w:before="0" w:after="0" w:line="360" w:lineRule="auto"/>"#.to_owned(),
    };
    let centre = r#"<w:jc w:val="center"/>"#;
    let tight = r#"<w:spacing w:before="20" w:after="20" w:line="280" w:lineRule="auto"/>"#;
    let two = r#"<w:ind w:firstLineChars="200" w:firstLine="640"/>"#;
    let numbered = if page == Page::Letter { centre } else { r#"<w:jc w:val="right"/>"# };
    let title_space =
        r#"<w:keepNext/><w:spacing w:before="0" w:after="240" w:line="600" w:lineRule="atLeast"/>"#;
    let style = |id, face, size, para: String| Style { id, face, size, para };
    let all = [
        style("Body", BODY, body, format!("{pitch}{two}")),
        style("Flush", BODY, body, pitch.clone()),
        style(
            "Organ",
            TITLE,
            measure.title,
            format!(
                r#"<w:keepNext/><w:spacing w:before="0" w:after="0" w:line="600" w:lineRule="atLeast"/>{centre}"#
            ),
        ),
        style("Heading", TITLE, measure.title, format!("{title_space}{centre}")),
        style(
            "Number",
            BODY,
            if page == Page::Letter { body } else { cell },
            format!(r#"<w:spacing w:before="0" w:after="160"/>{numbered}"#),
        ),
        style("To", BODY, body, pitch.to_string()),
        style("Section", HEADING, body, format!("<w:keepNext/>{pitch}{two}")),
        style("Cell", BODY, cell, tight.to_owned()),
        style("Label", BODY, cell, format!("{tight}{centre}")),
        style("Head", HEADING, cell, format!("<w:keepNext/>{tight}{centre}")),
        style(
            "Note",
            BODY,
            21,
            r#"<w:spacing w:before="80" w:after="0" w:line="300" w:lineRule="auto"/>"#.to_owned(),
        ),
        style(
            "Cut",
            BODY,
            18,
            format!(
                r#"<w:pBdr><w:top w:val="dashed" w:sz="6" w:space="4" w:color="auto"/></w:pBdr><w:spacing w:before="400" w:after="300"/>{centre}"#
            ),
        ),
        style("Foot", NUMERALS, 14, centre.to_owned()),
        style("Page", NUMERALS, 28, String::new()),
    ];
    let written: String = all.iter().map(written).collect();
    // A quarter point closer: 28 characters of 三号 in a line of 156 mm.
    let close = if page == Page::Letter { r#"<w:spacing w:val="-5"/>"# } else { "" };
    format!(
        r#"{HEAD}<w:styles {SPACES}><w:docDefaults><w:rPrDefault><w:rPr>{face}{close}<w:sz w:val="{body}"/><w:szCs w:val="{body}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:snapToGrid w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>{written}</w:styles>"#,
        face = face(BODY),
    )
}

fn written(style: &Style<'_>) -> String {
    let Style { id, face: name, size, para } = style;
    format!(
        r#"<w:style w:type="paragraph" w:customStyle="1" w:styleId="{id}"><w:name w:val="Falin {id}"/><w:basedOn w:val="Normal"/><w:pPr>{para}</w:pPr><w:rPr>{face}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>"#,
        face = face(name),
    )
}
