use lopdf::Document;
use proptest::prelude::*;

use super::face::Face;
use super::lines::lines;
use super::pdf;
use screens::paper::{Block, Moment, Paper};

const NARRATIVE: &str = "患者于第二周期第 8 天出现发热（38.9 ℃）、右上腹痛，入院后予抗感染治疗。The patient was admitted with \
    fever and abdominal pain; ALT 412 U/L (10.3 × ULN), bilirubin 64 µmol/L. 停用仑伐替尼 8 mg，末次放疗后 17 天。";

fn paper(narrative: &str) -> Paper {
    let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Paper {
        title: "严重不良事件报告 · Report of a serious adverse event".to_owned(),
        lang: "zh-CN".to_owned(),
        made: Moment { year: 2026, parts: [11, 23, 16, 15, 2], offset_minutes: 480 },
        head: "S01-003 · 第 1 次报告".to_owned(),
        foot: "(sample)".to_owned(),
        number: "第 {n} 页，共 {of} 页".to_owned(),
        blocks: vec![
            Block::Notice("逾期 3 小时 overdue".to_owned()),
            Block::Heading("事件 Event".to_owned()),
            Block::Facts(vec![fact("诊断", "谷丙转氨酶升高 ≥ 3 级"), fact("Rare", "\u{20000}髙𠮷")]),
            Block::Table {
                head: vec!["药物".to_owned(), "Last dose".to_owned()],
                widths: vec![2.0, 1.0],
                rows: vec![vec!["仑伐替尼".to_owned(), "0".to_owned()], vec!["SBRT".to_owned(), "17".to_owned()]],
            },
            Block::Heading("经过".to_owned()),
            Block::Text(narrative.to_owned()),
        ],
    }
}

fn read(bytes: &[u8]) -> (Document, Vec<String>) {
    let document = Document::load_mem(bytes).expect("another reader reads it");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let texts = pages.iter().map(|page| document.extract_text(&[*page]).expect("text")).collect();
    (document, texts)
}

/// Without what a reader puts between pieces.
fn squeezed(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

#[test]
fn another_reader_finds_every_word_in_both_languages() {
    let (_, pages) = read(&pdf(&paper(NARRATIVE)).expect("a PDF"));
    let text = squeezed(&pages.concat());
    for words in ["严重不良事件报告·Report", "谷丙转氨酶升高≥3级", "逾期3小时overdue", "仑伐替尼", "第1页，共1页"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(text.contains(&squeezed(NARRATIVE)), "{text}");
    assert!(text.contains("[U+20000]髙[U+20BB7]") || text.contains("[U+20000][U+9AD9][U+20BB7]"), "{text}");
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    let first = pdf(&paper(NARRATIVE)).expect("a PDF");
    assert_eq!(first, pdf(&paper(NARRATIVE)).expect("a PDF"));
    assert_ne!(first, pdf(&paper("other words")).expect("a PDF"));
    // Only the glyphs that are used travel: the font itself has two million bytes.
    assert!(first.len() < 200_000, "{} bytes", first.len());
}

#[test]
fn what_is_longer_than_a_page_goes_on_on_the_next() {
    let long = (1..=160).map(|n| format!("Line {n} 行\n")).collect::<String>();
    let (document, pages) = read(&pdf(&paper(&long)).expect("a PDF"));
    assert!(pages.len() >= 3, "{} pages", pages.len());
    for (at, text) in pages.iter().enumerate() {
        let number = format!("第{}页，共{}页", at + 1, pages.len());
        assert!(squeezed(text).contains(&number), "{number} in {text}");
    }
    let text = squeezed(&pages.concat());
    assert!((1..=160).all(|n| text.contains(&format!("Line{n}行"))));
    let catalog = document.catalog().expect("a catalog");
    assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"Lang") && catalog.has(b"OutputIntents"));
}

#[test]
fn a_row_longer_than_a_page_is_not_lost() {
    let mut paper = paper("");
    let deep = (1..=120).map(|n| format!("line{n}\n")).collect::<String>();
    paper.blocks = vec![Block::Facts(vec![("deep".to_owned(), deep)])];
    let text = squeezed(&read(&pdf(&paper).expect("a PDF")).1.concat());
    assert!((1..=120).all(|n| text.contains(&format!("line{n}"))));
}

proptest! {
    /// Nothing is lost at the ends of lines, no line is too long, and closing punctuation begins none.
    #[test]
    fn lines_hold_the_whole_text(text in "[a-z0-9 ,.（）。，；患者肝功能异常/-]{0,160}", width in 6.0f32..60.0) {
        let face = Face::carried().expect("the font");
        let lines = lines(&face, &text, width);
        prop_assert_eq!(lines.concat(), face.printable(&text));
        for line in &lines {
            prop_assert!(face.width(line.trim_end()) <= width + 0.001, "{:?}", line);
        }
    }
}
