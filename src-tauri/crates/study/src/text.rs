//! Text in several languages.

use std::sync::Arc;

/// A text in one or more languages, in the order of the study file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Language tag (empty where the file gives none) and text.
    translations: Vec<(Arc<str>, Arc<str>)>,
}

impl Text {
    /// A text in one language.
    pub fn new(language: &str, text: &str) -> Self {
        Self { translations: vec![(language.into(), text.into())] }
    }

    /// Adds a translation; a second text for the same language is kept but never shown.
    pub fn push(&mut self, language: &str, text: &str) {
        self.translations.push((language.into(), text.into()));
    }

    /// The text in `language`; otherwise in the same language of another region, in English, without a tag, or the first.
    /// Empty where there is none at all.
    pub fn get(&self, language: &str) -> &str {
        let primary = primary(language);
        self.exact(language)
            .or_else(|| self.find(|tag| !tag.is_empty() && primary.eq_ignore_ascii_case(self::primary(tag))))
            .or_else(|| self.find(|tag| self::primary(tag).eq_ignore_ascii_case("en")))
            .or_else(|| self.exact(""))
            .or_else(|| self.find(|_| true))
            .unwrap_or("")
    }

    /// The text in exactly this language.
    pub fn exact(&self, language: &str) -> Option<&str> {
        self.find(|tag| tag.eq_ignore_ascii_case(language))
    }

    /// Every translation with its language tag.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.translations.iter().map(|(tag, text)| (&**tag, &**text))
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.translations.is_empty()
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<&str> {
        self.iter().find(|(tag, _)| wanted(tag)).map(|(_, text)| text)
    }
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_to_region_then_english_then_first() {
        let mut text = Text::new("fr", "Pouls");
        text.push("en", "Pulse");
        text.push("zh-CN", "脉搏");
        assert_eq!(text.get("zh-CN"), "脉搏");
        assert_eq!(text.get("zh-TW"), "脉搏");
        assert_eq!(text.get("de"), "Pulse");
        assert_eq!(Text::new("fr", "Pouls").get("de"), "Pouls");
        assert_eq!(Text::default().get("en"), "");
    }
}
