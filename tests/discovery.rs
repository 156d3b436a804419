//! Discovery of API documents, offline: `fixtures/discovery/*/case.toml` says
//! what a server answers and what a search must come to, request by request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sunwatch::source::discovery::{Answer, MAX_REQUESTS, Search, Step};
use url::Url;

/// One case: a server and a search.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the pages are modelled on; for readers.
    #[allow(dead_code)]
    about: String,
    /// What is asked for.
    start: String,
    #[serde(default, rename = "answer")]
    answers: Vec<Served>,
    expect: Expected,
    /// Other addresses to start from, on the same server.
    #[serde(default, rename = "also")]
    also: Vec<Also>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Also {
    start: String,
    expect: Expected,
}

/// What the server answers at an address; 404 everywhere else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Served {
    url: String,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default, rename = "type")]
    content_type: Option<String>,
    #[serde(default)]
    links: Vec<String>,
    /// A file of the case's folder.
    #[serde(default)]
    file: Option<String>,
    /// Or the body itself.
    #[serde(default)]
    body: Option<String>,
    /// Where it is in the end, after redirects.
    #[serde(default)]
    redirected_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Where the document's bytes came from.
    #[serde(default)]
    found: Option<String>,
    /// The document's title: it must be readable, and the right one.
    #[serde(default)]
    title: Option<String>,
    /// What the page calls it.
    #[serde(default)]
    name: Option<String>,
    /// The message of the failure.
    #[serde(default)]
    failed: Option<String>,
    /// All requests in order; where a search goes on through the usual places,
    /// those before them.
    requests: Vec<String>,
    /// Whether the usual places were tried to the end.
    #[serde(default)]
    places: bool,
}

/// The outcome of a search: found or failed, and the requests made.
fn search(start: &str, served: &BTreeMap<String, Answer>) -> (Search, Step) {
    let mut search = Search::new(Url::parse(start).unwrap());
    for _ in 0..=MAX_REQUESTS {
        match search.step() {
            Step::Fetch(request) => {
                assert!(request.url.fragment().is_none(), "a fragment is never sent: {}", request.url);
                let missing = Answer {
                    url: request.url.clone(),
                    status: 404,
                    content_type: Some("text/plain".to_owned()),
                    links: Vec::new(),
                    body: b"not here".to_vec(),
                };
                search.answered(served.get(request.url.as_str()).cloned().unwrap_or(missing));
            }
            done => return (search, done),
        }
    }
    panic!("{start}: more than {MAX_REQUESTS} requests");
}

/// What is not as expected, in words.
fn check(case: &str, start: &str, served: &BTreeMap<String, Answer>, expect: &Expected) -> Vec<String> {
    let (search, outcome) = search(start, served);
    let requests: Vec<String> = search.tried().iter().map(|tried| tried.url.to_string()).collect();
    let tried: String = search.tried().iter().map(|tried| format!("\n  {tried}")).collect();
    let (mut found, mut title, mut name, mut failed) = (None, None, None, None);
    match outcome {
        Step::Found(document) => {
            let text = String::from_utf8(document.bytes).unwrap();
            let tree = sunwatch::text::parse(text.into()).unwrap_or_else(|error| panic!("{case}: {error}"));
            found = Some(document.url.to_string());
            title = tree.pointer("/info/title").and_then(|title| title.as_str()).map(str::to_owned);
            name = document.name;
        }
        Step::Failed(failure) => failed = Some(failure.to_string()),
        Step::Fetch(_) => unreachable!(),
    }
    let mut wrong = Vec::new();
    let mut compare = |what: &str, is: String, should: String| {
        if is != should {
            wrong.push(format!("{case}: {start}{tried}\n{what} is {is}\nshould be {should}"));
        }
    };
    compare("found", format!("{found:?}"), format!("{:?}", expect.found));
    compare("title", format!("{title:?}"), format!("{:?}", expect.title));
    compare("name", format!("{name:?}"), format!("{:?}", expect.name));
    compare("failed", format!("{failed:?}"), format!("{:?}", expect.failed));
    if expect.places {
        let first = &requests[..expect.requests.len().min(requests.len())];
        compare("requests", format!("{first:?}"), format!("{:?}", expect.requests));
        compare("places", (requests.len() > first.len() + 10).to_string(), "true".to_owned());
    } else {
        compare("requests", format!("{requests:?}"), format!("{:?}", expect.requests));
    }
    wrong
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/discovery");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("case.toml").is_file())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_case_comes_to_its_document() {
    let folders = folders();
    assert!(folders.len() >= 20, "only {} cases", folders.len());
    let mut wrong = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
        let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let answers = case.answers.iter().map(|served| {
            let body = match (&served.file, &served.body) {
                (Some(file), None) => std::fs::read(folder.join(file)).unwrap(),
                (None, Some(body)) => body.clone().into_bytes(),
                (None, None) => Vec::new(),
                _ => panic!("{name}: a file or a body"),
            };
            let answer = Answer {
                url: Url::parse(served.redirected_to.as_ref().unwrap_or(&served.url)).unwrap(),
                status: served.status.unwrap_or(200),
                content_type: served.content_type.clone(),
                links: served.links.clone(),
                body,
            };
            (served.url.clone(), answer)
        });
        let served: BTreeMap<String, Answer> = answers.collect();
        wrong.extend(check(&name, &case.start, &served, &case.expect));
        for also in &case.also {
            wrong.extend(check(&name, &also.start, &served, &also.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What a page at some address comes to.
fn outcome_of(page: &str, content_type: &str) -> Step {
    let url = Url::parse("https://api.example/docs.html?x").unwrap();
    let answer = Answer {
        url: url.clone(),
        status: 200,
        content_type: Some(content_type.to_owned()),
        links: Vec::new(),
        body: page.as_bytes().to_vec(),
    };
    search(url.as_str(), &BTreeMap::from([(url.to_string(), answer)])).1
}

#[test]
fn hostile_pages_end() {
    let many = |text: &str, times: usize| text.repeat(times);
    let numbered =
        |text: &str, times: usize| (0..times).map(|number| format!("{text}{number} ")).collect::<String>();
    let script = |code: String| format!("<div id=swagger-ui></div><script>{code}</script>");
    let pages = [
        ("nested elements", many("<div><b><a href=x.json>", 60_000)),
        ("open attributes", format!("<redoc {}", many("a='<' ", 60_000))),
        ("attributes", format!("<redoc {} spec-url=/a.json>", numbered("a", 300_000))),
        ("attributes of an end", format!("<redoc></redoc {}>", numbered("a", 300_000))),
        ("attributes in many elements", many(&format!("<redoc {}>", numbered("a", 900)), 2_000)),
        ("attributes after a script", format!("<script>a<b</script {}>", numbered("a", 300_000))),
        ("attributes around angles", format!("<redoc {}>", numbered("b='>' a", 200_000))),
        ("many viewers", many("<redoc spec-url=/a.json></redoc>", 30_000)),
        ("unclosed script", format!("<script>{}", many("SwaggerUIBundle({url:'", 20_000))),
        ("nested arrays", script(many("[", 100_000))),
        ("nested objects", script(format!("SwaggerUIBundle({})", many("{a:", 50_000)))),
        ("nested calls", script(many("f(", 50_000))),
        ("a long sum", script(format!("a = 'x'{}; SwaggerUIBundle({{url: a}})", many(" + 'x'", 50_000)))),
        ("doubling", script(format!("a = 'x';{} SwaggerUIBundle({{url: a}})", many("a = a + a;", 200)))),
        (
            "doubling objects",
            script(format!(
                "a = {{openapi: '3.0.0'}};{} SwaggerUIBundle({{spec: a}})",
                many("a = {openapi: '3.0.0', x: a, y: a};", 200)
            )),
        ),
        ("a deep value", script(format!("a = 1;{} SwaggerUIBundle({{spec: a}})", many("a = [a];", 60_000)))),
        (
            "a deep chain",
            script(format!("t = a = {{}};{} SwaggerUIBundle(t)", many("b = {}; a.x = b; a = b;", 20_000))),
        ),
        (
            "a circle",
            script(
                "a = {openapi: '3.0.0'}; a.spec = a; a.b = [a]; SwaggerUIBundle(a); x = JSON.stringify(a)"
                    .into(),
            ),
        ),
        (
            "recursion",
            script("function f(x) { f(x); f(x); return f([x]); } f(1); SwaggerUIBundle({url: f(2)})".into()),
        ),
        ("functions in functions", script(many("(function(){", 20_000))),
        (
            "a long string, often",
            script(format!("function f() {{ return '{}' }} {}", many("\\n", 100_000), many("f();", 20_000))),
        ),
        (
            "many keys",
            script(format!(
                "a = {{{}}}; for (var k in a) {{ for (var l in a) {{ for (var m in a) {{ a[k] = a[l]; }} }} }} SwaggerUIBundle(a)",
                (0..5_000).map(|n| format!("k{n}: {n},")).collect::<String>()
            )),
        ),
        (
            "many documents",
            script(many(
                "SwaggerUIBundle({spec: {\"openapi\": \"3.0.0\", \"info\": {\"title\": \"a\", \"version\": \"1\"}, \"paths\": {}}});",
                3_000,
            )),
        ),
        ("nested json", format!("<script type=application/json>{}</script>", many("{\"a\":[", 60_000))),
        (
            "odd escapes",
            script(
                r#"SwaggerUIBundle({url: "\u{110000}\xZZ\u\x\
\8", "spec": '\', `${`${`${a}`}`}`})"#
                    .into(),
            ),
        ),
    ];
    for (name, page) in pages {
        let started = std::time::Instant::now();
        let outcome = outcome_of(&page, "text/html");
        assert!(!matches!(outcome, Step::Fetch(_)), "{name}");
        assert!(started.elapsed().as_secs() < 20, "{name} took {:?}", started.elapsed());
    }
}

/// What a page names is shown to the user.
#[test]
fn names_and_addresses_of_a_page_have_an_end() {
    let long = "n".repeat(2_000_000);
    for page in [
        format!("<redoc spec-url='/{long}'></redoc>"),
        format!("<redoc spec-url='/{}'></redoc>", "ü".repeat(2_000)),
        format!("<link rel=service-desc href='/?{long}'>"),
    ] {
        // As if it named none.
        let Step::Failed(failure) = outcome_of(&page, "text/html") else {
            panic!("found in {}", &page[..40])
        };
        assert!(failure.to_string().starts_with("found no API document"), "{:.300}", failure.to_string());
    }
    let config = format!(
        "{{\"urls\": [{{\"url\": \"/a\", \"name\": \"{long}\"}}, {{\"url\": \"/b\", \"name\": \"b\"}}]}}"
    );
    let script = format!("<div id=swagger-ui></div><script>SwaggerUIBundle({config})</script>");
    for (text, kind) in [(&config, "application/json"), (&script, "text/html")] {
        let Step::Failed(failure) = outcome_of(text, kind) else { panic!("found in {kind}") };
        let said = failure.to_string();
        assert!(
            said.len() < 1_000 && said.contains("2 documents: 1 (https://api.example/a), b;"),
            "{said:.1000}"
        );
        assert!(said.contains("choose one, for example https://api.example/docs.html?x#1"), "{said}");
    }
}

#[test]
fn pages_that_lead_to_ever_more_pages_end() {
    let mut search = Search::new(Url::parse("https://api.example/").unwrap());
    let mut asked = 0;
    while let Step::Fetch(request) = search.step() {
        asked += 1;
        assert!(asked <= MAX_REQUESTS);
        let body =
            format!("<meta http-equiv=refresh content='0; url=/p{asked}'><iframe src=/f{asked}></iframe>");
        search.answered(Answer {
            url: request.url,
            status: 200,
            content_type: Some("text/html".to_owned()),
            links: vec![format!("</l{asked}>; rel=service-doc")],
            body: body.into_bytes(),
        });
    }
    assert!(matches!(search.step(), Step::Failed(_)));
}

#[test]
fn only_plain_addresses_are_followed_and_scripts_only_on_the_page_s_own_server() {
    let page = r#"<link rel=service-doc href="https://other.example/docs">
        <script src="https://other.example/swagger-init.js"></script>
        <script src="/own-init.js"></script><div id=swagger-ui></div>
        <redoc spec-url="file:///etc/passwd"></redoc><redoc spec-url="https://user:secret@api.example/a.json"></redoc>
        <redoc spec-url="javascript:alert(1)"></redoc><redoc spec-url="//"></redoc>"#;
    let mut search = Search::new(Url::parse("https://api.example/x?y").unwrap());
    let mut asked = Vec::new();
    while let Step::Fetch(request) = search.step() {
        asked.push(request.url.to_string());
        search.answered(Answer {
            url: request.url,
            status: if asked.len() == 1 { 200 } else { 404 },
            content_type: None,
            links: Vec::new(),
            body: page.as_bytes().to_vec(),
        });
    }
    assert_eq!(asked, ["https://api.example/x?y", "https://api.example/own-init.js"]);
}

#[test]
fn a_server_that_cannot_be_reached_is_not_searched_through() {
    let mut search = Search::new(Url::parse("https://api.example").unwrap());
    assert!(matches!(search.step(), Step::Fetch(_)));
    search.unreachable("connection refused".to_owned());
    let Step::Failed(failure) = search.step() else { panic!("no failure") };
    assert_eq!(failure.to_string(), "cannot fetch https://api.example/: connection refused");
    assert_eq!(search.tried().len(), 1);
}

#[test]
fn broken_pages_never_panic() {
    for folder in folders() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let kind =
                if path.extension().is_some_and(|end| end == "js") { "text/javascript" } else { "text/html" };
            let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(37).collect();
            for end in ends {
                outcome_of(&text[..end], kind);
                outcome_of(&text[end..], kind);
                outcome_of(&format!("{}{}", &text[end..], &text[..end]), kind);
            }
        }
    }
}
