//! Where everything stands: blocks become lines on pages, and the parts of the document that they belong to.

use super::face::Face;
use super::lines::lines;
use screens::paper::{Block, Paper};

/// A4, in points.
pub(super) const SIZE: (f32, f32) = (595.28, 841.89);
/// Left and right margin.
pub(super) const MARGIN: f32 = 51.0;
/// Where the text of a page begins and ends.
const TOP: f32 = 74.0;
const BOTTOM: f32 = SIZE.1 - 62.0;
/// Size of running text.
pub(super) const BODY: f32 = 9.0;
/// Size of a table's text and of head and foot.
pub(super) const SMALL: f32 = 8.0;
const TITLE: f32 = 17.0;
const SECTION: f32 = 11.0;
/// Height of a line, in its size.
const LEADING: f32 = 1.42;
/// Width of the names of facts.
const NAME: f32 = 150.0;
/// Space between the columns of a table.
const GUTTER: f32 = 8.0;

/// How words are set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tone {
    /// As running text.
    Plain,
    /// In bold type.
    Strong,
    /// Lighter: names of facts, heads of columns.
    Quiet,
    /// What must not be missed.
    Alarm,
}

/// What a part of the document is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Heading(u16, String),
    Paragraph,
    Table,
    Row,
    ColumnHead,
    RowHead,
    Cell,
}

/// A part of the document with what belongs to it, in order.
pub(super) struct Part {
    pub kind: Kind,
    pub parts: Vec<Part>,
    /// Places of its words: page and number there.
    pub words: Vec<(usize, usize)>,
}

/// A line of words at its place.
pub(super) struct Words {
    pub x: f32,
    /// Base line, from the top.
    pub y: f32,
    pub size: f32,
    pub tone: Tone,
    pub text: String,
}

/// One page.
#[derive(Default)]
pub(super) struct Sheet {
    pub words: Vec<Words>,
    /// Fine lines across: height from the top.
    pub rules: Vec<f32>,
}

/// Everything at its place.
pub(super) struct Sheets {
    pub pages: Vec<Sheet>,
    pub parts: Vec<Part>,
}

/// Lays a paper out.
pub(super) fn lay(paper: &Paper, face: &Face) -> Sheets {
    let mut setter = Typesetter { face, pages: vec![Sheet::default()], y: TOP };
    let mut parts = vec![setter.heading(1, &paper.title, TITLE, 0.0)];
    for block in &paper.blocks {
        match block {
            Block::Heading(text) => parts.push(setter.heading(2, text, SECTION, 13.0)),
            Block::Notice(text) => parts.push(setter.paragraph(text, BODY + 1.0, Tone::Alarm)),
            Block::Text(text) => parts.push(setter.paragraph(text, BODY, Tone::Plain)),
            Block::Facts(facts) => parts.extend(setter.facts(facts)),
            Block::Table { head, widths, rows } => parts.push(setter.table(head, widths, rows)),
        }
    }
    Sheets { pages: setter.pages, parts }
}

struct Typesetter<'a> {
    face: &'a Face,
    pages: Vec<Sheet>,
    /// Where the next line's upper edge lies.
    y: f32,
}

/// A column of a row: where it begins, its lines, how they are set.
struct Column {
    x: f32,
    lines: Vec<String>,
    tone: Tone,
    kind: Kind,
}

impl Typesetter<'_> {
    fn part(kind: Kind) -> Part {
        Part { kind, parts: Vec::new(), words: Vec::new() }
    }

    fn sheet(&mut self) -> (usize, &mut Sheet) {
        let at = self.pages.len() - 1;
        (at, &mut self.pages[at])
    }

    /// Begins another page where `height` no longer fits on this one.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.pages.push(Sheet::default());
            self.y = TOP;
        }
    }

    /// Sets one line at the present height, without moving on.
    fn set(&mut self, x: f32, size: f32, tone: Tone, text: &str, part: &mut Part) {
        if text.trim().is_empty() {
            return;
        }
        let y = self.y + size * 1.05;
        let (page, sheet) = self.sheet();
        part.words.push((page, sheet.words.len()));
        sheet.words.push(Words { x, y, size, tone, text: text.to_owned() });
    }

    fn rule(&mut self) {
        let y = self.y;
        self.sheet().1.rules.push(y);
    }

    fn heading(&mut self, level: u16, text: &str, size: f32, before: f32) -> Part {
        let mut part = Self::part(Kind::Heading(level, text.to_owned()));
        // A heading never stands alone at the foot of a page.
        self.need(before + size * LEADING + 3.0 * BODY * LEADING);
        if self.y > TOP {
            self.y += before;
        }
        for line in lines(self.face, text, (SIZE.0 - 2.0 * MARGIN) / size) {
            self.set(MARGIN, size, Tone::Strong, &line, &mut part);
            self.y += size * LEADING;
        }
        self.y += 2.0;
        part
    }

    fn paragraph(&mut self, text: &str, size: f32, tone: Tone) -> Part {
        let mut part = Self::part(Kind::Paragraph);
        for line in lines(self.face, text, (SIZE.0 - 2.0 * MARGIN) / size) {
            self.need(size * LEADING);
            self.set(MARGIN, size, tone, &line, &mut part);
            self.y += size * LEADING;
        }
        self.y += 3.0;
        part
    }

    fn facts(&mut self, facts: &[(String, String)]) -> Option<Part> {
        let mut table = Self::part(Kind::Table);
        let width = SIZE.0 - 2.0 * MARGIN - NAME - GUTTER;
        for (name, value) in facts {
            let columns = [
                Column {
                    x: MARGIN,
                    lines: lines(self.face, name, NAME / BODY),
                    tone: Tone::Quiet,
                    kind: Kind::RowHead,
                },
                Column {
                    x: MARGIN + NAME + GUTTER,
                    lines: lines(self.face, value, width / BODY),
                    tone: Tone::Plain,
                    kind: Kind::Cell,
                },
            ];
            table.parts.push(self.row(&columns, BODY));
        }
        (!facts.is_empty()).then_some(table)
    }

    fn table(&mut self, head: &[String], widths: &[f32], rows: &[Vec<String>]) -> Part {
        let mut table = Self::part(Kind::Table);
        let whole: f32 = widths.iter().sum();
        let share = (SIZE.0 - 2.0 * MARGIN - GUTTER * (widths.len().saturating_sub(1) as f32)) / whole;
        let columns = |setter: &Self, texts: &[String], tone: Tone, kind: &Kind| {
            let mut x = MARGIN;
            let mut columns = Vec::new();
            for (text, width) in texts.iter().zip(widths) {
                let wide = width * share;
                columns.push(Column { x, lines: lines(setter.face, text, wide / SMALL), tone, kind: kind.clone() });
                x += wide + GUTTER;
            }
            columns
        };
        let heads = columns(self, head, Tone::Quiet, &Kind::ColumnHead);
        self.need(4.0 * SMALL * LEADING);
        table.parts.push(self.row(&heads, SMALL));
        for row in rows {
            let cells = columns(self, row, Tone::Plain, &Kind::Cell);
            self.rule();
            self.y += 2.0;
            table.parts.push(self.row(&cells, SMALL));
        }
        self.y += 3.0;
        table
    }

    /// One row; longer than a page, it goes on on the next.
    fn row(&mut self, columns: &[Column], size: f32) -> Part {
        let mut row = Self::part(Kind::Row);
        row.parts.extend(columns.iter().map(|column| Self::part(column.kind.clone())));
        let deep = columns.iter().map(|column| column.lines.len()).max().unwrap_or(0);
        let height = size * LEADING;
        let whole = height * deep as f32;
        self.need(if whole > BOTTOM - TOP { height } else { whole });
        for at in 0..deep {
            self.need(height);
            for (column, part) in columns.iter().zip(&mut row.parts) {
                if let Some(line) = column.lines.get(at) {
                    self.set(column.x, size, column.tone, line, part);
                }
            }
            self.y += height;
        }
        self.y += 1.5;
        row
    }
}
