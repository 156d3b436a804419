//! Servers of our own on this machine: a raw one that records every byte it is
//! sent and answers with whatever bytes a test wants, and one behind TLS.

pub mod tls;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }
}

/// What to answer.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Promised in `Content-Length`; else the truth.
    pub length: Option<usize>,
    /// Silence before the first byte.
    pub delay: Duration,
    /// Silence after each ten bytes of the body.
    pub drip: Duration,
    /// Instead of all of the above: these bytes.
    pub raw: Option<Vec<u8>>,
}

impl Reply {
    pub fn new(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn json(body: impl ToString) -> Self {
        Self::new(200).header("content-type", "application/json").body(body.to_string())
    }

    pub fn html(body: impl ToString) -> Self {
        Self::new(200).header("content-type", "text/html; charset=utf-8").body(body.to_string())
    }

    pub fn to(location: impl ToString) -> Self {
        Self::new(302).header("location", location)
    }

    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { raw: Some(bytes.into()), ..Self::default() }
    }

    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

type Handler = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A server that answers one request per connection.
pub struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    connections: Arc<Mutex<usize>>,
    ended: Arc<AtomicBool>,
}

impl Server {
    pub fn new(handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self {
            port,
            asked: Arc::default(),
            bytes: Arc::default(),
            connections: Arc::default(),
            ended: Arc::default(),
        };
        let handler: Arc<Handler> = Arc::new(handler);
        let (asked, bytes) = (Arc::clone(&server.asked), Arc::clone(&server.bytes));
        let (connections, ended) = (Arc::clone(&server.connections), Arc::clone(&server.ended));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                *connections.lock().unwrap() += 1;
                let (handler, asked, bytes) = (Arc::clone(&handler), Arc::clone(&asked), Arc::clone(&bytes));
                std::thread::spawn(move || {
                    // A client that goes away early is a part of many tests.
                    let _ = serve(stream, &*handler, &asked, &bytes);
                });
            }
        });
        server
    }

    /// A server that answers the same to everything.
    pub fn always(reply: Reply) -> Self {
        Self::new(move |_| reply.clone())
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// `http://127.0.0.1:PORT` with a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The same server under another name.
    pub fn at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    /// All requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The paths of all requests so far.
    pub fn paths(&self) -> Vec<String> {
        self.asked().iter().map(|asked| asked.path().to_owned()).collect()
    }

    /// Every byte that was received.
    pub fn bytes(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }

    /// How often anybody connected.
    pub fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // The thread waits for a connection; this is the last one.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(
    mut stream: TcpStream,
    handler: &Handler,
    log: &Mutex<Vec<Asked>>,
    bytes: &Mutex<Vec<u8>>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut received = Vec::new();
    let mut piece = [0; 4096];
    let head = loop {
        if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let count = stream.read(&mut piece)?;
        bytes.lock().unwrap().extend_from_slice(&piece[..count]);
        if count == 0 {
            return Ok(());
        }
        received.extend_from_slice(&piece[..count]);
    };
    let text = String::from_utf8_lossy(&received[..head]).into_owned();
    let mut lines = text.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let mut asked = Asked {
        method: first.next().unwrap_or_default().to_owned(),
        target: first.next().unwrap_or_default().to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: String::new(),
    };
    let length: usize = asked.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while received.len() < head + length {
        let count = stream.read(&mut piece)?;
        bytes.lock().unwrap().extend_from_slice(&piece[..count]);
        if count == 0 {
            break;
        }
        received.extend_from_slice(&piece[..count]);
    }
    asked.body = String::from_utf8_lossy(&received[head..]).into_owned();
    log.lock().unwrap().push(asked.clone());
    let reply = handler(&asked);
    std::thread::sleep(reply.delay);
    if let Some(raw) = &reply.raw {
        return stream.write_all(raw);
    }
    let mut out = format!("HTTP/1.1 {} Whatever\r\n", reply.status);
    for (name, value) in &reply.headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = reply.length.unwrap_or(reply.body.len());
    if reply.status != 304 {
        out.push_str(&format!("content-length: {length}\r\n"));
    }
    out.push_str("connection: close\r\n\r\n");
    stream.write_all(out.as_bytes())?;
    if reply.drip.is_zero() {
        stream.write_all(&reply.body)?;
    } else {
        for piece in reply.body.chunks(10) {
            stream.write_all(piece)?;
            stream.flush()?;
            std::thread::sleep(reply.drip);
        }
    }
    stream.flush()
}

/// A small document of that title with one operation at that path.
pub fn document(title: &str, paths: &[&str]) -> String {
    let paths: serde_json::Map<String, serde_json::Value> = paths
        .iter()
        .map(|path| {
            let operation = serde_json::json!({ "get": { "responses": { "200": { "description": "ok" } } } });
            ((*path).to_owned(), operation)
        })
        .collect();
    serde_json::json!({ "openapi": "3.0.3", "info": { "title": title, "version": "1" }, "paths": paths })
        .to_string()
}

/// Bytes as gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes as brotli packs them.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    brotli::CompressorWriter::new(&mut packed, 4096, 9, 22).write_all(bytes).unwrap();
    packed
}
