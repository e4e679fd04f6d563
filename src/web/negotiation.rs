//! What a client accepts and what it already has: `Accept-Encoding` with its q-values and `If-None-Match` with its
//! lists, as RFC 9110 (12.5.3 and 13.1.2) defines them. Static files and compressed pages share them.

use poem::http::{HeaderMap, HeaderName, header};

/// The coding to answer with: the one of `offered` that the client weighs highest; of equals, the one that stands
/// first. None means unencoded, also where the client forbids even that, because a 406 would help nobody.
pub fn content_coding(headers: &HeaderMap, offered: &[&'static str]) -> Option<&'static str> {
    let accepted = accepted_codings(headers);
    let identity = weight(&accepted, "identity").unwrap_or(0.0);
    let mut best = None;
    let mut best_weight = 0.0;
    for coding in offered {
        let weight = weight(&accepted, coding).unwrap_or(0.0);
        if weight > best_weight {
            (best, best_weight) = (Some(*coding), weight);
        }
    }
    // `identity` has to be asked for by name to win: a plain `*` allows it, and prefers nothing.
    if names_identity(&accepted) && identity > best_weight { None } else { best }
}

/// True when one of the tags in `If-None-Match` is `etag`, or it is `*`: the answer is then 304.
/// Tags are compared weakly, that is without their `W/`, as the RFC asks for this header.
pub fn none_match(headers: &HeaderMap, etag: &str) -> bool {
    let ours = etag.trim_start_matches("W/");
    header_values(headers, header::IF_NONE_MATCH).any(|value| value.trim() == "*" || tags(value).any(|tag| tag == ours))
}

/// The opaque tags, with their quotes. A comma may stand inside a tag, so that the quotes decide.
fn tags(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = value;
    std::iter::from_fn(move || {
        let start = rest.find('"')?;
        let length = rest[start + 1..].find('"')? + 2;
        let tag = &rest[start..start + length];
        rest = &rest[start + length..];
        Some(tag)
    })
}

fn accepted_codings(headers: &HeaderMap) -> Vec<(&str, f32)> {
    header_values(headers, header::ACCEPT_ENCODING).flat_map(|value| value.split(',')).filter_map(weighted).collect()
}

fn weighted(item: &str) -> Option<(&str, f32)> {
    let mut parts = item.split(';').map(str::trim);
    let coding = parts.next().filter(|coding| !coding.is_empty())?;
    for parameter in parts {
        if let Some(("q" | "Q", value)) = parameter.split_once('=') {
            // A weight that can't be read says nothing; the coding is then left out rather than preferred.
            return value.trim().parse().ok().map(|weight: f32| (coding, weight.clamp(0.0, 1.0)));
        }
    }
    Some((coding, 1.0))
}

fn weight(accepted: &[(&str, f32)], coding: &str) -> Option<f32> {
    let of =
        |name: &str| accepted.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, weight)| *weight);
    of(coding).or_else(|| of("*"))
}

fn names_identity(accepted: &[(&str, f32)]) -> bool {
    accepted.iter().any(|(coding, _)| coding.eq_ignore_ascii_case("identity"))
}

fn header_values(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(accept: &str) -> Option<&'static str> {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, accept.parse().unwrap())]);
        content_coding(&headers, &["br", "gzip"])
    }

    #[test]
    fn the_highest_weight_wins_and_zero_forbids() {
        assert_eq!(coding("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(coding("gzip;q=1.0, br;q=0.5"), Some("gzip"));
        assert_eq!(coding("br;q=0, GZIP"), Some("gzip"));
        assert_eq!(coding("*;q=0.5, br;q=0"), Some("gzip"));
        assert_eq!(coding("*"), Some("br"));
        assert_eq!(coding("identity;q=1, br;q=0.2"), None);
        assert_eq!(coding("identity;q=0.5, br;q=0.5"), Some("br"));
        assert_eq!(coding("identity;q=0, br;q=0"), None);
        assert_eq!(coding("br;q=nonsense"), None);
        assert_eq!(coding("deflate"), None);
        assert_eq!(coding(""), None);
        assert_eq!(content_coding(&HeaderMap::new(), &["br"]), None);
    }

    #[test]
    fn tags_are_found_in_lists_and_compared_weakly() {
        let matches = |value: &str, etag: &str| {
            none_match(&HeaderMap::from_iter([(header::IF_NONE_MATCH, value.parse().unwrap())]), etag)
        };
        assert!(matches("\"a\", W/\"b\" ,\"c\"", "\"b\""));
        assert!(matches("\"b\"", "W/\"b\""));
        assert!(matches(" * ", "\"b\""));
        assert!(matches("\"x,y\", \"b\"", "\"b\""));
        assert!(!matches("\"x,\", \"y\"", "\"b\""));
        assert!(!matches("\"*\"", "\"b\""));
        assert!(!matches("b", "\"b\""));
        assert!(!matches("", "\"b\""));
        assert!(!none_match(&HeaderMap::new(), "\"b\""));
    }
}
