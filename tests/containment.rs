//! A table of schema pairs with their truth, put to the engine in both directions.
//!
//! The truth is made by hand, from the keywords' definitions in JSON Schema
//! 2020-12; never copied from an answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use sunwatch::diff::{Containment, containment};

/// Two schemas, whether every value of the first is one of the second, and
/// whether every value of the second is one of the first.
type Row = (&'static str, &'static str, bool, bool);

const Y: bool = true;
const N: bool = false;

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // type
    (r#"true"#, r#"false"#, N, Y),
    (r#"true"#, r#"{}"#, Y, Y),
    (r#"{"type":"string"}"#, r#"true"#, Y, N),
    (r#"{"type":"integer"}"#, r#"{"type":"number"}"#, Y, N),
    (r#"{"type":"string"}"#, r#"{"type":"number"}"#, N, N),
    (r#"{"type":"string"}"#, r#"{"type":["string","null"]}"#, Y, N),
    (r#"{"type":["string","null"]}"#, r#"{"anyOf":[{"type":"null"},{"type":"string"}]}"#, Y, Y),
    (r#"{"type":["integer","number"]}"#, r#"{"type":"number"}"#, Y, Y),
    (r#"{"type":["null","boolean","number","string","array","object"]}"#, r#"true"#, Y, Y),
    (r#"{"type":"boolean"}"#, r#"{"enum":[true,false]}"#, Y, Y),
    (r#"{"type":"null"}"#, r#"{"const":null}"#, Y, Y),
    (r#"{"type":"object"}"#, r#"{"type":"array"}"#, N, N),
    (r#"{"type":[]}"#, r#"{"type":"string"}"#, Y, N),
    // enum, const
    (r#"{"enum":["a","b"]}"#, r#"{"enum":["b","a","c"]}"#, Y, N),
    (r#"{"enum":["a","b"]}"#, r#"{"enum":["b","a"]}"#, Y, Y),
    (r#"{"enum":["a"]}"#, r#"{"const":"a"}"#, Y, Y),
    (r#"{"enum":["a","b"]}"#, r#"{"type":"string"}"#, Y, N),
    (r#"{"enum":["a",1]}"#, r#"{"type":"string"}"#, N, N),
    (r#"{"enum":["a",1],"type":"string"}"#, r#"{"const":"a"}"#, Y, Y),
    (r#"{"enum":[1,2]}"#, r#"{"type":"integer","minimum":1,"maximum":2}"#, Y, Y),
    (r#"{"enum":[1,2,3]}"#, r#"{"type":"integer","minimum":1,"maximum":4}"#, Y, N),
    (r#"{"enum":[null,"a"]}"#, r#"{"enum":["a"]}"#, N, Y),
    (r#"{"const":1}"#, r#"{"const":1.0}"#, Y, Y),
    (r#"{"const":{"a":1}}"#, r#"{"type":"object","required":["a"]}"#, Y, N),
    (r#"{"const":{"a":1}}"#, r#"{"type":"object","required":["b"]}"#, N, N),
    (r#"{"const":[1,2]}"#, r#"{"type":"array","items":{"type":"integer"}}"#, Y, N),
    (r#"{"enum":[[],{}]}"#, r#"{"type":["array","object"]}"#, Y, N),
    (r#"{"enum":[]}"#, r#"{"type":"string"}"#, Y, N),
    (r#"{"enum":["ab","abc"]}"#, r#"{"type":"string","maxLength":2}"#, N, N),
    (r#"{"enum":["ab","abc"],"maxLength":2}"#, r#"{"type":"string","maxLength":2}"#, Y, N),
    // numbers
    (r#"{"type":"number","minimum":1}"#, r#"{"type":"number","minimum":0}"#, Y, N),
    (r#"{"type":"number","maximum":1}"#, r#"{"type":"number","maximum":2}"#, Y, N),
    (r#"{"type":"number","exclusiveMinimum":0}"#, r#"{"type":"number","minimum":0}"#, Y, N),
    (r#"{"type":"number","exclusiveMaximum":10}"#, r#"{"type":"number","maximum":10}"#, Y, N),
    (r#"{"type":"integer","exclusiveMinimum":0}"#, r#"{"type":"integer","minimum":1}"#, Y, Y),
    (r#"{"type":"integer","exclusiveMaximum":10}"#, r#"{"type":"integer","maximum":9}"#, Y, Y),
    (r#"{"type":"integer","minimum":0.5}"#, r#"{"type":"integer","minimum":1}"#, Y, Y),
    (r#"{"type":"number","minimum":0,"maximum":10}"#, r#"{"type":"number","minimum":5,"maximum":15}"#, N, N),
    (r#"{"type":"number","minimum":5,"maximum":3}"#, r#"{"type":"number"}"#, Y, N),
    (r#"{"type":"integer"}"#, r#"{"type":"number","multipleOf":1}"#, Y, Y),
    (r#"{"type":"integer","multipleOf":4}"#, r#"{"type":"integer","multipleOf":2}"#, Y, N),
    (r#"{"type":"integer","multipleOf":2}"#, r#"{"type":"integer","multipleOf":3}"#, N, N),
    (r#"{"type":"number","multipleOf":0.1}"#, r#"{"type":"number","multipleOf":0.05}"#, Y, N),
    (r#"{"type":"number","multipleOf":0.5}"#, r#"{"type":"integer"}"#, N, Y),
    (r#"{"type":"integer","minimum":1,"maximum":3}"#, r#"{"anyOf":[{"const":1},{"const":2},{"const":3}]}"#, Y, Y),
    (r#"{"type":"number","minimum":0,"maximum":2}"#, r#"{"anyOf":[{"type":"number","minimum":0,"maximum":1},{"type":"number","minimum":1,"maximum":2}]}"#, Y, Y),
    (r#"{"type":"number","minimum":0,"maximum":2}"#, r#"{"anyOf":[{"type":"number","minimum":0,"exclusiveMaximum":1},{"type":"number","exclusiveMinimum":1,"maximum":2}]}"#, N, Y),
    (r#"{"type":"integer","minimum":0,"maximum":3}"#, r#"{"anyOf":[{"type":"integer","minimum":0,"maximum":1},{"type":"integer","minimum":2,"maximum":3}]}"#, Y, Y),
    (r#"{"type":"integer","maximum":9223372036854775807}"#, r#"{"type":"integer","maximum":9223372036854775806}"#, N, Y),
    (r#"{"minimum":3}"#, r#"{"type":"number","minimum":3}"#, N, Y),
    (r#"{"type":"integer","minimum":-2147483648,"maximum":2147483647}"#, r#"{"type":"integer"}"#, Y, N),
    // strings
    (r#"{"type":"string","minLength":2}"#, r#"{"type":"string","minLength":1}"#, Y, N),
    (r#"{"type":"string","maxLength":2}"#, r#"{"type":"string","maxLength":3}"#, Y, N),
    (r#"{"type":"string","minLength":0}"#, r#"{"type":"string"}"#, Y, Y),
    (r#"{"type":"string","minLength":3,"maxLength":2}"#, r#"false"#, Y, Y),
    (r#"{"type":"string","maxLength":0}"#, r#"{"const":""}"#, Y, Y),
    (r#"{"type":"string","pattern":"^a"}"#, r#"{"type":"string"}"#, Y, N),
    (r#"{"type":"string","pattern":".*"}"#, r#"{"type":"string"}"#, Y, Y),
    (r#"{"type":"string","pattern":""}"#, r#"{"type":"string"}"#, Y, Y),
    (r#"{"type":"string","pattern":"^ab"}"#, r#"{"type":"string","pattern":"^a"}"#, Y, N),
    (r#"{"type":"string","pattern":"^a+$"}"#, r#"{"type":"string","minLength":1}"#, Y, N),
    (r#"{"type":"string","pattern":"^[a-z]{1,63}$"}"#, r#"{"type":"string","maxLength":63}"#, Y, N),
    (r#"{"type":"string","pattern":"^[a-z]{1,63}$"}"#, r#"{"type":"string","maxLength":62}"#, N, N),
    (r#"{"type":"string","pattern":"^(a|b)$"}"#, r#"{"enum":["a","b"]}"#, Y, Y),
    (r#"{"enum":["abc","def"]}"#, r#"{"type":"string","pattern":"^[a-z]+$"}"#, Y, N),
    (r#"{"enum":["abc","d-f"]}"#, r#"{"type":"string","pattern":"^[a-z]+$"}"#, N, N),
    (r#"{"type":"string","pattern":"^[a-z]+$"}"#, r#"{"type":"string","pattern":"^[a-z0-9]+$"}"#, Y, N),
    (r#"{"type":"string","pattern":"^[0-9]+$"}"#, r#"{"type":"string","pattern":"^\\d+$"}"#, Y, Y),
    (r#"{"type":"string","pattern":"^\\w+$"}"#, r#"{"type":"string","pattern":"^[A-Za-z0-9_]+$"}"#, Y, Y),
    (r#"{"type":"string","pattern":"a"}"#, r#"{"type":"string","pattern":"^.*a.*$"}"#, N, Y),
    (r#"{"type":"string","pattern":"^a$","maxLength":1}"#, r#"{"const":"a"}"#, Y, Y),
    (r#"{"type":"string","pattern":"^x","minLength":5}"#, r#"{"type":"string","pattern":"^x","minLength":4}"#, Y, N),
    (r#"{"allOf":[{"pattern":"^a"},{"pattern":"b$"}],"type":"string"}"#, r#"{"type":"string","pattern":"^a(.|\\n)*b$"}"#, Y, Y),
    (r#"{"type":"string","maxLength":63}"#, r#"{"type":"string","maxLength":253}"#, Y, N),
    (r#"{"type":"string","pattern":"^(?:[a-z0-9]([-a-z0-9]*[a-z0-9])?)$"}"#, r#"{"type":"string","pattern":"^[-a-z0-9]+$"}"#, Y, N),
    (r#"{"type":"string","format":"uuid"}"#, r#"{"type":"string"}"#, Y, Y),
    (r#"{"type":"string","pattern":"^\\S+$"}"#, r#"{"type":"string","minLength":1}"#, Y, N),
    (r#"{"type":"string"}"#, r#"{"anyOf":[{"type":"string","maxLength":5},{"type":"string","minLength":6}]}"#, Y, Y),
    (r#"{"type":"string"}"#, r#"{"anyOf":[{"type":"string","maxLength":5},{"type":"string","minLength":7}]}"#, N, Y),
    (r#"{"minLength":3}"#, r#"{"type":"string","minLength":3}"#, N, Y),
    // arrays
    (r#"{"type":"array","items":{"type":"integer"}}"#, r#"{"type":"array","items":{"type":"number"}}"#, Y, N),
    (r#"{"type":"array","items":{"type":"string"}}"#, r#"{"type":"array"}"#, Y, N),
    (r#"{"type":"array","items":true}"#, r#"{"type":"array"}"#, Y, Y),
    (r#"{"type":"array","minItems":1}"#, r#"{"type":"array","minItems":2}"#, N, Y),
    (r#"{"type":"array","maxItems":1}"#, r#"{"type":"array","maxItems":2}"#, Y, N),
    (r#"{"type":"array","items":false}"#, r#"{"type":"array","maxItems":0}"#, Y, Y),
    (r#"{"type":"array","uniqueItems":true}"#, r#"{"type":"array"}"#, Y, N),
    (r#"{"type":"array","maxItems":1}"#, r#"{"type":"array","uniqueItems":true}"#, Y, N),
    (r#"{"type":"array","prefixItems":[{"type":"string"}]}"#, r#"{"type":"array"}"#, Y, N),
    (r#"{"type":"array","prefixItems":[{"type":"string"}],"items":false}"#, r#"{"type":"array","items":{"type":"string"},"maxItems":1}"#, Y, Y),
    (r#"{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]}"#, r#"{"type":"array","prefixItems":[{"type":"string"}]}"#, Y, N),
    (r#"{"type":"array","prefixItems":[{"type":"string"}],"items":{"type":"string"}}"#, r#"{"type":"array","items":{"type":"string"}}"#, Y, Y),
    (r#"{"type":"array","contains":{"type":"string"}}"#, r#"{"type":"array","minItems":1}"#, Y, N),
    (r#"{"type":"array","contains":{"const":"a"}}"#, r#"{"type":"array","contains":{"type":"string"}}"#, Y, N),
    (r#"{"type":"array","contains":{"type":"string"},"minContains":2}"#, r#"{"type":"array","contains":{"type":"string"}}"#, Y, N),
    (r#"{"type":"array","items":{"type":"string"},"minItems":1}"#, r#"{"type":"array","contains":{"type":"string"}}"#, Y, N),
    (r#"{"type":"array","items":{"enum":["a","b"]}}"#, r#"{"type":"array","items":{"enum":["a","b","c"]}}"#, Y, N),
    (r#"{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"null"}]}}"#, r#"{"anyOf":[{"type":"array","items":{"type":"string"}},{"type":"array","items":{"type":"null"}}]}"#, N, Y),
    (r#"{"type":"array","minItems":3,"maxItems":2}"#, r#"{"type":"string"}"#, Y, N),
    (r#"{"items":{"type":"string"}}"#, r#"{"type":"array","items":{"type":"string"}}"#, N, Y),
    (r#"{"type":"array","items":{"type":"array","items":{"type":"integer"}}}"#, r#"{"type":"array","items":{"type":"array"}}"#, Y, N),
    // objects
    (r#"{"type":"object","required":["a"]}"#, r#"{"type":"object"}"#, Y, N),
    (r#"{"type":"object","required":["a","b"]}"#, r#"{"type":"object","required":["b"]}"#, Y, N),
    (r#"{"type":"object","properties":{"a":{"type":"integer"}}}"#, r#"{"type":"object","properties":{"a":{"type":"number"}}}"#, Y, N),
    (r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, r#"{"type":"object"}"#, Y, N),
    (r#"{"type":"object","properties":{"a":true}}"#, r#"{"type":"object"}"#, Y, Y),
    (r#"{"type":"object","properties":{"a":false},"required":["a"]}"#, r#"false"#, Y, Y),
    (r#"{"type":"object","additionalProperties":false}"#, r#"{"type":"object","maxProperties":0}"#, Y, Y),
    (r#"{"type":"object","additionalProperties":false}"#, r#"{"const":{}}"#, Y, Y),
    (r#"{"type":"object","additionalProperties":{"type":"integer"}}"#, r#"{"type":"object","additionalProperties":{"type":"number"}}"#, Y, N),
    (r#"{"type":"object","properties":{"a":{}},"additionalProperties":false}"#, r#"{"type":"object","properties":{"a":{},"b":{}},"additionalProperties":false}"#, Y, N),
    (r#"{"type":"object","properties":{"a":{}},"additionalProperties":false}"#, r#"{"type":"object","maxProperties":1}"#, Y, N),
    (r#"{"type":"object","additionalProperties":{"type":"string"}}"#, r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, Y, N),
    (r#"{"type":"object","additionalProperties":{"type":"string"}}"#, r#"{"type":"object","properties":{"a":{"type":"integer"}}}"#, N, N),
    (r#"{"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"string"}}"#, r#"{"type":"object","additionalProperties":{"type":["string","integer"]}}"#, Y, N),
    (r#"{"type":"object","minProperties":2}"#, r#"{"type":"object","minProperties":1}"#, Y, N),
    (r#"{"type":"object","maxProperties":2}"#, r#"{"type":"object","maxProperties":3}"#, Y, N),
    (r#"{"type":"object","required":["a","b"]}"#, r#"{"type":"object","minProperties":2}"#, Y, N),
    (r#"{"type":"object","patternProperties":{"^a":{"type":"integer"}}}"#, r#"{"type":"object","patternProperties":{"^a":{"type":"number"}}}"#, Y, N),
    (r#"{"type":"object","patternProperties":{"^a":{"type":"integer"}}}"#, r#"{"type":"object","properties":{"ab":{"type":"integer"}}}"#, Y, N),
    (r#"{"type":"object","additionalProperties":{"type":"integer"}}"#, r#"{"type":"object","patternProperties":{"^a":{"type":"integer"}}}"#, Y, N),
    (r#"{"type":"object","propertyNames":{"maxLength":3}}"#, r#"{"type":"object","propertyNames":{"maxLength":4}}"#, Y, N),
    (r#"{"type":"object","propertyNames":{"maxLength":3}}"#, r#"{"type":"object"}"#, Y, N),
    (r#"{"type":"object","propertyNames":{"pattern":"^a"},"properties":{"b":{"type":"string"}}}"#, r#"{"type":"object","propertyNames":{"pattern":"^a"}}"#, Y, Y),
    (r#"{"type":"object","dependentRequired":{"a":["b"]}}"#, r#"{"type":"object"}"#, Y, N),
    (r#"{"type":"object","required":["b"]}"#, r#"{"type":"object","dependentRequired":{"a":["b"]}}"#, Y, N),
    (r#"{"type":"object","dependentRequired":{"a":["b","c"]}}"#, r#"{"type":"object","dependentRequired":{"a":["b"]}}"#, Y, N),
    (r#"{"type":"object","dependentSchemas":{"a":{"required":["b"]}}}"#, r#"{"type":"object","dependentRequired":{"a":["b"]}}"#, Y, Y),
    (r#"{"properties":{"a":{"type":"string"}}}"#, r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, N, Y),
    (r#"{"type":"object","properties":{"type":{"type":"string"}}}"#, r#"{"type":"object","properties":{"type":{"type":["string","null"]}}}"#, Y, N),
    (r#"{"type":"object","properties":{"a":{"type":"object","required":["x"]}}}"#, r#"{"type":"object","properties":{"a":{"type":"object"}}}"#, Y, N),
    (r#"{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}"#, r#"{"type":"object","minProperties":1,"maxProperties":1}"#, Y, N),
    (r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#, r#"{"type":"object","required":["a"],"additionalProperties":{"type":"string"}}"#, N, Y),
    // allOf
    (r#"{"allOf":[{"type":"string"},{"minLength":1}]}"#, r#"{"type":"string","minLength":1}"#, Y, Y),
    (r#"{"allOf":[{"type":"string"},{"type":"integer"}]}"#, r#"false"#, Y, Y),
    (r#"{"allOf":[{"type":"number"},{"type":"integer"}]}"#, r#"{"type":"integer"}"#, Y, Y),
    (r#"{"allOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"b":{"type":"integer"}}}],"type":"object"}"#, r#"{"type":"object","properties":{"b":{"type":"integer"},"a":{"type":"string"}}}"#, Y, Y),
    (r#"{"allOf":[{"required":["a"]},{"required":["b"]}],"type":"object"}"#, r#"{"type":"object","required":["a","b"]}"#, Y, Y),
    (r#"{"allOf":[{"type":"object","properties":{"a":{"type":"integer","minimum":0}}},{"type":"object","properties":{"a":{"maximum":9}}}]}"#, r#"{"type":"object","properties":{"a":{"type":"integer","minimum":0,"maximum":9}}}"#, Y, Y),
    (r#"{"allOf":[{"type":"object","properties":{"a":{}},"additionalProperties":false},{"type":"object","properties":{"b":{}},"additionalProperties":false}]}"#, r#"{"const":{}}"#, Y, Y),
    (r#"{"allOf":[]}"#, r#"true"#, Y, Y),
    (r#"{"allOf":[{"enum":["a","b"]},{"enum":["b","c"]}]}"#, r#"{"const":"b"}"#, Y, Y),
    (r#"{"allOf":[{"type":"array","items":{"type":"number"}},{"items":{"multipleOf":1}}]}"#, r#"{"type":"array","items":{"type":"integer"}}"#, Y, Y),
    (r#"{"allOf":[{"minimum":0},{"maximum":5}],"type":"number"}"#, r#"{"type":"number","maximum":6,"minimum":-1}"#, Y, N),
    // anyOf
    (r#"{"anyOf":[{"type":"string"},{"type":"integer"}]}"#, r#"{"type":["integer","string"]}"#, Y, Y),
    (r#"{"type":"string"}"#, r#"{"anyOf":[{"type":"string"},{"type":"integer"}]}"#, Y, N),
    (r#"{"anyOf":[{"minimum":0},{"maximum":10}],"type":"number"}"#, r#"{"type":"number"}"#, Y, Y),
    (r#"{"anyOf":[{"type":"object","required":["a"]},{"type":"object","required":["b"]}]}"#, r#"{"type":"object","minProperties":1}"#, Y, N),
    (r#"{"type":"object","required":["a","b"]}"#, r#"{"anyOf":[{"required":["a"]},{"required":["b"]}]}"#, Y, N),
    (r#"{"anyOf":[{"const":1},{"const":2}]}"#, r#"{"enum":[1,2]}"#, Y, Y),
    (r#"{"anyOf":[{"type":"string","maxLength":3},{"type":"string","maxLength":5}]}"#, r#"{"type":"string","maxLength":5}"#, Y, Y),
    (r#"{"type":"object","properties":{"k":{"enum":["a","b"]}},"required":["k"]}"#, r#"{"anyOf":[{"type":"object","properties":{"k":{"const":"a"}},"required":["k"]},{"type":"object","properties":{"k":{"const":"b"}},"required":["k"]}]}"#, Y, Y),
    (r#"{"type":"object","properties":{"k":{"enum":["a","b","c"]}},"required":["k"]}"#, r#"{"anyOf":[{"type":"object","properties":{"k":{"const":"a"}},"required":["k"]},{"type":"object","properties":{"k":{"const":"b"}},"required":["k"]}]}"#, N, Y),
    (r#"{"type":"object","properties":{"k":{"type":["string","integer"]}},"required":["k"]}"#, r#"{"anyOf":[{"type":"object","properties":{"k":{"type":"string"}},"required":["k"]},{"type":"object","properties":{"k":{"type":"integer"}},"required":["k"]}]}"#, Y, Y),
    (r#"{"anyOf":[{"type":"string"},{"anyOf":[{"type":"null"},{"type":"integer"}]}]}"#, r#"{"type":["string","null","integer"]}"#, Y, Y),
    (r#"{"anyOf":[false,{"type":"string"}]}"#, r#"{"type":"string"}"#, Y, Y),
    (r#"{"anyOf":[true,{"type":"string"}]}"#, r#"true"#, Y, Y),
    (r#"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#, r#"{"anyOf":[{"type":"object","required":["a"]},{"type":"object","maxProperties":0}]}"#, Y, N),
    // oneOf
    (r#"{"oneOf":[{"type":"string"},{"type":"integer"}]}"#, r#"{"anyOf":[{"type":"string"},{"type":"integer"}]}"#, Y, Y),
    (r#"{"oneOf":[{"type":"integer"},{"type":"number"}]}"#, r#"{"type":"number"}"#, Y, N),
    (r#"{"oneOf":[{"type":"integer"},{"type":"number"}]}"#, r#"{"type":"integer"}"#, N, N),
    (r#"{"oneOf":[{"minimum":0},{"maximum":10}],"type":"number"}"#, r#"{"type":"number"}"#, Y, N),
    (r#"{"oneOf":[{"const":"a"},{"const":"b"}]}"#, r#"{"enum":["a","b"]}"#, Y, Y),
    (r#"{"oneOf":[{"type":"string"},{"type":"string"}]}"#, r#"false"#, Y, Y),
    (r#"{"oneOf":[{"type":"object","properties":{"k":{"const":"a"}},"required":["k"]},{"type":"object","properties":{"k":{"const":"b"}},"required":["k"]}]}"#, r#"{"type":"object","properties":{"k":{"enum":["a","b"]}},"required":["k"]}"#, Y, Y),
    (r#"{"oneOf":[{"type":"object","required":["a"]},{"type":"object","required":["b"]}]}"#, r#"{"type":"object"}"#, Y, N),
    (r#"{"oneOf":[{"type":"object","required":["a"]},{"type":"object","required":["b"]}]}"#, r#"{"anyOf":[{"type":"object","required":["a"]},{"type":"object","required":["b"]}]}"#, Y, N),
    (r#"{"oneOf":[{"type":"null"},{"type":"string"},{"type":"array"}]}"#, r#"{"type":["array","null","string"]}"#, Y, Y),
    (r#"{"oneOf":[{"enum":["a","b"]},{"enum":["b","c"]}]}"#, r#"{"enum":["a","c"]}"#, Y, Y),
    (r#"{"oneOf":[{"type":"string"}]}"#, r#"{"type":"string"}"#, Y, Y),
    // not
    (r#"{"not":{"type":"string"}}"#, r#"{"type":["null","boolean","number","array","object"]}"#, Y, Y),
    (r#"{"not":true}"#, r#"false"#, Y, Y),
    (r#"{"not":{"not":{"type":"string"}}}"#, r#"{"type":"string"}"#, Y, Y),
    (r#"{"type":"integer","not":{"const":0}}"#, r#"{"type":"integer"}"#, Y, N),
    (r#"{"type":"number","not":{"minimum":0}}"#, r#"{"type":"number","exclusiveMaximum":0}"#, Y, Y),
    (r#"{"type":"string","not":{"enum":["a"]}}"#, r#"{"type":"string","not":{"enum":["a","b"]}}"#, N, Y),
    (r#"{"type":"string","not":{"maxLength":2}}"#, r#"{"type":"string","minLength":3}"#, Y, Y),
    (r#"{"enum":["a","b","c"],"not":{"const":"c"}}"#, r#"{"enum":["a","b"]}"#, Y, Y),
    (r#"{"type":"object","not":{"required":["a"]}}"#, r#"{"type":"object","properties":{"a":false}}"#, Y, Y),
    (r#"{"type":"string","pattern":"^a","not":{"pattern":"z$"}}"#, r#"{"type":"string","pattern":"^a"}"#, Y, N),
    // if
    (r#"{"if":{"type":"string"},"then":{"minLength":1}}"#, r#"true"#, Y, N),
    (r#"{"type":"string","if":{"minLength":3},"then":{"pattern":"^a"}}"#, r#"{"anyOf":[{"type":"string","maxLength":2},{"type":"string","pattern":"^a"}]}"#, Y, Y),
    (r#"{"type":"integer","if":{"minimum":0},"then":{"maximum":10},"else":{"minimum":-10}}"#, r#"{"type":"integer","minimum":-10,"maximum":10}"#, Y, Y),
    (r#"{"type":"object","properties":{"k":{"enum":["a","b"]}},"required":["k"],"if":{"properties":{"k":{"const":"a"}}},"then":{"required":["x"]}}"#, r#"{"type":"object","properties":{"k":{"enum":["a","b"]}},"required":["k"]}"#, Y, N),
    // $ref and recursion
    (r##"{"$ref":"#/$defs/A","$defs":{"A":{"type":"string"}}}"##, r#"{"type":"string"}"#, Y, Y),
    (r##"{"type":"object","properties":{"next":{"$ref":"#"}}}"##, r##"{"$ref":"#/$defs/N","$defs":{"N":{"type":"object","properties":{"next":{"$ref":"#/$defs/N"}}}}}"##, Y, Y),
    (r##"{"$ref":"#/$defs/N","$defs":{"N":{"type":"object","properties":{"next":{"$ref":"#/$defs/N"},"v":{"type":"integer"}}}}}"##, r##"{"$ref":"#/$defs/N","$defs":{"N":{"type":"object","properties":{"next":{"$ref":"#/$defs/N"},"v":{"type":"number"}}}}}"##, Y, N),
    (r##"{"$ref":"#/$defs/T","$defs":{"T":{"type":"object","properties":{"kids":{"type":"array","items":{"$ref":"#/$defs/T"}}},"required":["kids"]}}}"##, r##"{"$ref":"#/$defs/T","$defs":{"T":{"type":"object","properties":{"kids":{"type":"array","items":{"$ref":"#/$defs/T"}}}}}}"##, Y, N),
    (r##"{"$ref":"#/$defs/T","$defs":{"T":{"type":"object","additionalProperties":{"$ref":"#/$defs/T"}}}}"##, r#"{"type":"object","additionalProperties":{"type":"object"}}"#, Y, N),
    (r##"{"$ref":"#/$defs/L","$defs":{"L":{"anyOf":[{"type":"null"},{"type":"object","properties":{"next":{"$ref":"#/$defs/L"}},"required":["next"]}]}}}"##, r##"{"$ref":"#/$defs/L","$defs":{"L":{"anyOf":[{"type":"object","properties":{"next":{"$ref":"#/$defs/L"}},"required":["next"]},{"type":"null"}]}}}"##, Y, Y),
    (r##"{"$ref":"#/$defs/A","$defs":{"A":{"type":"array","items":{"$ref":"#/$defs/B"}},"B":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}}}}}"##, r##"{"type":"array","items":{"$ref":"#/$defs/B"},"$defs":{"B":{"type":"object","properties":{"a":{"type":"array","items":{"$ref":"#/$defs/B"}}}}}}"##, Y, Y),
    (r##"{"type":"object","required":["a"],"properties":{"a":{"$ref":"#"}}}"##, r#"{"type":"string"}"#, Y, N),
    (r##"{"allOf":[{"$ref":"#/$defs/Base"},{"required":["a"]}],"$defs":{"Base":{"type":"object","properties":{"a":{"type":"string"}}}}}"##, r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#, Y, Y),
    (r##"{"$ref":"#/$defs/A","minLength":2,"$defs":{"A":{"type":"string"}}}"##, r#"{"type":"string","minLength":1}"#, Y, N),
    // combinations
    (r#"{"type":"object","properties":{"a":{"type":"string","maxLength":63},"b":{"type":"array","items":{"type":"object","properties":{"c":{"type":"integer"}}}}}}"#, r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"array","items":{"type":"object","properties":{"c":{"type":"number"}}}}}}"#, Y, N),
    (r#"{"anyOf":[{"type":"null"},{"type":"object","properties":{"a":{"type":"string"}}}]}"#, r#"{"type":["object","null"],"properties":{"a":{"type":"string"}}}"#, Y, Y),
    (r#"{"allOf":[{"anyOf":[{"type":"string"},{"type":"null"}]},{"anyOf":[{"type":"integer"},{"type":"null"}]}]}"#, r#"{"type":"null"}"#, Y, Y),
    (r#"{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"integer"}]}}}"#, r#"{"anyOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"type":"object","properties":{"a":{"type":"integer"}}}]}"#, Y, Y),
    (r#"{"type":"object","properties":{"a":{"type":["string","integer"]},"b":{"type":["string","integer"]}},"required":["a","b"]}"#, r#"{"anyOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"type":"object","properties":{"b":{"type":"string"}},"required":["b"]}]}"#, N, N),
    (r#"{"type":"object","properties":{"kind":{"const":"cat"},"lives":{"type":"integer"}},"required":["kind"]}"#, r#"{"oneOf":[{"type":"object","properties":{"kind":{"const":"cat"},"lives":{"type":"number"}},"required":["kind"]},{"type":"object","properties":{"kind":{"const":"dog"}},"required":["kind"]}]}"#, Y, N),
    (r#"{"type":"array","items":{"allOf":[{"type":"object"},{"required":["id"]}]}}"#, r#"{"type":"array","items":{"type":"object","required":["id"]}}"#, Y, Y),
    (r#"{"type":"object","properties":{"a":{"type":"array","maxItems":2}},"required":["a"]}"#, r#"{"type":"object","properties":{"a":{"type":"array","maxItems":3}}}"#, Y, N),
    (r#"{"title":"x","description":"y","deprecated":true,"type":"string"}"#, r#"{"type":"string"}"#, Y, Y),
    (r#"{"type":"object","unevaluatedProperties":false,"properties":{"a":{}}}"#, r#"{"type":"object","properties":{"a":{}},"additionalProperties":false}"#, Y, Y),
];

#[test]
fn the_table_is_judged_right() {
    let (mut asked, mut decided) = (0, 0);
    let mut wrong = Vec::new();
    let mut open = Vec::new();
    for (a, b, forth, back) in TABLE {
        for (inner, outer, truth) in [(a, b, forth), (b, a, back)] {
            asked += 1;
            let read = |text: &str| serde_json::from_str(text).expect(text);
            match containment(&read(inner), &read(outer)) {
                Containment::Contained if *truth => decided += 1,
                Containment::NotContained(_) if !*truth => decided += 1,
                Containment::Unknown(why) => open.push(format!("{inner} in {outer}: {why}")),
                other => wrong.push(format!("{inner} in {outer}: {other:?}, the truth is {truth}")),
            }
        }
    }
    eprintln!(
        "{asked} directed questions: {decided} decided right, {} open, {} wrong",
        open.len(),
        wrong.len()
    );
    eprintln!("{}", open.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked >= 300);
    assert!(decided * 100 >= asked * 97, "{decided} of {asked}");
}
