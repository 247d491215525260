//! QR codes for contact cards, activation slips and `--lan`: as SVG for pages, as PNG for files.

use qrcode::{Color, EcLevel, QrCode};

/// Blank modules around the code; ISO/IEC 18004 asks for four, or scanners miss its corners.
const QUIET: usize = 4;

/// Why no picture came out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArtError {
    /// More text than the largest code holds (2,331 bytes at this error correction).
    TooLong,
    /// The picture could not be encoded: a scale of 0, or one that no image holds.
    Picture,
}

impl std::fmt::Display for ArtError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the text is too long for a QR code",
            Self::Picture => "the QR picture could not be encoded",
        })
    }
}

impl std::error::Error for ArtError {}

/// The code's modules row by row, true where dark, its quiet zone included.
struct Modules {
    side: usize,
    dark: Vec<bool>,
}

impl Modules {
    /// Error correction M (15 %): a card on a door wears, and the code must stay small on it.
    fn of(text: &str) -> Result<Self, ArtError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| ArtError::TooLong)?;
        let inner = code.width();
        let side = inner + 2 * QUIET;
        let mut dark = vec![false; side * side];
        for (n, colour) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (n % inner + QUIET, n / inner + QUIET);
            dark[y * side + x] = colour == Color::Dark;
        }
        Ok(Self { side, dark })
    }

    fn row(&self, y: usize) -> &[bool] {
        &self.dark[y * self.side..(y + 1) * self.side]
    }
}

/// `text` as one `<svg>` element without size of its own: the style sheet gives it one.
///
/// The element is hidden from readers of the page's text, so the link must also stand beside it.
///
/// # Errors
/// [`ArtError::TooLong`].
pub fn qr_svg(text: &str) -> Result<String, ArtError> {
    let modules = Modules::of(text)?;
    let side = modules.side;
    let mut path = String::new();
    for y in 0..side {
        dark_runs(modules.row(y), |x, length| path.push_str(&format!("M{x} {y}h{length}v1h-{length}z")));
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" class=\"qr\" \
         shape-rendering=\"crispEdges\" aria-hidden=\"true\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// Calls `draw` with the start and the length of each run of dark modules in `row`.
fn dark_runs(row: &[bool], mut draw: impl FnMut(usize, usize)) {
    let mut x = 0;
    for run in row.chunk_by(|one, next| one == next) {
        if run[0] {
            draw(x, run.len());
        }
        x += run.len();
    }
}

/// `text` as a grey-scale PNG whose modules are `scale` × `scale` pixels.
///
/// # Errors
/// [`ArtError`].
pub fn qr_png(text: &str, scale: u16) -> Result<Vec<u8>, ArtError> {
    let modules = Modules::of(text)?;
    let scale = usize::from(scale);
    let side = modules.side * scale;
    let mut pixels = Vec::with_capacity(side * side);
    for y in 0..modules.side {
        let line: Vec<u8> = modules
            .row(y)
            .iter()
            .flat_map(|dark| std::iter::repeat_n(if *dark { 0 } else { 255 }, scale))
            .collect();
        (0..scale).for_each(|_| pixels.extend_from_slice(&line));
    }
    grey_png(&pixels, u32::try_from(side).map_err(|_| ArtError::Picture)?)
}

fn grey_png(pixels: &[u8], side: u32) -> Result<Vec<u8>, ArtError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|_| ArtError::Picture)?;
    writer.write_image_data(pixels).map_err(|_| ArtError::Picture)?;
    writer.finish().map_err(|_| ArtError::Picture)?;
    Ok(bytes)
}

/// A picture of `size` (width, height) whose pixels have a byte each of red, green and blue, as a PNG.
///
/// # Errors
/// [`ArtError::Picture`] where the pixels are not as many as the size says.
pub(crate) fn rgb_png(pixels: &[u8], size: (u32, u32)) -> Result<Vec<u8>, ArtError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.0, size.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|_| ArtError::Picture)?;
    writer.write_image_data(pixels).map_err(|_| ArtError::Picture)?;
    writer.finish().map_err(|_| ArtError::Picture)?;
    Ok(bytes)
}

/// A QR code in half-block characters, for a terminal.
///
/// # Errors
/// [`ArtError`] where the text is too long for a QR code.
pub fn qr_text(text: &str) -> Result<String, ArtError> {
    let modules = Modules::of(text)?;
    let dark = |x: usize, y: usize| y < modules.side && modules.row(y)[x];
    let whole = modules.side;
    let mut out = String::new();
    for y in (0..whole).step_by(2) {
        // Light on dark: a terminal's ground is dark, and a code is read by its light squares.
        out.extend((0..whole).map(|x| match (dark(x, y), dark(x, y + 1)) {
            (false, false) => '█',
            (false, true) => '▀',
            (true, false) => '▄',
            (true, true) => ' ',
        }));
        out.push('\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LINK: &str = "https://falin.example/c/7K2M9Q4T";

    #[test]
    fn a_card_link_fits_a_small_code() {
        // 32 bytes at M: version 3, 29 modules, with the quiet zone 37.
        let svg = qr_svg(LINK).unwrap();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        assert!(svg.contains("viewBox=\"0 0 37 37\""));
        assert!(svg.len() < 12_000, "{}", svg.len());
    }

    #[test]
    fn a_png_has_the_scaled_side_and_a_white_rim() {
        let bytes = qr_png(LINK, 6).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((frame.width, frame.height), (37 * 6, 37 * 6));
        let side = 37 * 6;
        let rim = QUIET * 6;
        assert!(pixels[..rim * side].iter().all(|pixel| *pixel == 255));
        // The finder pattern's corner is the first dark module.
        assert_eq!(pixels[rim * side + rim], 0);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(qr_svg(&"x".repeat(3000)), Err(ArtError::TooLong));
        assert_eq!(qr_png(LINK, 0), Err(ArtError::Picture));
    }
}
