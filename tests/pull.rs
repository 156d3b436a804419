//! `pull` and sources in the network, as a user meets them: the program against
//! servers of our own.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::common::{Sunwatch, sunwatch};
use crate::server::tls::{Authority, TlsServer};
use crate::server::{Reply, Server, document};
use serde_json::Value;

/// The program with a cache of its own and no proxy.
fn run(folder: &Path, args: &[&str]) -> Sunwatch {
    sunwatch(folder).args(["--cache-dir", "cache"]).args(args)
}

/// A control plane that wants a token for everything.
fn control_plane(title: &'static str, paths: &'static [&'static str]) -> Server {
    Server::new(move |asked| match asked.path() {
        "/api/v1/token" if asked.body.contains("\"clientSecret\":\"s3cret-value\"") => {
            Reply::json("{\"accessToken\":\"tok-1234567\"}")
        }
        "/api/v1/token" => Reply::new(401).body("{\"message\":\"invalid client or secret\"}"),
        _ if asked.header("authorization") != Some("Bearer tok-1234567") => Reply::new(401),
        "/api/docs" => Reply::html("<div id=\"redoc\"></div><redoc spec-url=\"../openapi.yaml\"></redoc>"),
        "/openapi.yaml" if asked.header("if-none-match") == Some("\"7\"") => Reply::new(304),
        "/openapi.yaml" => Reply::json(document(title, paths)).header("etag", "\"7\""),
        "/api/version" => Reply::json("{\"version\":\"2.21.45\"}"),
        _ => Reply::new(404),
    })
}

fn policy(server: &Server, more: &str) -> String {
    let url = server.url("");
    format!(
        "[window.self-hosted]\nreleases = 2\n[[release]]\nid = \"2.20\"\n[[release]]\nid = \"2.21\"\n\
         [source.prod]\nurl = \"{url}\"\nauth = \"run-ai\"\nclient-id-env = \"PROD_ID\"\n\
         client-secret-env = \"PROD_SECRET\"\n{more}"
    )
}

#[test]
fn pull_writes_the_document_of_a_named_source() {
    let folder = tempfile::tempdir().unwrap();
    let server = control_plane("Plane", &["/a"]);
    let more = "version-path = \"/api/version\"\nversion-pointer = \"/version\"\n";
    std::fs::write(folder.path().join("policy.toml"), policy(&server, more)).unwrap();
    let with_secret = |args: &[&str]| {
        run(folder.path(), args).env("PROD_ID", "my-app-4711").env("PROD_SECRET", "s3cret-value").run()
    };
    // To standard output: the document and nothing else.
    let ran = with_secret(&["pull", "prod"]).code(0);
    assert_eq!(ran.stdout, document("Plane", &["/a"]));
    assert_eq!(ran.stderr, "");
    let ran = with_secret(&["pull", "prod", "-o", "plane.json"]).code(0);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("plane.json")).unwrap(),
        document("Plane", &["/a"])
    );
    let url = server.url("/openapi.yaml");
    assert_eq!(ran.stdout, format!("plane.json: 2.21, OpenAPI 3.0.3, 1 operation, from {url}\n"));
    // Each step, on request.
    let ran = with_secret(&["pull", "prod", "-v"]).code(0);
    for step in ["POST", "/api/docs: 200, text/html", "304, unchanged", "2.21"] {
        assert!(ran.stderr.contains(step), "{step}\n{}", ran.stderr);
    }
    for secret in ["s3cret", "tok-1234567"] {
        assert!(!ran.stderr.contains(secret), "{}", ran.stderr);
    }
}

#[test]
fn a_wrong_secret_says_what_to_fix() {
    let folder = tempfile::tempdir().unwrap();
    let server = control_plane("Plane", &["/a"]);
    std::fs::write(folder.path().join("policy.toml"), policy(&server, "")).unwrap();
    let ran = run(folder.path(), &["pull", "prod", "-v"]).run().code(2);
    assert!(ran.stderr.contains("policy.toml:10:17: [source.prod]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("PROD_ID is not set"), "{}", ran.stderr);
    let ran = run(folder.path(), &["upgrade", "--from", "prod", "--to", "2.21", "-v"])
        .env("PROD_ID", "my-app-4711")
        .env("PROD_SECRET", "wr0ng-value")
        .run()
        .code(2);
    assert!(ran.stderr.contains("it answered 401 (invalid client or secret)"), "{}", ran.stderr);
    assert!(ran.stderr.contains("check what is in PROD_ID and PROD_SECRET"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("wr0ng") && !ran.stdout.contains("wr0ng"), "{}", ran.stderr);
}

#[test]
fn an_archive_is_a_source_itself() {
    let folder = tempfile::tempdir().unwrap();
    let one = Server::always(Reply::json(document("Plane", &["/a", "/b"])).header("etag", "\"7\""));
    let other = Server::always(Reply::json(document("Plane", &["/a"])));
    let named = [format!("1.9={}", one.url("/x.json")), format!("1.10={}", other.url("/x.json"))];
    let ran = run(folder.path(), &["pull", &named[0], &named[1], "--archive", "specs", "--format", "json"])
        .run()
        .code(0);
    let report = ran.json();
    assert_eq!(report["documents"][1]["file"], "specs/1.10.json");
    let record: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("specs/archive.json")).unwrap())
            .unwrap();
    let kept = &record["documents"][0];
    assert_eq!((kept["file"].as_str(), kept["etag"].as_str()), (Some("1.9.json"), Some("\"7\"")));
    assert_eq!(kept["sha256"], report["documents"][0]["sha256"]);
    assert!(kept["fetched"].as_str().unwrap().ends_with('Z'));
    // Another schema's words are checked in tests/schema.rs; here it is the real file.
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/archive.schema.json")).unwrap();
    for key in schema["properties"]["documents"]["items"]["required"].as_array().unwrap() {
        assert!(kept.get(key.as_str().unwrap()).is_some(), "{key}");
    }
    let ran = run(folder.path(), &["diff", "specs/1.9.json", "specs/1.10.json", "--fail-on", "never"])
        .run()
        .code(0);
    assert!(ran.stdout.contains("/b"), "{}", ran.stdout);
    let ran = run(folder.path(), &["history", "specs"]).run().code(0);
    assert_eq!(ran.stderr, "");
    // Without a release there is no name for the file, and nothing is written.
    let ran = run(folder.path(), &["pull", &one.url("/x.json"), "--archive", "new"]).run().code(2);
    assert!(ran.stderr.contains("sunwatch pull 2.19=http://127.0.0.1:"), "{}", ran.stderr);
    assert!(!folder.path().join("new").exists());
}

#[test]
fn what_is_no_document_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    for lie in [
        Reply::json("<html>please log in</html>"),
        Reply::json("{\"openapi\":\"3.0.3\"}"),
        Reply::json("{\"openapi\":\"3.0.3\",\"paths\":"),
        Reply::json("[]"),
    ] {
        let server = Server::always(lie);
        let ran = run(folder.path(), &["pull", &server.url("/x.json"), "-o", "x.json"]).run().code(2);
        assert_eq!(ran.stdout, "");
        assert!(!folder.path().join("x.json").exists());
        let ran =
            run(folder.path(), &["pull", &format!("2.0={}", server.url("/x.json")), "--archive", "a"]).run();
        assert_eq!(ran.code, 2);
        assert!(!folder.path().join("a").exists());
    }
}

#[test]
fn upgrade_between_two_addresses() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("clients")).unwrap();
    std::fs::write(
        folder.path().join("clients/a.py"),
        "import requests\nrequests.get(\"http://localhost:8000/gone\")\n",
    )
    .unwrap();
    let old = Server::new(|asked| match asked.path() {
        "/openapi.json" => Reply::json(document("Plane", &["/stays", "/gone"])),
        _ => Reply::new(404),
    });
    let new = Server::new(|asked| match asked.path() {
        "/openapi.json" => Reply::json(document("Plane", &["/stays"])),
        _ => Reply::new(404),
    });
    let args = ["upgrade", "--from", &old.url("/"), "--to", &new.url("/"), "clients"];
    let ran = run(folder.path(), &args).run().code(1);
    assert!(ran.stdout.contains("clients/a.py:2"), "{}", ran.stdout);
    assert!(ran.stderr.contains(&format!("2.19={}", old.url("/"))), "{}", ran.stderr);
    // And with the servers gone, from the cache.
    let asked = (old.connections(), new.connections());
    let again = run(folder.path(), &args).args(["--offline"]).run().code(1);
    assert_eq!((again.stdout, again.stderr), (ran.stdout, ran.stderr));
    assert_eq!((old.connections(), new.connections()), asked);
}

#[test]
fn releases_of_a_policy_may_be_in_the_network() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(|asked| match asked.path() {
        "/old.json" => Reply::json(document("Plane", &["/a", "/b"])),
        _ => Reply::json(document("Plane", &["/a"])),
    });
    let policy = format!(
        "[window.self-hosted]\nreleases = 2\n\
         [[release]]\nid = \"2.20\"\ndocument = \"{}\"\n[[release]]\nid = \"2.21\"\ndocument = \"new\"\n\
         [source.new]\nurl = \"{}\"\n",
        server.url("/old.json"),
        server.url("/new.json")
    );
    std::fs::write(folder.path().join("policy.toml"), policy).unwrap();
    let ran = run(folder.path(), &["check", "2.20", "2.21", "--fail-on", "never"]).run().code(0);
    assert!(ran.stdout.contains("GET /b"), "{}", ran.stdout);
    // The source is known to be that release.
    let ran = run(folder.path(), &["check", "2.20", "new", "--fail-on", "never"]).run().code(0);
    assert!(ran.stdout.contains("2.21"), "{}", ran.stdout);
}

#[test]
fn insecure_is_said_whatever_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::always(Reply::json(document("Plane", &["/a"])));
    let ran = run(folder.path(), &["pull", &server.url("/x.json"), "--insecure", "-q"]).run().code(0);
    assert!(ran.stderr.contains("no certificate is checked"), "{}", ran.stderr);
    // Not where nothing is fetched.
    let file = crate::common::fixture("orbit").join("releases/1.8.json").display().to_string();
    assert_eq!(run(folder.path(), &["pull", &file, "--insecure"]).run().code(0).stderr, "");
    // Nor is anything else of the network looked at then.
    let folder = tempfile::tempdir().unwrap();
    let ran =
        run(folder.path(), &["pull", &file, "--ca-cert", "none.pem", "--client-cert", "none.pem"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(!folder.path().join("cache").exists());
}

/// A server behind TLS that has one document.
fn behind_tls(authority: &Authority, clients: Option<&Authority>) -> TlsServer {
    TlsServer::new(&authority.sign("localhost"), clients, |_| Reply::json(document("Plane", &["/a"])))
}

#[test]
fn whom_to_trust_is_said_by_options() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, other) = (Authority::new(), Authority::new());
    std::fs::write(folder.path().join("ca.pem"), format!("{}\n{}", other.pem, authority.pem)).unwrap();
    std::fs::write(folder.path().join("other.pem"), &other.pem).unwrap();
    let server = behind_tls(&authority, None);
    let pull = |args: &[&str]| run(folder.path(), &["pull", &server.url("/x.json")]).args(args);
    // Of an authority that is not known, and of one that only has the same name.
    for (args, reason) in
        [(&[][..], "its issuer is unknown"), (&["--ca-cert", "other.pem"], "has another key")]
    {
        let ran = pull(args).run().code(2);
        assert!(ran.stderr.contains(reason), "{}", ran.stderr);
        assert!(
            ran.stderr.contains("not trusted") && ran.stderr.contains("--ca-cert FILE"),
            "{}",
            ran.stderr
        );
    }
    assert_eq!(server.asked().len(), 0);
    let ran = pull(&["--ca-cert", "ca.pem"]).run().code(0);
    assert_eq!((ran.stdout, ran.stderr), (document("Plane", &["/a"]), String::new()));
    // Said loudly, and nothing else helps it.
    let ran = pull(&["--insecure"]).run().code(0);
    assert!(ran.stderr.starts_with("warning: --insecure: no certificate is checked"), "{}", ran.stderr);
    let ran = pull(&["--ca-cert", "none.pem"]).run().code(2);
    assert!(ran.stderr.contains("cannot read none.pem"), "{}", ran.stderr);
}

/// The system's own certificates; elsewhere than here they are in no file.
#[cfg(target_os = "linux")]
#[test]
fn the_system_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let file = folder.path().join("system.pem");
    std::fs::write(&file, &authority.pem).unwrap();
    let server = behind_tls(&authority, None);
    let args = ["pull", &server.url("/x.json")];
    run(folder.path(), &args).env("SSL_CERT_FILE", &file.display().to_string()).run().code(0);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_client_certificate_is_shown_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let client = authority.sign("client.example");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("ca.pem", &authority.pem);
    write("client.pem", &client.pem);
    write("client.key", &client.key_pem);
    write("both.pem", &format!("{}{}", client.key_pem, client.pem));
    let server = behind_tls(&authority, Some(&authority));
    let url = server.url("/x.json");
    let pull = |args: &[&str]| run(folder.path(), &["pull", &url, "--ca-cert", "ca.pem"]).args(args);
    pull(&[]).run().code(0);
    pull(&["--client-cert", "client.pem", "--client-key", "client.key"]).run().code(0);
    pull(&["--client-cert", "both.pem"]).run().code(0);
    let shown: Vec<bool> = server.asked().into_iter().map(|(_, shown)| shown).collect();
    assert_eq!(shown, [false, true, true]);
    let ran = pull(&["--client-cert", "client.pem"]).run().code(2);
    assert!(ran.stderr.contains("the client certificate or its key cannot be read"), "{}", ran.stderr);
    assert_eq!(server.asked().len(), 3);
}

/// Each way of `auth` of a policy, by what its server is sent.
#[test]
fn every_way_of_authentication_of_a_policy() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(|asked| {
        let known = match asked.path() {
            "/bearer.json" => asked.header("authorization") == Some("Bearer tok-env-4711"),
            "/header.json" => asked.header("x-api-key") == Some("tok-env-4711"),
            "/oauth.json" | "/realm.json" => asked.header("authorization") == Some("Bearer tok-new-4711"),
            "/login" => {
                asked.body
                    == "grant_type=client_credentials&scope=api+read&audience=plane\
                        &client_id=app-4711&client_secret=s3cret-value"
            }
            "/auth/realms/plane/protocol/openid-connect/token" => {
                asked.body == "grant_type=client_credentials&client_id=app-4711&client_secret=s3cret-value"
            }
            _ => false,
        };
        match asked.method.as_str() {
            _ if !known => Reply::new(403),
            "POST" => Reply::json("{\"access_token\":\"tok-new-4711\",\"expires_in\":60}"),
            _ => Reply::json(document("Plane", &["/a"])),
        }
    });
    let client = "client-id-env = \"APP_ID\"\nclient-secret-env = \"APP_SECRET\"";
    let url = server.url("");
    let policy = format!(
        "[source.bearer]\nurl = \"{url}/bearer.json\"\nauth = \"bearer\"\ntoken-env = \"TOKEN\"\n\
         [source.header]\nurl = \"{url}/header.json\"\nauth = \"header\"\nheader = \"X-Api-Key\"\ntoken-env = \"TOKEN\"\n\
         [source.oauth]\nurl = \"{url}/oauth.json\"\nauth = \"oauth2-client-credentials\"\n{client}\n\
         token-url = \"{url}/login\"\nscope = \"api read\"\naudience = \"plane\"\n\
         [source.realm]\nurl = \"{url}/realm.json\"\nauth = \"run-ai\"\nrealm = \"plane\"\n{client}\n"
    );
    std::fs::write(folder.path().join("policy.toml"), policy).unwrap();
    for name in ["bearer", "header", "oauth", "realm"] {
        let pull = |secret: &str| {
            let run = run(folder.path(), &["pull", name, "-v"]).env("TOKEN", &format!("tok-env-{secret}"));
            run.env("APP_ID", "app-4711").env("APP_SECRET", &format!("s3cret-{secret}")).run()
        };
        let right = if matches!(name, "bearer" | "header") { "4711" } else { "value" };
        assert_eq!(pull(right).code(0).stdout, document("Plane", &["/a"]), "{name}");
        let ran = pull("wr0ng").code(2);
        let variables = if matches!(name, "bearer" | "header") { "TOKEN" } else { "APP_ID and APP_SECRET" };
        assert!(ran.stderr.contains(&format!("what is in {variables}")), "{name}\n{}", ran.stderr);
        assert!(!ran.stderr.contains("wr0ng") && !ran.stderr.contains("app-4711"), "{name}\n{}", ran.stderr);
    }
}

#[test]
fn both_sides_are_fetched_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("call.py"), "import requests\nrequests.get(\"http://localhost/a\")\n")
        .unwrap();
    // Each side answers only while the other is being asked as well.
    let asked = Arc::new((Mutex::new(0), Condvar::new()));
    let side = || {
        let asked = Arc::clone(&asked);
        Server::new(move |_| {
            let (count, changed) = &*asked;
            *count.lock().unwrap() += 1;
            changed.notify_all();
            let guard = count.lock().unwrap();
            let waited = changed.wait_timeout_while(guard, Duration::from_secs(10), |count| *count < 2);
            if waited.unwrap().1.timed_out() {
                Reply::new(404)
            } else {
                Reply::json(document("Plane", &["/a"]))
            }
        })
    };
    for command in ["upgrade", "diff"] {
        *asked.0.lock().unwrap() = 0;
        let (old, new) = (side(), side());
        let (old, new) = (old.url("/1.json"), new.url("/2.json"));
        let args = match command {
            "upgrade" => vec!["upgrade", "--from", &old, "--to", &new, "call.py"],
            _ => vec!["diff", &old, &new],
        };
        run(folder.path(), &args).run().code(0);
    }
}

/// A terminal, and what is shown on it until the program ends.
#[cfg(target_os = "linux")]
fn on_a_terminal(run: Sunwatch) -> String {
    use std::io::Read;
    use std::os::unix::ffi::OsStrExt;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&control).unwrap();
    unlockpt(&control).unwrap();
    let name = ptsname(&control, Vec::new()).unwrap();
    let path = std::ffi::OsStr::from_bytes(name.to_bytes());
    let terminal = std::fs::File::options().read(true).write(true).open(path).unwrap();
    let size = rustix::termios::Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
    rustix::termios::tcsetwinsize(&terminal, size).unwrap();
    let mut command = run.command();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(terminal);
    let mut child = command.spawn().unwrap();
    // The program holds the only other end now, and its end is ours.
    drop(command);
    let (mut shown, mut control) = (Vec::new(), std::fs::File::from(control));
    let _ = control.read_to_end(&mut shown);
    assert!(child.wait().unwrap().success(), "{}", String::from_utf8_lossy(&shown));
    String::from_utf8_lossy(&shown).into_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn a_long_wait_is_shown_on_a_terminal_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(|asked| Reply {
        delay: Duration::from_millis(if asked.path() == "/slow.json" { 1600 } else { 0 }),
        ..Reply::json(document("Plane", &["/a"]))
    });
    let pull = |path: &str, args: &[&str]| {
        run(folder.path(), &["pull", &server.url(path), "-o", "x.json"]).args(args).env("TERM", "xterm")
    };
    let line = format!("GET {}", server.url("/slow.json"));
    let shown = on_a_terminal(pull("/slow.json", &[]));
    assert!(shown.contains(&line), "{shown:?}");
    // The line is gone in the end.
    assert!(!shown.trim_end().ends_with("slow.json") && shown.contains("\u{1b}[2K"), "{shown:?}");
    assert_eq!(on_a_terminal(pull("/quick.json", &[])), "");
    assert_eq!(on_a_terminal(pull("/slow.json", &["-q"])), "");
    assert_eq!(pull("/slow.json", &[]).run().code(0).stderr, "");
}

/// A server that gives the token back wherever it can.
#[test]
fn what_a_server_repeats_is_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(|asked| {
        let token = asked.header("authorization").unwrap_or_default().replace("Bearer ", "");
        match asked.path() {
            "/" => Reply::to(format!("/docs?{token}={token}")),
            "/docs" => Reply::html(format!(
                "<title>{token}</title><script>SwaggerUIBundle({{urls: [{{url: '/{token}.json', name: '{token}'}}]}})</script>"
            )),
            "/version" => Reply::json(format!("{{\"{token}\": \"{token}\", \"version\": \"2.20\"}}")),
            _ => Reply::json(document("Plane", &["/a"]))
                .header("etag", format!("\"{token}\""))
                .header("last-modified", &token)
                .header("link", format!("</{token}>; rel=\"{token}\"")),
        }
    });
    let policy = format!(
        "[source.prod]\nurl = \"{}\"\nauth = \"bearer\"\ntoken-env = \"TOKEN\"\nversion-path = \"/version\"\n\
         version-pointer = \"/version\"\n",
        server.url("/")
    );
    let check = |policy: &str, code: i32| {
        std::fs::write(folder.path().join("policy.toml"), policy).unwrap();
        let args = ["pull", "prod", "--archive", "specs", "--format", "json", "-v"];
        let ran = run(folder.path(), &args).env("TOKEN", "tok-4711-hidden").run().code(code);
        assert!(
            !ran.stdout.contains("4711") && !ran.stderr.contains("4711"),
            "{}\n{}",
            ran.stdout,
            ran.stderr
        );
    };
    check(&policy, 0);
    // The same in an error.
    check(&policy.replace("pointer = \"/version\"", "pointer = \"/else\""), 2);
    let mut files = 0;
    for place in ["specs", "cache"] {
        for file in std::fs::read_dir(folder.path().join(place)).into_iter().flatten() {
            files += 1;
            let path = file.unwrap().path();
            let text = format!("{path:?}{}", String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
            assert!(!text.contains("4711"), "{text}");
        }
    }
    assert!(files >= 2);
}

/// Titles, paths and names of a document hold what a terminal would obey.
#[test]
fn nor_does_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let paint = "\r\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}";
    let plane = move |path: &str| {
        serde_json::json!({
            "openapi": "3.0.3", "info": { "title": format!("Plane{paint}"), "version": format!("1{paint}") },
            "paths": { format!("/{path}{paint}"): { "get": {
                "deprecated": true, "operationId": format!("get{paint}"),
                "description": format!("Deprecated: use {paint}"),
                "responses": { "200": { "$ref": format!("#/gone{paint}") } }
            } } }
        })
    };
    let server = Server::new(move |asked| match asked.path() {
        "/1.json" => Reply::json(plane("old")),
        _ => Reply::json(plane("new")),
    });
    let (old, new) = (server.url("/1.json"), server.url("/2.json"));
    for args in [
        vec!["pull", &old, "-o", "x.json"],
        vec!["history", &old],
        vec!["check", &old, &new],
        vec!["diff", &old, &new],
        vec!["notes", &old, &new],
        vec!["diff", &old, &new, "--format", "markdown"],
        vec!["diff", &old, &new, "--format", "json"],
    ] {
        for colour in ["never", "always"] {
            let ran = run(folder.path(), &args).args(["-v", "--color", colour]).run_as_is();
            let mut shown = format!("{}{}", ran.stdout, ran.stderr);
            assert!(shown.contains("u{1b}") || args.contains(&"json"), "{args:?}: {shown}");
            if colour == "always" {
                // What is left without our own colours.
                for code in ["0", "1", "33", "91", "92", "94"] {
                    shown = shown.replace(&format!("\u{1b}[{code}m"), "");
                }
            }
            let obeyed = shown.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']);
            assert!(!obeyed, "{args:?} {colour}: {shown:?}");
        }
    }
}

#[test]
fn passwords_in_addresses_are_refused_and_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["pull", "https://me:hunter2@api.example/x.json"]).run().code(2);
    assert!(ran.stderr.contains("[source.NAME]") && !ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn a_proxy_is_used_but_not_for_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let proxy = Server::new(|asked| match asked.target.as_str() {
        "http://api.example/x.json" => Reply::json(document("Plane", &["/a"])),
        _ => Reply::new(502),
    });
    let with_proxy = |args: &[&str]| run(folder.path(), args).env("HTTP_PROXY", &proxy.url(""));
    with_proxy(&["pull", "http://api.example/x.json"]).run().code(0);
    assert_eq!(proxy.asked()[0].target, "http://api.example/x.json");
    let server = Server::always(Reply::json(document("Plane", &["/a"])));
    with_proxy(&["pull", &server.url("/x.json")]).run().code(0);
    assert_eq!(proxy.asked().len(), 1);
    // What is behind TLS goes through it unread, and its credentials with it.
    let policy =
        "[source.safe]\nurl = \"https://api.example/x.json\"\nauth = \"bearer\"\ntoken-env = \"TOKEN\"\n";
    std::fs::write(folder.path().join("policy.toml"), policy).unwrap();
    let tunnel = Server::always(Reply::new(502));
    let ran =
        run(folder.path(), &["pull", "safe"]).env("HTTPS_PROXY", &tunnel.url("")).env("TOKEN", "tok-4711");
    ran.run().code(2);
    assert_eq!(
        (tunnel.asked()[0].method.as_str(), tunnel.asked()[0].target.as_str()),
        ("CONNECT", "api.example:443")
    );
    assert!(!tunnel.bytes().contains("tok-4711"), "{}", tunnel.bytes());
    // A password for the proxy is the proxy's alone.
    let closed = Server::always(Reply::new(407));
    for (scheme, variable) in [("http", "HTTP_PROXY"), ("https", "HTTPS_PROXY")] {
        let ran = run(folder.path(), &["pull", &format!("{scheme}://api.example/x.json"), "-v"])
            .env(variable, &closed.url("").replace("http://", "http://me:hunter2@"))
            .run()
            .code(2);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
    assert_eq!(closed.asked().last().unwrap().header("proxy-authorization"), Some("Basic bWU6aHVudGVyMg=="));
    let ran = with_proxy(&["pull", "http://no.invalid/x.json"]).env("NO_PROXY", ".invalid").run().code(2);
    assert!(ran.stderr.contains("no such host"), "{}", ran.stderr);
}

/// The files of `fixtures/references` below `/api/`, as a server has them.
fn lighthouse() -> Server {
    Server::new(|asked| {
        let path = asked.path().strip_prefix("/api/").unwrap_or_default().replace("%20", " ");
        let file = crate::common::fixture("references").join(path);
        match std::fs::read(file) {
            Ok(bytes) => Reply::new(200).header("content-type", "application/yaml").body(bytes),
            Err(_) => Reply::new(404),
        }
    })
}

#[test]
fn a_document_of_many_files_is_kept_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let server = lighthouse();
    let diff = |old: &str, new: &str| {
        run(folder.path(), &["diff", old, new, "--format", "json"]).run().code(0).json()["changes"].clone()
    };
    for release in ["1.0", "1.1"] {
        let address = server.url(&format!("/api/split/{release}.yaml"));
        let ran =
            run(folder.path(), &["pull", &address, "-o", "whole.json", "--format", "json"]).run().code(0);
        let report = ran.json();
        let kept = std::fs::read(folder.path().join("whole.json")).unwrap();
        assert_eq!(report["documents"][0]["bytes"], kept.len());
        let parts = report["documents"][0]["parts"].as_array().unwrap().clone();
        assert_eq!(parts.len(), 14);
        assert!(
            parts.contains(&server.url(&format!("/api/split/v{release}/schemas/Light.yaml")).into()),
            "{parts:?}"
        );
        // Alone, in another folder, without the server: it is the document of one file.
        let text = String::from_utf8(kept).unwrap();
        let _: Value = serde_json::from_str(&text).unwrap();
        assert!(!text.contains(".yaml") && !text.contains(".json"), "{text}");
        // OpenAPI 3.0 knows no such components.
        assert!(!text.contains("pathItems"), "{text}");
        let one =
            crate::common::fixture("references/one").join(format!("{release}.yaml")).display().to_string();
        assert_eq!(diff(&one, "whole.json"), serde_json::json!([]));
        assert_eq!(diff("whole.json", &one), serde_json::json!([]));
        // To standard output it is the same, and so is that of files.
        let ran = run(folder.path(), &["pull", &address]).run().code(0);
        assert_eq!(ran.stdout, text);
        let local =
            crate::common::fixture("references/split").join(format!("{release}.yaml")).display().to_string();
        assert_eq!(run(folder.path(), &["pull", &local]).run().code(0).stdout, text);
    }
    // An archive of them tells the parts and has one history with the folder of single files.
    let named = ["1.0", "1.1"]
        .map(|release| format!("{release}={}", server.url(&format!("/api/split/{release}.yaml"))));
    let ran = run(folder.path(), &["pull", &named[0], &named[1], "--archive", "specs"]).run().code(0);
    assert!(ran.stdout.contains("with 14 files that it refers to"), "{}", ran.stdout);
    let record = std::fs::read_to_string(folder.path().join("specs/archive.json")).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record["documents"][1]["parts"].as_array().unwrap().len(), 14);
    assert_eq!(record["documents"][1]["file"], "1.1.json");
    std::fs::write(folder.path().join("policy.toml"), "[window.self-hosted]\nreleases = 2\n").unwrap();
    let history = |source: &str| run(folder.path(), &["history", source, "-q"]).run().code(0).stdout;
    let one = crate::common::fixture("references/one").display().to_string();
    assert!(history("specs").contains("height"));
    assert_eq!(history("specs"), history(&one));
    // Nothing has changed since, and what is made of many files is made alike each time.
    let ran = run(folder.path(), &["pull", &named[0], "--archive", "specs", "-v"]).run().code(0);
    assert!(ran.stderr.contains("1.0.json is unchanged"), "{}", ran.stderr);
}

#[test]
fn a_document_without_parts_is_kept_as_it_was_served() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# as it is\nopenapi: 3.0.3\ninfo: {title: Plane, version: 1.10}\npaths:\n  /a:\n    get:\n      \
                responses: {200: {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/A'}, \
                example: {$ref: other.json}}}}}\ncomponents: {schemas: {A: {type: string}}}\n";
    let server = Server::always(Reply::new(200).header("content-type", "text/plain").body(text));
    let ran = run(folder.path(), &["pull", &server.url("/x.yaml"), "-o", "x.yaml", "--format", "json"]).run();
    assert_eq!(std::fs::read_to_string(folder.path().join("x.yaml")).unwrap(), text);
    assert_eq!(ran.code(0).json()["documents"][0]["parts"], serde_json::json!([]));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_document_that_refers_to_itself_by_name_can_be_renamed() {
    let folder = tempfile::tempdir().unwrap();
    let text = document("Plane", &["/a"]).replace(
        "\"description\":\"ok\"",
        "\"description\":\"ok\",\"content\":{\"a/b\":{\"schema\":{\"$ref\":\"x.json#/components/schemas/A\"}}}",
    );
    let text =
        text.replace("\"paths\"", "\"components\":{\"schemas\":{\"A\":{\"type\":\"string\"}}},\"paths\"");
    let server = Server::always(Reply::json(text));
    run(folder.path(), &["pull", &server.url("/x.json"), "-o", "y.json"]).run().code(0);
    let kept = std::fs::read_to_string(folder.path().join("y.json")).unwrap();
    assert!(kept.contains("\"$ref\": \"#/components/schemas/A\""), "{kept}");
    let kept = folder.path().join("y.json").display().to_string();
    assert_eq!(run(folder.path(), &["diff", &kept, &server.url("/x.json")]).run().code(0).stderr, "");
}

#[test]
fn what_is_not_whole_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let other = Server::always(Reply::json("{\"type\":\"string\"}"));
    let elsewhere = other.url("/A.json");
    let with = |reference: &str| {
        let schema = serde_json::json!({ "$ref": reference }).to_string();
        document("Plane", &["/a"]).replace(
            "\"description\":\"ok\"",
            &format!("\"description\":\"ok\",\"content\":{{\"a/b\":{{\"schema\":{schema}}}}}"),
        )
    };
    for reference in [&*elsewhere, "missing.json", "part.json#/gone", "file:///etc/passwd"] {
        let text = with(reference);
        let server = Server::new(move |asked| match asked.path() {
            "/x.json" => Reply::json(&text),
            "/part.json" => Reply::json("{\"here\":{}}"),
            _ => Reply::new(404),
        });
        let whole = Server::always(Reply::json(document("Plane", &["/a"])));
        let (one, two) = (format!("1.0={}", whole.url("/x.json")), format!("2.0={}", server.url("/x.json")));
        let ran = run(folder.path(), &["pull", &two, "-o", "x.json", "--format", "json"]).run().code(3);
        assert!(ran.stderr.contains("nothing is written"), "{}", ran.stderr);
        assert_eq!(ran.json()["documents"][0]["file"], Value::Null);
        let problem = ran.json()["problems"][0]["message"].as_str().unwrap().to_owned();
        assert!(problem.contains(reference), "{problem}");
        assert!(!folder.path().join("x.json").exists());
        let ran = run(folder.path(), &["pull", &two, "-q"]).run().code(3);
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.contains("one of its references leads to"), "{}", ran.stderr);
        run(folder.path(), &["pull", &one, &two, "--archive", "a"]).run().code(3);
        assert!(!folder.path().join("a").exists());
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn a_forgotten_or_wrong_scheme_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::always(Reply::json(document("Plane", &["/a"])));
    let plain = format!("127.0.0.1:{}/x.json", server.port());
    let ran = run(folder.path(), &["pull", &plain]).run().code(2);
    assert!(ran.stderr.contains(&format!("for a server, write http://{plain}")), "{}", ran.stderr);
    let ran = run(folder.path(), &["upgrade", "--from", "plane.example", "--to", "2.23"]).run().code(2);
    assert!(ran.stderr.contains("for a server, write https://plane.example"), "{}", ran.stderr);
    // A file of that name is a file.
    std::fs::write(folder.path().join("plane.example"), document("Plane", &["/a"])).unwrap();
    run(folder.path(), &["pull", "plane.example"]).run().code(0);
    assert_eq!(server.connections(), 0);
    // What servers of plain HTTP say to the beginning of a safe connection.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/x.json", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        }
    });
    let ran = run(folder.path(), &["pull", &address]).run().code(2);
    assert!(ran.stderr.contains("does not speak TLS"), "{}", ran.stderr);
    assert!(ran.stderr.contains("begins with http://"), "{}", ran.stderr);
}

#[test]
fn files_alone_set_up_no_network() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("specs")).unwrap();
    std::fs::write(folder.path().join("specs/1.0.json"), document("Plane", &["/a", "/b"])).unwrap();
    std::fs::write(folder.path().join("specs/1.1.json"), document("Plane", &["/a", "/b", "/c"])).unwrap();
    std::fs::write(folder.path().join("a.py"), "import requests\nrequests.get('http://localhost/a')\n")
        .unwrap();
    let proxy = Server::always(Reply::new(502));
    // A certificate that is missing would be the first thing to be said.
    let lacking = ["--ca-cert", "missing.pem", "--cache-dir", "cache"];
    for args in [
        "history specs",
        "check --history specs 1.0 1.1",
        "diff specs/1.0.json specs/1.1.json",
        "scan --history specs a.py",
        "upgrade --history specs --from 1.0 --to 1.1 a.py",
        "pull specs/1.0.json",
    ] {
        let ran = sunwatch(folder.path())
            .args(args.split(' '))
            .args(lacking)
            .env("HTTP_PROXY", &proxy.url(""))
            .env("HTTPS_PROXY", &proxy.url(""))
            .run()
            .code(0);
        assert!(!ran.stderr.contains("missing.pem"), "{args}: {}", ran.stderr);
    }
    assert!(!folder.path().join("cache").exists());
    assert_eq!(proxy.connections(), 0);
    // It is read as soon as an address is asked for.
    let ran = sunwatch(folder.path()).args(["pull", &proxy.url("/x.json")]).args(lacking).run().code(2);
    assert!(ran.stderr.contains("cannot read missing.pem"), "{}", ran.stderr);
    assert_eq!(proxy.connections(), 0);
}
