//! serde over the tree: typed values are read straight from a value, and what
//! does not fit is named with its place.

use std::fmt;

use serde::de::{self, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::tree::{Kind, Node, Span};

/// Why a value did not fit a type, and where.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct DeError {
    /// What was expected and found, in serde's words.
    pub message: String,
    /// The innermost value that is to blame, where it is known.
    pub span: Option<Span>,
}

impl de::Error for DeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), span: None }
    }
}

fn at(node: Node<'_>) -> impl FnOnce(DeError) -> DeError + '_ {
    move |error| DeError { span: error.span.or(Some(node.span())), ..error }
}

impl<'t> Node<'t> {
    /// Reads the value as a typed one.
    ///
    /// # Errors
    /// What serde says, with the place of the value it speaks of.
    pub fn read<T: serde::Deserialize<'t>>(self) -> Result<T, DeError> {
        T::deserialize(self)
    }

    /// Reads an object as a typed one without its entries under `left_out`; those
    /// under `emptied` are given as empty objects, whether present or not.
    ///
    /// For types whose heavy members have readers of their own.
    ///
    /// # Errors
    /// As [`Node::read`].
    pub fn read_without<T: serde::Deserialize<'t>>(
        self,
        left_out: &[&str],
        emptied: &[&'t str],
    ) -> Result<T, DeError> {
        let entries =
            self.entries().filter(|entry| !left_out.contains(&entry.key) && !emptied.contains(&entry.key));
        let access = WithEmptied {
            entries: Entries { rest: entries, value: None },
            emptied: emptied.iter(),
            empty: false,
        };
        T::deserialize(de::value::MapAccessDeserializer::new(access)).map_err(at(self))
    }

    /// The value as plain JSON. Numbers keep their digits as far as
    /// serde_json's numbers can hold them.
    pub fn to_json(self) -> serde_json::Value {
        use serde_json::Value;
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(self.as_bool() == Some(true)),
            Kind::Number => {
                self.number_text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
            }
            Kind::String => Value::String(self.as_str().unwrap_or_default().to_owned()),
            Kind::Array => Value::Array(self.items().map(Node::to_json).collect()),
            Kind::Object => Value::Object(
                self.entries().map(|entry| (entry.key.to_owned(), entry.value.to_json())).collect(),
            ),
        }
    }
}

impl<'t> de::Deserializer<'t> for Node<'t> {
    type Error = DeError;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DeError> {
        let value = match self.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool => visitor.visit_bool(self.as_bool() == Some(true)),
            Kind::Number => {
                let text = self.number_text().unwrap_or_default();
                if let Ok(value) = text.parse::<u64>() {
                    visitor.visit_u64(value)
                } else if let Ok(value) = text.parse::<i64>() {
                    visitor.visit_i64(value)
                } else {
                    visitor.visit_f64(text.parse().unwrap_or(f64::NAN))
                }
            }
            Kind::String => visitor.visit_borrowed_str(self.as_str().unwrap_or_default()),
            Kind::Array => visitor.visit_seq(Items(self.items())),
            Kind::Object => visitor.visit_map(Entries { rest: self.entries(), value: None }),
        };
        value.map_err(at(self))
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DeError> {
        match self.kind() {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        match self.as_str() {
            Some(text) => visitor.visit_enum(text.into_deserializer()).map_err(at(self)),
            None => visitor
                .visit_enum(de::value::MapAccessDeserializer::new(Entries {
                    rest: self.entries(),
                    value: None,
                }))
                .map_err(at(self)),
        }
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<I>(I);

impl<'t, I: Iterator<Item = Node<'t>>> SeqAccess<'t> for Items<I> {
    type Error = DeError;
    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, DeError> {
        self.0.next().map(|node| seed.deserialize(node).map_err(at(node))).transpose()
    }
}

struct Entries<'t, I> {
    rest: I,
    value: Option<Node<'t>>,
}

impl<'t, I: Iterator<Item = super::Entry<'t>>> MapAccess<'t> for Entries<'t, I> {
    type Error = DeError;
    fn next_key_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, DeError> {
        let Some(entry) = self.rest.next() else { return Ok(None) };
        self.value = Some(entry.value);
        seed.deserialize(de::value::BorrowedStrDeserializer::new(entry.key)).map(Some)
    }
    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, DeError> {
        match self.value.take() {
            Some(node) => seed.deserialize(node).map_err(at(node)),
            None => Err(de::Error::custom("a value was asked for before its key")),
        }
    }
}

/// The entries of an object, then keys whose values are empty objects.
struct WithEmptied<'t, 'k, I> {
    entries: Entries<'t, I>,
    emptied: std::slice::Iter<'k, &'t str>,
    empty: bool,
}

impl<'t, I: Iterator<Item = super::Entry<'t>>> MapAccess<'t> for WithEmptied<'t, '_, I> {
    type Error = DeError;
    fn next_key_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, DeError> {
        match self.entries.rest.next() {
            Some(entry) => {
                self.entries.value = Some(entry.value);
                seed.deserialize(de::value::BorrowedStrDeserializer::new(entry.key)).map(Some)
            }
            None => {
                let Some(key) = self.emptied.next() else { return Ok(None) };
                self.empty = true;
                seed.deserialize(de::value::BorrowedStrDeserializer::new(key)).map(Some)
            }
        }
    }
    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, DeError> {
        if self.empty {
            let nothing = std::iter::empty::<(&str, &str)>();
            return seed.deserialize(de::value::MapDeserializer::<_, DeError>::new(nothing));
        }
        self.entries.next_value_seed(seed)
    }
}

#[cfg(test)]
mod tests {
    use crate::text::parse;

    #[test]
    fn typed_values_and_their_mistakes() {
        let tree = parse(r#"{"url": "https://a.example", "description": 7}"#.into()).unwrap();
        let error = tree.root().read::<openapiv3::Server>().unwrap_err();
        assert_eq!(tree.position(error.span.unwrap().start).to_string(), "1:45");
        assert!(error.message.contains("expected a string"), "{}", error.message);
        let tree = parse("{url: 'https://a.example'}".into()).unwrap();
        assert_eq!(tree.root().read::<openapiv3::Server>().unwrap().url, "https://a.example");
        assert_eq!(tree.root().to_json(), serde_json::json!({"url": "https://a.example"}));
    }
}
