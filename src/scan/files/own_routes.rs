//! Routes that a web application of the scan serves itself, by the names of its files: Next.js's
//! `app/api/users/[id]/route.ts` and `pages/api/users/[id].ts`, SvelteKit's
//! `routes/api/users/+server.ts`, Nuxt's `server/api/users.get.ts`. What a page of it asks for
//! without a host is one of these, whatever API has the same path.

use super::project::About;
use crate::scan::call::{Call, Confidence};
use crate::scan::language::Language;

/// A segment of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Word(String),
    Any,
    /// Any number of segments.
    Rest,
}

/// The routes that an application serves.
#[derive(Debug)]
pub(super) struct OwnRoutes(Vec<Vec<Part>>);

impl OwnRoutes {
    pub(super) fn of(about: &[About<'_>]) -> Self {
        let scripts = about.iter().filter(|about| is_script(about.language) && !about.in_test);
        Self(scripts.filter_map(|about| route_of(about.inside)).collect())
    }

    /// Makes calls of the application's own routes less sure.
    pub(super) fn doubt<'c>(&self, language: Option<Language>, calls: impl Iterator<Item = &'c mut Call>) {
        if self.0.is_empty() || !is_script(language) {
            return;
        }
        for call in calls.filter(|call| self.serves(&call.url)) {
            call.confidence = Confidence::Low;
        }
    }

    fn serves(&self, url: &str) -> bool {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let Some(path) = path.strip_prefix('/') else { return false };
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        self.0.iter().any(|route| fits(route, &segments))
    }
}

fn is_script(language: Option<Language>) -> bool {
    matches!(language, Some(Language::JavaScript | Language::TypeScript | Language::Tsx))
}

fn fits(route: &[Part], segments: &[&str]) -> bool {
    match (route.split_first(), segments.split_first()) {
        (None, None) => true,
        (Some((Part::Rest, _)), _) => true,
        (Some((part, route)), Some((segment, segments))) => {
            let same = match part {
                Part::Word(word) => word == segment || segment.starts_with('{'),
                _ => true,
            };
            same && fits(route, segments)
        }
        _ => false,
    }
}

/// The route that a file serves, by its name.
fn route_of(name: &str) -> Option<Vec<Part>> {
    let (path, _) = name.rsplit_once('.')?;
    let mut parts: Vec<&str> = path.split('/').collect();
    let file = parts.pop()?;
    let behind = |parts: &[&str], folder: &[&str]| {
        let at = parts.windows(folder.len()).rposition(|window| window == folder)?;
        Some(parts[at + folder.len()..].iter().map(|part| (*part).to_owned()).collect::<Vec<String>>())
    };
    let mut route = match file {
        "route" => behind(&parts, &["app"])?,
        "+server" => behind(&parts, &["routes"])?,
        _ => {
            let nuxt = behind(&parts, &["server", "api"]);
            let folders = match nuxt {
                Some(folders) => folders,
                None => behind(&parts, &["pages", "api"])?,
            };
            let verbs = [".get", ".post", ".put", ".patch", ".delete"];
            let file = verbs.iter().find_map(|verb| file.strip_suffix(verb)).unwrap_or(file);
            let file = (file != "index").then(|| file.to_owned());
            std::iter::once("api".to_owned()).chain(folders).chain(file).collect()
        }
    };
    // A group of files has no part in the path: `(admin)`.
    route.retain(|part| !(part.starts_with('(') && part.ends_with(')')));
    let part = |part: String| match part.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) if inner.trim_start_matches('[').starts_with("...") => Part::Rest,
        Some(_) => Part::Any,
        None => Part::Word(part),
    };
    (!route.is_empty()).then(|| route.into_iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::{OwnRoutes, route_of};

    #[test]
    fn files_serve_what_they_are_called() {
        let routes = [
            "src/app/api/v1/projects/[id]/route.ts",
            "web/pages/api/nodes/index.ts",
            "src/routes/api/(admin)/users/+server.js",
            "server/api/tokens/[id].delete.ts",
            "app/proxy/[...path]/route.ts",
            "packages/app/src/app/api/tags/route.ts",
        ];
        let own = OwnRoutes(routes.into_iter().filter_map(route_of).collect());
        assert_eq!(own.0.len(), routes.len());
        for served in [
            "/api/v1/projects/{id}",
            "/api/nodes?limit=2",
            "/api/users/",
            "/api/tokens/7",
            "/proxy/a/b",
            "/api/tags",
        ] {
            assert!(own.serves(served), "{served}");
        }
        for other in
            ["/api/v1/projects", "https://host/api/nodes", "/api/nodes/7", "{base}/api/users", "api/users"]
        {
            assert!(!own.serves(other), "{other}");
        }
        for none in ["src/api/users.ts", "src/app/page.tsx", "lib/routes/users.ts", "route"] {
            assert!(route_of(none).is_none(), "{none}");
        }
    }
}
