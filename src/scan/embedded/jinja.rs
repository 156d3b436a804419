//! Expressions of Jinja in a playbook's address and method: conditions, `ternary`, joined lists and
//! texts. What a text with them may be is one plain text after the other, in which only names are
//! still put in: `{{ 'PUT' if old else 'POST' }}` is PUT or POST.

/// Most texts that one may be.
const MAX_ARMS: usize = 8;
/// Nesting of expressions.
const MAX_NESTING: usize = 12;
/// Filters that leave a text what it is, as far as an address goes.
const SAME: [&str; 12] = [
    "regex_replace",
    "replace",
    "trim",
    "string",
    "urlencode",
    "quote",
    "default",
    "d",
    "mandatory",
    "lower",
    "upper",
    "safe",
];

/// What a text is under some conditions.
#[derive(Clone, Debug, Default)]
struct Arm {
    text: String,
    /// The conditions, as they are written, and whether they hold.
    when: Vec<(String, bool)>,
}

/// The methods and addresses that a task may ask with, where an expression says them; conditions
/// that both are under hold for both or for none. None for what is plain as it is.
pub(super) fn requests(method: Option<&str>, url: &str) -> Option<Vec<(Option<String>, String)>> {
    let written = |text: &str| text.contains("{{") || text.contains("{%");
    if !written(url) && !method.is_some_and(written) {
        return None;
    }
    let urls = arms(url)?;
    let methods = method
        .map_or_else(|| Some(vec![None]), |method| Some(arms(method)?.into_iter().map(Some).collect()))?;
    let mut out = Vec::new();
    for url in &urls {
        for method in &methods {
            let both = method.clone().map_or_else(
                || Some(url.clone()),
                |method| joined(url, &Arm { text: String::new(), ..method }),
            );
            if both.is_some() {
                let method = method.as_ref().map(|method| method.text.trim().to_owned());
                let one = (method, url.text.clone());
                if !out.contains(&one) {
                    out.push(one);
                }
            }
        }
    }
    (out.len() <= MAX_ARMS).then_some(out)
}

/// The plain text of what only one text may be: names, and literal text.
pub(super) fn plain(text: &str) -> Option<String> {
    match <[Arm; 1]>::try_from(arms(text)?) {
        Ok([arm]) => Some(arm.text),
        Err(_) => None,
    }
}

/// One text behind another one, unless their conditions cannot hold together.
fn joined(a: &Arm, b: &Arm) -> Option<Arm> {
    let mut out = a.clone();
    for (condition, holds) in &b.when {
        match out.when.iter().find(|(known, _)| known == condition) {
            Some((_, known)) if known != holds => return None,
            Some(_) => {}
            None => out.when.push((condition.clone(), *holds)),
        }
    }
    out.text.push_str(&b.text);
    Some(out)
}

fn all_joined(a: &[Arm], b: &[Arm]) -> Option<Vec<Arm>> {
    let out: Vec<Arm> = a.iter().flat_map(|a| b.iter().filter_map(|b| joined(a, b))).collect();
    (out.len() <= MAX_ARMS).then_some(out)
}

/// Those of two cases that each have conditions of their own.
fn either(condition: &str, then: Vec<Arm>, otherwise: Vec<Arm>) -> Option<Vec<Arm>> {
    let (condition, holds) = asked(condition);
    let under = |arms: Vec<Arm>, holds: bool| {
        let when = Arm { text: String::new(), when: vec![(condition.clone(), holds)] };
        all_joined(&[when], &arms)
    };
    let mut out = under(then, holds)?;
    out.extend(under(otherwise, !holds)?);
    (out.len() <= MAX_ARMS).then_some(out)
}

/// A condition without brackets and `not`, and whether it is to hold.
fn asked(condition: &str) -> (String, bool) {
    let mut text = unwrapped(condition);
    let mut holds = true;
    while let Some(rest) = text.strip_prefix("not ") {
        (text, holds) = (unwrapped(rest), !holds);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    match text.contains(" is not ") {
        true => (text.replacen(" is not ", " is ", 1), !holds),
        false => (text, holds),
    }
}

/// A text with its placeholders and statements.
fn arms(text: &str) -> Option<Vec<Arm>> {
    let mut at = 0;
    let (out, end) = sequence(text, &mut at, 0)?;
    end.is_empty().then_some(out)
}

/// What stands before a statement that ends it, and that statement; all, if there is none.
fn sequence<'t>(text: &'t str, at: &mut usize, depth: usize) -> Option<(Vec<Arm>, &'t str)> {
    let mut out = vec![Arm::default()];
    if depth > MAX_NESTING {
        return None;
    }
    loop {
        let rest = &text[*at..];
        let next = ["{{", "{%", "{#"].iter().filter_map(|open| rest.find(open)).min();
        let before = &rest[..next.unwrap_or(rest.len())];
        out.iter_mut().for_each(|arm| arm.text.push_str(before));
        let Some(open) = next else {
            *at = text.len();
            return Some((out, ""));
        };
        let close = match &rest[open..open + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let end = open + rest[open..].find(close)?;
        let inner = rest[open + 2..end].trim_matches('-').trim();
        *at += end + 2;
        match close {
            "}}" => out = all_joined(&out, &value(inner, depth)?)?,
            "%}" => match inner.split_whitespace().next().unwrap_or_default() {
                "if" => {
                    let branches = branches(text, at, inner.strip_prefix("if")?, depth)?;
                    out = all_joined(&out, &branches)?;
                }
                "elif" | "else" | "endif" => return Some((out, inner)),
                _ => return None,
            },
            _ => {}
        }
    }
}

/// `{% if a %}..{% elif b %}..{% else %}..{% endif %}`, behind its first statement.
fn branches(text: &str, at: &mut usize, condition: &str, depth: usize) -> Option<Vec<Arm>> {
    let (then, end) = sequence(text, at, depth + 1)?;
    let otherwise = match end.strip_prefix("elif") {
        Some(next) => branches(text, at, next, depth + 1)?,
        None if end == "else" => {
            let (otherwise, end) = sequence(text, at, depth + 1)?;
            (end == "endif").then_some(otherwise)?
        }
        None => (end == "endif").then(|| vec![Arm::default()])?,
    };
    either(condition, then, otherwise)
}

/// What an expression may be.
fn value(expression: &str, depth: usize) -> Option<Vec<Arm>> {
    if depth > MAX_NESTING {
        return None;
    }
    let text = unwrapped(expression);
    if let Some((then, rest)) = cut(text, " if ") {
        let (condition, otherwise) = cut(rest, " else ").unwrap_or((rest, "''"));
        return either(condition, value(then, depth + 1)?, value(otherwise, depth + 1)?);
    }
    let parts = pieces(text, &['~', '+']);
    if parts.len() > 1 && parts.iter().all(|part| !part.trim().is_empty()) {
        let mut out = vec![Arm::default()];
        for part in parts {
            out = all_joined(&out, &value(part, depth + 1)?)?;
        }
        return Some(out);
    }
    let mut steps = pieces(text, &['|']).into_iter();
    let first = unwrapped(steps.next()?);
    let steps: Vec<&str> = steps.map(str::trim).collect();
    if steps.is_empty() {
        return Some(vec![Arm { text: single(first), when: Vec::new() }]);
    }
    let name =
        |step: &str| step.split('(').next().unwrap_or_default().trim().rsplit('.').next().map(str::to_owned);
    let given = |step: &str| {
        let inner =
            step.split_once('(').and_then(|(_, rest)| rest.trim_end().strip_suffix(')')).unwrap_or_default();
        inner.to_owned()
    };
    match (steps.as_slice(), name(steps[0])?.as_str()) {
        // What takes the name's place where it has none stays beside it.
        ([step], "default" | "d") if literal(given(step).trim()).is_some_and(|text| !text.is_empty()) => {
            let default = given(step);
            let name = single(first);
            let name = name.trim_end_matches(['}', ' ']);
            Some(vec![Arm { text: format!("{name} | default({}) }}}}", default.trim()), when: Vec::new() }])
        }
        ([step], "ternary") => {
            let args = given(step);
            let args = pieces(&args, &[',']);
            let [then, otherwise, ..] = args.as_slice() else { return None };
            either(first, value(then, depth + 1)?, value(otherwise, depth + 1)?)
        }
        ([step], "join") if first.starts_with('[') && first.ends_with(']') => {
            let separator = literal(given(step).trim()).unwrap_or_default().to_owned();
            let mut out = vec![Arm::default()];
            for (place, part) in pieces(&first[1..first.len() - 1], &[',']).into_iter().enumerate() {
                if place > 0 {
                    out.iter_mut().for_each(|arm| arm.text.push_str(&separator));
                }
                out = all_joined(&out, &value(part, depth + 1)?)?;
            }
            Some(out)
        }
        (steps, _)
            if steps.iter().all(|step| name(step).is_some_and(|name| SAME.contains(&name.as_str()))) =>
        {
            value(first, depth + 1)
        }
        _ => Some(vec![Arm { text: single(text), when: Vec::new() }]),
    }
}

/// A literal text, or a placeholder for what is no text: `{{ item.id }}`, also of `item['id']`.
fn single(text: &str) -> String {
    if let Some(text) = literal(text) {
        return text.to_owned();
    }
    let mut name = String::new();
    for c in text.chars() {
        match c {
            '[' => name.push('.'),
            ']' | '\'' | '"' => {}
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') => name.push(c),
            _ => name.push('_'),
        }
    }
    format!("{{{{ {name} }}}}")
}

/// The text between quotes.
fn literal(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let body = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!body.contains([quote, '{'])).then_some(body)
}

/// A text without the brackets around all of it.
fn unwrapped(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth = 0i32;
        let mut within = true;
        for c in inner.chars() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            within &= depth >= 0;
        }
        if !within || depth != 0 {
            break;
        }
        text = inner.trim();
    }
    text
}

/// Where characters of a text stand outside of quotes and brackets.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut depth, mut quote) = (0i32, None);
    text.char_indices().filter(move |(_, c)| {
        match (quote, c) {
            (Some(open), c) if *c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(*c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, _) => return depth == 0,
        }
        false
    })
}

/// The parts of a text between characters outside of quotes and brackets.
fn pieces<'t>(text: &'t str, at: &[char]) -> Vec<&'t str> {
    let mut out = Vec::new();
    let mut from = 0;
    for (place, _) in outside(text).filter(|(_, c)| at.contains(c)) {
        out.push(&text[from..place]);
        from = place + 1;
    }
    out.push(&text[from..]);
    out
}

/// A text before and behind a word outside of quotes and brackets.
fn cut<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let at = outside(text).map(|(at, _)| at).find(|at| text[*at..].starts_with(word))?;
    Some((&text[..at], &text[at + word.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(method: &str, url: &str) -> Vec<String> {
        let all = requests(Some(method), url).unwrap_or_default();
        all.into_iter().map(|(method, url)| format!("{} {url}", method.unwrap_or_default())).collect()
    }

    #[test]
    fn conditions_of_method_and_address_go_together() {
        let url = "{{ api }}/users{{ ('/' ~ old.id) if old else '' }}";
        assert_eq!(
            all("{{ 'PUT' if old else 'POST' }}", url),
            ["PUT {{ api }}/users/{{ old.id }}", "POST {{ api }}/users"]
        );
        let url = "{{ api }}/users{% if old.id is defined %}/{{ old['id'] }}{% endif %}";
        assert_eq!(
            all("{{ (old.id is not defined) | ternary('POST', 'PUT') }}", url),
            ["PUT {{ api }}/users/{{ old.id }}", "POST {{ api }}/users"]
        );
    }

    #[test]
    fn what_is_no_text_stays_a_name() {
        assert_eq!(
            plain("{{ [api, 'users', id] | join('/') }}").as_deref(),
            Some("{{ api }}/users/{{ id }}")
        );
        assert_eq!(plain("{{ url | regex_replace('/+$', '') }}/v1").as_deref(), Some("{{ url }}/v1"));
        assert_eq!(plain("{{ paths[kind] }}").as_deref(), Some("{{ paths.kind }}"));
        assert_eq!(plain("{{ names | map('x') | first }}").as_deref(), Some("{{ names___map_x____first }}"));
        assert_eq!(plain("{{ a if b else c }}"), None);
        for odd in [
            "{{",
            "{% if a %}",
            "{% else %}",
            "{{ ( }}",
            "{% for a in b %}",
            "{{ ü | d('ü') }}",
            "{{ 'a' if }}",
        ] {
            let _ = requests(None, odd);
        }
    }
}
