//! SHA-256 (FIPS 180-4) that runs while compiling: the manifest's hash becomes a constant of the library.

const ROUNDS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

const START: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// The hash of the bytes.
pub const fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut state = START;
    let blocks = (bytes.len() + 8) / 64 + 1;
    let mut at = 0;
    while at < blocks {
        state = block(state, bytes, at, at + 1 == blocks);
        at += 1;
    }
    let mut hash = [0; 32];
    let mut byte = 0;
    while byte < 32 {
        hash[byte] = state[byte / 4].to_be_bytes()[byte % 4];
        byte += 1;
    }
    hash
}

/// The byte at a place of the padded text: the text, one set bit, zeros, the text's length in bits.
const fn padded(bytes: &[u8], place: usize, block: usize, last: bool) -> u8 {
    if place < bytes.len() {
        return bytes[place];
    }
    if place == bytes.len() {
        return 0x80;
    }
    let from_end = block * 64 + 64 - place;
    if last && from_end <= 8 { (bytes.len() as u64 * 8).to_be_bytes()[8 - from_end] } else { 0 }
}

const fn block(state: [u32; 8], bytes: &[u8], number: usize, last: bool) -> [u32; 8] {
    let mut words = [0u32; 64];
    let mut i = 0;
    while i < 64 {
        words[i] = if i < 16 {
            let place = number * 64 + i * 4;
            u32::from_be_bytes([
                padded(bytes, place, number, last),
                padded(bytes, place + 1, number, last),
                padded(bytes, place + 2, number, last),
                padded(bytes, place + 3, number, last),
            ])
        } else {
            let (a, b) = (words[i - 15], words[i - 2]);
            let small = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let large = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            words[i - 16].wrapping_add(small).wrapping_add(words[i - 7]).wrapping_add(large)
        };
        i += 1;
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
    let mut i = 0;
    while i < 64 {
        let sum = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let one = h.wrapping_add(sum).wrapping_add(choice).wrapping_add(ROUNDS[i]).wrapping_add(words[i]);
        let sum = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let two = sum.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(one), c, b, a, one.wrapping_add(two));
        i += 1;
    }
    let mut next = state;
    let add = [a, b, c, d, e, f, g, h];
    let mut i = 0;
    while i < 8 {
        next[i] = next[i].wrapping_add(add[i]);
        i += 1;
    }
    next
}

#[cfg(test)]
mod tests {
    use super::sha256;

    fn hex(bytes: &[u8]) -> String {
        sha256(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_standards_own_examples() {
        assert_eq!(hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(hex(two_blocks), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        assert_eq!(hex(&[b'a'; 64]), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    }
}
