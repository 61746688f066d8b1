//! The font that the program carries: which signs it has, and how wide they are.

use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// Noto Sans SC; see `fonts/README.md`.
const BYTES: &[u8] = include_bytes!("../../fonts/NotoSansSC-Regular.otf");

/// The font.
pub(super) struct Face {
    pub font: Font,
    signs: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    em: f32,
}

impl Face {
    /// The font of this program; nothing when its bytes are no font.
    pub fn carried() -> Option<Self> {
        let font = Font::new(BYTES.into(), 0)?;
        let read = FontRef::new(BYTES).ok()?;
        let em = font.units_per_em();
        (em > 0.0).then(|| Self {
            signs: read.charmap(),
            widths: read.glyph_metrics(Size::unscaled(), LocationRef::default()),
            font,
            em,
        })
    }

    /// The glyph of a sign.
    pub fn glyph(&self, sign: char) -> Option<GlyphId> {
        self.signs.map(sign)
    }

    /// How far a glyph moves on, in ems.
    pub fn advance(&self, glyph: GlyphId) -> f32 {
        self.widths.advance_width(glyph).unwrap_or(self.em) / self.em
    }

    /// How wide a text is, in ems. Signs that the font lacks count nothing: [`Self::printable`] leaves none.
    pub fn width(&self, text: &str) -> f32 {
        text.chars().filter_map(|sign| self.glyph(sign)).map(|glyph| self.advance(glyph)).sum()
    }

    /// The text in signs that the font has. What it lacks is named by its number, so that nothing is lost unseen; control
    /// characters but the line's end are spaces.
    pub fn printable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for sign in text.replace("\r\n", "\n").replace('\r', "\n").chars() {
            match sign {
                '\n' => out.push('\n'),
                sign if sign.is_control() || sign.is_whitespace() && sign != '\u{3000}' => out.push(' '),
                sign if self.glyph(sign).is_some_and(|glyph| glyph != GlyphId::NOTDEF) => out.push(sign),
                sign => out.push_str(&format!("[U+{:04X}]", u32::from(sign))),
            }
        }
        out
    }
}
