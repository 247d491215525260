//! What people attach to cases, drawn from a seed: a scanned page, a photograph, a recording. Each is what its type says.

use super::dice::Dice;
use crate::card_art::rgb_png;
use crate::{Fault, Stop};

type Colour = [u8; 3];

const PAPER: Colour = [250, 248, 242];
const INK: Colour = [48, 52, 66];
const SEAL: Colour = [196, 44, 40];
/// Samples of a recording in a second: what a telephone carries.
const RATE: u32 = 8_000;

/// A picture that is painted pixel by pixel.
struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    fn new(width: usize, height: usize, colour: impl Fn(usize, usize) -> Colour) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self { width, height, pixels: places.flat_map(|(x, y)| colour(x, y)).collect() }
    }

    fn dot(&mut self, x: usize, y: usize, colour: Colour) {
        if x < self.width && y < self.height {
            let at = 3 * (y * self.width + x);
            self.pixels[at..at + 3].copy_from_slice(&colour);
        }
    }

    fn png(&self) -> Result<Vec<u8>, Stop> {
        let fault = |error: crate::card_art::ArtError| Fault::new("demo", error.to_string());
        Ok(rgb_png(&self.pixels, (self.width as u32, self.height as u32)).map_err(fault)?)
    }
}

/// A page written by hand with a seal at its foot, as a PNG.
///
/// # Errors
/// A fault where it cannot be encoded.
pub(super) fn page(dice: &mut Dice) -> Result<Vec<u8>, Stop> {
    let mut page = Canvas::new(300, 424, |_, _| PAPER);
    for line in 0..12 {
        let (top, end) = (40 + 24 * line, 150 + dice.below(110));
        let mut x = 30;
        while x < end {
            character(&mut page, dice, x, top);
            x += 16;
        }
    }
    for y in 340..400 {
        for x in 200..260 {
            let (dx, dy) = (x as i64 - 230, y as i64 - 370);
            if (676..=841).contains(&(dx * dx + dy * dy)) {
                page.dot(x, y, SEAL);
            }
        }
    }
    page.png()
}

/// Some strokes in a square: from afar, a character.
fn character(page: &mut Canvas, dice: &mut Dice, left: usize, top: usize) {
    for _ in 0..4 {
        let (at, length) = (dice.below(12), 5 + dice.below(7));
        let upright = dice.chance(500);
        for n in 0..length {
            let (x, y) = if upright { (left + at, top + n) } else { (left + n, top + at) };
            page.dot(x, y, INK);
        }
    }
}

/// A village road between a wall and fields under the Qilian range, as a PNG.
///
/// # Errors
/// A fault where it cannot be encoded.
pub(super) fn photograph(dice: &mut Dice) -> Result<Vec<u8>, Stop> {
    let (width, height) = (320, 240);
    let peaks: Vec<usize> = (0..9).map(|_| 60 + dice.below(50)).collect();
    let ridge = move |x: usize| {
        let (n, part) = (x / 40, x % 40);
        (peaks[n % 9] * (40 - part) + peaks[(n + 1) % 9] * part) / 40
    };
    let wall = 190 + dice.below(60);
    let photo = Canvas::new(width, height, |x, y| match () {
        () if y > 120 && x > wall => [176 - (x % 16 / 15 * 30) as u8, 150 - (y % 10 / 9 * 30) as u8, 118],
        () if y < ridge(x) => [150 + (y / 2) as u8, 190 + (y / 3) as u8, 226],
        () if y < 130 => [120 - (y / 4) as u8, 126 - (y / 4) as u8, 140 - (y / 5) as u8],
        () if (x as i64 - 150).unsigned_abs() < (y as u64 - 120) / 2 => [168, 158, 142],
        () => [116 - ((x * 7 + y * 3) % 17) as u8, 148 - ((x + y) % 13) as u8, 74],
    });
    photo.png()
}

/// A few seconds of a voice's pitch going up and down, as a WAV of one channel with 8 bits.
pub(super) fn recording(dice: &mut Dice) -> Vec<u8> {
    let samples = RATE * dice.between(2, 3);
    let (mut sound, mut turn) = (Vec::with_capacity(samples as usize), 0_f64);
    for n in 0..samples {
        let time = f64::from(n) / f64::from(RATE);
        turn += (180.0 + 40.0 * (time * 3.1).sin()) / f64::from(RATE);
        let loud = 40.0 * (0.5 + 0.5 * (time * 9.0).sin());
        sound.push((128.0 + loud * (turn * std::f64::consts::TAU).sin()) as u8);
    }
    let mut wave = Vec::with_capacity(sound.len() + 44);
    wave.extend_from_slice(b"RIFF");
    wave.extend_from_slice(&(36 + samples).to_le_bytes());
    wave.extend_from_slice(b"WAVEfmt ");
    wave.extend_from_slice(&16_u32.to_le_bytes());
    // Uncompressed, one channel; bytes in a second; bytes and bits of a sample.
    wave.extend_from_slice(&1_u16.to_le_bytes());
    wave.extend_from_slice(&1_u16.to_le_bytes());
    wave.extend_from_slice(&RATE.to_le_bytes());
    wave.extend_from_slice(&RATE.to_le_bytes());
    wave.extend_from_slice(&1_u16.to_le_bytes());
    wave.extend_from_slice(&8_u16.to_le_bytes());
    wave.extend_from_slice(b"data");
    wave.extend_from_slice(&samples.to_le_bytes());
    wave.append(&mut sound);
    wave
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pictures_and_recordings_are_what_they_say() {
        let mut dice = Dice::new(7, "pictures");
        for picture in [page(&mut dice).unwrap(), photograph(&mut dice).unwrap()] {
            let reader = png::Decoder::new(std::io::Cursor::new(&picture)).read_info().unwrap();
            assert!(reader.info().width >= 300 && picture.len() < 120_000);
        }
        let wave = recording(&mut dice);
        let said = u32::from_le_bytes(wave[40..44].try_into().unwrap());
        assert_eq!((said as usize, &wave[..4], &wave[8..12]), (wave.len() - 44, &b"RIFF"[..], &b"WAVE"[..]));
    }
}
