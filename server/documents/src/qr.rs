//! The QR of a notice: which modules are dark, and their drawing in SVG.
//!
//! Source: "L'avviso di pagamento analogico nel sistema pagoPA", QR-code: Model 2, version 4 (33×33), error correction M.

use crate::DocumentError;
pub use crate::modules::Modules;
use domain::QrAvviso;
use qrcode::{Color, EcLevel, QrCode, Version};
use std::fmt::Write as _;

/// Light modules that must surround the code (ISO/IEC 18004 §6.3.8).
pub const QUIET_ZONE: usize = 4;

/// The modules of the code, 33 per side.
///
/// # Errors
/// [`DocumentError::Qr`] when the text does not fit, which no valid [`QrAvviso`] can bring about.
pub fn modules(avviso: &QrAvviso) -> Result<Modules, DocumentError> {
    // Given only a level, the encoder mixes segments and makes a version 3 (29×29): readers cope, the guide wants 33×33.
    let code = QrCode::with_version(avviso.encode(), Version::Normal(4), EcLevel::M)?;
    Ok(drawn(code))
}

/// The modules of an address, level M, as many as it needs.
///
/// # Errors
/// [`DocumentError::Qr`] beyond some 2,300 bytes.
pub(crate) fn address(address: &str) -> Result<Modules, DocumentError> {
    Ok(drawn(QrCode::with_error_correction_level(address, EcLevel::M)?))
}

fn drawn(code: QrCode) -> Modules {
    Modules::new(code.width(), code.into_colors().into_iter().map(|c| c == Color::Dark))
}

/// The code as an SVG element, with an Italian label that reads the notice number out.
///
/// # Errors
/// As [`modules`].
pub fn svg(avviso: &QrAvviso) -> Result<String, DocumentError> {
    svg_with_label(avviso, &format!("Codice QR dell’avviso di pagamento {}", avviso.numero.grouped()))
}

/// As [`svg`], with the label of the page's language. The style sheet gives it its size: no width, no height, no inline style
/// (the CSP forbids it).
///
/// # Errors
/// As [`modules`].
pub fn svg_with_label(avviso: &QrAvviso, label: &str) -> Result<String, DocumentError> {
    let modules = modules(avviso)?;
    let side = modules.width() + 2 * QUIET_ZONE;
    let mut path = String::with_capacity(5_000);
    for y in 0..modules.width() {
        for (x, length) in modules.runs(y) {
            let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET_ZONE, y + QUIET_ZONE);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" role=\"img\" \
         aria-label=\"{}\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>",
        escaped(label)
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};

    fn avviso(cents: i64) -> QrAvviso {
        QrAvviso {
            numero: NumeroAvviso::parse("302000000000000184").unwrap(),
            ente: CodiceFiscaleEnte::parse("80001230459").unwrap(),
            importo: Importo::of_cents(cents),
        }
    }

    /// Paints the path of the SVG, four dots a module, and nothing else: the reader sees what a browser draws.
    fn paint(svg: &str) -> (usize, Vec<u8>) {
        const DOTS: usize = 4;
        let number = |text: &str| text.parse::<usize>().unwrap();
        let side = number(svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap());
        let mut image = vec![255; side * side * DOTS * DOTS];
        let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        for bar in path.split('M').skip(1) {
            let (start, rest) = bar.split_once('h').unwrap();
            let (length, rest) = rest.split_once('v').unwrap();
            assert_eq!(rest, format!("1h-{length}z"));
            let (x, y) = start.split_once(' ').unwrap();
            for row in number(y) * DOTS..(number(y) + 1) * DOTS {
                let from = row * side * DOTS + number(x) * DOTS;
                image[from..from + number(length) * DOTS].fill(0);
            }
        }
        (side * DOTS, image)
    }

    #[test]
    fn a_reader_reads_back_what_was_written() {
        for cents in [10, 5_000, 99_999_999_999] {
            let (side, image) = paint(&svg(&avviso(cents)).unwrap());
            let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| image[y * side + x]);
            let grids = prepared.detect_grids();
            assert_eq!(grids.len(), 1);
            let (meta, text) = grids[0].decode().unwrap();
            assert_eq!(text, avviso(cents).encode());
            assert_eq!(meta.version.0, 4);
            // rqrr gives the two raw bits of the format information: 00 is M
            assert_eq!(meta.ecc_level, 0);
            assert_eq!(QrAvviso::parse(&text).unwrap(), avviso(cents));
        }
    }

    #[test]
    fn every_amount_gives_33_modules() {
        for cents in [0, 10, 5_000, 99_999_999_999] {
            assert_eq!(modules(&avviso(cents)).unwrap().width(), 33, "{cents}");
        }
    }

    #[test]
    fn the_drawing_obeys_the_csp_and_speaks() {
        let svg = svg(&avviso(5_000)).unwrap();
        assert!(svg.contains("viewBox=\"0 0 41 41\"") && svg.contains("role=\"img\""));
        assert!(svg.contains("aria-label=\"Codice QR dell’avviso di pagamento 3020 0000 0000 0001 84\""));
        assert!(!svg.contains("style") && svg.matches("<path").count() == 1);
        let before_path = svg.split("<rect").next().unwrap();
        assert!(!before_path.contains("width") && !before_path.contains("height"));
        let hostile = svg_with_label(&avviso(5_000), "\"><script>&").unwrap();
        assert!(hostile.contains("aria-label=\"&quot;&gt;&lt;script&gt;&amp;\""));
    }
}
