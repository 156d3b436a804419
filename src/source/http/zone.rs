//! Which network an address belongs to, and who may lead us there.
//!
//! What a user types may be anywhere. What a *server* names (a redirect, a
//! document of a page, a `$ref`) must not lead from a public network into a
//! private one: the server would then reach, through us, what it cannot reach
//! itself. Names are checked when they are resolved for a connection, so that a
//! name which changes its address in between gains nothing.

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};

use url::{Host, Url};

/// Kinds of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Reachable for everybody.
    Public,
    /// An organisation's own (RFC 1918, RFC 4193, RFC 6598).
    Private,
    /// The own link (RFC 3927, RFC 4291); where clouds keep machine secrets.
    LinkLocal,
    /// This machine.
    Loopback,
    /// No place to ask for a document: unspecified, multicast, reserved.
    Nowhere,
}

impl Zone {
    /// The zone of an address (IANA special-purpose address registries).
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }

    /// Whether a server in this zone may send us to `to`.
    pub fn may_lead_to(self, to: Self) -> bool {
        match to {
            Self::Public => true,
            // From this machine (a forwarded port) to its own network.
            Self::Private => matches!(self, Self::Private | Self::Loopback),
            Self::LinkLocal | Self::Loopback => self == to,
            Self::Nowhere => false,
        }
    }

    /// In words, for messages.
    pub(super) fn described(self) -> &'static str {
        match self {
            Self::Public => "a public network",
            Self::Private => "a private network",
            Self::LinkLocal => "the local link",
            Self::Loopback => "this machine",
            Self::Nowhere => "no network",
        }
    }
}

fn of_v4(address: Ipv4Addr) -> Zone {
    let [a, b, ..] = address.octets();
    match (a, b) {
        (127, _) => Zone::Loopback,
        (10, _) | (172, 16..=31) | (192, 168) | (100, 64..=127) | (198, 18..=19) => Zone::Private,
        (169, 254) => Zone::LinkLocal,
        (0, _) | (224..=255, _) => Zone::Nowhere,
        _ => Zone::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Zone {
    let s = address.segments();
    let inner = |high: u16, low: u16| of_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match s {
        [0, 0, 0, 0, 0, 0, 0, 1] => Zone::Loopback,
        [0, 0, 0, 0, 0, 0, 0, 0] => Zone::Nowhere,
        // What stands for an IPv4 address is where that is: mapped, compatible,
        // translated (RFC 6052, RFC 8215), 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0, 0, 0, 0, 0, 0, high, low] => inner(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inner(high, low),
        [0x64, 0xff9b, 1, ..] => Zone::Private,
        [0x2002, high, low, ..] => inner(high, low),
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Zone::Private,
        [0xfe80..=0xfebf, ..] => Zone::LinkLocal,
        [0xff00..=0xffff, ..] => Zone::Nowhere,
        _ => Zone::Public,
    }
}

/// Finds the addresses of names.
pub trait Names: Send + Sync {
    /// The addresses of a host, each with its zone. Called off the network's
    /// own thread; may block.
    ///
    /// # Errors
    /// What the system says where there is no such name.
    fn resolve(&self, host: &str) -> io::Result<Vec<(IpAddr, Zone)>>;
}

/// The names that the system knows.
pub struct SystemNames;

impl Names for SystemNames {
    fn resolve(&self, host: &str) -> io::Result<Vec<(IpAddr, Zone)>> {
        let addresses = (host, 0).to_socket_addrs()?;
        Ok(addresses.map(|address| (address.ip(), Zone::of(address.ip()))).collect())
    }
}

/// A name that stands for an address which a server may not send us to.
#[derive(Debug, thiserror::Error)]
#[error("{host} is in {}, where a server in {} may not send us", to.described(), from.described())]
pub(super) struct Forbidden {
    host: String,
    from: Zone,
    to: Zone,
}

/// A name without an address.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoSuchName(String);

/// Watches over where the requests of one source go.
pub(super) struct Guard {
    names: Arc<dyn Names>,
    /// The host that the user named.
    home: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The zone of `home`, once it is known.
    zone: Option<Zone>,
    /// Hosts that servers named.
    foreign: HashSet<String>,
}

impl Guard {
    pub(super) fn new(names: Arc<dyn Names>, home: &Url) -> Self {
        let zone = literal(home).map(Zone::of);
        let state = Arc::new(Mutex::new(State { zone, foreign: HashSet::new() }));
        Self { names, home: home.host_str().unwrap_or_default().to_owned(), state }
    }

    /// Checks an address that a server named, before anything is sent. Names
    /// are noted and checked when they are resolved.
    pub(super) fn admit(&self, url: &Url) -> Result<(), Forbidden> {
        let host = url.host_str().unwrap_or_default();
        if host == self.home {
            return Ok(());
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let from = state.zone.unwrap_or(Zone::Public);
        match literal(url) {
            Some(address) => {
                let to = Zone::of(address);
                if !from.may_lead_to(to) {
                    return Err(Forbidden { host: host.to_owned(), from, to });
                }
            }
            // By a proxy no name is resolved here; this one needs none.
            None if is_this_machine(url) && !from.may_lead_to(Zone::Loopback) => {
                return Err(Forbidden { host: host.to_owned(), from, to: Zone::Loopback });
            }
            None => {
                state.foreign.insert(host.to_owned());
            }
        }
        Ok(())
    }
}

type Addresses = Vec<(IpAddr, Zone)>;

/// The addresses of a name that may be connected to.
fn allowed(host: &str, home: &str, found: Addresses, state: &Mutex<State>) -> Result<Addresses, Forbidden> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let least = |found: &Addresses| {
        found.iter().map(|(_, zone)| *zone).find(|zone| *zone == Zone::Public).or(found.first().map(|f| f.1))
    };
    let first_seen = host == home && state.zone.is_none();
    if first_seen {
        state.zone = least(&found);
    }
    let from = state.zone.unwrap_or(Zone::Public);
    let watched = host == home || state.foreign.contains(host);
    let fits = |zone: Zone| {
        let led = !watched || from.may_lead_to(zone);
        led && (!is_local_name(host) || zone == Zone::Loopback)
    };
    let refused = found.iter().map(|(_, zone)| *zone).find(|zone| !fits(*zone));
    let kept: Addresses = found.into_iter().filter(|(_, zone)| fits(*zone)).collect();
    match refused {
        Some(to) if kept.is_empty() => Err(Forbidden { host: host.to_owned(), from, to }),
        _ => Ok(kept),
    }
}

impl reqwest::dns::Resolve for Guard {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let host = name.as_str().trim_matches(['[', ']']).to_owned();
        let (names, home, state) = (Arc::clone(&self.names), self.home.clone(), Arc::clone(&self.state));
        Box::pin(async move {
            let asked = host.clone();
            let found = tokio::task::spawn_blocking(move || names.resolve(&asked)).await?;
            let found = found.map_err(|error| NoSuchName(error.to_string()))?;
            if found.is_empty() {
                return Err(NoSuchName("no address".to_owned()).into());
            }
            let kept = allowed(&host, &home, found, &state)?;
            let addresses = kept.into_iter().map(|(address, _)| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as reqwest::dns::Addrs)
        })
    }
}

/// The address that stands in a URL itself.
fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

/// RFC 6761, section 6.3: `localhost` and what ends in it.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether a URL says by itself that it is on this machine.
pub(super) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_local_name(name),
        Some(Host::Ipv4(address)) => Zone::of(address.into()) == Zone::Loopback,
        Some(Host::Ipv6(address)) => Zone::of(address.into()) == Zone::Loopback,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones() {
        for (address, zone) in [
            ("127.0.0.1", Zone::Loopback),
            ("127.9.9.9", Zone::Loopback),
            ("::1", Zone::Loopback),
            ("::ffff:127.0.0.1", Zone::Loopback),
            ("64:ff9b::7f00:1", Zone::Loopback),
            ("2002:7f00:1::", Zone::Loopback),
            ("10.1.2.3", Zone::Private),
            ("172.31.0.1", Zone::Private),
            ("172.32.0.1", Zone::Public),
            ("192.168.1.1", Zone::Private),
            ("100.64.0.1", Zone::Private),
            ("fd12::1", Zone::Private),
            ("169.254.169.254", Zone::LinkLocal),
            ("::ffff:169.254.169.254", Zone::LinkLocal),
            ("fe80::1", Zone::LinkLocal),
            ("0.0.0.0", Zone::Nowhere),
            ("::", Zone::Nowhere),
            ("255.255.255.255", Zone::Nowhere),
            ("ff02::1", Zone::Nowhere),
            ("93.184.216.34", Zone::Public),
            ("2606:2800:220:1::1", Zone::Public),
        ] {
            assert_eq!(Zone::of(address.parse().unwrap()), zone, "{address}");
        }
    }

    #[test]
    fn addresses_in_disguise() {
        let guard = Guard::new(Arc::new(SystemNames), &Url::parse("https://93.184.216.34/").unwrap());
        for text in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::ffff:7f00:1]/",
            "http://localhost./",
            "http://api.localhost/",
            "http://169.254.169.254/latest/meta-data/",
            "http://0/",
        ] {
            assert!(guard.admit(&Url::parse(text).unwrap()).is_err(), "{text}");
        }
        assert!(guard.admit(&Url::parse("https://example.com/").unwrap()).is_ok());
    }

    #[test]
    fn a_name_that_moves_gains_nothing() {
        let public = ("93.184.216.34".parse().unwrap(), Zone::Public);
        let local = ("127.0.0.1".parse().unwrap(), Zone::Loopback);
        let state = Mutex::new(State::default());
        let ask = |host: &str, found: Addresses| allowed(host, "api.example", found, &state);
        assert_eq!(ask("api.example", vec![public]).unwrap(), [public]);
        assert_eq!(ask("api.example", vec![local, public]).unwrap(), [public]);
        assert!(ask("api.example", vec![local]).is_err());
        // A proxy may be anywhere; what a server named may not.
        assert!(ask("proxy.example", vec![local]).is_ok());
        state.lock().unwrap().foreign.insert("evil.example".to_owned());
        assert!(ask("evil.example", vec![local]).is_err());
    }

    #[test]
    fn localhost_is_here() {
        let elsewhere = ("93.184.216.34".parse().unwrap(), Zone::Public);
        let state = Mutex::new(State::default());
        assert!(allowed("localhost", "localhost", vec![elsewhere], &state).is_err());
    }
}
