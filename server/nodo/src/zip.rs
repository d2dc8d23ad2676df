//! The smallest ZIP there is: one file, stored without compression. GPD's upload takes nothing but ZIPs with one JSON in them.
//!
//! Source: PKWARE APPNOTE 6.3.10, §4.3.7 (local header), §4.3.12 (central directory), §4.3.16 (end). Sizes stand in the local header,
//! as Java's `ZipInputStream` wants them of a stored entry.

/// 2 GiB would need ZIP64; callers keep far below. `None` above.
pub(crate) fn stored(name: &str, content: &[u8]) -> Option<Vec<u8>> {
    let size = u32::try_from(content.len()).ok().filter(|s| *s < u32::MAX / 2)?;
    let name_len = u16::try_from(name.len()).ok()?;
    let crc = crc32(content);
    let mut zip = Vec::with_capacity(content.len() + 2 * name.len() + 100);
    // version 2.0; flags: names are UTF-8; method 0; 1980-01-01 00:00, the beginning of time
    let common = |zip: &mut Vec<u8>| {
        for half in [20, 1 << 11, 0, 0, (1 << 5) | 1_u16] {
            zip.extend(half.to_le_bytes());
        }
        for word in [crc, size, size] {
            zip.extend(word.to_le_bytes());
        }
        zip.extend(name_len.to_le_bytes());
        // no extra field
        zip.extend(0_u16.to_le_bytes());
    };
    zip.extend(0x0403_4b50_u32.to_le_bytes());
    common(&mut zip);
    zip.extend(name.as_bytes());
    zip.extend(content);

    let directory = u32::try_from(zip.len()).ok()?;
    zip.extend(0x0201_4b50_u32.to_le_bytes());
    zip.extend(20_u16.to_le_bytes());
    common(&mut zip);
    // no comment, first disk, internal and external attributes, where the local header is
    zip.extend([0; 14]);
    zip.extend(name.as_bytes());

    let directory_len = u32::try_from(zip.len()).ok()? - directory;
    zip.extend(0x0605_4b50_u32.to_le_bytes());
    // this disk, disk of the directory, entries here, entries in all
    for half in [0, 0, 1, 1_u16] {
        zip.extend(half.to_le_bytes());
    }
    zip.extend(directory_len.to_le_bytes());
    zip.extend(directory.to_le_bytes());
    zip.extend(0_u16.to_le_bytes());
    Some(zip)
}

/// CRC-32 of ISO 3309, as ZIP wants it.
fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|n| {
        let mut c = u32::try_from(n).unwrap_or_default();
        for _ in 0..8 {
            c = if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 };
        }
        c
    });
    !bytes.iter().fold(u32::MAX, |crc, byte| table[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    #[test]
    fn the_checksum_is_the_one_everybody_has() {
        assert_eq!((crc32(b""), crc32(b"123456789")), (0, 0xcbf4_3926));
    }

    /// python3 is there for the SOAP client of the official WSDL; its `zipfile` checks every field.
    #[test]
    fn another_program_reads_it() {
        let content = "è".repeat(70_000);
        let zip = stored("posizioni.json", content.as_bytes()).unwrap();
        let script = "import sys,io,zipfile; z=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())); assert z.testzip() is None; \
                      print(z.namelist(), len(z.read('posizioni.json').decode()))";
        let child = Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = child else {
            eprintln!("SKIPPED: no python3");
            return;
        };
        child.stdin.take().unwrap().write_all(&zip).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "['posizioni.json'] 70000");
    }
}
