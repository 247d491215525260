//! A QR code as one SVG path, so that a sheet of cards prints sharply and asks the server for nothing more.

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

/// Modules of white around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// A QR code for `<svg viewBox="0 0 {size} {size}"><path d="{path}"/></svg>`.
///
/// On paper it is drawn in place; on a screen WeChat recognises codes only in an `<img>`, which needs a bitmap.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Qr {
    /// Side in modules, quiet zone included.
    pub size: usize,
    /// Path of the dark modules, a rectangle a run.
    pub path: String,
}

impl Qr {
    /// The code of `text` at level M (15 % may be lost); an empty code where the text is too long for any (2,331 bytes).
    pub fn of(text: &str) -> Self {
        let Ok(code) = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M) else {
            return Self::default();
        };
        let width = code.width();
        let colors = code.to_colors();
        let mut path = String::new();
        for (y, row) in colors.chunks(width).enumerate() {
            draw_row(row, y + QUIET, &mut path);
        }
        Self { size: width + 2 * QUIET, path }
    }
}

/// The code of `text` as a black-and-white PNG, `scale` pixels a module, for `<img>` on a screen; None where the text is
/// too long or the scale is 0.
pub fn png(text: &str, scale: u32) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let (width, colors) = (code.width() as u32, code.to_colors());
    let quiet = QUIET as u32;
    let side = (width + 2 * quiet) * scale;
    let dark = |x: u32, y: u32| {
        let (x, y) = ((x / scale).checked_sub(quiet), (y / scale).checked_sub(quiet));
        let inside = x.zip(y).filter(|(x, y)| *x < width && *y < width);
        inside.is_some_and(|(x, y)| colors[(y * width + x) as usize] == Color::Dark)
    };
    let pixels: Vec<u8> =
        (0..side * side).map(|at| if dark(at % side, at / side) { 0 } else { 255 }).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

fn draw_row(row: &[Color], y: usize, path: &mut String) {
    let mut x = 0;
    for run in row.chunk_by(|a, b| a == b) {
        if run[0] == Color::Dark {
            let length = run.len();
            path.push_str(&format!("M{} {y}h{length}v1h-{length}z", x + QUIET));
        }
        x += run.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_has_the_codes_side() {
        let bytes = png("https://falin.example/c/4fGh", 6).unwrap_or_default();
        let side = Qr::of("https://falin.example/c/4fGh").size as u32 * 6;
        assert_eq!(bytes.get(16..20), Some(side.to_be_bytes().as_slice()));
        assert_eq!(png("x", 0), None);
    }

    #[test]
    fn a_code_covers_its_dark_modules() {
        let qr = Qr::of("https://falin.example/c/4fGh");
        assert!(qr.size >= 21 + 2 * QUIET);
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", &qr.path[..20]);
        assert_eq!(Qr::of(&"x".repeat(5000)).size, 0);
    }
}
