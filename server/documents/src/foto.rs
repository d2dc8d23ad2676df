//! The one thing that is read here and not written: the texts of the QR codes in a photograph, somebody's of a paper notice.
//!
//! Whoever sends the picture chose every byte of it. Format and size are told by its first bytes and judged before the rest is unpacked;
//! nothing that moves (GIF), is a program (SVG) or a whole family of formats (TIFF) is read. Of an animation the first picture counts.

use image::imageops::{FilterType, crop_imm};
use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The cameras of phones make 12 to 24 megapixels unless they are asked for more; a scan of an A4 sheet at 600 dpi has 35.
const PIXELS_MAX: u64 = 36_000_000;
/// Of either side: what no camera makes and a bomb does.
const SIDE_MAX: u32 = 16_384;
/// An unpacked picture: three bytes for each pixel, and a little. Sixteen bits a colour have half as many pixels.
const BYTES_MAX: u64 = 3 * PIXELS_MAX + 4 * 1024 * 1024;
/// Longest side at which the whole picture is looked at. The QR of a notice is an eighth of its sheet and has 33 modules: five pixels for
/// each of them when the sheet fills the picture.
const SIDE: u32 = 1_600;
/// And the one at which it is looked at again piece by piece, for a sheet that is far away. All at once would cost half a minute for a
/// picture of noise: what rqrr tries grows much faster than the picture.
const FAR_SIDE: u32 = 3_200;
/// Side of a piece, and from one to the next: a code of up to 300 pixels is whole in one of them.
const PIECE: (u32, u32) = (1200, 900);
/// Codes of one picture: a notice has two, with instalments a few more.
const CODES_MAX: usize = 16;

/// Why a picture cannot be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FotoError {
    #[error("no JPEG, PNG or WebP, or a broken one")]
    NotAnImage,
    #[error("more pixels than any camera makes")]
    TooLarge,
}

/// What is written in the QR codes of a picture, as far as they can be read; none is no error. It takes some tenths of a second.
///
/// # Errors
/// See [`FotoError`].
pub fn read_qr(bytes: &[u8]) -> Result<Vec<String>, FotoError> {
    let picture = decode(bytes)?;
    let near = codes(&within(&picture, SIDE));
    if !near.is_empty() || picture.width().max(picture.height()) <= SIDE {
        return Ok(near);
    }
    Ok(in_pieces(&within(&picture, FAR_SIDE)))
}

/// The codes of the first piece that has some: a notice has them beside each other.
fn in_pieces(picture: &GrayImage) -> Vec<String> {
    let (side, step) = PIECE;
    let starts = |length: u32| (0..length.saturating_sub(side - step).max(1)).step_by(usize::try_from(step).unwrap_or(1));
    let pieces = starts(picture.height()).flat_map(|y| starts(picture.width()).map(move |x| (x, y)));
    pieces
        .map(|(x, y)| codes(&crop_imm(picture, x, y, side, side).to_image()))
        .find(|texts| !texts.is_empty())
        .unwrap_or_default()
}

fn decode(bytes: &[u8]) -> Result<GrayImage, FotoError> {
    let format = image::guess_format(bytes).map_err(|_| FotoError::NotAnImage)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(FotoError::NotAnImage);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(BYTES_MAX);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || decoder.total_bytes() > BYTES_MAX {
        return Err(FotoError::TooLarge);
    }
    // what is cut off is not guessed at
    Ok(DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?.into_luma8())
}

fn refused(error: &image::ImageError) -> FotoError {
    match error {
        image::ImageError::Limits(_) => FotoError::TooLarge,
        _ => FotoError::NotAnImage,
    }
}

/// The picture, made smaller where it is longer than this.
fn within(picture: &GrayImage, side: u32) -> GrayImage {
    let longest = u64::from(picture.width().max(picture.height()));
    if longest <= u64::from(side) {
        return picture.clone();
    }
    let scaled = |of: u32| u32::try_from(u64::from(of) * u64::from(side) / longest).unwrap_or(side).max(1);
    image::imageops::resize(picture, scaled(picture.width()), scaled(picture.height()), FilterType::Triangle)
}

fn codes(picture: &GrayImage) -> Vec<String> {
    let (width, height) = picture.dimensions();
    // a finder pattern alone is seven modules wide
    if width < 21 || height < 21 {
        return Vec::new();
    }
    let side = |n: u32| usize::try_from(n).unwrap_or(0);
    let raw = picture.as_raw();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(side(width), side(height), |x, y| {
        raw.get(y * side(width) + x).copied().unwrap_or(u8::MAX)
    });
    let grids = prepared.detect_grids();
    grids.into_iter().take(CODES_MAX).filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}
