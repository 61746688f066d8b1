//! Ranked search over a dictionary while a person types: term, translation, synonym; typing errors forgiven.
//!
//! A name is found when every typed word is found among its words: whole, as a beginning, with typing errors, or inside.
//! Each typed word is held once against the dictionary's distinct words, so a question costs the same however many terms
//! share them. Ties go to the shorter name, then to the alphabet, then to a term's own name before a synonym of another, so
//! the same question always has the same answer.

use super::fold::{Word, is_unparted, words};
use crate::Choice;
use std::collections::HashMap;

/// A term that a typed text may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Place of the term in its code list.
    pub place: usize,
    /// Which of its synonyms was meant, where the term itself was not.
    pub synonym: Option<usize>,
    /// How well it fits; more is better.
    pub score: u32,
}

/// The words of a dictionary.
#[derive(Debug, Default)]
pub(crate) struct Index {
    vocabulary: Vec<Word>,
    names: Vec<Name>,
}

#[derive(Debug)]
struct Name {
    place: usize,
    synonym: Option<usize>,
    /// Places in the vocabulary.
    words: Vec<usize>,
    /// All words together, for the order of equals.
    text: String,
}

/// What one typed word is worth against one word of the dictionary.
const WHOLE: u32 = 100;
const BEGINNING: u32 = 80;
const NEARLY_WHOLE: u32 = 60;
const NEARLY_BEGINNING: u32 = 50;
const INSIDE: u32 = 30;
/// The typed words begin the name, in its order.
const IN_ORDER: u32 = 40;
/// The typed words are the name.
const ENTIRE: u32 = 150;

impl Index {
    /// The index of the labels and synonyms of a code list's choices.
    pub fn of(choices: &[Choice]) -> Self {
        let mut index = Self::default();
        let mut known: HashMap<Word, usize> = HashMap::new();
        for (place, choice) in choices.iter().enumerate() {
            let labels = choice.label.iter().map(|(_, label)| label).chain([&*choice.code]);
            let mut texts: Vec<(Option<usize>, &str)> = Vec::new();
            for label in labels {
                if !texts.iter().any(|(_, known)| *known == label) {
                    texts.push((None, label));
                }
            }
            let synonyms = choice.entry.iter().flat_map(|entry| &entry.synonyms);
            texts.extend(synonyms.enumerate().map(|(at, synonym)| (Some(at), &**synonym)));
            for (synonym, text) in texts {
                let words = words(text);
                let text = words.iter().map(|word| word.american.as_str()).collect::<Vec<_>>().join(" ");
                let words = words.into_iter().map(|word| index.word(&mut known, word)).collect();
                index.names.push(Name { place, synonym, words, text });
            }
        }
        index
    }

    fn word(&mut self, known: &mut HashMap<Word, usize>, word: Word) -> usize {
        *known.entry(word).or_insert_with_key(|word| {
            self.vocabulary.push(word.clone());
            self.vocabulary.len() - 1
        })
    }

    /// The best `most` terms for a typed text. Where no name has every typed word, those with most of them.
    pub fn search(&self, typed: &str, most: usize) -> Vec<Hit> {
        let typed = words(typed);
        if typed.is_empty() {
            return Vec::new();
        }
        let worth: Vec<Vec<u32>> =
            typed.iter().map(|word| self.vocabulary.iter().map(|known| worth(word, known)).collect()).collect();
        let scored = |needed: usize| -> Vec<(&Name, u32)> {
            self.names.iter().filter_map(|name| Some((name, score(name, &worth, needed)?))).collect()
        };
        let mut found = scored(typed.len());
        if found.is_empty() && typed.len() > 1 {
            found = scored(typed.len().div_ceil(2));
        }
        found.sort_by(|(a, a_score), (b, b_score)| {
            let by_length = b_score.cmp(a_score).then_with(|| a.text.len().cmp(&b.text.len()));
            by_length.then_with(|| a.text.cmp(&b.text)).then_with(|| a.synonym.cmp(&b.synonym))
        });
        let mut hits: Vec<Hit> = Vec::new();
        for (name, score) in found {
            if hits.len() == most {
                break;
            }
            if !hits.iter().any(|hit| hit.place == name.place) {
                hits.push(Hit { place: name.place, synonym: name.synonym, score });
            }
        }
        hits
    }
}

/// How well a name fits, when at least `needed` of the typed words are in it.
fn score(name: &Name, worth: &[Vec<u32>], needed: usize) -> Option<u32> {
    let mut taken = 0u64;
    let (mut sum, mut found, mut in_order, mut whole) = (0, 0, true, true);
    for (typed, worth) in worth.iter().enumerate() {
        let free = name.words.iter().enumerate().filter(|(at, _)| *at >= 64 || taken & (1 << at) == 0);
        let best = free.map(|(at, &word)| (worth[word], std::cmp::Reverse(at))).max().filter(|(value, _)| *value > 0);
        let Some((value, std::cmp::Reverse(at))) = best else {
            (in_order, whole) = (false, false);
            continue;
        };
        taken |= 1u64.checked_shl(u32::try_from(at).unwrap_or(64)).unwrap_or(0);
        found += 1;
        sum += value;
        in_order &= at == typed && value > INSIDE;
        whole &= value == WHOLE;
    }
    if found < needed {
        return None;
    }
    // A name with many words that nobody typed is further from what was meant.
    let left = u32::try_from(name.words.len().saturating_sub(found)).unwrap_or(u32::MAX).min(20);
    let entire = whole && in_order && left == 0;
    Some((sum + if in_order { IN_ORDER } else { 0 } + if entire { ENTIRE } else { 0 }).saturating_sub(left * 2))
}

/// What a typed word is worth against a word of the dictionary; 0 when it is not found there. A slip may look like a
/// British spelling (`floaers`), so both ways of comparing are tried where they differ.
fn worth(typed: &Word, known: &Word) -> u32 {
    let american = worth_of(&typed.american, &known.american);
    if typed.plain == typed.american && known.plain == known.american {
        return american;
    }
    american.max(worth_of(&typed.plain, &known.plain))
}

fn worth_of(typed: &str, known: &str) -> u32 {
    if known == typed {
        return WHOLE;
    }
    if known.starts_with(typed) {
        return BEGINNING;
    }
    if is_unparted(typed) {
        return if known.contains(typed) { NEARLY_WHOLE } else { 0 };
    }
    let length = typed.chars().count();
    let forgiven = match length {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    if forgiven > 0 {
        let (whole, beginning) = distance(typed, known, forgiven);
        if whole <= forgiven {
            return NEARLY_WHOLE - u32::try_from(whole).unwrap_or(0);
        }
        if beginning <= forgiven {
            return NEARLY_BEGINNING - u32::try_from(beginning).unwrap_or(0);
        }
    }
    if length >= 4 && known.contains(typed) { INSIDE } else { 0 }
}

/// How many slips (a letter more, less, other, or two swapped) part a typed word from a word, and from its beginning.
/// Counting stops beyond `most`.
fn distance(typed: &str, known: &str, most: usize) -> (usize, usize) {
    let typed: Vec<char> = typed.chars().collect();
    let known: Vec<char> = known.chars().take(typed.len() + most + 1).collect();
    let cut = known.len() > typed.len() + most;
    let width = known.len() + 1;
    let (mut twice, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..width).collect());
    for (i, letter) in typed.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, other) in known.iter().enumerate() {
            let mut best = (last[j] + usize::from(letter != other)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == known[j - 1] && typed[i - 1] == *other {
                best = best.min(twice[j - 1] + 1);
            }
            row[j + 1] = best;
        }
        if row.iter().all(|slips| *slips > most) {
            return (most + 1, most + 1);
        }
        twice = std::mem::replace(&mut last, row);
    }
    let whole = if cut { most + 1 } else { last[width - 1] };
    (whole, last.into_iter().min().unwrap_or(most + 1))
}
