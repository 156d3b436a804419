//! How the common generators turn operationIds and tags into names.
//!
//! Pure functions after the rules of openapi-generator and swagger-codegen, which
//! agree for the languages here. Knows nothing of calls.

/// How a language writes names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// `create_project`.
    Snake,
    /// `createProject`.
    Camel,
    /// `CreateProject`.
    Pascal,
}

impl Style {
    /// The style of a language by its name in reports; `None` where generators
    /// make no methods.
    pub(crate) fn of(language: &str) -> Option<Self> {
        match language {
            "python" | "ruby" | "rust" => Some(Self::Snake),
            "javascript" | "typescript" | "tsx" | "java" | "kotlin" | "php" => Some(Self::Camel),
            "go" | "csharp" => Some(Self::Pascal),
            _ => None,
        }
    }

    /// The method of an operation. `nth` counts operations of one class whose
    /// methods would have the same name: the second is `create_project_0`.
    pub(crate) fn method(self, operation_id: &str, nth: usize) -> String {
        let clean = sanitized(operation_id);
        let name = match self {
            Self::Snake => underscored(&clean),
            Self::Camel => camelized(&clean, false),
            Self::Pascal => camelized(&clean, true),
        };
        match nth {
            0 => name,
            nth => format!("{name}_{}", nth - 1),
        }
    }

    /// Further methods that stand for the same request.
    pub(crate) fn variants(self) -> &'static [&'static str] {
        match self {
            Self::Snake => &["_with_http_info", "_without_preload_content", "_async"],
            Self::Camel => &["WithHttpInfo", "Raw", "Async", "Call", "WithResponseSpec"],
            Self::Pascal => &["Execute", "Async", "WithHttpInfo", "WithHttpInfoAsync", "WithResponse"],
        }
    }
}

/// The operationId that generators make up where a document has none: method
/// last, `GET /users/{id}` is `usersIdGet`.
pub(crate) fn invented(method: &str, path: &str) -> String {
    let plain: String = path.chars().filter(|c| !matches!(c, '{' | '}')).collect();
    let plain = if plain == "/" { "/root".to_owned() } else { plain };
    let mut out = String::new();
    for part in plain.split('/').chain([method.to_ascii_lowercase().as_str()]) {
        if !part.is_empty() {
            out.push_str(&camelized(&sanitized(part), !out.is_empty()));
        }
    }
    out
}

/// The class of a tag: `ProjectsApi`.
pub(crate) fn class(tag: &str) -> String {
    let name = camelized(&sanitized(tag), true);
    let name = if name.is_empty() { "Default".to_owned() } else { name };
    match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("Class{name}Api"),
        false => format!("{name}Api"),
    }
}

/// What is left of a name of a class, variable or attribute when case,
/// separators and the word Api are no matter: `node_pools`, `NodePoolsApi` and
/// `nodePoolsAPI` are one.
pub(crate) fn essence(name: &str) -> String {
    let mut out: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    out.make_ascii_lowercase();
    for end in ["factory", "fp", "service"] {
        if let Some(front) = out.strip_suffix(end)
            && front.ends_with("api")
        {
            out.truncate(front.len());
            break;
        }
    }
    if out.len() > 3 && out.ends_with("api") {
        out.truncate(out.len() - 3);
    }
    out
}

/// Only letters, digits and `_` are left.
fn sanitized(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '[' | '(' | '.' | '-' | ' ' | '|' | '/' | ':' | '{' => out.push('_'),
            c if c.is_ascii_alphanumeric() || c == '_' => out.push(c),
            _ => {}
        }
    }
    out
}

/// `getAdminCLIRelease` -> `get_admin_cli_release`: a capital begins a word
/// after a small letter or digit, and the last capital of several where two
/// small letters follow it.
fn underscored(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let is = |at: usize, test: fn(&char) -> bool| chars.get(at).is_some_and(test);
    let mut out = String::with_capacity(name.len() + 4);
    for (at, c) in chars.iter().enumerate() {
        if at > 0 && c.is_ascii_uppercase() {
            let before = chars[at - 1];
            let after_small = before.is_ascii_lowercase() || before.is_ascii_digit();
            let last_of_several = before.is_ascii_uppercase()
                && is(at + 1, char::is_ascii_lowercase)
                && is(at + 2, char::is_ascii_lowercase);
            if after_small || last_of_several {
                out.push('_');
            }
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// `get_admin_cli` -> `getAdminCli`; capitals that are there stay.
pub(crate) fn camelized(name: &str, first_large: bool) -> String {
    let mut out = String::with_capacity(name.len());
    let mut large = first_large;
    for c in name.chars() {
        if c == '_' {
            large = !out.is_empty() || first_large;
        } else if large {
            out.push(c.to_ascii_uppercase());
            large = false;
        } else {
            out.push(c);
        }
    }
    if !first_large && let Some(first) = out.get(..1) {
        let first = first.to_ascii_lowercase();
        out.replace_range(..1, &first);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of the published Python client, beside the operationIds.
    #[test]
    fn snake_case() {
        for (id, name) in [
            ("get_clusters", "get_clusters"),
            ("updateCluster", "update_cluster"),
            ("getAdminCLIReleaseByVersionChecksum", "get_admin_cli_release_by_version_checksum"),
            ("V1GetStorageClasses", "v1_get_storage_classes"),
            ("getStorageClassesV2", "get_storage_classes_v2"),
            ("update_Secret_asset_by_id", "update_secret_asset_by_id"),
            ("list-users.byId", "list_users_by_id"),
            ("repos/get-content", "repos_get_content"),
        ] {
            assert_eq!(Style::Snake.method(id, 0), name);
        }
        assert_eq!(Style::Snake.method("createProject", 1), "create_project_0");
        assert_eq!(Style::Snake.method("createProject", 2), "create_project_1");
    }

    #[test]
    fn camel_and_pascal_case() {
        assert_eq!(Style::Camel.method("get_admin_cli", 0), "getAdminCli");
        assert_eq!(Style::Camel.method("GetUser", 0), "getUser");
        assert_eq!(Style::Pascal.method("getAdminCLIRelease", 0), "GetAdminCLIRelease");
        assert_eq!(Style::Pascal.method("update_Secret_asset_by_id", 0), "UpdateSecretAssetById");
    }

    #[test]
    fn classes_and_what_they_are_called() {
        assert_eq!(class("Administrator Command Line Interface"), "AdministratorCommandLineInterfaceApi");
        assert_eq!(class("NodePools"), "NodePoolsApi");
        assert_eq!(class("access-rules"), "AccessRulesApi");
        assert_eq!(class(""), "DefaultApi");
        assert_eq!(class("2fa"), "Class2faApi");
        for name in [
            "NodePoolsApi",
            "node_pools",
            "nodePoolsApi",
            "NodePoolsAPI",
            "NodePoolsApiFactory",
            "node_pools_api",
        ] {
            assert_eq!(essence(name), "nodepools", "{name}");
        }
        assert_eq!(essence("api"), "api");
    }

    #[test]
    fn operations_without_an_id() {
        assert_eq!(invented("GET", "/users/{userId}"), "usersUserIdGet");
        assert_eq!(invented("POST", "/"), "rootPost");
        assert_eq!(invented("GET", "/v1/node-pools"), "v1NodePoolsGet");
    }
}
