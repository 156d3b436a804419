//! `Link` headers (RFC 8288) and the link relations that lead to API
//! documents.

/// One link: where to, by what relations, of what type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub target: String,
    /// The relations, in small letters.
    pub rels: Vec<String>,
    pub media_type: Option<String>,
    pub title: Option<String>,
}

/// Most links of one header.
const MAX_LINKS: usize = 256;

impl Link {
    /// Whether the target describes the API for machines (RFC 8631), or is an
    /// alternate of a type that only API documents have.
    pub(super) fn describes(&self) -> bool {
        let typed = self.media_type.as_deref().is_some_and(is_document_type);
        self.has("service-desc") || (self.has("alternate") && typed)
    }

    pub(super) fn has(&self, rel: &str) -> bool {
        self.rels.iter().any(|one| one == rel)
    }
}

/// Whether only API documents have this media type.
pub(super) fn is_document_type(media_type: &str) -> bool {
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let subtype = media_type.split_once('/').map_or("", |(_, subtype)| subtype);
    ["vnd.oai.openapi", "openapi", "x-openapi", "swagger", "x-swagger"]
        .iter()
        .any(|name| subtype.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('+')))
}

/// The links of one header value; what is malformed is left out.
pub(super) fn parse(header: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        if links.len() >= MAX_LINKS {
            break;
        }
        let Some(end) = rest[start..].find('>').map(|end| start + end) else { break };
        let target = rest[start + 1..end].trim().to_owned();
        let mut link = Link { target, rels: Vec::new(), media_type: None, title: None };
        rest = parameters(&rest[end + 1..], &mut link);
        links.push(link);
    }
    links
}

/// Reads `; name=value` until the `,` that ends the link; gives what follows.
fn parameters<'t>(text: &'t str, link: &mut Link) -> &'t str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        if rest.is_empty() {
            return rest;
        }
        if let Some(next) = rest.strip_prefix(',') {
            return next;
        }
        let name_end = rest.find(['=', ';', ',']).unwrap_or(rest.len());
        let name = rest[..name_end].trim().to_ascii_lowercase();
        rest = &rest[name_end..];
        let Some(value) = rest.strip_prefix('=') else { continue };
        let (value, after) = quoted_or_token(value.trim_start());
        rest = after;
        match name.as_str() {
            // The first one counts (RFC 8288, 3.3).
            "rel" if link.rels.is_empty() => {
                link.rels = value.split_ascii_whitespace().map(str::to_ascii_lowercase).collect();
            }
            "type" if link.media_type.is_none() => link.media_type = Some(value),
            "title" if link.title.is_none() => link.title = Some(value),
            _ => {}
        }
    }
}

fn quoted_or_token(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, &quoted[at + 1..]),
            _ => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_with_their_relations() {
        let links = parse(
            r#"</a>; rel="next", </openapi.json>;type="application/json; charset=utf-8" ; REL="service-desc item"; title="a, \"b\"", <x"#,
        );
        assert_eq!(links.len(), 2);
        assert!(!links[0].describes());
        assert!(links[1].describes() && links[1].has("item"));
        assert_eq!(links[1].title.as_deref(), Some(r#"a, "b""#));
    }

    #[test]
    fn an_alternate_describes_by_its_type_alone() {
        let alternate = |media_type: &str| {
            parse(&format!("<x>; rel=alternate; type=\"{media_type}\"")).pop().unwrap().describes()
        };
        assert!(alternate("application/vnd.oai.openapi+json;version=3.0"));
        assert!(alternate("application/openapi+yaml"));
        assert!(!alternate("application/json"));
        assert!(!alternate("application/openapis"));
    }

    #[test]
    fn malformed_headers_end() {
        for text in ["<", "<>;", "<a>;=;;,,=\"", "<a>; rel", "<a>;rel=\"x", ",,,<", "<a>;;;;;rel=a<b>"] {
            parse(text);
        }
    }
}
