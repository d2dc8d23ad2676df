//! Random identifiers, keys and digests.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq as _;

/// 128 random bits as 32 hexadecimal digits: unguessable, unique without asking anybody.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn new_id() -> Result<String, getrandom::Error> {
    Ok(hex(&random::<16>()?))
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// As [`sha256_hex`], of more than fits in memory.
///
/// # Errors
/// Those of reading.
pub fn sha256_hex_of(mut bytes: impl std::io::Read) -> std::io::Result<String> {
    let (mut hash, mut part) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = bytes.read(&mut part)?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&part[..read]);
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether two texts are the same, in a time that tells nothing of where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// The 16 bytes of an identifier made by [`new_id`].
pub(crate) fn id_bytes(id: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    if id.len() != 32 || !id.is_ascii() {
        return None;
    }
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&id[i * 2..i * 2 + 2], 16).ok()?;
    }
    Some(bytes)
}

/// A key for one purpose, derived from the installation's secret.
#[derive(Clone)]
pub(crate) struct Key([u8; 32]);

impl Key {
    pub(crate) fn derive(secret: &[u8; 32], purpose: &str) -> Self {
        Self(Self(*secret).mac(&[b"sportello/v1/", purpose.as_bytes()]))
    }

    /// HMAC-SHA-256 of the parts, one after the other.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC pads a short key with zeros to the block of its hash (RFC 2104 §2): done here, so that no length can be wrong
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
