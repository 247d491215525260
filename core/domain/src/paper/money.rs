//! Amounts in Chinese capitals (正确填写票据和结算凭证的基本规定): 人民币壹仟陆佰捌拾元零叁角贰分.

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 3] = ["", "万", "亿"];
/// Amounts from here on are not written: a million million yuan, in fen.
const TOO_MUCH: i64 = 100_000_000_000_000;

/// The amount in words, from fen; None for negative amounts and for a million million yuan or more.
pub fn in_words(fen: i64) -> Option<String> {
    if !(0..TOO_MUCH).contains(&fen) {
        return None;
    }
    let (yuan, jiao, cents) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut out = String::from("人民币");
    if fen == 0 {
        out.push_str("零元整");
        return Some(out);
    }
    if yuan > 0 {
        out.push_str(&whole(yuan));
        out.push('元');
    }
    if jiao == 0 && cents == 0 {
        out.push('整');
        return Some(out);
    }
    // One 零 stands for a missing 角 before 分, and for a round number of yuan before 角.
    if yuan > 0 && (jiao == 0 || yuan % 10 == 0) {
        out.push('零');
    }
    for (digit, unit) in [(jiao, "角"), (cents, "分")] {
        if digit > 0 {
            out.push_str(DIGITS[digit as usize]);
            out.push_str(unit);
        }
    }
    Some(out)
}

/// Yuan above zero, in groups of four digits.
fn whole(yuan: i64) -> String {
    let groups = [yuan / 100_000_000, yuan / 10_000 % 10_000, yuan % 10_000];
    let mut out = String::new();
    let mut skipped = false;
    for (at, group) in groups.into_iter().enumerate() {
        if group == 0 {
            skipped = true;
            continue;
        }
        if !out.is_empty() && (skipped || group < 1000) {
            out.push_str(DIGITS[0]);
        }
        out.push_str(&four(group));
        out.push_str(GROUPS[2 - at]);
        skipped = false;
    }
    out
}

/// One group of up to four digits; a run of zeros between digits is one 零, at the end it is nothing.
fn four(group: i64) -> String {
    let mut out = String::new();
    let mut zero = false;
    for place in (0..4).rev() {
        let digit = group / 10_i64.pow(place) % 10;
        if digit == 0 {
            zero = !out.is_empty();
            continue;
        }
        if zero {
            out.push_str(DIGITS[0]);
            zero = false;
        }
        out.push_str(DIGITS[digit as usize]);
        out.push_str(PLACES[place as usize]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_the_rule_prints_them() {
        for (fen, text) in [
            (0, "人民币零元整"),
            (5, "人民币伍分"),
            (10, "人民币壹角"),
            (1000, "人民币壹拾元整"),
            (140_950, "人民币壹仟肆佰零玖元伍角"),
            (600_714, "人民币陆仟零柒元壹角肆分"),
            (168_032, "人民币壹仟陆佰捌拾元零叁角贰分"),
            (10_700_053, "人民币壹拾万柒仟元零伍角叁分"),
            (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
            (32_504, "人民币叁佰贰拾伍元零肆分"),
            (10_000_100, "人民币壹拾万零壹元整"),
            (10_010_000, "人民币壹拾万零壹佰元整"),
            (10_000_100_000, "人民币壹亿零壹仟元整"),
            (20_003_000_400, "人民币贰亿零叁万零肆元整"),
        ] {
            assert_eq!(in_words(fen).as_deref(), Some(text), "{fen}");
        }
        assert_eq!((in_words(-1), in_words(TOO_MUCH)), (None, None));
    }
}
