//! From CEL's syntax tree to a tree of ours: names become places, types are checked, every fault is listed.

use super::builtin::{self, Builtin};
use super::functions::{Body, Functions};
use super::kind::Kind;
use super::names::Names;
use super::node::Surveying;
use super::node::{Arithmetic, Each, History, Loop, Node, Program, Reach, Read, Reference, RowsSource};
use super::survey::Survey;
use super::syntax::Parsed;
use super::types::Type;
use crate::Oid;
use crate::value::Comparison;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};
use std::collections::HashMap;
use std::sync::Arc;

/// Where an expression is asked: what of event, form and group is known when the study is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Context {
    pub event: Option<Oid>,
    pub form: Option<Oid>,
    pub group: Option<Oid>,
}

/// Compiles an expression for one context.
///
/// # Errors
/// Every fault of the expression, in words.
pub(super) fn compile(
    names: &Names<'_>,
    functions: &Functions,
    context: &Context,
    parsed: &Parsed,
    wanted: &Type,
) -> Result<Program, Vec<String>> {
    let mut compiler = Compiler {
        names,
        functions,
        context,
        parsed,
        variables: Vec::new(),
        faults: Vec::new(),
        references: Vec::new(),
        histories: Vec::new(),
        rows: Vec::new(),
        reads: Vec::new(),
        reads_dates: false,
    };
    let (root, found) = compiler.expression(&parsed.root);
    if !found.fits(wanted) {
        compiler.fault(format!("{wanted} is asked for, this is {found}"));
    }
    if !compiler.faults.is_empty() {
        return Err(compiler.faults);
    }
    let Compiler { references, histories, rows, reads, reads_dates, .. } = compiler;
    Ok(Program { root, references, histories, rows, reads, reads_dates, text: parsed.text().into() })
}

/// A node with its type.
pub(super) type Typed = (Node, Type);

/// The state of compiling one expression.
pub(super) struct Compiler<'a> {
    pub names: &'a Names<'a>,
    pub functions: &'a Functions,
    pub context: &'a Context,
    pub parsed: &'a Parsed,
    /// Variables of the macros around this place, outermost first.
    pub variables: Vec<(String, Type)>,
    pub references: Vec<Reference>,
    pub histories: Vec<History>,
    pub rows: Vec<RowsSource>,
    pub reads: Vec<Read>,
    pub reads_dates: bool,
    faults: Vec<String>,
}

impl Compiler<'_> {
    /// Notes a fault and goes on with something that fits everywhere, so that further faults are found.
    pub fn fault(&mut self, reason: impl Into<String>) -> Typed {
        let reason = reason.into();
        if !self.faults.contains(&reason) {
            self.faults.push(reason);
        }
        (Node::Null, Type::Any)
    }

    pub fn read(
        &mut self,
        event: Option<&Oid>,
        form: &Oid,
        group: Option<&Oid>,
        item: Option<&Oid>,
        reach: Reach,
        earlier: bool,
    ) {
        let read = Read {
            event: event.cloned(),
            form: form.clone(),
            group: group.cloned(),
            item: item.cloned(),
            reach,
            earlier,
        };
        if !self.reads.contains(&read) {
            self.reads.push(read);
        }
    }

    /// An expression whose value is used.
    pub fn expression(&mut self, node: &IdedExpr) -> Typed {
        let typed = self.presence(node);
        self.refuse_free_text(&typed.0);
        typed
    }

    fn refuse_free_text(&mut self, node: &Node) {
        if let Some(item) = self.item_of(node).filter(|item| item.is_free_text) {
            let reason = format!("`{}` is free text: a rule may only ask whether it is there", item.name);
            self.fault(reason);
        }
    }

    /// An expression of which only matters whether it has a value.
    fn presence(&mut self, node: &IdedExpr) -> Typed {
        match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(name) => self.identifier(name),
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.list(&list.elements),
            Expr::Map(_) | Expr::Struct(_) => self.fault("maps are not part of rules"),
            Expr::Comprehension(_) | Expr::Unspecified => self.fault("not an expression"),
        }
    }

    fn literal(&mut self, node: &IdedExpr, literal: &LiteralValue) -> Typed {
        let negative = match literal {
            LiteralValue::Null => return (Node::Null, Type::Null),
            LiteralValue::Boolean(value) => return (Node::Bool(value.into_inner()), Type::Bool),
            LiteralValue::String(text) => return (Node::Text(text.inner().into()), Type::Text),
            LiteralValue::Bytes(_) => return self.fault("bytes are not part of rules"),
            LiteralValue::Double(value) => value.inner().is_sign_negative(),
            LiteralValue::Int(value) => *value.inner() < 0,
            LiteralValue::UInt(_) => false,
        };
        match self.parsed.literal(node, negative) {
            Some(decimal) => (Node::Number(decimal), Type::Number),
            None => self.fault("a number has more digits than can be kept exactly"),
        }
    }

    fn list(&mut self, elements: &[IdedExpr]) -> Typed {
        let mut members = Vec::with_capacity(elements.len());
        let mut joined = None;
        for element in elements {
            let (node, found) = self.expression(element);
            members.push(node);
            joined = match joined {
                None => Some(found),
                Some(known) => Some(Type::join(&known, &found).unwrap_or_else(|| {
                    self.fault(format!("a list holds both {known} and {found}"));
                    Type::Any
                })),
            };
        }
        (Node::List(members), Type::List(Box::new(joined.unwrap_or(Type::Any))))
    }

    /// An expression of a type that is asked for.
    pub fn typed(&mut self, node: &IdedExpr, wanted: &Type) -> Node {
        let (compiled, found) = self.expression(node);
        if !found.fits(wanted) {
            self.fault(format!("{wanted} is asked for, this is {found}"));
        }
        compiled
    }

    fn call(&mut self, call: &CallExpr) -> Typed {
        match (&call.target, call.func_name.as_str(), call.args.as_slice()) {
            (None, operators::LOGICAL_AND, [a, b]) => (Node::And(self.truths(a, b)), Type::Bool),
            (None, operators::LOGICAL_OR, [a, b]) => (Node::Or(self.truths(a, b)), Type::Bool),
            (None, operators::LOGICAL_NOT, [a]) => (Node::Not(Box::new(self.typed(a, &Type::Bool))), Type::Bool),
            (None, operators::NEGATE, [a]) => (Node::Negate(Box::new(self.typed(a, &Type::Number))), Type::Number),
            (None, operators::CONDITIONAL, [condition, yes, no]) => self.conditional(condition, yes, no),
            (None, operators::INDEX, [list, place]) => self.index(list, place),
            (None, operators::IN, [value, list]) => self.membership(value, list),
            (None, name, [a, b]) if comparison(name).is_some() => {
                let question = comparison(name).unwrap_or(Comparison::Equal);
                self.compare(question, a, b)
            }
            (None, name, [a, b]) if arithmetic(name).is_some() => {
                let operator = arithmetic(name).unwrap_or(Arithmetic::Add);
                self.arithmetic(operator, a, b)
            }
            (None, "known" | "has", [a]) => (Node::Present(Box::new(self.presence(a).0)), Type::Bool),
            (Some(list), name, args) if each(name, args.len()).is_some() => {
                let each = each(name, args.len()).unwrap_or(Each::All);
                self.each(each, list, args)
            }
            (None, "at" | "latest" | "previous" | "baseline" | "rows" | "all_rows" | "setting", args) => {
                self.access(&call.func_name, args)
            }
            (target, name, args) => self.function(target.as_deref(), name, args),
        }
    }

    fn truths(&mut self, a: &IdedExpr, b: &IdedExpr) -> Box<(Node, Node)> {
        Box::new((self.typed(a, &Type::Bool), self.typed(b, &Type::Bool)))
    }

    fn conditional(&mut self, condition: &IdedExpr, yes: &IdedExpr, no: &IdedExpr) -> Typed {
        let condition = self.typed(condition, &Type::Bool);
        let ((yes, yes_type), (no, no_type)) = (self.expression(yes), self.expression(no));
        match yes_type.join(&no_type) {
            Some(joined) => (Node::If(Box::new((condition, yes, no))), joined),
            None => self.fault(format!("one branch is {yes_type}, the other {no_type}")),
        }
    }

    fn index(&mut self, list: &IdedExpr, place: &IdedExpr) -> Typed {
        let (list, found) = self.expression(list);
        let place = self.typed(place, &Type::Number);
        match found {
            Type::List(member) => (Node::Index(Box::new((list, place))), *member),
            Type::Any => (Node::Index(Box::new((list, place))), Type::Any),
            other => self.fault(format!("a list is asked for, this is {other}")),
        }
    }

    fn compare(&mut self, question: Comparison, a: &IdedExpr, b: &IdedExpr) -> Typed {
        let (left, right) = (self.presence(a), self.presence(b));
        let present = |node: Node| match question {
            Comparison::Unequal => Node::Present(Box::new(node)),
            _ => Node::Not(Box::new(Node::Present(Box::new(node)))),
        };
        match (left, right) {
            ((Node::Null, Type::Null), (node, _)) | ((node, _), (Node::Null, Type::Null)) => match question {
                Comparison::Equal | Comparison::Unequal => (present(node), Type::Bool),
                _ => self.fault("null has no order"),
            },
            ((left, left_type), (right, right_type)) => {
                if !left_type.comparable(&right_type) {
                    return self.fault(format!("{left_type} is compared with {right_type}"));
                }
                self.refuse_free_text(&left);
                self.refuse_free_text(&right);
                self.check_codes(&left, &right);
                self.check_codes(&right, &left);
                (Node::Compare(question, Box::new((left, right))), Type::Bool)
            }
        }
    }

    fn membership(&mut self, value: &IdedExpr, list: &IdedExpr) -> Typed {
        let (value, value_type) = self.expression(value);
        let (list, list_type) = self.expression(list);
        match list_type {
            Type::List(member) if !member.comparable(&value_type) => {
                return self.fault(format!("{value_type} is sought in a list of {member}"));
            }
            Type::List(_) | Type::Any => {}
            other => return self.fault(format!("a list is asked for, this is {other}")),
        }
        if let Node::List(members) = &list {
            for member in members {
                self.check_codes(&value, member);
            }
        }
        (Node::In(Box::new((value, list))), Type::Bool)
    }

    /// A coded item is never compared with a code that its list does not hold: that is a slip of the author.
    fn check_codes(&mut self, coded: &Node, constant: &Node) {
        let (item, code) = match (self.item_of(coded), constant) {
            (Some(item), Node::Text(code)) => (item, code.to_string()),
            (Some(item), Node::Number(code)) => (item, code.to_string()),
            _ => return,
        };
        if let Some(codes) = &item.codes
            && !codes.iter().any(|known| **known == *code)
        {
            let reason = format!("`{}` has no code `{code}`", item.name);
            self.fault(reason);
        }
    }

    fn arithmetic(&mut self, operator: Arithmetic, a: &IdedExpr, b: &IdedExpr) -> Typed {
        let ((left, left_type), (right, right_type)) = (self.expression(a), self.expression(b));
        let result = match (operator, &left_type, &right_type) {
            (Arithmetic::Add, Type::Text, Type::Text) => Some(Type::Text),
            (Arithmetic::Add | Arithmetic::Subtract, Type::Date, Type::Number) => Some(Type::Date),
            (Arithmetic::Subtract, Type::Date, Type::Date) => Some(Type::Number),
            (Arithmetic::Add, Type::List(_), Type::List(_)) => left_type.join(&right_type),
            (Arithmetic::Add | Arithmetic::Subtract, Type::Any, _)
            | (Arithmetic::Add | Arithmetic::Subtract, _, Type::Any) => Some(Type::Any),
            (_, left, right) if left.fits(&Type::Number) && right.fits(&Type::Number) => Some(Type::Number),
            _ => None,
        };
        match result {
            Some(result) => (Node::Arithmetic(operator, Box::new((left, right))), result),
            None => self.fault(format!("{left_type} and {right_type} can't be reckoned together")),
        }
    }

    fn each(&mut self, each: Each, list: &IdedExpr, args: &[IdedExpr]) -> Typed {
        let (list, list_type) = self.expression(list);
        let member = match list_type {
            Type::List(member) => *member,
            Type::Any => Type::Any,
            other => return self.fault(format!("a list is asked for, this is {other}")),
        };
        let Some((Expr::Ident(variable), rest)) = args.split_first().map(|(first, rest)| (&first.expr, rest)) else {
            return self.fault("the first argument names the member");
        };
        self.variables.push((variable.clone(), member.clone()));
        let (only, body) = match rest {
            [only, body] => (Some(self.typed(only, &Type::Bool)), body),
            [body, ..] => (None, body),
            [] => return self.fault("an expression is missing"),
        };
        let (body, result) = match each {
            Each::Map => self.expression(body),
            _ => (self.typed(body, &Type::Bool), Type::Bool),
        };
        self.variables.pop();
        let result = match each {
            Each::Map => Type::List(Box::new(result)),
            Each::Filter => Type::List(Box::new(member)),
            Each::All | Each::Exists | Each::ExistsOne => Type::Bool,
        };
        (Node::Loop(Box::new(Loop { each, list, only, body })), result)
    }

    fn function(&mut self, target: Option<&IdedExpr>, name: &str, args: &[IdedExpr]) -> Typed {
        let all: Vec<&IdedExpr> = target.into_iter().chain(args).collect();
        if name == "matches" {
            return self.matches(&all);
        }
        let compiled: Vec<Typed> = all.into_iter().map(|arg| self.expression(arg)).collect();
        let (mut nodes, types): (Vec<Node>, Vec<Type>) = compiled.into_iter().unzip();
        if target.is_none()
            && let Some(function) = self.functions.get(name)
        {
            let function = function.clone();
            if function.params.len() != types.len() {
                return self.fault(format!("{name} takes {} arguments, not {}", function.params.len(), types.len()));
            }
            for (found, wanted) in types.iter().zip(function.params.iter()) {
                let wanted = wanted.as_type();
                let fits = found.fits(&wanted) || (wanted == Type::Date && found.comparable(&wanted));
                if !fits {
                    self.fault(format!("{name}: {wanted} is asked for, this is {found}"));
                }
            }
            let result = function.result.as_type();
            return match function.body {
                Body::Survey(Ok(survey)) => (self.survey(name, survey, function.params, nodes), result),
                Body::Survey(Err(reason)) => self.fault(format!("{name}: {reason}")),
                _ => (Node::External(function, nodes), result),
            };
        }
        let Some((builtin, arity)) = builtin::find(name) else {
            return self.fault(format!("there is no function `{name}`"));
        };
        if !arity.contains(&types.len()) {
            return self.fault(format!(
                "{name} takes {} to {} arguments, not {}",
                arity.start(),
                arity.end(),
                types.len()
            ));
        }
        if builtin == Builtin::Age {
            nodes.extend(self.names.study.setting("AGE_FROM_YEAR").map(|day| Node::Text(day.into())));
        }
        match builtin.check(&types) {
            Ok(result) => (Node::Call(builtin, nodes), result),
            Err(reason) => self.fault(format!("{name}: {reason}")),
        }
    }

    /// A call of a survey, which may read its items in any form.
    fn survey(&mut self, name: &str, survey: Arc<dyn Survey>, params: Arc<[Kind]>, args: Vec<Node>) -> Node {
        let words = survey.words();
        if !words.is_empty() && !matches!(args.first(), Some(Node::Text(said)) if words.contains(&&**said)) {
            self.fault(format!("{name}: the first argument is one of {}", words.join(", ")));
        }
        if self.context.form.is_none() {
            self.fault(format!("{name} is asked in a form"));
        }
        let mut items = HashMap::new();
        let names = self.names;
        for item in survey.reads() {
            for (form, group) in names.study.places_of(&item) {
                self.read(None, form, Some(group), Some(&item), Reach::Subject, false);
            }
            items.extend(names.item(&item).map(|info| (item, info.clone())));
        }
        self.reads_dates |= survey.reads_dates();
        Node::Survey(Box::new(Surveying { name: name.into(), survey, params, args, items }))
    }

    /// The pattern is a literal, so that it is compiled once and its faults are found when the study is read.
    fn matches(&mut self, args: &[&IdedExpr]) -> Typed {
        let [text, pattern] = args else { return self.fault("matches takes a text and a pattern") };
        let text = self.typed(text, &Type::Text);
        let Expr::Literal(LiteralValue::String(pattern)) = &pattern.expr else {
            return self.fault("the pattern of matches is written out as text");
        };
        match regex::RegexBuilder::new(pattern.inner()).size_limit(256 * 1024).build() {
            Ok(regex) => (Node::Matches(Box::new(text), regex), Type::Bool),
            Err(_) => self.fault("the pattern of matches is none"),
        }
    }

    /// A constant from a setting's text: a number or a date where it is one.
    pub fn setting(&mut self, key: &str) -> Typed {
        let Some(value) = self.names.study.setting(key) else {
            return self.fault(format!("there is no setting `{key}`"));
        };
        if let Ok(decimal) = crate::value::read_decimal(value) {
            return (Node::Number(decimal), Type::Number);
        }
        match value.parse::<crate::value::PartialDate>() {
            Ok(date) if date.is_whole() => (Node::Date(date), Type::Date),
            _ => (Node::Text(Arc::from(value)), Type::Text),
        }
    }

    fn select(&mut self, select: &SelectExpr) -> Typed {
        self.member(&select.operand, &select.field)
    }
}

/// Text of a literal argument.
pub(super) fn literal_text(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::Unequal,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::AtMost,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::AtLeast,
        _ => return None,
    })
}

fn arithmetic(operator: &str) -> Option<Arithmetic> {
    Some(match operator {
        operators::ADD => Arithmetic::Add,
        operators::SUBSTRACT => Arithmetic::Subtract,
        operators::MULTIPLY => Arithmetic::Multiply,
        operators::DIVIDE => Arithmetic::Divide,
        operators::MODULO => Arithmetic::Remainder,
        _ => return None,
    })
}

fn each(name: &str, arguments: usize) -> Option<Each> {
    Some(match (name, arguments) {
        ("all", 2) => Each::All,
        ("exists", 2) => Each::Exists,
        ("exists_one" | "existsOne", 2) => Each::ExistsOne,
        ("filter", 2) => Each::Filter,
        ("map", 2 | 3) => Each::Map,
        _ => return None,
    })
}
