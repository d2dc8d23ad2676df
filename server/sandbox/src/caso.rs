//! Identifiers nobody can guess.

use std::fmt::Write as _;

/// 32 hexadecimal digits, 128 bits: fits `receiptId` (≤ 35) and an address.
///
/// # Errors
/// When the operating system has no randomness to give.
pub(crate) fn id() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    let mut text = String::with_capacity(32);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_ids_differ_and_are_hexadecimal() {
        let (one, two) = (super::id().unwrap(), super::id().unwrap());
        assert_ne!(one, two);
        assert!(one.len() == 32 && one.bytes().all(|b| b.is_ascii_hexdigit()), "{one}");
    }
}
