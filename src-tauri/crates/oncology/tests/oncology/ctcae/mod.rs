//! Laboratory grades held against NCI's words and against the grading files of pharmaverse/admiral.

mod case_when;
mod oracle;

use oncology::ctcae::rules;

/// The terms as the built-in study holds them.
const TABLE: &str = include_str!("../../../../../studies/ctcae-v5.0.tsv");

#[test]
fn the_words_of_every_rule_are_ncis() {
    for rule in rules() {
        let row = TABLE.lines().map(|line| line.split('\t').collect::<Vec<_>>());
        let row = row.filter(|row| row.len() > 6).find(|row| row[1] == rule.term);
        let row = row.unwrap_or_else(|| panic!("{} is no term", rule.term));
        for grade in rule.grades {
            assert_eq!(row[1 + usize::from(grade.grade)], grade.text, "{}, grade {}", rule.term, grade.grade);
        }
    }
}
