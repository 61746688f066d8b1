//! Clinical functions that expressions may call, registered by name.

use super::kind::Kind;
use super::survey::{MakeSurvey, Survey};
use crate::MetaDataVersion;
use crate::dictionary::GradeTable;
use crate::value::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A pure function of values that are all there.
pub type Call = fn(&[Value]) -> Option<Value>;

/// A pure function that sees which arguments are missing.
pub type OpenCall = fn(&[Option<Value>]) -> Option<Value>;

#[derive(Clone)]
pub(super) enum Body {
    Strict(Call),
    Open(OpenCall),
    /// Whether a term of the study's dictionary has a grade.
    Grades(Arc<GradeTable>),
    /// A survey before a study is known.
    Make(MakeSurvey),
    /// A survey of this study, or why it has none.
    Survey(Result<Arc<dyn Survey>, String>),
}

#[derive(Clone)]
pub(super) struct Function {
    pub params: Arc<[Kind]>,
    pub result: Kind,
    pub body: Body,
}

/// Named pure functions that expressions may call: the same arguments must always give the same value.
///
/// ```
/// use study::rules::{Functions, Kind};
/// let mut functions = Functions::default();
/// functions.add("twice", &[Kind::Number], Kind::Number, |args| {
///     let doubled = args[0].as_decimal()?.checked_add(args[0].as_decimal()?)?;
///     Some(doubled.into())
/// });
/// ```
#[derive(Clone, Default)]
pub struct Functions {
    by_name: BTreeMap<String, Function>,
}

impl Functions {
    /// Registers a function that is only called when no argument is missing; its result is missing otherwise.
    /// Registering a name again replaces the function. Names of the language itself can't be taken.
    pub fn add(&mut self, name: &str, params: &[Kind], result: Kind, call: Call) -> &mut Self {
        self.insert(name, params, result, Body::Strict(call))
    }

    /// Registers a function that is also called when arguments are missing.
    pub fn add_open(&mut self, name: &str, params: &[Kind], result: Kind, call: OpenCall) -> &mut Self {
        self.insert(name, params, result, Body::Open(call))
    }

    /// Registers a function that looks at the whole casebook; its result is missing where it says so.
    pub fn add_survey(&mut self, name: &str, params: &[Kind], result: Kind, make: MakeSurvey) -> &mut Self {
        self.insert(name, params, result, Body::Make(make))
    }

    /// The functions with those that look something up in the study itself.
    pub(super) fn of_study(&self, study: &MetaDataVersion) -> Self {
        let mut functions = self.clone();
        for function in functions.by_name.values_mut() {
            if let Body::Make(make) = function.body {
                function.body = Body::Survey(make(study));
            }
        }
        let grades = Body::Grades(Arc::new(GradeTable::of(study)));
        functions.insert("ctcae_grade_exists", &[Kind::Text, Kind::Text], Kind::Bool, grades);
        functions
    }

    fn insert(&mut self, name: &str, params: &[Kind], result: Kind, body: Body) -> &mut Self {
        self.by_name.insert(name.to_owned(), Function { params: params.into(), result, body });
        self
    }

    /// The registered names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Function> {
        self.by_name.get(name)
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} -> {:?}", self.params, self.result)
    }
}
