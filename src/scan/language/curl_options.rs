//! Options of libcurl, as its bindings in PHP and Python set them one by one.

use crate::scan::requests::builder::{self, METHOD, URL};
use crate::scan::value::Value;

/// A request after an option was set; the option without `CURLOPT_`. A method that is
/// given counts before what a body implies.
pub(super) fn set(request: Value, option: &str, value: &Value) -> Value {
    let on = || value.literal().is_none_or(|text| !text.is_empty() && text != "0");
    let fresh = builder::part(&request, METHOD).is_none();
    let request = if option == "POSTFIELDS" { builder::with_body(&request, Some(value)) } else { request };
    match option {
        "URL" => builder::with(&request, URL, value),
        "CUSTOMREQUEST" => builder::with(&request, METHOD, value),
        "POST" | "POSTFIELDS" if fresh && on() => builder::with_method(&request, "POST"),
        "PUT" | "UPLOAD" if fresh && on() => builder::with_method(&request, "PUT"),
        "NOBODY" if fresh && on() => builder::with_method(&request, "HEAD"),
        _ => request,
    }
}
