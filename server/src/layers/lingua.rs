//! `/en/…`: the language of an address is taken off before anything else looks at it, and put back where an answer leads on. So there is
//! one route per page, whatever the languages.

use app::links;
use axum::extract::Request;
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Lingua;

pub async fn layer(mut request: Request, next: Next) -> Response {
    let Some((lingua, uri)) = taken_off(request.uri()) else {
        return next.run(request).await;
    };
    if lingua == Lingua::It {
        // Italian pages have one address: the one without a language
        return Redirect::permanent(&uri.to_string()).into_response();
    }
    *request.uri_mut() = uri;
    request.extensions_mut().insert(lingua);
    let mut response = next.run(request).await;
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    // ours begin with one slash; Checkout's address has an origin
    let ours = location.filter(|to| to.starts_with('/') && !to.starts_with("//") && links::of_lingua(to).is_none());
    if let Some(Ok(value)) = ours.map(|to| HeaderValue::from_str(&lingua.path(to))) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// The language of the address of a request.
pub fn lingua(request: &Request) -> Lingua {
    request.extensions().get().copied().unwrap_or_default()
}

/// The address without its language. What remains must be a path of ours, also to a browser that is sent there: `//x` is another site,
/// and so is `/\x`.
fn taken_off(uri: &Uri) -> Option<(Lingua, Uri)> {
    let (lingua, path) = links::of_lingua(uri.path())?;
    if path.starts_with("//") || path.contains('\\') {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some((lingua, format!("{path}{query}").parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_an_address_stays_as_it_is() {
        let rest = |uri: &str| taken_off(&uri.parse().unwrap()).map(|(lingua, uri)| (lingua, uri.to_string()));
        for (uri, expected) in [
            ("/valdoria", None),
            ("/en", Some((Lingua::En, "/"))),
            ("/fr?x=1", Some((Lingua::Fr, "/?x=1"))),
            ("/de/valdoria/servizi/mensa/paga?da=a%2Fb", Some((Lingua::De, "/valdoria/servizi/mensa/paga?da=a%2Fb"))),
            ("/en//evil.example", None),
            // browsers take a backslash for a slash
            ("/it/\\evil.example", None),
            ("/en/..%2f..", Some((Lingua::En, "/..%2f.."))),
        ] {
            assert_eq!(rest(uri), expected.map(|(lingua, rest)| (lingua, rest.to_owned())), "{uri}");
        }
    }
}
