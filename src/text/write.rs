//! A tree as JSON text: what was put together of several texts can be kept as
//! one. Numbers keep their digits, members their order.

use super::tree::{Kind, Node, Tree};
use super::{MAX_BYTES, Span, SyntaxError};

impl Tree {
    /// Writes the tree as JSON, indented by two. What YAML aliases share is
    /// written wherever it stands.
    ///
    /// # Errors
    /// More than [`MAX_BYTES`], which could not be read again.
    pub fn to_json(&self) -> Result<String, SyntaxError> {
        let mut out = Writer { text: String::new(), level: 0, limit: MAX_BYTES };
        out.value(self.root())?;
        out.text.push('\n');
        Ok(out.text)
    }
}

struct Writer {
    text: String,
    level: usize,
    limit: usize,
}

impl Writer {
    // Recursion ends where that of reading does: trees are no deeper than
    // `MAX_DEPTH`, joined ones by a few levels.
    fn value(&mut self, node: Node<'_>) -> Result<(), SyntaxError> {
        if self.text.len() > self.limit {
            let message =
                format!("as one document it is larger than {} bytes, which is not read", self.limit);
            return Err(SyntaxError { message, span: Span::new(0, 0) });
        }
        match node.kind() {
            Kind::Null => self.text.push_str("null"),
            Kind::Bool => self.text.push_str(if node.as_bool() == Some(true) { "true" } else { "false" }),
            // JSON's own grammar: the readers take nothing else for a number.
            Kind::Number => self.text.push_str(node.number_text().unwrap_or("null")),
            Kind::String => self.string(node.as_str().unwrap_or_default()),
            Kind::Array if node.items().len() == 0 => self.text.push_str("[]"),
            Kind::Object if node.members().len() == 0 => self.text.push_str("{}"),
            Kind::Array => {
                self.open('[');
                for (place, item) in node.items().enumerate() {
                    self.next(place);
                    self.value(item)?;
                }
                self.close(']');
            }
            Kind::Object => {
                self.open('{');
                for (place, (key, value)) in node.members().enumerate() {
                    self.next(place);
                    self.string(key);
                    self.text.push_str(": ");
                    self.value(value)?;
                }
                self.close('}');
            }
        }
        Ok(())
    }

    fn string(&mut self, text: &str) {
        self.text.push_str(&serde_json::Value::from(text).to_string());
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.level += 1;
    }

    fn next(&mut self, place: usize) {
        if place > 0 {
            self.text.push(',');
        }
        self.line();
    }

    fn close(&mut self, bracket: char) {
        self.level -= 1;
        self.line();
        self.text.push(bracket);
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.level));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::parse;

    fn written(text: &str) -> String {
        parse(text.into()).unwrap().to_json().unwrap()
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let yaml = "a: 2.20\nb: '2.20'\nc: [1e3, -0, 0x1F, .inf, yes, ~, true]\n'd \"e': {}\nf: []\n? 200\n: |\n  x\n  y\n";
        let json = written(yaml);
        assert_eq!(
            json,
            r#"{
  "a": 2.20,
  "b": "2.20",
  "c": [
    1e3,
    -0,
    "0x1F",
    ".inf",
    "yes",
    null,
    true
  ],
  "d \"e": {},
  "f": [],
  "200": "x\ny\n"
}
"#
        );
        assert_eq!(written(&json), json);
    }

    #[test]
    fn strings_are_escaped() {
        let text = "{\"\\u0000\\ud83d\\ude00\\\\/\":\"\\b\\f\\n\\r\\t\\u001f\u{2028}é\"}";
        let again: serde_json::Value = serde_json::from_str(&written(text)).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(text).unwrap());
    }

    #[test]
    fn aliases_are_written_out_and_no_more_than_can_be_read() {
        let mut text = format!("- &a {:?}\n- [*a, *a]\n", "x".repeat(100));
        assert!(written(&text).matches("xx\"").count() == 3);
        text.push_str("- [*a, *a, *a, *a]\n");
        let tree = parse(text.as_str().into()).unwrap();
        let mut out = Writer { text: String::new(), level: 0, limit: 500 };
        let error = out.value(tree.root()).unwrap_err().to_string();
        assert!(error.contains("larger than 500 bytes"), "{error}");
    }

    #[test]
    fn deep_values_are_written() {
        let text = format!("{}{}", "[".repeat(250), "]".repeat(250));
        assert_eq!(written(&text).chars().filter(|c| *c == '[').count(), 250);
    }
}
