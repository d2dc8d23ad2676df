//! The emblem of an ente.

use crate::DocumentError;
use krilla::Document;
use krilla::geom::Size;
use krilla::image::Image;

/// An emblem that can be printed: read once, where it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    image: Image,
    width: u32,
    height: u32,
}

impl Logo {
    /// A PNG of that many bytes leaves a notice small enough for an e-mail.
    pub const BYTES_MAX: usize = 30_000;
    /// The place on the notice is 30 × 30 mm: 354 pixels at 300 dpi. Half as many again, and no small file unfolds without end.
    pub const SIDE_MAX: u32 = 512;

    /// Its picture and nothing else: chunks that tell when and with what it was made, and what hides behind its end, are left out. What
    /// is left is given to every browser.
    ///
    /// # Errors
    /// As [`Logo::from_png`], which it must pass too.
    pub fn clean_png(bytes: &[u8]) -> Result<Vec<u8>, DocumentError> {
        Self::from_png(bytes)?;
        let damaged = || DocumentError::Logo("its pixels cannot be read");
        let (signature, mut rest) = bytes.split_at_checked(8).ok_or_else(damaged)?;
        let mut clean = signature.to_vec();
        loop {
            // length, name, content, check sum (PNG, third edition, 5.3)
            let (length, _) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
            let whole = usize::try_from(u32::from_be_bytes(*length)).ok().and_then(|length| length.checked_add(12));
            let (chunk, after) = whole.and_then(|whole| rest.split_at_checked(whole)).ok_or_else(damaged)?;
            let name = chunk.get(4..8).unwrap_or_default();
            if [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"].iter().any(|kept| &kept[..] == name) {
                clean.extend_from_slice(chunk);
            }
            if name == b"IEND" {
                break;
            }
            rest = after;
        }
        Self::from_png(&clean)?;
        Ok(clean)
    }

    /// # Errors
    /// [`DocumentError::Logo`]: not a PNG, damaged, or larger than it may be.
    pub fn from_png(bytes: &[u8]) -> Result<Self, DocumentError> {
        if bytes.len() > Self::BYTES_MAX {
            return Err(DocumentError::Logo("more than 30,000 bytes"));
        }
        let image = Image::from_png(bytes.to_vec().into(), false).map_err(|_| DocumentError::Logo("not a PNG"))?;
        let (width, height) = image.size();
        let fits = (1..=Self::SIDE_MAX).contains(&width) && (1..=Self::SIDE_MAX).contains(&height);
        if !fits {
            return Err(DocumentError::Logo("more than 512 pixels on a side"));
        }
        // its pixels are read when a paper is written: a damaged one is to be known now, not by whoever asks for a notice
        let mut trial = Document::new();
        let mut page = trial.start_page();
        if let Some(size) = Size::from_wh(30.0, 30.0) {
            page.surface().draw_image(image.clone(), size);
        }
        page.finish();
        trial.finish().map_err(|_| DocumentError::Logo("its pixels cannot be read"))?;
        Ok(Self { image, width, height })
    }

    pub(crate) fn image(&self) -> Image {
        self.image.clone()
    }

    /// The largest width and height of it in a square of `side`.
    pub(crate) fn within(&self, side: i32) -> (i32, i32) {
        let share = |part: u32, whole: u32| {
            let share = i64::from(side).saturating_mul(part.into()).checked_div(whole.into());
            share.and_then(|share| i32::try_from(share).ok()).map_or(side, |share| share.max(1))
        };
        if self.width >= self.height { (side, share(self.height, self.width)) } else { (share(self.width, self.height), side) }
    }
}
