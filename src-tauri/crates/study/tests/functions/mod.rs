//! What the built-in trial calls, by name and type.

use study::rules::{Functions, Kind};

/// The clinical functions by name and type; what they compute is the oncology room's.
pub fn functions() -> Functions {
    use Kind::{Number, Text};
    let mut functions = Functions::default();
    functions
        .add("bmi", &[Number; 2], Number, |_| None)
        .add("bsa", &[Text, Number, Number], Number, |_| None)
        .add("qtcf", &[Number; 2], Number, |_| None)
        .add("albi", &[Number; 2], Number, |_| None)
        .add("albi_grade", &[Number; 2], Text, |_| None)
        .add("malbi_grade", &[Number; 2], Text, |_| None)
        .add("child_pugh", &[Text, Number, Number, Number, Text, Text], Number, |_| None)
        .add("child_pugh_pt", &[Text, Number, Number, Number, Text, Text], Number, |_| None)
        .add("child_pugh_class", &[Number], Text, |_| None)
        .add("bed10", &[Number; 2], Number, |_| None)
        .add("eqd2", &[Number; 2], Number, |_| None)
        .add_open("ctcae_lab_grade", &[Text, Number, Number, Number, Number], Number, |_| None)
        .add_open("ctcae_lab_term", &[Text, Number, Number, Number, Number], Text, |_| None)
        .add("corrected_calcium", &[Number; 2], Number, |_| None)
        .add("bed", &[Number; 3], Number, |_| None)
        .add_open("cnlc", &[Text, Text, Text, Text, Text, Number, Number], Text, |_| None)
        .add_open("bclc", &[Text, Text, Text, Text, Text, Number, Number], Text, |_| None)
        .add("vp_agrees", &[Text; 2], Kind::Bool, |_| None)
        .add("doses", &[Text, Number], Number, |_| None)
        .add("rdi", &[Number, Number, Number, Number, Text], Number, |_| None)
        .add("rild_in_time", &[Number; 3], Kind::Bool, |_| None)
        .add("rild_exceeds", &[Number; 3], Kind::Bool, |_| None)
        .add("rild_classic", &[Number, Number, Number, Number, Number, Number, Text], Kind::Bool, |_| None)
        .add("recist_response", &[Text], Text, |_| None)
        .add("recist_agrees", &[Text; 2], Kind::Bool, |_| None)
        .add("recist_progression_date", &[], Kind::Date, |_| None);
    functions
}
