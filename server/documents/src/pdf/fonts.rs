//! The fonts, from bytes compiled in: Titillium Web as Italian public papers use it, Roboto Mono for codes people compare digit
//! by digit. Licences stand beside them in `fonts/` (OFL 1.1; Apache 2.0).

use crate::DocumentError;
use krilla::text::Font;
use std::sync::OnceLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    SemiBold,
    Bold,
    Mono,
}

/// One font twice: for measuring and for drawing.
pub(crate) struct Loaded {
    pub(crate) shaper: rustybuzz::Face<'static>,
    pub(crate) font: Font,
}

/// All of them, parsed once per process.
pub(crate) struct Fonts {
    regular: Loaded,
    semi_bold: Loaded,
    bold: Loaded,
    mono: Loaded,
}

impl Fonts {
    /// # Errors
    /// [`DocumentError::Font`]: the bytes compiled in are damaged.
    pub(crate) fn load() -> Result<&'static Self, DocumentError> {
        static FONTS: OnceLock<Result<Fonts, DocumentError>> = OnceLock::new();
        FONTS.get_or_init(Self::parse).as_ref().map_err(Clone::clone)
    }

    fn parse() -> Result<Self, DocumentError> {
        Ok(Self {
            regular: parse("Titillium Web", include_bytes!("../../fonts/TitilliumWeb-Regular.ttf"))?,
            semi_bold: parse("Titillium Web SemiBold", include_bytes!("../../fonts/TitilliumWeb-SemiBold.ttf"))?,
            bold: parse("Titillium Web Bold", include_bytes!("../../fonts/TitilliumWeb-Bold.ttf"))?,
            mono: parse("Roboto Mono", include_bytes!("../../fonts/RobotoMono-Regular.ttf"))?,
        })
    }

    pub(crate) fn of(&self, face: Face) -> &Loaded {
        match face {
            Face::Regular => &self.regular,
            Face::SemiBold => &self.semi_bold,
            Face::Bold => &self.bold,
            Face::Mono => &self.mono,
        }
    }
}

fn parse(name: &'static str, bytes: &'static [u8]) -> Result<Loaded, DocumentError> {
    let shaper = rustybuzz::Face::from_slice(bytes, 0).ok_or(DocumentError::Font(name))?;
    let font = Font::new(bytes.into(), 0).ok_or(DocumentError::Font(name))?;
    Ok(Loaded { shaper, font })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_the_five_languages_are_there() {
        let letters = "€àèéìòùÀÈÉÌÒÙ’‘“”«»–—…·°ªº čćđšžČĆĐŠŽ äöüßÄÖÜ âêîôûëïçœÿ ñåøőűłńśźżęąěřůťďňşăţğ\u{a0}";
        let fonts = Fonts::load().unwrap();
        for face in [Face::Regular, Face::SemiBold, Face::Bold, Face::Mono] {
            let missing: String = letters.chars().filter(|&c| fonts.of(face).shaper.glyph_index(c).is_none()).collect();
            assert_eq!(missing, "", "{face:?}");
        }
    }
}
