//! Numbers that carry a check: citizen identity, unified social credit, practising licence.

const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS: &[u8; 11] = b"10X98765432";
const ORG_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// The letters of GB 32100: no I, O, S, V, Z.
const CREDIT_LETTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// 17 digits with their check character (GB 11643, MOD 11-2).
pub fn with_id_check(seventeen: &str) -> String {
    let sum: u32 =
        seventeen.bytes().zip(ID_WEIGHTS).map(|(byte, weight)| u32::from(byte & 15) * weight).sum();
    format!("{seventeen}{}", ID_CHECKS[(sum % 11) as usize] as char)
}

/// The credit code of the `n`th law firm (prefix 31) that the authority of `area` (6 digits) registered:
/// an organisation code of GB 11714 inside a code of GB 32100, each with its own check.
pub fn credit_code(area: &str, n: usize) -> String {
    let organisation = with_organisation_check(&format!("MD{n:06}"));
    let body = format!("31{area}{organisation}");
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        sum += letter_value(byte) * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", CREDIT_LETTERS[((31 - sum % 31) % 31) as usize] as char)
}

fn with_organisation_check(eight: &str) -> String {
    // GB 11714 counts all 26 letters, A as 10 to Z as 35, unlike GB 32100 around it.
    let value =
        |byte: u8| if byte.is_ascii_digit() { u32::from(byte - b'0') } else { u32::from(byte - b'A') + 10 };
    let sum: u32 = eight.bytes().zip(ORG_WEIGHTS).map(|(byte, weight)| value(byte) * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => (b'0' + digit as u8) as char,
    };
    format!("{eight}{check}")
}

fn letter_value(byte: u8) -> u32 {
    CREDIT_LETTERS.iter().position(|letter| *letter == byte).unwrap_or(0) as u32
}

/// A lawyer's licence: 1, province and city, year of first practice, category (1 full-time), gender
/// (0 man, 1 woman), serial of six.
pub fn licence(city: &str, year: u32, female: bool, serial: usize) -> String {
    format!("1{city}{year}1{}{serial:06}", u8::from(female))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn checks_agree_with_the_published_samples() {
        assert_eq!(with_id_check("11010519491231002"), "11010519491231002X");
        assert_eq!(with_id_check("62020119850515001"), "620201198505150012");
        assert_eq!(with_organisation_check("D2143569"), "D2143569X");
        assert_eq!(credit_code("620000", 1), "31620000MD00000167");
    }

    #[test]
    fn a_licence_has_seventeen_digits() {
        assert_eq!(licence("6202", 2015, true, 7), "16202201511000007");
    }
}
