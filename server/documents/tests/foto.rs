//! Pictures of a notice, good and bad: what is in them is read, or it is said why not. No picture takes more than it may.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not `#[test]` functions")]

use documents::foto::{FotoError, read_qr};
use documents::qr::modules;
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso, QrAvviso};
use image::imageops::{rotate90, rotate180};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use std::io::Cursor;

fn qr() -> QrAvviso {
    QrAvviso {
        numero: NumeroAvviso::parse("302000000000000184").unwrap(),
        ente: CodiceFiscaleEnte::parse("80001230459").unwrap(),
        importo: Importo::of_cents(5_000),
    }
}

/// A sheet in portrait with the code low on its left, so many pixels for each module.
fn sheet(width: u32, height: u32, module: u32) -> GrayImage {
    let code = modules(&qr()).unwrap();
    let (left, top) = (width / 10, height / 2);
    GrayImage::from_fn(width, height, |x, y| {
        let at = |from: u32, to: u32| usize::try_from(to.checked_sub(from)? / module).ok();
        let dark = at(left, x).zip(at(top, y)).is_some_and(|(x, y)| x < code.width() && y < code.width() && code.is_dark(x, y));
        // grey on cream, as a lamp makes it
        Luma([if dark { 60 } else { 220 }])
    })
}

fn encoded(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    // JPEG and WebP of phones have colours
    DynamicImage::ImageLuma8(picture.clone()).to_rgb8().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn says_the_notice(bytes: &[u8]) -> bool {
    read_qr(bytes).unwrap() == [qr().encode()]
}

#[test]
fn the_code_of_a_sheet_is_read_in_each_format_from_every_side() {
    let sheet = sheet(900, 1_270, 6);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        assert!(says_the_notice(&encoded(&sheet, format)), "{format:?}");
    }
    assert!(says_the_notice(&encoded(&rotate90(&sheet), ImageFormat::Jpeg)));
    assert!(says_the_notice(&encoded(&rotate180(&sheet), ImageFormat::Png)));
}

#[test]
fn a_sheet_that_fills_the_picture_of_a_phone_and_one_that_is_far_away_are_read() {
    // 12 megapixels: the code is an eighth of the width, then half of that
    assert!(says_the_notice(&encoded(&sheet(3_024, 4_032, 11), ImageFormat::Jpeg)));
    assert!(says_the_notice(&encoded(&sheet(3_024, 4_032, 5), ImageFormat::Jpeg)));
}

#[test]
fn a_picture_without_a_code_is_no_error() {
    let white = GrayImage::from_pixel(640, 480, Luma([255]));
    assert_eq!(read_qr(&encoded(&white, ImageFormat::Jpeg)), Ok(vec![]));
}

/// A PNG that says so of itself, and has nothing behind it.
fn png_of(width: u32, height: u32, depth_and_colour: [u8; 2], then: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend(depth_and_colour);
    header.extend([0, 0, 0]);
    for (name, data) in [(b"IHDR", header)].iter().chain(then) {
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let from = bytes.len();
        bytes.extend(*name);
        bytes.extend(data);
        let crc = crc32(&bytes[from..]);
        bytes.extend(crc.to_be_bytes());
    }
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

#[test]
fn what_is_no_picture_or_too_much_of_one_is_refused_by_its_first_bytes() {
    use FotoError::{NotAnImage, TooLarge};
    let (jpeg, png) = (encoded(&sheet(400, 400, 4), ImageFormat::Jpeg), encoded(&sheet(400, 400, 4), ImageFormat::Png));
    let webp = encoded(&sheet(400, 400, 4), ImageFormat::WebP);
    let mut wide_jpeg = jpeg.clone();
    // height and width behind the marker of the frame
    let frame = wide_jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    wide_jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    let many = vec![(b"IDAT", vec![0x78, 0x9C])];
    let cases: [(&str, Vec<u8>, FotoError); 18] = [
        ("nothing", vec![], NotAnImage),
        ("a text", b"302000000000000184".to_vec(), NotAnImage),
        ("a page", b"<!DOCTYPE html><img src=x onerror=alert(1)>".to_vec(), NotAnImage),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(), NotAnImage),
        (
            "SVG behind a declaration",
            b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg/>".to_vec(),
            NotAnImage,
        ),
        ("GIF, which moves", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04".to_vec(), NotAnImage),
        ("TIFF", b"II*\x00\x08\x00\x00\x00".to_vec(), NotAnImage),
        ("a PDF", b"%PDF-1.7\n1 0 obj".to_vec(), NotAnImage),
        ("a ZIP", b"PK\x03\x04\x14\x00".to_vec(), NotAnImage),
        ("a page before a picture", [b"<html>".as_slice(), &png].concat(), NotAnImage),
        ("a JPEG cut off in its header", jpeg[..30].to_vec(), NotAnImage),
        ("a PNG cut off", png[..png.len() / 2].to_vec(), NotAnImage),
        ("a WebP cut off", webp[..webp.len() / 2].to_vec(), NotAnImage),
        ("a PNG of nothing", png_of(0, 0, [8, 2], &many), NotAnImage),
        ("a PNG of four thousand million pixels", png_of(65_535, 65_535, [1, 0], &many), TooLarge),
        ("a PNG that is one line", png_of(2_000_000_000, 1, [8, 2], &many), TooLarge),
        ("a PNG a little too large", png_of(6_001, 6_001, [8, 2], &many), TooLarge),
        ("a PNG of wide colours", png_of(5_000, 5_000, [16, 6], &many), TooLarge),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(read_qr(&bytes), Err(expected), "{name}");
    }
    assert!(read_qr(&wide_jpeg).is_err(), "a JPEG that says it is larger than any camera's");
}

#[test]
fn what_hides_behind_a_picture_or_inside_it_is_nothing_to_us() {
    let jpeg = encoded(&sheet(400, 400, 4), ImageFormat::Jpeg);
    for (name, tail) in [("a page", b"<script>alert(1)</script>".as_slice()), ("a ZIP", b"PK\x03\x04"), ("zeros", &[0; 100_000])]
    {
        assert!(says_the_notice(&[&jpeg, tail].concat()), "{name}");
    }
    let one = GrayImage::from_pixel(1, 1, Luma([0]));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        assert_eq!(read_qr(&encoded(&one, format)), Ok(vec![]), "one pixel");
    }
    let line = GrayImage::from_pixel(16_000, 1, Luma([0]));
    assert_eq!(read_qr(&encoded(&line, ImageFormat::Png)), Ok(vec![]), "a line");
}

#[test]
fn no_byte_that_is_changed_makes_it_panic() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(&sheet(160, 160, 2), format);
        for at in (0..whole.len()).step_by((whole.len() / 150).max(1)) {
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            let _ = read_qr(&changed);
            let _ = read_qr(&whole[..at]);
        }
    }
}

/// Noise is what looking for codes takes longest for. The bound is for a development build on a busy machine.
#[test]
fn the_worst_picture_takes_seconds_and_not_minutes() {
    let mut state = 0x9E37_79B9_u32;
    for side in [1_600, 3_200] {
        let noise = GrayImage::from_fn(side, side, |_, _| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            Luma([state.to_le_bytes()[0]])
        });
        let bytes = encoded(&noise, ImageFormat::Png);
        let begun = std::time::Instant::now();
        let _ = read_qr(&bytes);
        println!("noise of {side} by {side}: {} ms", begun.elapsed().as_millis());
        assert!(begun.elapsed().as_secs() < 60);
    }
}
