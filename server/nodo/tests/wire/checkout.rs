//! Checkout on a real socket, with scripted answers.

use crate::samples::*;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use nodo::checkout::{Cart, CartNotice, Checkout, CheckoutConfig, CheckoutError, CheckoutVersion, SubscriptionKey};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

const PAGE: &str = "https://checkout.example/c/1?clientId=x";

fn cart() -> Cart {
    let url = |path: &str| Url::parse(&format!("https://sportello.example/ritorno/{path}")).unwrap();
    Cart {
        id: "cart-1".into(),
        notices: vec![CartNotice {
            numero: numero(),
            ente: cf_ente("77777777777"),
            importo: cents(4_810),
            nome_ente: "Comune di Valdoria".into(),
            descrizione: "è".repeat(141),
        }],
        email: None,
        return_ok: url("ok"),
        return_cancel: url("annullato"),
        return_error: url("errore"),
        return_waiting: url("attesa"),
        all_ccp: false,
    }
}

fn checkout(base: &str, version: CheckoutVersion) -> Checkout {
    Checkout::new(CheckoutConfig {
        base_url: Url::parse(base).unwrap(),
        version,
        subscription_key: Some(SubscriptionKey::new("segreto")),
        timeout_ms: 1_000,
        redirect_origins: vec!["https://checkout.example".into()],
    })
    .unwrap()
}

/// Serves `answer` at both addresses.
async fn serve<F, R>(answer: F) -> String
where
    F: Fn(HeaderMap, Value) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Response> + Send + 'static,
{
    let v1 = answer.clone();
    let router = Router::new()
        .route("/checkout/ec/v1/carts", post(move |headers: HeaderMap, Json(body): Json<Value>| v1(headers, body)))
        .route("/checkout/ec/v2/carts", post(move |headers: HeaderMap, Json(body): Json<Value>| answer(headers, body)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/checkout/ec", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// What comes of one scripted answer.
async fn outcome<F>(answer: F) -> Result<Url, CheckoutError>
where
    F: Fn() -> Response + Clone + Send + Sync + 'static,
{
    let base = serve(move |_, _| std::future::ready(answer())).await;
    checkout(&base, CheckoutVersion::V2).post_cart(&cart()).await
}

#[tokio::test]
async fn the_cart_is_what_the_openapi_describes() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let base = serve(move |headers, body| {
        kept.lock().unwrap().push((headers, body));
        std::future::ready((StatusCode::FOUND, [("location", PAGE)]).into_response())
    })
    .await;
    for version in [CheckoutVersion::V1, CheckoutVersion::V2] {
        assert_eq!(checkout(&base, version).post_cart(&cart()).await.unwrap().as_str(), PAGE);
    }
    let mut with_email = cart();
    with_email.email = Some("mario@example.it".into());
    checkout(&base, CheckoutVersion::V1).post_cart(&with_email).await.unwrap();
    let seen = seen.lock().unwrap();
    let mut expected = json!({
        "paymentNotices": [{
            "noticeNumber": numero().as_str(),
            "fiscalCode": "77777777777",
            "amount": 4810,
            "companyName": "Comune di Valdoria",
            "description": "è".repeat(140),
        }],
        "returnUrls": {
            "returnOkUrl": "https://sportello.example/ritorno/ok",
            "returnCancelUrl": "https://sportello.example/ritorno/annullato",
            "returnErrorUrl": "https://sportello.example/ritorno/errore",
        },
        "idCart": "cart-1",
        "allCCP": false,
    });
    assert_eq!(seen[0].1, expected);
    expected["returnUrls"]["returnWaitingUrl"] = json!("https://sportello.example/ritorno/attesa");
    assert_eq!(seen[1].1, expected);
    assert_eq!(seen[2].1["emailNotice"], "mario@example.it");
    for (headers, _) in seen.iter() {
        assert_eq!(headers["ocp-apim-subscription-key"], "segreto");
        assert_eq!(headers["content-type"], "application/json");
    }
}

#[tokio::test]
async fn an_address_in_the_body_is_understood_too() {
    for field in ["checkoutRedirectUrl", "redirectUrl", "location", "url"] {
        let answer = move || Json(json!({ "x": 1, field: PAGE })).into_response();
        assert_eq!(outcome(answer).await.unwrap().as_str(), PAGE, "{field}");
    }
}

#[tokio::test]
async fn a_refusal_says_why_in_one_line() {
    for status in [400, 422] {
        let answer = move || {
            let detail = format!("Invalid\r\npayment info {}", "x".repeat(500));
            (StatusCode::from_u16(status).unwrap(), Json(json!({ "title": "t", "detail": detail }))).into_response()
        };
        match outcome(answer).await {
            Err(CheckoutError::Refused { status: found, detail }) => {
                assert_eq!(found, status);
                assert!(detail.starts_with("Invalid payment info x") && detail.len() == 200, "{detail}");
            }
            other => panic!("{other:?}"),
        }
        let html = move || (StatusCode::from_u16(status).unwrap(), "<html>").into_response();
        assert!(matches!(outcome(html).await, Err(CheckoutError::Refused { detail, .. }) if detail.is_empty()));
    }
}

#[tokio::test]
async fn a_busy_checkout_is_told_from_a_broken_one() {
    for status in [429, 503] {
        let answer = move || (StatusCode::from_u16(status).unwrap(), [("retry-after", "7")]).into_response();
        let found = outcome(answer).await;
        assert!(
            matches!(found, Err(CheckoutError::Busy { retry_after: Some(after) }) if after == Duration::from_secs(7)),
            "{found:?}"
        );
    }
    let dated = || (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")]).into_response();
    assert!(matches!(outcome(dated).await, Err(CheckoutError::Busy { retry_after: None })));
    for status in [401, 403, 404, 500, 502, 504] {
        let found = outcome(move || StatusCode::from_u16(status).unwrap().into_response()).await;
        assert!(matches!(found, Err(CheckoutError::Failed { status: s }) if s == status), "{found:?}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_not_used() {
    let to = |location: &'static str| outcome(move || (StatusCode::FOUND, [("location", location)]).into_response());
    for location in [
        "https://evil.example/",
        "javascript:alert(1)",
        "/c/1",
        "http://checkout.example/",
        "https://checkout.example@evil.example/",
        "",
    ] {
        let found = to(location).await;
        assert!(matches!(found, Err(CheckoutError::BadAnswer(_))), "{location}: {found:?}");
    }
    let long = format!("{{\"url\":\"{PAGE}\",\"x\":\"{}\"}}", "x".repeat(70_000));
    for body in ["", "garbage", "[]", "{}", "{\"url\":1}", "\u{0}", &long] {
        let body = body.to_owned();
        let found = outcome(move || body.clone().into_response()).await;
        assert!(matches!(found, Err(CheckoutError::BadAnswer(_))), "{found:?}");
    }
    for status in [201, 204, 301, 307] {
        let found = outcome(move || (StatusCode::from_u16(status).unwrap(), [("location", PAGE)]).into_response()).await;
        assert!(matches!(found, Err(CheckoutError::BadAnswer(_))), "{status}: {found:?}");
    }
    assert!(matches!(outcome(|| StatusCode::FOUND.into_response()).await, Err(CheckoutError::BadAnswer("302 without Location"))));
}

#[tokio::test]
async fn silence_and_a_closed_door_are_told_apart() {
    let slow = serve(|_, _| async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        StatusCode::OK.into_response()
    })
    .await;
    let found = checkout(&slow, CheckoutVersion::V1).post_cart(&cart()).await;
    assert!(matches!(found, Err(CheckoutError::Timeout)), "{found:?}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let found = checkout(&closed, CheckoutVersion::V1).post_cart(&cart()).await;
    assert!(matches!(found, Err(CheckoutError::Unreachable(_))), "{found:?}");
    assert!(!format!("{found:?}").contains("/carts"), "the address stays out of the log: {found:?}");
}
