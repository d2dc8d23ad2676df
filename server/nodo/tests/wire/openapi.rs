//! Judges JSON by a schema of pagoPA's OpenAPI: names, types, what is required, lengths, bounds, enumerations. A member the schema
//! does not have is wrong too: it would be a misspelt one. Patterns are not looked at.
//!
//! The sandbox's tests use this file too, for what the sandbox answers.

use serde_json::Value;
use std::path::PathBuf;

pub struct OpenApi(Value);

impl OpenApi {
    /// `None`, aloud, when pagoPA's files are not there.
    pub fn load(name: &str) -> Option<Self> {
        let Some(specs) = std::env::var_os("PAGOPA_SPECS").map(PathBuf::from) else {
            eprintln!("SKIPPED: PAGOPA_SPECS is not set");
            return None;
        };
        let path = specs.join("pagopa/openapi").join(name);
        Some(Self(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()))
    }

    /// Every way in which `value` is not a `name`.
    pub fn faults(&self, name: &str, value: &Value) -> Vec<String> {
        let schema = self.schema(name);
        let mut faults = Vec::new();
        self.judge(schema, value, name, &mut faults);
        faults
    }

    pub fn schema(&self, name: &str) -> &Value {
        let schema = &self.0["components"]["schemas"][name];
        assert!(schema.is_object(), "no schema {name}");
        schema
    }

    /// The operation of a method and path, with its parameters.
    pub fn operation(&self, method: &str, path: &str) -> &Value {
        let operation = &self.0["paths"][path][method];
        assert!(operation.is_object(), "no {method} {path}");
        operation
    }

    fn judge(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.judge(self.schema(reference.rsplit('/').next().unwrap()), value, at, faults);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.judge(part, value, at, faults);
        }
        let mut fault = |what: String| faults.push(format!("{at}: {what}"));
        let is_type = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            _ => true,
        };
        if !is_type {
            return fault(format!("not a {}", schema["type"]));
        }
        if let Some(values) = schema["enum"].as_array().filter(|values| !values.contains(value)) {
            fault(format!("{value} is none of {values:?}"));
        }
        let bounds = |value: i64, min: &str, max: &str| {
            schema[min].as_i64().is_none_or(|m| value >= m) && schema[max].as_i64().is_none_or(|m| value <= m)
        };
        let len = |n: usize| i64::try_from(n).unwrap();
        if value.as_i64().is_some_and(|n| !bounds(n, "minimum", "maximum")) {
            fault(format!("{value} out of bounds"));
        }
        if value.as_str().is_some_and(|s| !bounds(len(s.chars().count()), "minLength", "maxLength")) {
            fault("too short or too long".to_owned());
        }
        if value.as_array().is_some_and(|a| !bounds(len(a.len()), "minItems", "maxItems")) {
            fault("too few or too many".to_owned());
        }
        let Some(object) = value.as_object() else {
            for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                self.judge(&schema["items"], item, &format!("{at}[{i}]"), faults);
            }
            return;
        };
        for name in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(name.as_str().unwrap()) {
                faults.push(format!("{at}: {name} missing"));
            }
        }
        if let Some(properties) = schema["properties"].as_object() {
            for (name, member) in object {
                match properties.get(name) {
                    Some(schema) => self.judge(schema, member, &format!("{at}.{name}"), faults),
                    None => faults.push(format!("{at}: {name} is no member")),
                }
            }
        }
    }
}

#[test]
fn the_judge_sees_what_is_wrong() {
    let Some(gpd) = OpenApi::load("gpd.json") else { return };
    let good = serde_json::json!({ "idTransfer": "1", "amount": 1, "remittanceInformation": "r", "category": "c", "transferMetadata": [] });
    assert_eq!(gpd.faults("TransferModel", &good), Vec::<String>::new());
    for (member, bad) in [
        ("idTransfer", serde_json::json!("6")),
        ("idTransfer", serde_json::json!(1)),
        ("amount", serde_json::json!(0)),
        ("amount", serde_json::json!("1")),
        ("remittanceInformation", serde_json::json!("x".repeat(141))),
        ("transferMetadata", serde_json::json!([{ "key": "k" }])),
        ("transferMetadata", serde_json::json!(vec![serde_json::json!({ "key": "k", "value": "v" }); 11])),
        ("misspelt", serde_json::json!(1)),
    ] {
        let mut wrong = good.clone();
        wrong[member] = bad;
        assert_eq!(gpd.faults("TransferModel", &wrong).len(), 1, "{wrong}");
    }
}
