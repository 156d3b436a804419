//! Deprecation and replacements read out of prose. All texts are made up;
//! their shapes are those of real documents.

use sunwatch::document::{
    Described, Method, Replacement, Subject, Target, Wording, deprecated_values, deprecation, deprecation_of,
    replacement, replacement_of,
};

/// Collects what went wrong, so that one run shows all of it.
#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn check<T: PartialEq + std::fmt::Debug>(&mut self, text: &str, found: T, expected: T) {
        if found != expected {
            self.0.push(format!("{text}\n    found    {found:?}\n    expected {expected:?}"));
        }
    }
    fn none(&self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

/// Says so of its own subject, whatever that is.
const YES: &[&str] = &[
    "Deprecated - please use api/v1/parcels instead",
    "Adds a driver. This endpoint requires the OWNER role. Deprecated endpoint. Use the new endpoint api/v1/drivers/{driverId} instead.",
    "Deprecated in favor of the new endpoint api/v1/vans.",
    "Deprecated in favour of the new endpoint api/v1/vans.",
    "(deprecated - use depotId instead)",
    "UUID of the depot that sends the parcel. (deprecated - use depotId instead).",
    "deprecated. use freeVans instead",
    "[deprecated]",
    "(deprecated)",
    "**DEPRECATED**: lists vans",
    "**Deprecated** lists vans",
    "This endpoint is deprecated. Use the other one.",
    "Lists vans.\nThis endpoint is deprecated.  Use /api/v1/vans with the kind parameter set to big instead",
    "DEPRECATED since 2.3",
    "Deprecated since v3.1.4",
    "Obsolete: use vans",
    "OBSOLETE.",
    "This parameter has been deprecated",
    "Will be removed in 2.0",
    "Vans only. This parameter will be removed in a future release.",
    "This route will be removed in 2.0.",
    "This operation is scheduled for removal.",
    "No longer supported; use vans",
    "No longer in use.",
    "This option is no longer supported.",
    "This API will no longer be supported as of April 2031.",
    "This field is not supported anymore.",
    "(Deprecated) Lists vans",
    "Lists vans (Deprecated)",
    "Lists vans and drivers (deprecated)",
    "Lists vans [DEPRECATED]",
    "Lists vans (Deprecated, use depots instead)",
    "Lists vans - DEPRECATED",
    "Lists vans DEPRECATED",
    "[DEPRECATED] Lists vans",
    "DEPRECATED: Does the van run?",
    "Lists vans. DEPRECATED!",
    "<p><strong>Deprecated</strong></p><p>Lists vans</p>",
    "<b>Note:</b> This endpoint has been <em>deprecated</em>.",
    "__NOTE: This route is deprecated. Please use `GET /vans`.__",
    "> **Deprecated**: This field is only filled for the default depot.",
    "WARNING: this method is obsolete",
    "Counts vans. The endpoint is deprecated.",
    "This legacy van endpoint is now officially deprecated.",
    "The use of this property is deprecated.",
    "This is a deprecated endpoint.",
    "A deprecated property denoting a depot.",
    "This option is no longer read and has been deprecated.",
    "Filters by place, this filter is deprecated, please use depot instead",
    "Method deprecated.",
    "We have deprecated this endpoint.",
    "This endpoint was retired in March.",
    "Depricated, use stage instead",
    "Deprecated => use stage",
    "The vans.Deprecated. Use `depots`.",
    "Size of a page, deprecated - use limit",
    "Code of a van. Example: A7 (Deprecated - please use plate instead)",
    "This endpoint has been replaced by `/vans`.",
    "Deprecated Get vans",
    "Deprecated: true",
    "(Required) Deprecated: use `vans`.",
    "Sorts the vans Deprecated, use order",
    "This route still answers, but is deprecated.",
    "This endpoint for old vans is deprecated.",
    "This version of the API has been deprecated.",
    "This option is in the process of being deprecated.",
    "This parameter is no longer available.",
    "[Output only] Deprecated. Take `vans`.",
    "**Deprecation notice:** this endpoint is deprecated.",
    "Depot of the van\nDeprecated",
    "Ein Fahrzeug. Deprecated: use `größe`.",
];

/// Speaks of something else, or leaves it open.
const NO: &[&str] = &[
    "",
    "Lists vans",
    "Replaces the deprecated 'van' field",
    "Cleans up vans that are no longer needed",
    "Read by depots of versions < 2.20",
    "Useful when one driver per van no longer applies",
    "This is not deprecated",
    "This endpoint is no longer deprecated.",
    "returns deprecated items too",
    "include deprecated models",
    "list of deprecated versions",
    "whether the van is deprecated",
    "Whether this endpoint is deprecated",
    "If this field is deprecated, it is null.",
    "Is this field deprecated?",
    "Currently, with more than one van it is not possible to give values for size, weight or colorCode [deprecated]",
    "Stated in terms of size, weight or color code [deprecated].",
    "deprecatedAt timestamp of the van",
    "Filter by deprecated flag",
    "Deprecated vans are listed too.",
    "Deprecated versions",
    "The van will be removed from the depot.",
    "Will be removed automatically after 30 days.",
    "This value will be removed.",
    "The van is deprecated.",
    "The `color` field is deprecated.",
    "The vans API is deprecated.",
    "Uses the vans endpoint, which is deprecated.",
    "Replaces the old flow (deprecated).",
    "Sorts by `color` (deprecated)",
    "Either `size` or `color` (deprecated) is needed.",
    "* `OLD` - deprecated\n* `NEW` - current",
    "| size | deprecated |\n| color | fine |",
    "<ul><li>size</li><li>Deprecated.</li></ul>",
    "The state, e.g. \"DEPRECATED\" or \"FINE\".",
    "`DEPRECATED`: the van is at its end",
    "This field may be deprecated in the future.",
    "This user no longer exists.",
    "The van is obsolete and should be sold.",
    "Marks the van as deprecated.",
    "Deprecates the van.",
    "Names of locked vans, i.e. those that cannot be removed.",
    "Depreciated value of the van",
    "Discontinued",
    "```\nThis endpoint is deprecated.\n```",
    "Deprecated: `size`, `color`",
    "Replaced by the value of the depot if it is empty.",
    "Deprecation notice: the following fields will go.",
    "This parameter is deprecated if vans are shared.",
    "This is a trial option and may move or be removed in the future.",
    "**Deprecation notice**:\nThe size field of the van is deprecated.",
    "This resource is no longer available.",
    "This message tells why a van version is discontinued.",
    "If you do not care about vans, then this is deprecated.",
];

#[test]
fn texts_that_say_it() {
    for text in YES {
        let found = deprecation(text);
        assert!(found.is_some(), "missed: {text}");
        let sentence = found.unwrap().sentence;
        assert!(text.get(sentence).is_some_and(|s| !s.is_empty()), "no sentence: {text}");
    }
}

#[test]
fn false_friends() {
    let mut failures = Failures::default();
    for text in NO {
        failures.check(text, deprecation(text), None);
    }
    failures.none();
}

#[test]
fn the_sentence_and_its_wording() {
    let cases = [
        ("Lists vans. Deprecated - use vans2. More.", "Deprecated - use vans2.", Wording::Deprecated),
        (
            "Zählt Wagen. This field will be removed in 3.0!",
            "This field will be removed in 3.0!",
            Wording::Removal,
        ),
        ("A. This field is no longer used.", "This field is no longer used.", Wording::Unsupported),
        (
            "A. This field will be deprecated in 3.0.",
            "This field will be deprecated in 3.0.",
            Wording::Planned,
        ),
        ("Lists vans (to be deprecated)", "Lists vans (to be deprecated)", Wording::Planned),
    ];
    for (text, sentence, wording) in cases {
        let found = deprecation(text).unwrap();
        assert_eq!((&text[found.sentence], found.wording), (sentence, wording));
    }
}

fn op(method: Option<&str>, path: &str) -> Target {
    Target::Operation { method: method.map(Method::new), path: path.to_owned() }
}
fn field(name: &str) -> Target {
    Target::Field(name.to_owned())
}
fn words(text: &str) -> Target {
    Target::Text(text.to_owned())
}

#[test]
fn replacements() {
    let mut failures = Failures::default();
    let cases: Vec<(&str, &str, Vec<Target>)> = vec![
        (
            "Deprecated - use `/api/v1/vans` instead.",
            "use `/api/v1/vans` instead",
            vec![op(None, "/api/v1/vans")],
        ),
        (
            "Renames a van. Deprecated, please use PATCH /api/v1/vans/{id} instead.",
            "please use PATCH /api/v1/vans/{id} instead",
            vec![op(Some("PATCH"), "/api/v1/vans/{id}")],
        ),
        ("Deprecated, use api/v1/vans", "use api/v1/vans", vec![op(None, "/api/v1/vans")]),
        (
            "Deprecated endpoint. Use the new endpoint api/v1/vans instead and api/v1/fleet/keys to hand out keys.",
            "Use the new endpoint api/v1/vans instead and api/v1/fleet/keys to hand out keys",
            vec![op(None, "/api/v1/vans"), op(None, "/api/v1/fleet/keys")],
        ),
        ("Deprecated. Use [Keys](#tag/Keys) instead", "Use [Keys](#tag/Keys) instead", vec![words("Keys")]),
        (
            "Lists keys. Deprecated endpoint. please reffer to Keys & Locks API.",
            "please reffer to Keys & Locks API",
            vec![words("Keys & Locks API")],
        ),
        (
            "Deprecated. Instead, use `count` for the relevant van under `DepotVans`. Vans of the depot.",
            "Instead, use `count` for the relevant van under `DepotVans`",
            vec![field("count")],
        ),
        (
            "Deprecated. Instead, use the lockkeys API to hand out keys.",
            "Instead, use the lockkeys API to hand out keys",
            vec![words("the lockkeys API")],
        ),
        ("Deprecated. Replaced by `vans`.", "Replaced by `vans`", vec![field("vans")]),
        ("Deprecated in favor of `vans`.", "in favor of `vans`", vec![field("vans")]),
        ("Deprecated, superseded by depotVans", "superseded by depotVans", vec![field("depotVans")]),
        ("Deprecated, migrate to /v2/vans.", "migrate to /v2/vans", vec![op(None, "/v2/vans")]),
        ("Deprecated: see `vans` instead", "see `vans` instead", vec![field("vans")]),
        (
            "This endpoint is deprecated.  Use /api/v1/keys with the kind parameter set to spare_key instead, with `id` set",
            "Use /api/v1/keys with the kind parameter set to spare_key instead, with `id` set",
            vec![op(None, "/api/v1/keys")],
        ),
        ("deprecated. use freeVans instead", "use freeVans instead", vec![field("freeVans")]),
        ("Van key. (deprecated - use keyId instead).", "use keyId instead", vec![field("keyId")]),
        (
            "Deprecated, use `a`, `b` or `c` instead",
            "use `a`, `b` or `c` instead",
            vec![field("a"), field("b"), field("c")],
        ),
        (
            "Deprecated. Use the colors parameter instead.",
            "Use the colors parameter instead",
            vec![field("colors")],
        ),
        (
            "Deprecated - use https://vans.example.com/api/v2/vans?all=1#top instead",
            "use https://vans.example.com/api/v2/vans?all=1#top instead",
            vec![op(None, "/api/v2/vans")],
        ),
        (
            "Deprecated - use /api/v1/vans.color instead",
            "use /api/v1/vans.color instead",
            vec![op(None, "/api/v1/vans.color")],
        ),
        (
            "Deprecated: use `GET /vans` or `POST /vans`",
            "use `GET /vans` or `POST /vans`",
            vec![op(Some("GET"), "/vans"), op(Some("POST"), "/vans")],
        ),
        (
            "DEPRECATED. Please see vans/van/{vanId} PUT for more.",
            "Please see vans/van/{vanId} PUT for more",
            vec![op(Some("PUT"), "/vans/van/{vanId}")],
        ),
        (
            "This is deprecated. `vans` should be used instead.",
            "`vans` should be used instead",
            vec![field("vans")],
        ),
        (
            "Deprecated: use PUT/POST and/or color",
            "use PUT/POST and/or color",
            vec![words("PUT/POST and/or color")],
        ),
        (
            "Deprecated. Use the facts in the depot instead.",
            "Use the facts in the depot instead",
            vec![words("the facts")],
        ),
        (
            "Replaced. This is deprecated and replaced by <em>van_id</em>.",
            "replaced by van_id",
            vec![field("van_id")],
        ),
        ("Deprecated, use X instead of /v1/vans", "use X instead of /v1/vans", vec![field("X")]),
    ];
    for (text, clause, targets) in cases {
        failures.check(
            text,
            replacement(text, false),
            Some(Replacement { text: clause.to_owned(), targets }),
        );
    }
    failures.none();
}

#[test]
fn replacements_of_what_is_flagged() {
    let mut failures = Failures::default();
    for text in [
        "Use `vans` instead.",
        "Lists. Replaced by vans.",
        "In favor of `vans`",
        "Migrate to `vans`.",
        "See `vans` instead",
    ] {
        assert_eq!(replacement(text, false).map(|r| r.targets), None, "{text}");
        assert_eq!(replacement(text, true).map(|r| r.targets), Some(vec![field("vans")]), "{text}");
    }
    let silent = [
        "",
        "Use to update the colour of a van.",
        "Lists vans. Use in reports. See also the handbook.",
        "Use this endpoint to list vans.",
        "Use `all` to see every van.",
        "Sets the colour. All keys are replaced by the given ones.",
        // The advice is about something else.
        "Lists vans. The `size` parameter is deprecated. Use `kind` instead.",
        "Lists vans. The `size` parameter is deprecated, use `kind` instead.",
        "Deprecated. Any value is ignored.",
        "Deprecated. Do not use.",
        "Deprecated. For more information, see the blog.",
        "Deprecated, see [Change notice: vans](https://docs.example.com/vans)",
    ];
    for text in silent {
        failures.check(text, replacement(text, true), None);
    }
    failures.none();
    let subject = Subject::new(Described::Field, &["size"]);
    let text = "The `size` field is deprecated. Use `kind` instead.";
    assert_eq!(replacement_of(text, &subject, false).unwrap().targets, [field("kind")]);
}

#[test]
fn long_and_hostile_texts_end_soon() {
    let pieces = [
        "{",
        "[",
        "<",
        "`",
        "/",
        "deprecated ",
        "is deprecated and ",
        "this ",
        "```\n",
        "(",
        "\"",
        ".",
        "a/{",
        "](",
        "use ",
        "- ",
        "'",
        "é",
        "use instead ",
    ];
    for piece in pieces {
        let text = format!("deprecated {}", piece.repeat(100_000 / piece.len()));
        let start = std::time::Instant::now();
        let _ = deprecation(&text);
        let _ = replacement(&text, true);
        let _ = deprecated_values(&text, &["this", "a"]);
        assert!(start.elapsed().as_secs() < 10, "{piece:?} took {:?}", start.elapsed());
    }
}

proptest::proptest! {
    #[test]
    fn never_panics(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "deprecated", "Deprecated", "use ", "instead", "`", "/v1/{id}", "[", "](", ")", "(", "é", "…", "“", "”", "<b>", "<", ">",
                ". ", ", ", " - ", "\n", "* ", "```", "this field ", "is ", "no longer supported", "&nbsp;", "&", "'", "\"", "{", "}", ":",
                "https://", "see ", "replaced by ", "in favor of ", "removed in 2.0", "will be ", "and ", "日本", "\u{301}", "a.b", "?", "|",
            ]),
            0..24,
        ),
        noise in ".{0,6}",
        known: bool,
    ) {
        let text = format!("{}{noise}{}", parts.concat(), parts.join(" "));
        if let Some(found) = deprecation(&text) {
            proptest::prop_assert!(text.get(found.sentence).is_some());
        }
        if let Some(found) = replacement(&text, known) {
            proptest::prop_assert!(found.text.len() < 210);
        }
        let _ = deprecated_values(&text, &["this", "field", "a.b", noise.as_str()]);
    }
}

/// Runs over real documents and lists what a person should read: texts that
/// are called deprecated where no flag is, flagged ones that use the word but
/// are not. Run with `SUNWATCH_SPECS=... cargo test --test it prose:: -- --ignored --nocapture`.
#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn real_documents() {
    let root =
        std::path::PathBuf::from(std::env::var_os("SUNWATCH_SPECS").expect("SUNWATCH_SPECS names a folder"));
    let mut tally = Tally::default();
    for folder in ["runai", "kubernetes"] {
        let mut files: Vec<_> =
            std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "json")) {
            let document = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
            tally.walk(&document, "");
        }
    }
    for (what, texts) in [("said, no flag", &tally.unflagged), ("flag and word, not said", &tally.missed)] {
        println!("== {what}: {}", texts.len());
        texts.iter().for_each(|text| println!("{text}"));
    }
    println!("{} texts, {} said and flagged", tally.texts, tally.agreed);
    // Every flagged text of these documents that has the word says it of itself.
    assert!(tally.missed.is_empty());
    assert!(tally.agreed > 0);
}

#[derive(Default)]
struct Tally {
    texts: usize,
    agreed: usize,
    unflagged: std::collections::BTreeSet<String>,
    missed: std::collections::BTreeSet<String>,
}

impl Tally {
    fn walk(&mut self, value: &serde_json::Value, key: &str) {
        match value {
            serde_json::Value::Object(object) => {
                let flagged = object.get("deprecated").is_some_and(|flag| flag == true);
                for name in ["summary", "description"] {
                    if let Some(text) = object.get(name).and_then(|text| text.as_str()) {
                        self.judge(text, key, flagged);
                    }
                }
                object.iter().for_each(|(key, value)| self.walk(value, key));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| self.walk(item, key)),
            _ => {}
        }
    }

    fn judge(&mut self, text: &str, name: &str, flagged: bool) {
        self.texts += 1;
        let what = if Method::KEYS.contains(&name) { Described::Operation } else { Described::Anything };
        let said = deprecation_of(text, &Subject::new(what, &[name])).is_some();
        let word = text.to_ascii_lowercase().contains("deprecated");
        self.agreed += usize::from(said && flagged);
        if said && !flagged {
            self.unflagged.insert(text.to_owned());
        } else if flagged && word && !said {
            self.missed.insert(text.to_owned());
        }
    }
}
