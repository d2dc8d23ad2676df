//! Proof of work: what a browser pays for one more look-up when its address has used up those that are free. A second of a phone, in
//! the place of a captcha that would ask a person, and tell a stranger who it was.
//!
//! The challenge is a text of the server's. The proof is one nonce for each part: SHA-256 of (SHA-256 of the challenge, number of the part,
//! nonce) begins with so many zero bits. Eight parts and not one: a single hard one takes three times its mean for one citizen in twenty,
//! the sum of eight takes twice its mean for one in a hundred.

use sha2::{Digest as _, Sha256};

/// Parts of every challenge.
pub const PARTS: u8 = 8;
/// Zero bits of a part, at the most: a server that asks for more asks for hours.
pub const BITS_MAX: u8 = 28;
/// `PARTS` nonces of sixteen hexadecimal digits, with a dot between them.
pub const PROOF_MAX: usize = 8 * 17;

/// Looks for a proof, a little at a time: a page must stay alive meanwhile.
#[derive(Clone, Debug)]
pub struct Solver {
    seed: [u8; 32],
    bits: u8,
    nonce: u64,
    found: Vec<String>,
}

impl Solver {
    pub fn new(challenge: &str, bits: u8) -> Self {
        Self { seed: seed(challenge), bits, nonce: 0, found: Vec::new() }
    }

    /// Tries so many nonces; the proof, when that was enough.
    pub fn step(&mut self, hashes: u32) -> Option<String> {
        for _ in 0..hashes {
            if self.done() == PARTS {
                break;
            }
            if is_good(&self.seed, self.done(), self.nonce, self.bits) {
                self.found.push(format!("{:x}", self.nonce));
                self.nonce = 0;
            } else {
                self.nonce += 1;
            }
        }
        (self.done() == PARTS).then(|| self.found.join("."))
    }

    /// Parts that are found.
    pub fn done(&self) -> u8 {
        u8::try_from(self.found.len()).unwrap_or(PARTS)
    }
}

/// Whether a text is the proof for a challenge. Nine hashes, whatever it says.
///
/// ```
/// # use domain::work::{Solver, proves};
/// let proof = Solver::new("sfida", 4).step(10_000).unwrap();
/// assert!(proves("sfida", 4, &proof) && !proves("altra", 4, &proof));
/// ```
pub fn proves(challenge: &str, bits: u8, proof: &str) -> bool {
    if proof.len() > PROOF_MAX || bits > BITS_MAX {
        return false;
    }
    let seed = seed(challenge);
    let mut parts = 0u8;
    for text in proof.split('.') {
        // from_str_radix takes a sign as well
        let nonce =
            Some(text).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit())).and_then(|t| u64::from_str_radix(t, 16).ok());
        if parts == PARTS || !nonce.is_some_and(|nonce| is_good(&seed, parts, nonce, bits)) {
            return false;
        }
        parts += 1;
    }
    parts == PARTS
}

fn seed(challenge: &str) -> [u8; 32] {
    Sha256::digest(challenge.as_bytes()).into()
}

/// 41 bytes: one block of SHA-256, whatever the length of the challenge.
fn is_good(seed: &[u8; 32], part: u8, nonce: u64, bits: u8) -> bool {
    let mut block = [0; 41];
    block[..32].copy_from_slice(seed);
    block[32] = part;
    block[33..].copy_from_slice(&nonce.to_be_bytes());
    let hash = Sha256::digest(block);
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros() >= u32::from(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(challenge: &str, bits: u8) -> String {
        let mut solver = Solver::new(challenge, bits);
        loop {
            if let Some(proof) = solver.step(100) {
                return proof;
            }
        }
    }

    #[test]
    fn a_proof_is_good_for_its_challenge_and_as_many_bits_as_were_asked() {
        let proof = solve("una", 6);
        assert!(proof.len() <= PROOF_MAX && proves("una", 6, &proof) && proves("una", 5, &proof));
        assert!(!proves("due", 6, &proof) && !proves("una", 20, &proof));
    }

    #[test]
    fn nothing_else_is_a_proof() {
        let proof = solve("una", 4);
        let (first, rest) = proof.split_once('.').unwrap();
        for bad in [
            String::new(),
            rest.to_owned(),
            format!("{proof}.{first}"),
            format!("{proof}."),
            format!("{rest}.{first}"),
            format!("+{proof}"),
            format!("-{proof}"),
            format!(" {proof}"),
            proof.replace('.', ","),
            format!("{}.{rest}", "0".repeat(200)),
            "é.".repeat(8),
            "ffffffffffffffffff".to_owned(),
        ] {
            assert!(!proves("una", 4, &bad), "{bad}");
        }
    }

    #[test]
    fn it_is_looked_for_a_little_at_a_time() {
        let mut solver = Solver::new("una", 8);
        let (mut steps, mut last) = (0, 0);
        while solver.step(16).is_none() {
            assert!(solver.done() >= last);
            last = solver.done();
            steps += 1;
        }
        assert!(steps > 10, "2048 tries as a mean: {steps}");
    }
}
