//! The types that calls of Java, Kotlin and C# are said to give: by what stands between the
//! brackets (`body<User>()`), by a class that is handed over (`User.class`), or by the
//! declaration that the call is the value of.

use tree_sitter::Node;

use super::Language;
use super::lower::{children, span};
use crate::scan::fields::decoders::GIVING_MORE;
use crate::scan::fields::typed;
use crate::scan::form::*;

/// Nodes around a call that stand for its value.
const AROUND: [&str; 8] = [
    "await_expression",
    "parenthesized_expression",
    "postfix_unary_expression",
    "postfix_expression",
    "equals_value_clause",
    "checked_expression",
    "arrow_expression_clause",
    "as_expression",
];

/// Notes the types of all calls of a file.
pub(crate) fn note(unit: &mut Unit, root: Node<'_>, source: &str, language: Language) {
    let call = match language {
        Language::Java => "method_invocation",
        Language::Kotlin => "call_expression",
        Language::CSharp => "invocation_expression",
        _ => return,
    };
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.kind() == call
            && let Some(said) = said(node, source, language)
        {
            let mut at = node;
            loop {
                unit.typed.entry(span(at)).or_insert_with(|| said.clone());
                let stands =
                    |parent: &Node<'_>| AROUND.contains(&parent.kind()) || parent.kind() == "function_body";
                match at.parent().filter(stands).or_else(|| same(at, source)) {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// The call of a method that gives what its object is, in another form or waited for.
fn same<'t>(object: Node<'t>, source: &str) -> Option<Node<'t>> {
    const MEMBERS: [&str; 2] = ["navigation_expression", "member_access_expression"];
    const SAME: [&str; 10] = [
        "toList",
        "toMutableList",
        "toTypedArray",
        "asList",
        "asSequence",
        "asIterable",
        "filterNotNull",
        "orEmpty",
        "ConfigureAwait",
        "GetAwaiter",
    ];
    let member = object.parent().filter(|parent| MEMBERS.contains(&parent.kind()))?;
    let call = member.parent().filter(|parent| parent.named_child(0) == Some(member))?;
    let called = matches!(call.kind(), "call_expression" | "invocation_expression");
    let name = text(*children(member).last()?, source).trim_start_matches(['?', '.']).trim();
    (called && SAME.contains(&name)).then_some(call)
}

fn said(call: Node<'_>, source: &str, language: Language) -> Option<Said> {
    let shape = |text: &str| Some(typed::shape(text)).filter(|shape| *shape != Shape::Open);
    let text = match language {
        Language::Java => java(call, source),
        Language::Kotlin => kotlin(call, source),
        _ => csharp(call, source),
    };
    let declared = declared(call, source, language);
    if language == Language::Kotlin
        && let Some(shape) = serializer_given(call, source)
    {
        return Some(Said { shape, whole: Whole::No });
    }
    let shape = text.and_then(shape).or_else(|| declared.and_then(shape))?;
    let whole = match declared.or(text).is_some_and(typed::is_answer) {
        true => Whole::ByType,
        false if GIVING_MORE.contains(&name(call, source)) => Whole::ByName,
        false => Whole::No,
    };
    Some(Said { shape, whole })
}

/// The last name of what is called.
fn name<'s>(call: Node<'_>, source: &'s str) -> &'s str {
    let callee = call.child_by_field_name("name").or_else(|| call.child_by_field_name("function"));
    let callee = callee.or_else(|| call.named_child(0)).map_or("", |callee| text(callee, source));
    let callee = callee.split('<').next().unwrap_or(callee);
    callee.rsplit(['.', ':']).next().unwrap_or(callee).trim()
}

fn text<'s>(node: Node<'_>, source: &'s str) -> &'s str {
    source.get(node.byte_range()).unwrap_or_default()
}

/// What stands between the outermost brackets: `List<User>` of `new TypeReference<List<User>>() {}`.
fn between(text: &str) -> Option<&str> {
    let start = text.find('<')?;
    let mut depth = 0usize;
    for (at, c) in text[start..].char_indices() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(start + 1..start + at).filter(|inner| !inner.is_empty());
        }
    }
    None
}

/// Classes that are made to keep a type: `new TypeReference<List<User>>() {}`.
const NOTES: [&str; 4] = ["TypeReference", "TypeToken", "GenericType", "ParameterizedTypeReference"];

/// The type that a class of [`NOTES`] is given, if a type is one of them with a type.
fn noted<'s>(kind: Node<'_>, source: &'s str) -> Option<&'s str> {
    let parts = children(kind);
    let [names @ .., given] = parts.as_slice() else { return None };
    let name = text(*names.last()?, source);
    let name = name.rsplit('.').next().unwrap_or(name);
    (given.kind() == "type_arguments" && NOTES.contains(&name)).then(|| between(text(*given, source)))?
}

fn java<'s>(call: Node<'_>, source: &'s str) -> Option<&'s str> {
    let list = call.child_by_field_name("arguments")?;
    children(list).into_iter().find_map(|arg| match arg.kind() {
        "class_literal" => text(arg, source).strip_suffix(".class"),
        "object_creation_expression" => noted(arg.child_by_field_name("type")?, source),
        // `new TypeToken<List<User>>() {}.getType()`
        "method_invocation" => {
            let made = arg.child_by_field_name("object")?;
            let made = Some(made).filter(|made| made.kind() == "object_creation_expression")?;
            noted(made.child_by_field_name("type")?, source)
        }
        _ => None,
    })
}

fn kotlin<'s>(call: Node<'_>, source: &'s str) -> Option<&'s str> {
    let suffix = children(call).into_iter().find(|child| child.kind() == "call_suffix")?;
    let parts = children(suffix);
    let of = |kind: &str| parts.iter().copied().find(|part| part.kind() == kind);
    if let Some(types) = of("type_arguments") {
        return between(text(types, source));
    }
    children(of("value_arguments")?).into_iter().find_map(|arg| {
        let given = *children(arg).last()?;
        match given.kind() {
            "callable_reference" | "navigation_expression" | "object_literal" => {
                let text = text(given, source);
                let class = text.strip_suffix("::class.java").or_else(|| text.strip_suffix("::class"));
                class.or_else(|| kotlin_note(given, source))
            }
            _ => None,
        }
    })
}

/// What a call is handed that is read by a serializer of Kotlin: `User.serializer()`,
/// `ListSerializer(User.serializer())`.
fn serializer_given(call: Node<'_>, source: &str) -> Option<Shape> {
    let list = part(part(call, "call_suffix")?, "value_arguments")?;
    children(list).into_iter().find_map(|arg| serializer(text(*children(arg).last()?, source)))
}

fn serializer(text: &str) -> Option<Shape> {
    let text = text.trim();
    if let Some(class) = text.strip_suffix(".serializer()") {
        return Some(typed::shape(class)).filter(|shape| *shape != Shape::Open);
    }
    let inner = text.strip_prefix("ListSerializer(")?.strip_suffix(')')?;
    Some(Shape::List(std::sync::Arc::new(serializer(inner)?)))
}

/// The type of `object : TypeReference<List<User>>() {}`, and of its `.type`.
fn kotlin_note<'s>(made: Node<'_>, source: &'s str) -> Option<&'s str> {
    let made = match made.kind() {
        "navigation_expression" => *children(made).first()?,
        _ => made,
    };
    let above = Some(made).filter(|made| made.kind() == "object_literal")?;
    let above = part(part(above, "delegation_specifier")?, "constructor_invocation")?;
    noted(part(above, "user_type")?, source)
}

fn part<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    children(node).into_iter().find(|part| part.kind() == kind)
}

fn csharp<'s>(call: Node<'_>, source: &'s str) -> Option<&'s str> {
    let function = call.child_by_field_name("function")?;
    let name = match function.kind() {
        "member_access_expression" => function.child_by_field_name("name")?,
        "conditional_access_expression" => *children(function).last()?,
        _ => function,
    };
    let list = children(name).into_iter().find(|child| child.kind() == "type_argument_list")?;
    let args = children(list);
    let [only] = args.as_slice() else { return None };
    Some(text(*only, source))
}

/// The type of the declaration that a call is the value of.
fn declared<'s>(call: Node<'_>, source: &'s str, language: Language) -> Option<&'s str> {
    let mut at = call;
    while let Some(parent) = at.parent().filter(|parent| AROUND.contains(&parent.kind())) {
        at = parent;
    }
    let parent = at.parent()?;
    let kind = match (language, parent.kind()) {
        (Language::Java, "variable_declarator") => parent.parent()?.child_by_field_name("type"),
        (Language::Java, "return_statement") => method_of(parent, "type"),
        (Language::CSharp, "variable_declarator") => parent.parent()?.child_by_field_name("type"),
        (Language::CSharp, "return_statement") => method_of(parent, "returns"),
        (Language::CSharp, "method_declaration") => parent.child_by_field_name("returns"),
        (Language::Kotlin, "property_declaration") => {
            let variable = children(parent).into_iter().find(|child| child.kind() == "variable_declaration");
            variable.and_then(kotlin_type)
        }
        (Language::Kotlin, "function_body") => parent.parent().and_then(kotlin_type),
        (Language::Kotlin, "jump_expression") => {
            let mut around = std::iter::successors(parent.parent(), |at| at.parent());
            let kinds = ["function_declaration", "lambda_literal", "anonymous_function"];
            let function = around.find(|at| kinds.contains(&at.kind()))?;
            (function.kind() == "function_declaration").then(|| kotlin_type(function))?
        }
        _ => None,
    };
    kind.map(|kind| text(kind, source)).filter(|text| *text != "var")
}

/// The type that the method around a statement gives, unless a closure is between them.
fn method_of<'t>(statement: Node<'t>, field: &str) -> Option<Node<'t>> {
    let mut around = std::iter::successors(statement.parent(), |at| at.parent());
    let kinds = ["method_declaration", "lambda_expression", "local_function_statement"];
    let method = around.find(|at| kinds.contains(&at.kind()))?;
    (method.kind() == "method_declaration").then(|| method.child_by_field_name(field))?
}

fn kotlin_type(node: Node<'_>) -> Option<Node<'_>> {
    children(node).into_iter().find(|child| matches!(child.kind(), "user_type" | "nullable_type"))
}

/// The type of a member of a class of C# or Java, of a parameter of a record, or of a property
/// of Kotlin.
pub(super) fn of_member(member: Node<'_>, source: &str) -> Shape {
    let kind = member
        .child_by_field_name("type")
        .or_else(|| {
            let variable =
                children(member).into_iter().find(|child| child.kind() == "variable_declaration")?;
            variable.child_by_field_name("type").or_else(|| kotlin_type(variable))
        })
        .or_else(|| kotlin_type(member));
    kind.map_or(Shape::Open, |kind| typed::shape(text(kind, source)))
}
