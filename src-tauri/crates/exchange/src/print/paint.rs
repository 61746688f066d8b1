//! From places to bytes.

use std::num::NonZeroU16;

use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Paint, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::face::Face;
use super::layout::{Kind, MARGIN, Part, SIZE, SMALL, Sheets, Tone, Words};
use crate::ExchangeError;
use screens::paper::{Moment, Paper};

const INK: [u8; 3] = [0x17, 0x20, 0x2b];
const QUIET: [u8; 3] = [0x4a, 0x56, 0x65];
const ALARM: [u8; 3] = [0xa0, 0x1f, 0x17];
const LINE: [u8; 3] = [0xc9, 0xd0, 0xd8];
/// Width of the stroke that makes letters heavier, in their size. The program carries one weight.
const HEAVIER: f32 = 0.028;

/// Writes the pages.
pub(super) fn paint(paper: &Paper, face: &Face, sheets: &Sheets) -> Result<Vec<u8>, ExchangeError> {
    let configuration =
        ConfigurationBuilder::new().with_archival_validator(Archival::A2_A).finish().map_err(|_| ExchangeError::Pdf)?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let settings = PageSettings::from_wh(SIZE.0, SIZE.1).ok_or(ExchangeError::Pdf)?;
    let mut marks: Vec<Vec<Identifier>> = Vec::with_capacity(sheets.pages.len());
    for (number, sheet) in sheets.pages.iter().enumerate() {
        let mut page = document.start_page_with(settings.clone());
        let mut surface = page.surface();
        running(&mut surface, face, paper, number + 1, sheets.pages.len());
        surface.start_tagged(ContentTag::Artifact(Artifact::new(ArtifactType::Layout, None)));
        sheet.rules.iter().for_each(|y| rule(&mut surface, *y));
        surface.end_tagged();
        let mut own = Vec::with_capacity(sheet.words.len());
        for words in &sheet.words {
            own.push(surface.start_tagged(ContentTag::Span(SpanTag::empty())));
            draw(&mut surface, face, words);
            surface.end_tagged();
        }
        surface.finish();
        page.finish();
        marks.push(own);
    }
    let mut tree = TagTree::new().with_lang(Some(paper.lang.clone()));
    sheets.parts.iter().for_each(|part| tree.push(group(part, &marks)));
    document.set_tag_tree(tree);
    document.set_metadata(metadata(paper));
    document.finish().map_err(|_| ExchangeError::Pdf)
}

fn metadata(paper: &Paper) -> Metadata {
    Metadata::new()
        .title(paper.title.clone())
        .language(paper.lang.clone())
        .creator("Outpost".to_owned())
        .creation_date(date(paper.made))
}

fn date(moment: Moment) -> DateTime {
    let [month, day, hour, minute, second] = moment.parts;
    let whole = |number: i16| i8::try_from(number).unwrap_or(0);
    DateTime::new(moment.year)
        .month(month)
        .day(day)
        .hour(hour)
        .minute(minute)
        .second(second)
        .utc_offset_hour(whole(moment.offset_minutes / 60))
        .utc_offset_minute(u8::try_from(moment.offset_minutes.unsigned_abs() % 60).unwrap_or(0))
}

/// Head and foot, which are no part of what is read.
fn running(surface: &mut Surface<'_>, face: &Face, paper: &Paper, number: usize, of: usize) {
    let at = |x: f32, y: f32, text: String| Words { x, y, size: SMALL, tone: Tone::Quiet, text: face.printable(&text) };
    surface.start_tagged(ContentTag::Artifact(Artifact::new(ArtifactType::Header, None)));
    draw(surface, face, &at(MARGIN, 44.0, paper.head.clone()));
    rule(surface, 52.0);
    surface.end_tagged();
    let page = paper.number.replace("{n}", &number.to_string()).replace("{of}", &of.to_string());
    let right = SIZE.0 - MARGIN - face.width(&face.printable(&page)) * SMALL;
    surface.start_tagged(ContentTag::Artifact(Artifact::new(ArtifactType::Footer, None)));
    rule(surface, SIZE.1 - 50.0);
    draw(surface, face, &at(MARGIN, SIZE.1 - 38.0, paper.foot.clone()));
    draw(surface, face, &at(right, SIZE.1 - 38.0, page));
    surface.end_tagged();
}

fn draw(surface: &mut Surface<'_>, face: &Face, words: &Words) {
    let ink = match words.tone {
        Tone::Plain | Tone::Strong => INK,
        Tone::Quiet => QUIET,
        Tone::Alarm => ALARM,
    };
    surface.set_fill(Some(Fill { paint: colour(ink), ..Fill::default() }));
    let heavy = matches!(words.tone, Tone::Strong | Tone::Alarm);
    surface.set_stroke(heavy.then(|| Stroke { paint: colour(ink), width: words.size * HEAVIER, ..Stroke::default() }));
    let mut glyphs = Vec::with_capacity(words.text.len());
    for (at, sign) in words.text.char_indices() {
        let Some(glyph) = face.glyph(sign) else { continue };
        let range = at..at + sign.len_utf8();
        let number = GlyphId::new(glyph.to_u32());
        glyphs.push(KrillaGlyph::new(number, face.advance(glyph), 0.0, 0.0, 0.0, range, None));
    }
    surface.draw_glyphs(Point::from_xy(words.x, words.y), &glyphs, face.font.clone(), &words.text, words.size, false);
}

fn colour([red, green, blue]: [u8; 3]) -> Paint {
    rgb::Color::new(red, green, blue).into()
}

fn rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    path.move_to(MARGIN, y);
    path.line_to(SIZE.0 - MARGIN, y);
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint: colour(LINE), width: 0.5, ..Stroke::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// A part of the document with its words, for whoever does not see the page.
fn group(part: &Part, marks: &[Vec<Identifier>]) -> TagGroup {
    let mut group = match &part.kind {
        Kind::Heading(level, title) => {
            TagGroup::new(Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())))
        }
        Kind::Paragraph => TagGroup::new(Tag::P),
        Kind::Table => TagGroup::new(Tag::Table),
        Kind::Row => TagGroup::new(Tag::TR),
        Kind::ColumnHead => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
        Kind::RowHead => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
        Kind::Cell => TagGroup::new(Tag::TD),
    };
    part.parts.iter().for_each(|part| group.push(self::group(part, marks)));
    for (page, at) in &part.words {
        if let Some(mark) = marks.get(*page).and_then(|page| page.get(*at)) {
            group.push(*mark);
        }
    }
    group
}
