//! The network from outside, against servers of our own: what is sent, what is
//! not, and what is said. Times are scaled by the options.
//!
//! Where each promise about the network is tested, here, in `pull.rs`,
//! `references.rs` and `discovery.rs` (`fixtures/discovery` has the pages of each
//! documentation viewer, links and catalogs); the names are checked below:
//!
//! | promise | tests |
//! | --- | --- |
//! | an address of a document, a page, a control plane | `a_document_comes_as_it_is`, `every_case_comes_to_its_document`, `upgrade_between_two_addresses` |
//! | `Link: rel=service-desc`, RFC 9727 | `every_case_comes_to_its_document` (links, api-catalog) |
//! | several documents: which, and a choice | `several_documents_are_the_users_choice` |
//! | each step, what was tried, what came back | `steps_are_told_and_waits_shown_only_when_they_are_long`, `a_failure_lists_what_was_tried_and_what_came_back` |
//! | `-o`, `--archive` | `pull_writes_the_document_of_a_named_source`, `an_archive_is_a_source_itself`, `what_is_no_document_is_not_kept` |
//! | a document of many files is kept whole or not at all | `a_document_of_many_files_is_kept_as_one`, `a_document_that_refers_to_itself_by_name_can_be_renamed`, `a_document_without_parts_is_kept_as_it_was_served`, `what_is_not_whole_is_not_kept` |
//! | wrong types, cut, oversized, no HTTP | `a_document_is_known_by_its_text_not_by_its_type`, `what_is_cut_short_is_asked_for_again_and_never_taken`, `answers_are_limited_after_unpacking`, `what_is_no_http_is_said_so` |
//! | tokens for id and secret: Run:ai, Keycloak, OAuth 2 | `run_ai_gives_a_token_for_id_and_secret`, `a_realm_of_keycloak_gives_the_token`, `oauth2_is_form_encoded`, `oauth2_credentials_go_into_the_header_where_that_is_wanted` |
//! | every way of authentication, from a policy | `every_way_of_authentication_of_a_policy` |
//! | tokens that end; endpoints that lie | `a_token_that_ends_is_renewed_once`, `a_token_is_renewed_before_it_ends`, `lying_token_endpoints` |
//! | connect, read, whole time | `a_connection_that_does_not_come_about_is_given_up`, `silence_ends` |
//! | repetitions, backoff, `Retry-After` | `a_busy_server_is_asked_again_when_it_says`, `a_day_in_retry_after_is_counted_by_the_servers_own_clock`, `trouble_does_not_multiply`, `what_does_not_change_is_not_asked_again` |
//! | gzip, brotli | `packed_answers_are_unpacked`, `answers_are_limited_after_unpacking` |
//! | redirects | `redirects_are_followed_with_an_end`, `redirects_to_strange_places_are_refused` |
//! | proxy, `NO_PROXY` | `a_proxy_is_used_but_not_for_this_machine` |
//! | trust: system, `--ca-cert`, `--insecure` said loudly | `certificates_are_checked`, `the_system_is_trusted`, `whom_to_trust_is_said_by_options`, `insecure_is_said_whatever_was_asked` |
//! | client certificates | `a_client_certificate_is_shown_on_request`, `a_client_certificate_is_shown_to_its_own_server_alone` |
//! | the cache, `--offline` | `what_has_not_changed_is_not_sent_again`, `a_lying_304_is_no_answer`, `offline_answers_from_what_was_fetched`, `the_cache_keeps_users_apart_and_holds_no_secret`, `what_must_not_be_kept_is_not` |
//! | both sides at the same time | `sources_are_asked_at_the_same_time`, `both_sides_are_fetched_at_the_same_time` |
//! | nothing of the network where only files are asked for | `files_alone_set_up_no_network` |
//! | what was meant by a wrong address | `a_forgotten_or_wrong_scheme_is_said` |
//! | a line on a terminal | `a_long_wait_is_shown_on_a_terminal_and_nowhere_else` |
//! | secrets are not shown | `a_wrong_secret_is_said_and_not_shown`, `a_wrong_secret_says_what_to_fix`, `a_server_that_repeats_a_secret_is_not_repeated`, `what_a_server_repeats_is_kept_nowhere`, `passwords_in_addresses_are_refused_and_not_repeated` |
//! | secrets are not sent elsewhere | `credentials_stay_with_their_origin`, `who_comes_back_brings_no_credentials`, `secrets_are_not_sent_on`, `credentials_need_tls_or_this_machine`, `a_page_behind_tls_names_nothing_in_the_open` |
//! | `$ref`: own origin, own folder | `a_document_refers_to_its_own_origin_with_its_credentials`, `a_reference_to_another_origin_sends_nothing`, `what_is_not_followed_is_said_at_its_place`, `a_folder_can_be_allowed`, `links_and_pipes_lead_nowhere`, `what_a_document_refers_to_comes_within_its_time_or_not_at_all` |
//! | private networks | `nobody_public_leads_into_a_private_network`, `a_user_may_ask_for_any_network` |
//! | hostile pages and words | `hostile_pages_end`, `pages_that_lead_to_ever_more_pages_end`, `broken_pages_never_panic`, `names_and_addresses_of_a_page_have_an_end`, `a_server_does_not_paint_the_terminal`, `nor_does_a_document` |
//! | which release | `a_version_endpoint_tells_the_release`, `releases_of_a_policy_may_be_in_the_network`, `upgrade_between_two_addresses` |

use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::server::{Asked, Reply, Server, brotli, document, gzip};
use sunwatch::source::Fetched;
use sunwatch::source::http::*;

/// Quick and without a proxy; waits are a hundredth of the usual.
fn options() -> Options {
    let start = Instant::now();
    let mut options = Options::new(Arc::new(move || Duration::from_secs(1_000_000) + start.elapsed()));
    options.proxy = false;
    options.retries.first = Duration::from_millis(4);
    options.retries.longest = Duration::from_millis(40);
    options.timeouts.connect = Duration::from_secs(5);
    options
}

fn ask(url: &str) -> Ask {
    Ask::new(url).unwrap()
}

fn named(name: &str, value: &str) -> Named {
    Named { name: name.to_owned(), value: Secret::new(value) }
}

/// `Authorization: Bearer hunter2hunter2`.
fn with_bearer(url: &str) -> Ask {
    Ask { credentials: Credentials::Bearer(named("API_TOKEN", "hunter2hunter2")), ..ask(url) }
}

fn with_client(url: &str, exchange: Exchange) -> Ask {
    let (id, secret) = (named("API_ID", "my-client"), named("API_SECRET", "s3cret/+value"));
    Ask { credentials: Credentials::Client { id, secret, exchange }, ..ask(url) }
}

const RUN_AI: Exchange = Exchange::RunAi { token_url: None, realm: None };

fn fetch_with(ask: Ask, options: Options) -> Result<Fetched, NetworkError> {
    fetch_all(vec![ask], &Arc::new(options)).pop().unwrap()
}

fn fetch(ask: Ask) -> Result<Fetched, NetworkError> {
    fetch_with(ask, options())
}

fn api() -> Reply {
    Reply::json(document("api", &["/a"]))
}

#[track_caller]
fn fails(ask: Ask, expected: &str) -> String {
    let error = fetch(ask).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    error
}

#[test]
fn a_document_comes_as_it_is() {
    let server = Server::always(api());
    let fetched = fetch(ask(&server.url("/openapi.json"))).unwrap();
    assert_eq!(fetched.bytes, document("api", &["/a"]).into_bytes());
    assert_eq!(fetched.release, None);
    let asked = &server.asked()[0];
    assert!(asked.header("user-agent").unwrap().starts_with("sunwatch/"));
    assert!(asked.header("accept-encoding").unwrap().contains("br"));
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(asked.header("referer"), None);
}

#[test]
fn what_the_table_above_names_is_there() {
    let files = [
        include_str!("network.rs"),
        include_str!("pull.rs"),
        include_str!("discovery.rs"),
        include_str!("references.rs"),
    ];
    let rows = files[0].lines().filter_map(|line| line.strip_prefix("//! | "));
    let cells = rows.filter_map(|row| row.split(" | ").nth(1));
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let mut count = 0;
    for name in names {
        count += 1;
        let function = format!("#[test]\nfn {name}() {{");
        assert!(files.iter().any(|file| file.contains(&function)), "{name}");
    }
    assert!(count > 50, "{count}");
}

#[test]
fn a_document_is_known_by_its_text_not_by_its_type() {
    let yaml = "openapi: 3.0.3\ninfo: {title: api, version: '1'}\npaths: {}\n";
    for text in [document("api", &["/a"]), yaml.to_owned()] {
        for kind in ["text/plain", "text/html", "application/octet-stream", "image/png", "no type at all"] {
            let reply = Reply::new(200).header("content-type", kind).body(text.clone());
            assert_eq!(
                fetch(ask(&Server::always(reply).url("/x"))).unwrap().bytes,
                text.as_bytes(),
                "{kind}"
            );
        }
        let untyped = Reply::new(200).body(text.clone());
        assert_eq!(fetch(ask(&Server::always(untyped).url("/x"))).unwrap().bytes, text.as_bytes());
    }
}

#[test]
fn sources_are_asked_at_the_same_time() {
    // Each server answers only when both were asked.
    let both = Arc::new(std::sync::Barrier::new(2));
    let server = || {
        let both = Arc::clone(&both);
        Server::new(move |_| {
            both.wait();
            api()
        })
    };
    let (one, other) = (server(), server());
    let asks = vec![ask(&one.url("/1.json")), ask(&other.url("/2.json"))];
    let mut options = options();
    options.timeouts.request = Duration::from_secs(10);
    let results = fetch_all(asks, &Arc::new(options));
    let releases: Vec<String> = results
        .into_iter()
        .map(|result| result.unwrap().name.rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(releases, ["1.json", "2.json"]);
}

#[test]
fn packed_answers_are_unpacked() {
    let text = document("api", &["/a"]);
    for (coding, packed) in [("gzip", gzip(text.as_bytes())), ("br", brotli(text.as_bytes()))] {
        let server = Server::always(api().body(packed).header("content-encoding", coding));
        assert_eq!(fetch(ask(&server.url("/"))).unwrap().bytes, text.as_bytes(), "{coding}");
        assert!(server.asked()[0].header("accept-encoding").unwrap().contains(coding));
    }
}

#[test]
fn answers_are_limited_after_unpacking() {
    let mut small = options();
    small.limits.bytes = 100_000;
    // 40 MB of nothing in 40 kB and less.
    let nothing = vec![b' '; 40_000_000];
    for (coding, bomb) in [("gzip", gzip(&nothing)), ("br", brotli(&nothing))] {
        assert!(bomb.len() < 60_000);
        let server = Server::always(Reply::json("").body(bomb).header("content-encoding", coding));
        let error = fetch_with(ask(&server.url("/x.json")), small.clone()).unwrap_err().to_string();
        assert!(error.contains("larger than 97 kB"), "{coding}: {error}");
    }
    let server = Server::always(Reply::json("").body(vec![b' '; 100_001]));
    let error = fetch_with(ask(&server.url("/x.json")), small.clone()).unwrap_err().to_string();
    assert!(error.contains("larger than 97 kB"), "{error}");
    // No need to wait for what was promised.
    let server = Server::always(Reply { length: Some(1 << 40), ..Reply::json("").body(vec![b' '; 200_000]) });
    assert!(fetch_with(ask(&server.url("/x.json")), small).is_err());
}

#[test]
fn what_is_cut_short_is_asked_for_again_and_never_taken() {
    let whole = document("api", &["/a", "/b"]);
    let half = whole.as_bytes()[..whole.len() / 2].to_vec();
    let cut = Reply { length: Some(whole.len()), ..Reply::json("").body(half) };
    let always = Server::always(cut.clone());
    fails(ask(&always.url("/x.json")), "cut short");
    assert_eq!(always.asked().len(), 4);
    let count = AtomicUsize::new(0);
    let once =
        Server::new(move |_| if count.fetch_add(1, Ordering::SeqCst) == 0 { cut.clone() } else { api() });
    assert!(fetch(ask(&once.url("/x.json"))).is_ok());
    // The same in a packed answer and in pieces.
    let packed = gzip(whole.as_bytes());
    let packed = Reply::json("").body(packed[..packed.len() - 9].to_vec()).header("content-encoding", "gzip");
    fails(ask(&Server::always(packed).url("/x.json")), "the answer");
    let pieces = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"ope\r\n";
    fails(ask(&Server::always(Reply::raw(pieces)).url("/x.json")), "cut short");
}

#[test]
fn what_is_no_http_is_said_so() {
    fails(ask(&Server::always(Reply::raw("SSH-2.0-OpenSSH_9.7\r\n")).url("/")), "no HTTP");
    // Nor is a head without an end.
    for head in [format!("x: {}\r\n", "y".repeat(2_000_000)), "x: y\r\n".repeat(200_000)] {
        let endless = Server::always(Reply::raw(format!("HTTP/1.1 200 OK\r\n{head}")));
        fails(ask(&endless.url("/")), "the head of the answer is larger than is read");
        assert_eq!(endless.asked().len(), 1);
    }
    let lying = api().header("content-encoding", "gzip");
    fails(ask(&Server::always(lying).url("/x.json")), "cannot be unpacked");
}

#[test]
fn silence_ends() {
    let mut quick = options();
    quick.timeouts.read = Duration::from_millis(60);
    quick.retries.attempts = 2;
    let silent = Server::always(Reply { delay: Duration::from_millis(1500), ..api() });
    let error = fetch_with(ask(&silent.url("/")), quick).unwrap_err().to_string();
    assert!(error.contains("silence for 0.06 s"), "{error}");
    assert_eq!(silent.asked().len(), 2);
    // In the middle of an answer, too.
    let mut quick = options();
    quick.timeouts.read = Duration::from_millis(60);
    quick.retries.attempts = 1;
    let halting = Server::always(Reply { drip: Duration::from_millis(1500), ..api() });
    let error = fetch_with(ask(&halting.url("/")), quick).unwrap_err().to_string();
    assert!(error.contains("silence for 0.06 s"), "{error}");
    // Always another piece, never the end.
    let mut quick = options();
    quick.timeouts.request = Duration::from_millis(150);
    quick.retries.attempts = 1;
    let slow = Server::always(Reply { drip: Duration::from_millis(20), ..api() });
    let error = fetch_with(ask(&slow.url("/")), quick).unwrap_err().to_string();
    assert!(error.contains("no whole answer within 0.15 s"), "{error}");
    // And all requests together have an end.
    let mut quick = options();
    quick.timeouts.source = Duration::from_millis(150);
    let error = fetch_with(ask(&slow.url("/")), quick).unwrap_err().to_string();
    assert!(error.contains("not done within 0.15 s"), "{error}");
}

#[test]
fn nobody_there() {
    let gone = Server::always(api());
    let url = gone.url("/");
    drop(gone);
    let error = fails(ask(&url), "nobody listens there");
    assert!(error.contains("help: check the address and the port"), "{error}");
    let mut options = options();
    options.names = Arc::new(Hosts(Vec::new()));
    let error = fetch_with(ask("http://nowhere.example/"), options).unwrap_err().to_string();
    assert!(error.contains("no such host"), "{error}");
}

/// A server that never answers a connection: its queue is full. How a full queue
/// behaves is a matter of the system.
#[cfg(target_os = "linux")]
#[test]
fn a_connection_that_does_not_come_about_is_given_up() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        socket.listen(1).unwrap()
    });
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = std::net::TcpStream::connect_timeout(&address, Duration::from_millis(100)) {
        waiting.push(stream);
        assert!(waiting.len() < 100, "the queue is never full");
    }
    let mut quick = options();
    quick.timeouts.connect = Duration::from_millis(100);
    quick.timeouts.request = Duration::from_secs(10);
    quick.retries.attempts = 2;
    let error = fetch_with(ask(&format!("http://{address}/")), quick).unwrap_err().to_string();
    assert!(error.contains("no connection within 0.1 s"), "{error}");
    assert_eq!(error.matches("again in").count(), 1, "{error}");
}

#[test]
fn a_busy_server_is_asked_again_when_it_says() {
    let count = Arc::new(AtomicUsize::new(0));
    let times = Arc::new(Mutex::new(Vec::new()));
    let (counted, seen) = (Arc::clone(&count), Arc::clone(&times));
    let server = Server::new(move |_| {
        seen.lock().unwrap().push(Instant::now());
        match counted.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::new(429).header("retry-after", "1"),
            1 => Reply::new(503),
            2 => Reply::new(500),
            _ => api(),
        }
    });
    assert!(fetch(ask(&server.url("/x.json"))).is_ok());
    let times = times.lock().unwrap();
    assert_eq!(times.len(), 4);
    assert!(times[1] - times[0] >= Duration::from_secs(1), "the server asked for one second");
}

#[test]
fn a_day_in_retry_after_is_counted_by_the_servers_own_clock() {
    let reply = Reply::new(503)
        .header("date", "Sun, 06 Nov 1994 08:00:00 GMT")
        .header("retry-after", "Sun, 06 Nov 1994 09:00:00 GMT");
    let server = Server::always(reply);
    let error = fails(ask(&server.url("/x.json")), "503, and asks to come back in 3600 s");
    assert!(error.contains("help: try again later"), "{error}");
    assert_eq!(server.asked().len(), 1);
    // A near one is waited for, although it is long past here.
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&times);
    let server = Server::new(move |_| {
        seen.lock().unwrap().push(Instant::now());
        match seen.lock().unwrap().len() {
            1 => Reply::new(429)
                .header("date", "Sun, 06 Nov 1994 08:00:00 GMT")
                .header("retry-after", "Sun, 06 Nov 1994 08:00:01 GMT"),
            _ => api(),
        }
    });
    assert!(fetch(ask(&server.url("/x.json"))).is_ok());
    let times = times.lock().unwrap();
    assert_eq!(times.len(), 2);
    assert!(times[1] - times[0] >= Duration::from_secs(1), "the server asked for one second");
}

#[test]
fn trouble_does_not_multiply() {
    // 500 for each of the usual places: the whole search has one budget.
    let server = Server::always(Reply::new(500));
    fails(ask(&server.url("/")), "found no API document");
    let asked = server.asked().len();
    assert!((20..=100).contains(&asked), "{asked} requests");
    let again = server.paths().iter().filter(|path| *path == "/openapi.json").count();
    assert!(again <= 4);
}

#[test]
fn what_does_not_change_is_not_asked_again() {
    let server = Server::always(Reply::new(404));
    fails(ask(&server.url("/x.json")), "404");
    assert_eq!(server.asked().len(), 1);
}

// Redirects.

#[test]
fn redirects_are_followed_with_an_end() {
    let server = Server::new(|asked| match asked.path() {
        "/a" => Reply::to("/b"),
        "/b" => Reply::to("c.json"),
        "/c.json" => api(),
        "/circle" => Reply::to("/circle"),
        _ => Reply::new(404),
    });
    let fetched = fetch(ask(&server.url("/a"))).unwrap();
    assert_eq!(fetched.name, server.url("/c.json"));
    fails(ask(&server.url("/circle")), "more than 8 redirects");
}

#[test]
fn credentials_stay_with_their_origin() {
    let elsewhere = Server::always(api());
    let to = elsewhere.url("/openapi.json");
    let home = Server::new(move |asked| match asked.path() {
        "/out.json" => Reply::to(&to),
        "/here.json" => Reply::to("/openapi.json"),
        _ => api(),
    });
    assert!(fetch(with_bearer(&home.url("/here.json"))).is_ok());
    let sent: Vec<Option<String>> =
        home.asked().iter().map(|asked| asked.header("authorization").map(str::to_owned)).collect();
    assert_eq!(sent, [Some("Bearer hunter2hunter2".to_owned()), Some("Bearer hunter2hunter2".to_owned())]);
    assert!(fetch(with_bearer(&home.url("/out.json"))).is_ok());
    // Every byte that the other server received.
    let bytes = elsewhere.bytes();
    assert!(bytes.starts_with("GET /openapi.json HTTP/1.1\r\n"), "{bytes}");
    assert!(!bytes.to_ascii_lowercase().contains("authorization") && !bytes.contains("hunter2"), "{bytes}");
    let header = Credentials::Header { name: "X-Api-Key".to_owned(), value: named("KEY", "hunter2hunter2") };
    assert!(fetch(Ask { credentials: header, ..ask(&home.url("/out.json")) }).is_ok());
    assert_eq!(home.asked().last().unwrap().header("x-api-key"), Some("hunter2hunter2"));
    let bytes = elsewhere.bytes();
    assert!(!bytes.to_ascii_lowercase().contains("x-api-key") && !bytes.contains("hunter2"), "{bytes}");
}

#[test]
fn who_comes_back_brings_no_credentials() {
    let home_port = Arc::new(AtomicUsize::new(0));
    let port = Arc::clone(&home_port);
    let elsewhere = Server::new(move |_| {
        Reply::to(format!("http://127.0.0.1:{}/secret.json", port.load(Ordering::SeqCst)))
    });
    let to = elsewhere.url("/");
    let home = Server::new(move |asked| if asked.path() == "/out.json" { Reply::to(&to) } else { api() });
    home_port.store(usize::from(home.port()), Ordering::SeqCst);
    assert!(fetch(with_bearer(&home.url("/out.json"))).is_ok());
    let asked = home.asked();
    assert_eq!(asked[1].path(), "/secret.json");
    assert_eq!(asked[1].header("authorization"), None);
}

#[test]
fn redirects_to_strange_places_are_refused() {
    for (to, expected) in [
        ("file:///etc/passwd", "only http and https are followed, not file:"),
        ("ftp://127.0.0.1/x", "not ftp:"),
        ("http://me:pw@127.0.0.1/x", "user name or password"),
        ("http://169.254.169.254/latest/meta-data", "the local link"),
        ("http://0.0.0.0/", "no network"),
        (&format!("/{}", "a".repeat(10_000)), "the address is longer than 8 kB"),
    ] {
        let server = Server::always(Reply::to(to));
        fails(ask(&server.url("/x.json")), expected);
        assert_eq!(server.asked().len(), 1, "{to}");
    }
}

// Networks.

/// Names as a test wants them.
struct Hosts(Vec<(&'static str, Zone)>);

impl Names for Hosts {
    fn resolve(&self, host: &str) -> std::io::Result<Vec<(IpAddr, Zone)>> {
        let found = self.0.iter().filter(|(name, _)| *name == host);
        let found: Vec<_> = found.map(|(_, zone)| (IpAddr::from([127, 0, 0, 1]), *zone)).collect();
        if found.is_empty() { Err(std::io::Error::other("unknown")) } else { Ok(found) }
    }
}

fn with_hosts(hosts: &[(&'static str, Zone)]) -> Options {
    let mut options = options();
    options.names = Arc::new(Hosts(hosts.to_vec()));
    options
}

#[test]
fn nobody_public_leads_into_a_private_network() {
    let hosts = [
        ("public.example", Zone::Public),
        ("inside.example", Zone::Private),
        ("other.example", Zone::Public),
    ];
    let inner = Server::always(api());
    for host in ["127.0.0.1", "localhost", "inside.example"] {
        // By redirect, by a page, by a viewer's script.
        let to = inner.at(host, "/openapi.json");
        for reply in [Reply::to(&to), Reply::html(format!("<redoc spec-url='{to}'></redoc>"))] {
            let outer = Server::always(reply);
            let error =
                fetch_with(ask(&outer.at("public.example", "/docs")), with_hosts(&hosts)).unwrap_err();
            assert!(error.to_string().contains("refused"), "{error}");
        }
    }
    assert_eq!(inner.connections(), 0);
    // From one public place to another, and inside, nothing is in the way.
    let to = inner.at("other.example", "/openapi.json");
    let outer = Server::always(Reply::to(to));
    assert!(fetch_with(ask(&outer.at("public.example", "/docs")), with_hosts(&hosts)).is_ok());
    let to = inner.at("inside.example", "/openapi.json");
    let outer = Server::always(Reply::to(to));
    assert!(fetch_with(ask(&outer.url("/docs")), with_hosts(&hosts)).is_ok());
}

#[test]
fn a_user_may_ask_for_any_network() {
    let server = Server::always(api());
    for zone in [Zone::Public, Zone::Private, Zone::LinkLocal, Zone::Loopback] {
        let options = with_hosts(&[("host.example", zone)]);
        assert!(fetch_with(ask(&server.at("host.example", "/x.json")), options).is_ok(), "{zone:?}");
    }
}

#[test]
fn a_page_behind_tls_names_nothing_in_the_open() {
    let authority = crate::server::tls::Authority::new();
    let open = Server::always(api());
    let to = open.url("/openapi.json");
    let safe =
        crate::server::tls::TlsServer::new(&authority.sign("localhost"), None, move |asked| {
            match asked.path() {
                "/redirect" => Reply::to(&to),
                _ => Reply::html(format!("<redoc spec-url='{to}'></redoc>")),
            }
        });
    for path in ["/redirect", "/page"] {
        let mut options = options();
        options.tls.authorities = authority.pem.clone().into_bytes();
        let error = fetch_with(ask(&safe.url(path)), options).unwrap_err().to_string();
        assert!(error.contains("https is not left for http"), "{error}");
    }
    assert_eq!(open.connections(), 0);
}

// TLS.

#[test]
fn certificates_are_checked() {
    let authority = crate::server::tls::Authority::new();
    let server = crate::server::tls::TlsServer::new(&authority.sign("localhost"), None, |_| api());
    let trusting = || {
        let mut options = options();
        options.tls.authorities = authority.pem.clone().into_bytes();
        options
    };
    assert!(fetch_with(ask(&server.url("/x.json")), trusting()).is_ok());
    let error = fails(ask(&server.url("/x.json")), "not trusted");
    assert!(error.contains("--ca-cert"), "{error}");
    let mut careless = options();
    careless.tls.insecure = true;
    assert!(fetch_with(ask(&server.url("/x.json")), careless).is_ok());
    let other = crate::server::tls::TlsServer::new(&authority.sign("other.example"), None, |_| api());
    let error = fetch_with(ask(&other.url("/x.json")), trusting()).unwrap_err().to_string();
    assert!(error.contains("for another name"), "{error}");
    let expired = crate::server::tls::TlsServer::new(&authority.sign_expired("localhost"), None, |_| api());
    let error = fetch_with(ask(&expired.url("/x.json")), trusting()).unwrap_err().to_string();
    assert!(error.contains("has expired"), "{error}");
    let mut broken = options();
    broken.tls.authorities = b"no certificate".to_vec();
    let error = fetch_with(ask(&server.url("/x.json")), broken).unwrap_err().to_string();
    assert!(error.contains("--ca-cert"), "{error}");
}

#[test]
fn a_client_certificate_is_shown_to_its_own_server_alone() {
    let authority = crate::server::tls::Authority::new();
    let elsewhere =
        crate::server::tls::TlsServer::new(&authority.sign("localhost"), Some(&authority), |_| api());
    let to = elsewhere.url("/openapi.json");
    let home =
        crate::server::tls::TlsServer::new(&authority.sign("localhost"), Some(&authority), move |_| {
            Reply::to(&to)
        });
    let client = authority.sign("client.example");
    let mut options = options();
    options.tls.authorities = authority.pem.clone().into_bytes();
    options.tls.identity = Some(Identity(format!("{}\n{}", client.pem, client.key_pem).into_bytes()));
    assert!(fetch_with(ask(&home.url("/x.json")), options).is_ok());
    assert!(home.asked()[0].1, "shown at home");
    assert!(!elsewhere.asked()[0].1, "not shown elsewhere");
}

// Tokens.

/// A control plane as Run:ai documents it, up to a release or from one on.
fn control_plane(grant: &'static str, lasts: Option<u64>) -> Server {
    let count = AtomicUsize::new(0);
    Server::new(move |asked| match (asked.method.as_str(), asked.path()) {
        ("POST", "/api/v1/token") => {
            let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
            let (id, secret) =
                if grant == "app_token" { ("appID", "appSecret") } else { ("clientID", "clientSecret") };
            if body["grantType"] != grant {
                return Reply::new(400).body("{\"message\": \"grantType is not known\"}");
            }
            if (&body[id], &body[secret]) != (&"my-client".into(), &"s3cret/+value".into()) {
                let said = format!("wrong secret {}", body[secret].as_str().unwrap());
                return Reply::new(401).body(serde_json::json!({ "message": said }).to_string());
            }
            let token = format!("token-number-{}", count.fetch_add(1, Ordering::SeqCst));
            let mut answer = serde_json::json!({ "accessToken": token });
            if let Some(lasts) = lasts {
                answer["expiresIn"] = lasts.into();
            }
            Reply::json(answer)
        }
        ("GET", "/api/docs") => match asked.header("authorization") {
            Some(token) if token.starts_with("Bearer token-number-") => api(),
            _ => Reply::new(401),
        },
        _ => Reply::new(404),
    })
}

#[test]
fn run_ai_gives_a_token_for_id_and_secret() {
    let server = control_plane("client_credentials", None);
    assert!(fetch(with_client(&server.url("/api/docs"), RUN_AI)).is_ok());
    assert_eq!(server.paths(), ["/api/v1/token", "/api/docs"]);
    assert_eq!(server.asked()[0].header("content-type"), Some("application/json"));
    // As releases before 2.20 know it.
    let server = control_plane("app_token", None);
    assert!(fetch(with_client(&server.url("/api/docs"), RUN_AI)).is_ok());
}

#[test]
fn a_wrong_secret_is_said_and_not_shown() {
    let server = control_plane("client_credentials", None);
    let id = named("API_ID", "my-client");
    let secret = named("API_SECRET", "wr0ng\"/+secret");
    let credentials = Credentials::Client { id, secret, exchange: RUN_AI };
    let error = fails(Ask { credentials, ..ask(&server.url("/api/docs")) }, "it answered 401");
    assert!(error.contains("(wrong secret [secret])"), "{error}");
    assert!(error.contains("help: check what is in API_ID and API_SECRET"), "{error}");
    assert!(!error.contains("wr0ng") && !error.contains("my-client"), "{error}");
    assert_eq!(server.paths(), ["/api/v1/token"]);
}

#[test]
fn a_realm_of_keycloak_gives_the_token() {
    let keycloak = || {
        Server::new(|asked| match (asked.path(), asked.header("authorization")) {
            ("/auth/realms/my-realm/protocol/openid-connect/token", _) => {
                assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
                let sent =
                    "grant_type=client_credentials&client_id=my-client&client_secret=s3cret%2F%2Bvalue";
                assert_eq!((asked.method.as_str(), asked.body.as_str()), ("POST", sent));
                Reply::json("{\"access_token\":\"tok-1234\",\"expires_in\":60}")
            }
            (path, Some("Bearer tok-1234")) if path.ends_with("/docs") => api(),
            _ => Reply::new(404),
        })
    };
    let realm = |name: &str| Exchange::RunAi { token_url: None, realm: Some(name.to_owned()) };
    let server = keycloak();
    assert!(fetch(with_client(&server.url("/api/docs"), realm("my-realm"))).is_ok());
    assert_eq!(server.paths(), ["/auth/realms/my-realm/protocol/openid-connect/token", "/api/docs"]);
    // Behind a prefix: there first, then at the root.
    let server = keycloak();
    assert!(fetch(with_client(&server.url("/plane/api/docs"), realm("my-realm"))).is_ok());
    assert_eq!(server.paths()[0], "/plane/auth/realms/my-realm/protocol/openid-connect/token");
    assert_eq!(server.paths()[1], "/auth/realms/my-realm/protocol/openid-connect/token");
    // A realm that is not there: nothing is asked for without a token.
    let server = keycloak();
    let error = fails(with_client(&server.url("/api/docs"), realm("other")), "it answered 404");
    assert!(error.contains("`token-url`") && !error.contains("s3cret"), "{error}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn oauth2_is_form_encoded() {
    let login = Server::new(|asked| {
        let form: Vec<(String, String)> =
            url::form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect();
        let value = |key: &str| form.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(value("grant_type"), Some("client_credentials"));
        assert_eq!(value("scope"), Some("api read"));
        match (value("client_id"), value("client_secret")) {
            (Some("my-client"), Some("s3cret/+value")) => {
                Reply::json("{\"access_token\":\"tok-1234\",\"token_type\":\"Bearer\",\"expires_in\":300}")
            }
            _ => Reply::new(401).body("{\"error\":\"invalid_client\"}"),
        }
    });
    let server = Server::new(|asked| match asked.header("authorization") {
        Some("Bearer tok-1234") => api(),
        _ => Reply::new(403),
    });
    let exchange = Exchange::ClientCredentials {
        token_url: url::Url::parse(&login.url("/realms/main/protocol/openid-connect/token")).unwrap(),
        scope: Some("api read".to_owned()),
        audience: None,
    };
    assert!(fetch(with_client(&server.url("/x.json"), exchange)).is_ok());
    // The secret goes to the login server alone.
    assert!(!server.bytes().contains("s3cret") && !login.bytes().contains("tok-1234"));
}

#[test]
fn oauth2_credentials_go_into_the_header_where_that_is_wanted() {
    let login = Server::new(|asked| match asked.header("authorization") {
        // RFC 6749, section 2.3.1: my-client:s3cret%2F%2Bvalue
        Some("Basic bXktY2xpZW50OnMzY3JldCUyRiUyQnZhbHVl") if !asked.body.contains("client_secret") => {
            Reply::json("{\"access_token\":\"tok-1234\"}")
        }
        _ => Reply::new(401).header("www-authenticate", "Basic realm=\"x\""),
    });
    let server = Server::always(api());
    let exchange = Exchange::ClientCredentials {
        token_url: url::Url::parse(&login.url("/token")).unwrap(),
        scope: None,
        audience: None,
    };
    assert!(fetch(with_client(&server.url("/x.json"), exchange)).is_ok());
    assert_eq!(login.asked().len(), 2);
}

#[test]
fn secrets_are_not_sent_on() {
    let thief = Server::always(Reply::json("{\"access_token\":\"tok-1234\"}"));
    for status in [302, 307, 308] {
        let to = thief.url("/");
        let login = Server::always(Reply::new(status).header("location", to));
        let exchange =
            Exchange::RunAi { token_url: Some(url::Url::parse(&login.url("/token")).unwrap()), realm: None };
        let server = Server::always(api());
        fails(with_client(&server.url("/x.json"), exchange), "secrets are not sent on");
    }
    assert_eq!(thief.connections(), 0);
}

#[test]
fn a_token_that_ends_is_renewed_once() {
    // The page is answered with the first token, the document only with the second.
    let tokens = AtomicUsize::new(0);
    let server = Server::new(move |asked| match asked.path() {
        "/api/v1/token" => {
            Reply::json(format!("{{\"accessToken\":\"token-{}\"}}", tokens.fetch_add(1, Ordering::SeqCst)))
        }
        "/docs" => Reply::html("<redoc spec-url='/openapi.json'></redoc>"),
        "/openapi.json" if asked.header("authorization") == Some("Bearer token-1") => api(),
        _ => Reply::new(401),
    });
    assert!(fetch(with_client(&server.url("/docs"), RUN_AI)).is_ok());
    assert_eq!(server.paths(), ["/api/v1/token", "/docs", "/openapi.json", "/api/v1/token", "/openapi.json"]);
    // One that is refused from the beginning is not asked for again and again.
    let server = Server::new(|asked| match asked.path() {
        "/api/v1/token" => Reply::json("{\"accessToken\":\"token-x\"}"),
        _ => Reply::new(401),
    });
    let error = fails(with_client(&server.url("/x.json"), RUN_AI), "401");
    assert!(error.contains("the server does not accept what is in API_ID and API_SECRET"), "{error}");
    assert_eq!(server.paths().iter().filter(|path| *path == "/api/v1/token").count(), 1);
}

#[test]
fn a_token_is_renewed_before_it_ends() {
    // A clock that moves 20 seconds at each look.
    let ticks = AtomicUsize::new(0);
    let mut options = options();
    options.clock = Arc::new(move || Duration::from_secs(20 * ticks.fetch_add(1, Ordering::SeqCst) as u64));
    let server = Server::new(|asked| match asked.path() {
        "/api/v1/token" => Reply::json("{\"accessToken\":\"token-x\",\"expiresIn\":30}"),
        "/docs" => Reply::html("<redoc spec-url='/openapi.json'></redoc>"),
        _ => api(),
    });
    assert!(fetch_with(with_client(&server.url("/docs"), RUN_AI), options).is_ok());
    assert_eq!(server.paths().iter().filter(|path| *path == "/api/v1/token").count(), 2);
}

#[test]
fn lying_token_endpoints() {
    for (reply, expected) in [
        (Reply::html("<html>please log in</html>"), "the answer is no JSON"),
        (Reply::json("{\"ok\":true}"), "no access token"),
        (Reply::json("{\"accessToken\":\"a\\r\\nX-Evil: 1\"}"), "cannot stand in a header"),
        (Reply::json("").body(vec![b' '; 300_000]), "larger than"),
    ] {
        let server = Server::always(reply);
        fails(with_client(&server.url("/x.json"), RUN_AI), expected);
        assert_eq!(server.asked().iter().filter(|asked| asked.method == "GET").count(), 0);
    }
}

#[test]
fn credentials_need_tls_or_this_machine() {
    let error = fails(with_bearer("http://api.example/x.json"), "is not https");
    assert!(!error.contains("hunter2"), "{error}");
    let server = Server::always(api());
    let exchange = Exchange::RunAi {
        token_url: Some(url::Url::parse("http://login.example/token").unwrap()),
        realm: None,
    };
    let error =
        fails(with_client(&server.url("/x.json"), exchange), "http://login.example/token is not https");
    assert!(error.contains("https://"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_server_that_repeats_a_secret_is_not_repeated() {
    let echo = |asked: &Asked| {
        let sent = asked.header("authorization").unwrap_or_default().to_owned();
        Reply::new(403)
            .header("content-type", format!("text/{sent}"))
            .body(format!("{{\"message\":\"{sent}\"}}"))
    };
    let error = fails(with_bearer(&Server::new(echo).url("/x.json")), "403");
    assert!(!error.contains("hunter2"), "{error}");
    assert!(error.contains("API_TOKEN"), "{error}");
    // In an address, too.
    let sends = |asked: &Asked| Reply::to(format!("/{}", asked.header("authorization").unwrap_or("x")));
    let error = fetch(with_bearer(&Server::new(sends).url("/x.json"))).unwrap_err().to_string();
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn a_server_does_not_paint_the_terminal() {
    let server = Server::always(Reply::new(400).body("{\"message\":\"\\u001b[2Jcleared\\r\\nsecond line\"}"));
    let error = fails(with_client(&server.url("/x.json"), RUN_AI), "[2Jcleared second line");
    assert!(!error.contains('\u{1b}'), "{error}");
}

// The cache.

fn cached(folder: &Path) -> Options {
    let mut options = options();
    options.cache = Some(folder.to_owned());
    options
}

fn offline(folder: &Path) -> Options {
    Options { offline: true, ..cached(folder) }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    for (name, value, asked_by) in [
        ("etag", "\"v1\"", "if-none-match"),
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT", "if-modified-since"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::new(move |asked| match asked.header(asked_by) {
            Some(known) if known == value => Reply::new(304),
            _ => api().header(name, value),
        });
        let url = server.url("/x.json");
        let first = fetch_with(ask(&url), cached(folder.path())).unwrap();
        let second = fetch_with(ask(&url), cached(folder.path())).unwrap();
        assert_eq!(first.bytes, second.bytes);
        assert!(!first.from.unwrap().from_cache && second.from.unwrap().from_cache);
        assert_eq!(server.asked()[1].header(asked_by), Some(value));
        // Without a cache nothing of the kind is asked.
        assert!(fetch(ask(&url)).is_ok());
        assert_eq!(server.asked()[2].header(asked_by), None);
    }
}

#[test]
fn a_lying_304_is_no_answer() {
    let server = Server::always(Reply::new(304));
    fails(ask(&server.url("/x.json")), "304");
}

#[test]
fn offline_answers_from_what_was_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(|asked| match asked.path() {
        "/" => Reply::to("/docs"),
        "/docs" => Reply::html("<redoc spec-url='/openapi.json'></redoc>"),
        "/openapi.json" => api(),
        _ => Reply::new(404),
    });
    let url = server.url("/");
    let error = fetch_with(ask(&url), offline(folder.path())).unwrap_err().to_string();
    assert!(error.contains("not in the cache") && error.contains("without --offline"), "{error}");
    assert_eq!(server.connections(), 0);
    let online = fetch_with(ask(&url), cached(folder.path())).unwrap();
    let asked = server.connections();
    let later = fetch_with(ask(&url), offline(folder.path())).unwrap();
    assert_eq!((online.bytes, online.name), (later.bytes, later.name));
    assert_eq!(server.connections(), asked);
}

#[test]
fn the_cache_keeps_users_apart_and_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(|asked| {
        let who = asked.header("authorization").unwrap_or("nobody").to_owned();
        let title = if who.contains("hunter2") { "hers" } else { "his" };
        Reply::json(document(title, &["/a"])).header("etag", "\"1\"")
    });
    let url = server.url("/x.json");
    let as_user = |token: &str| Ask { credentials: Credentials::Bearer(named("T", token)), ..ask(&url) };
    let hers = fetch_with(as_user("hunter2hunter2"), cached(folder.path())).unwrap();
    let his = fetch_with(as_user("swordfish-42"), cached(folder.path())).unwrap();
    assert_ne!(hers.bytes, his.bytes);
    assert_eq!(server.asked()[1].header("if-none-match"), None);
    assert_eq!(fetch_with(as_user("hunter2hunter2"), offline(folder.path())).unwrap().bytes, hers.bytes);
    assert!(fetch_with(as_user("another-token"), offline(folder.path())).is_err());
    assert!(fetch_with(ask(&url), offline(folder.path())).is_err());
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let text =
            format!("{:?}{}", file.path(), String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()));
        for secret in ["hunter2", "swordfish", "Bearer", "authorization"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn what_must_not_be_kept_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(|asked| match asked.path() {
        "/private.json" => api().header("cache-control", "private, no-store").header("etag", "\"1\""),
        // A document that has the token in it.
        "/echo.json" => Reply::json(document(asked.header("authorization").unwrap_or("-"), &["/a"])),
        "/login" => Reply::to("/private.json?session=hunter2"),
        _ => Reply::new(404),
    });
    for path in ["/private.json", "/echo.json", "/login"] {
        assert!(fetch_with(with_bearer(&server.url(path)), cached(folder.path())).is_ok());
    }
    assert_eq!(std::fs::read_dir(folder.path()).map(|files| files.count()).unwrap_or(0), 0);
}

#[test]
fn a_cache_that_cannot_be_written_is_said_once_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let heard = Arc::new(Heard::default());
    let mut options = cached(&file.join("sub"));
    options.watch = Arc::clone(&heard) as Arc<dyn Watch>;
    let server = Server::new(|asked| match asked.path() {
        "/docs" => Reply::html("<redoc spec-url='/openapi.json'></redoc>"),
        _ => api(),
    });
    assert!(fetch_with(ask(&server.url("/docs")), options).is_ok());
    assert_eq!(heard.warnings.lock().unwrap().len(), 1);
}

// Who watches.

#[derive(Default)]
struct Heard {
    steps: Mutex<Vec<String>>,
    waits: AtomicUsize,
    warnings: Mutex<Vec<String>>,
}

impl Watch for Heard {
    fn step(&self, text: &str) {
        self.steps.lock().unwrap().push(text.to_owned());
    }
    fn waiting(&self, text: &str) {
        assert!(text.starts_with("GET http://127.0.0.1"), "{text}");
        self.waits.fetch_add(1, Ordering::SeqCst);
    }
    fn done(&self) {}
    fn warning(&self, text: &str) {
        self.warnings.lock().unwrap().push(text.to_owned());
    }
}

#[test]
fn steps_are_told_and_waits_shown_only_when_they_are_long() {
    let server = Server::new(|asked| match asked.path() {
        "/" => Reply::to("/docs"),
        "/docs" => {
            Reply { delay: Duration::from_millis(120), ..Reply::html("<redoc spec-url='/o.json'></redoc>") }
        }
        _ => api(),
    });
    for (patience, is_shown) in [(Duration::from_secs(100), false), (Duration::from_millis(20), true)] {
        let heard = Arc::new(Heard::default());
        let mut options = options();
        options.watch = Arc::clone(&heard) as Arc<dyn Watch>;
        options.patience = patience;
        assert!(fetch_with(ask(&server.url("/")), options).is_ok());
        assert_eq!(heard.waits.load(Ordering::SeqCst) > 0, is_shown);
        let steps = heard.steps.lock().unwrap().join("\n").replace(&server.url(""), "");
        assert!(steps.starts_with("GET /: 302, to /docs\nGET /docs: 200, text/html"), "{steps}");
        assert!(steps.contains("\nGET /o.json: 200, application/json"), "{steps}");
    }
}

#[test]
fn a_failure_lists_what_was_tried_and_what_came_back() {
    let server = Server::new(|asked| match asked.path() {
        "/" => Reply::html("<title>Hello</title>"),
        "/openapi.json" => Reply::new(403),
        _ => Reply::new(404),
    });
    let error = fails(ask(&server.url("/")), "found no API document").replace(&server.url(""), "");
    let lines: Vec<&str> = error.lines().collect();
    assert!(lines[1].starts_with("  GET /") && lines[1].contains("200, text/html"), "{error}");
    assert!(lines.iter().any(|line| line.contains("GET /openapi.json") && line.ends_with("403")), "{error}");
    assert!(lines.last().unwrap().contains("[source.NAME]"), "{error}");
}

// References.

/// Reads a document with what it refers to; gives back its problems.
fn read(fetched: Fetched) -> (sunwatch::document::Document, String) {
    let annotations = sunwatch::document::Annotations::default();
    let document = sunwatch::document::Document::read_with(
        &fetched.name,
        fetched.bytes,
        &annotations,
        &*fetched.references,
    );
    let document = document.unwrap();
    let problems = document.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>();
    (document, problems.join("\n"))
}

fn referring(to: &str) -> String {
    format!(
        "{{\"openapi\":\"3.0.3\",\"info\":{{\"title\":\"x\",\"version\":\"1\"}},\"paths\":{{\"/a\":{{\"$ref\":\"{to}\"}}}}}}"
    )
}

#[test]
fn a_document_refers_to_its_own_origin_with_its_credentials() {
    let server = Server::new(|asked| match (asked.path(), asked.header("authorization")) {
        (_, None) => Reply::new(401),
        ("/api/openapi.json", _) => Reply::json(referring("paths/a.json")),
        ("/api/paths/a.json", _) => {
            Reply::json("{\"get\":{\"responses\":{\"200\":{\"description\":\"ok\"}}}}")
        }
        _ => Reply::new(404),
    });
    let fetched = fetch(with_bearer(&server.url("/api/openapi.json"))).unwrap();
    let found = fetched.references.fetch(&[server.url("/api/paths/a.json")], 1 << 20).pop().unwrap().unwrap();
    assert!(found.bytes.starts_with(b"{\"get\""));
    assert_eq!(server.paths(), ["/api/openapi.json", "/api/paths/a.json"]);
    // More bytes than are wanted, and what is not there.
    let found = fetched.references.fetch(&[server.url("/api/paths/a.json"), server.url("/none")], 10);
    assert!(found[0].as_ref().unwrap_err().to_string().contains("larger than"), "{found:?}");
    assert!(found[1].as_ref().unwrap_err().to_string().contains("answered 404"), "{found:?}");
}

#[test]
fn a_reference_to_another_origin_sends_nothing() {
    let other = Server::always(Reply::json("{}"));
    for to in [
        other.url("/a.json"),
        format!("//127.0.0.1:{}/a.json", other.port()),
        other.at("localhost", "/a.json"),
        "file:///etc/passwd".to_owned(),
        format!("http://me:pw@127.0.0.1:{}/a.json", other.port()),
    ] {
        let text = referring(&to);
        let server = Server::new(move |_| Reply::json(text.clone()));
        let fetched = fetch(with_bearer(&server.url("/openapi.json"))).unwrap();
        assert!(fetched.references.locate(fetched.references.document(), &to).is_err(), "{to}");
        // What was not located is refused all the same.
        assert!(fetched.references.fetch(std::slice::from_ref(&to), 1 << 20)[0].is_err(), "{to}");
        let (document, problems) = read(fetched);
        assert!(document.has_losses(), "{to}: {problems}");
        assert_eq!(server.asked().len(), 1);
    }
    // Nor by a redirect of the own one.
    let to = other.url("/a.json");
    let server = Server::new(move |asked| match asked.path() {
        "/openapi.json" => Reply::json(referring("a.json")),
        _ => Reply::to(&to),
    });
    let (document, _) = read(fetch(with_bearer(&server.url("/openapi.json"))).unwrap());
    assert!(document.has_losses());
    assert_eq!(other.connections(), 0, "not one byte");
    assert_eq!(other.bytes(), "");
}

/// Each file in its time is no time for thousands of them.
#[test]
fn what_a_document_refers_to_comes_within_its_time_or_not_at_all() {
    let mut quick = options();
    quick.timeouts.source = Duration::from_millis(400);
    quick.retries.attempts = 1;
    let paths: Vec<String> = (0..100).map(|n| format!("\"/p{n}\":{{\"$ref\":\"slow/{n}.json\"}}")).collect();
    let text = format!(
        "{{\"openapi\":\"3.0.3\",\"info\":{{\"title\":\"x\",\"version\":\"1\"}},\"paths\":{{{}}}}}",
        paths.join(",")
    );
    let server = Server::new(move |asked| match asked.path() {
        "/openapi.json" => Reply::json(&text),
        _ => Reply { delay: Duration::from_millis(300), ..Reply::json("{\"get\":{\"responses\":{}}}") },
    });
    let fetched = fetch_with(ask(&server.url("/openapi.json")), quick).unwrap();
    let begun = Instant::now();
    let (document, problems) = read(fetched);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(problems.contains("is not there within 0.4 s"), "{problems}");
    assert!(document.has_losses());
    assert!(server.asked().len() < 20, "{}", server.asked().len());
}

// Releases.

#[test]
fn a_version_endpoint_tells_the_release() {
    let server = Server::new(|asked| match (asked.path(), asked.header("authorization")) {
        ("/api/version", Some(_)) => Reply::json("{\"build\":{\"version\":\"2.21.4\"}}"),
        ("/1.2/openapi.json", _) => api(),
        _ => Reply::new(404),
    });
    let at = |pointer: &str| VersionAt { path: "/api/version".to_owned(), pointer: pointer.to_owned() };
    let url = server.url("/1.2/openapi.json");
    let release = |ask: Ask| fetch(ask).unwrap().release.unwrap().as_str().to_owned();
    assert_eq!(release(ask(&url)), "1.2");
    assert_eq!(release(Ask { version: Some(at("/build/version")), ..with_bearer(&url) }), "2.21.4");
    let known = Some(sunwatch::release::ReleaseId::new("9"));
    assert_eq!(
        release(Ask { release: known, version: Some(at("/build/version")), ..with_bearer(&url) }),
        "9"
    );
    let error = fails(Ask { version: Some(at("/version")), ..with_bearer(&url) }, "cannot tell the release");
    assert!(error.contains("version-pointer"), "{error}");
}

#[test]
fn a_ledger_is_a_source_too() {
    let server = Server::always(Reply::json("{\"sunwatch\": \"0.1.0\", \"command\": \"history\"}"));
    assert!(fetch(ask(&server.url("/ledger.json"))).is_ok());
}

#[test]
fn several_documents_are_the_users_choice() {
    let page = "<script>SwaggerUIBundle({urls: [{url: '/a.json', name: 'billing'}, {url: '/b.json', name: 'users'}]})</script>";
    let server = Server::new(move |asked| match asked.path() {
        "/docs" => Reply::html(page),
        path => Reply::json(document(path, &["/a"])),
    });
    let error = fails(ask(&server.url("/docs")), "billing");
    assert!(error.contains("users") && error.contains("/docs#billing"), "{error}");
    let chosen = fetch(ask(&server.url("/docs#users"))).unwrap();
    assert_eq!(chosen.name, server.url("/b.json"));
    assert_eq!(chosen.from.unwrap().document.as_deref(), Some("users"));
}
