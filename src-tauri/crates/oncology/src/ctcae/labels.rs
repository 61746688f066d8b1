//! A proposal in words.

use super::judge::{MissingInputError, Note, Proposal, Reading};
use super::rule::Bound;
use rust_decimal::Decimal;

/// A text in English and in Chinese.
struct Both {
    en: &'static str,
    zh: &'static str,
}

const fn both(en: &'static str, zh: &'static str) -> Both {
    Both { en, zh }
}

fn pick(language: &str, text: Both) -> &'static str {
    if language.starts_with("zh") { text.zh } else { text.en }
}

impl Proposal {
    /// The comparison that decided: `130 U/L > 3.0 × ULN = 120`. Empty when no grade holds.
    pub fn comparison(&self) -> String {
        let Some((test, bound)) = self.trace.decided else { return String::new() };
        let sign = match self.trace.reading {
            Reading::Exact => "",
            Reading::Below => "<",
            Reading::Above => ">",
            Reading::AtMost => "≤",
            Reading::AtLeast => "≥",
        };
        let test_words = match test.bound {
            // A fixed limit is shown in the unit of the value, which need not be the first of the rule.
            Bound::Fixed(_) => test.to_string().replacen(&first(test.bound), &bound.normalize().to_string(), 1),
            _ => format!("{test} = {}", bound.normalize()),
        };
        let unit = self.trace.unit.symbol();
        let gap = if unit.is_empty() { "" } else { " " };
        format!("{sign}{}{gap}{unit} {test_words}", self.trace.value)
    }

    /// The whole trace in `en` or `zh-CN`: numbers, comparison, the words of the CTCAE, and what else to know.
    pub fn words(&self, language: &str) -> String {
        let mut parts = vec![self.numbers(language)];
        match (self.grade, self.trace.missing) {
            (None, Some(missing)) => {
                parts
                    .push(pick(language, both("not gradable", "无法分级")).to_owned() + ": " + missing.words(language));
            }
            (Some(0), _) => {
                parts.push(pick(language, both("no grade of the rule holds", "未达到任何分级标准")).to_owned())
            }
            _ => parts.push(self.comparison()),
        }
        if let Some(text) = self.trace.text {
            parts.push(format!("CTCAE: {text}"));
        }
        if let Some(grade) = self.with_symptoms {
            parts.push(
                format!("{} {grade}", pick(language, both("with symptoms grade", "如有症状则为")))
                    + pick(language, both("", " 级")),
            );
        }
        parts.extend(self.trace.notes.iter().map(|note| note.words(language)));
        parts.join("; ")
    }

    fn numbers(&self, language: &str) -> String {
        let trace = &self.trace;
        let mut parts = Vec::new();
        for (name, number) in [("LLN", trace.lln), ("ULN", trace.uln)] {
            parts.extend(number.map(|number| format!("{name} {number}")));
        }
        let name = pick(language, both("baseline", "基线"));
        parts.extend(trace.baseline.map(|number| format!("{name} {number}")));
        if parts.is_empty() {
            return pick(language, both("no limits, no baseline", "无参考范围及基线值")).to_owned();
        }
        parts.join(", ")
    }
}

/// A fixed bound as [`std::fmt::Display`] writes it.
fn first(bound: Bound) -> String {
    bound.to_string()
}

impl MissingInputError {
    /// In `en` or `zh-CN`.
    pub fn words(self, language: &str) -> &'static str {
        pick(
            language,
            match self {
                Self::Lower => both("the lower limit of normal is missing", "缺少正常值下限"),
                Self::Upper => both("the upper limit of normal is missing", "缺少正常值上限"),
                Self::Baseline => both("the baseline is missing", "缺少基线值"),
                Self::Albumin => both("the albumin to correct total calcium by is missing", "缺少用于校正总钙的白蛋白"),
                Self::Unit => {
                    both("the unit is not one of the rule's and has no factor", "单位不属于该规则，且无换算系数")
                }
                Self::Number => both("the result is not an exact number", "结果不是确切数值"),
                Self::Order => both("the lower limit lies above the upper", "正常值下限高于上限"),
                Self::Limits => both("limits of normal must be above zero", "正常值限值必须大于零"),
                Self::Result => both("the result lies below zero", "结果小于零"),
            },
        )
    }
}

impl Note {
    /// In `en` or `zh-CN`.
    pub fn words(self, language: &str) -> String {
        let fixed = |text| pick(language, text).to_owned();
        match self {
            Self::NotExcluded(missing) => {
                fixed(both("a worse grade is not excluded", "不能排除更高分级")) + ": " + missing.words(language)
            }
            Self::NoBaseline => {
                fixed(both("no baseline: judged by the limits of normal alone", "无基线值：仅按正常值范围分级"))
            }
            Self::AbnormalBaseline => {
                fixed(both("baseline above its limit: multiples of the baseline", "基线异常：按基线倍数分级"))
            }
            Self::Corrected(value) => {
                fixed(both("corrected for albumin", "白蛋白校正后")) + &format!(": {}", number(value))
            }
            Self::Converted(value, unit) => {
                fixed(both("converted", "换算为")) + &format!(": {} {}", number(value), unit.symbol())
            }
            Self::Qualified => fixed(both("graded as far as < or > allows", "按“<”或“>”所能确定的范围分级")),
            Self::AnticoagulationUnknown => {
                fixed(both("anticoagulation not known: the baseline was left out", "是否抗凝未知：未使用基线值"))
            }
        }
    }
}

fn number(value: Decimal) -> String {
    value.normalize().to_string()
}
