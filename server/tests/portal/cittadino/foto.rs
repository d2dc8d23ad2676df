//! A notice by its picture, or by the text of its QR.

use crate::harness::{Browser, PIETRALTA, Page, Sportello, VALDORIA};
use documents::qr::modules;
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso, QrAvviso};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use reqwest::Method;
use std::io::Cursor;
use std::process::Command;

const CONFINE: &str = "confine";

fn qr(ente: &str, numero: &str) -> QrAvviso {
    let (ente, numero) = (CodiceFiscaleEnte::parse(ente).unwrap(), NumeroAvviso::parse(numero).unwrap());
    QrAvviso { numero, ente, importo: Importo::of_cents(5_000) }
}

fn picture(of: Option<&QrAvviso>) -> Vec<u8> {
    let code = of.map(|qr| modules(qr).unwrap());
    let image = GrayImage::from_fn(300, 300, |x, y| {
        let (x, y) = (usize::try_from(x / 6).unwrap(), usize::try_from(y / 6).unwrap());
        let dark = |code: &documents::Modules| (6..39).contains(&x) && (6..39).contains(&y) && code.is_dark(x - 6, y - 6);
        Luma([if code.as_ref().is_some_and(dark) { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(image).to_rgb8().write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// As a browser sends the form of an ente's page.
fn body(ente: &str, foto: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--{CONFINE}\r\nContent-Disposition: form-data; name=\"ente\"\r\n\r\n{ente}\r\n--{CONFINE}\r\nContent-Disposition: form-data; \
         name=\"foto\"; filename=\"../../avviso <b>.jpg\"\r\nContent-Type: text/html\r\n\r\n"
    )
    .into_bytes();
    body.extend(foto);
    body.extend(format!("\r\n--{CONFINE}--\r\n").bytes());
    body
}

async fn send(browser: &mut Browser<'_>, ente: &str, foto: &[u8]) -> Page {
    let request = browser.request(Method::POST, "/leggi-codice").header("Sec-Fetch-Site", "same-origin");
    browser.send(request.header("Content-Type", format!("multipart/form-data; boundary={CONFINE}")).body(body(ente, foto))).await
}

#[tokio::test]
async fn a_picture_of_a_notice_leads_to_it_whoever_s_page_it_was_sent_from() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let avviso = sportello.avviso("APERTA");
    let foto = picture(Some(&qr(VALDORIA, &avviso.numero)));
    for ente in ["valdoria", "pietralta", "", "nessuno", "<b>"] {
        let path = send(&mut browser, ente, &foto).await.location();
        assert!(path.starts_with("/valdoria/avviso/v/") && !path.contains(&avviso.numero), "{path}");
        assert!(browser.get(&path).await.has(&avviso.causale));
    }
}

#[tokio::test]
async fn the_notice_we_print_is_read_from_a_picture_of_its_paper() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let avviso = sportello.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Verbale"));
    let page = sportello.look_up(&avviso.numero).await;
    let pdf = browser.get(&format!("{page}/avviso.pdf")).await;
    assert_eq!(pdf.status, 200);
    let file = sportello.folder().join("avviso.pdf");
    std::fs::write(&file, &pdf.bytes).unwrap();
    let done =
        Command::new("pdftoppm").args(["-r", "150", "-png", "-singlefile"]).arg(&file).arg(file.with_extension("")).status();
    assert!(done.expect("poppler's pdftoppm").success());
    let path = send(&mut browser, "valdoria", &std::fs::read(file.with_extension("png")).unwrap()).await.location();
    assert!(browser.get(&path).await.has(&avviso.causale));
}

#[tokio::test]
async fn a_picture_that_leads_nowhere_says_why_and_what_to_do() {
    let sportello = Sportello::start().await;
    let unknown = qr("77777777777", "302000000000000184");
    let cases = [
        ("nothing", vec![], 422, "Non è arrivata nessuna foto"),
        ("no code", picture(None), 422, "Nella foto non troviamo un codice QR"),
        ("a page", b"<script>alert(1)</script>".to_vec(), 422, "Il file non è una foto che possiamo leggere"),
        ("an ente that is not here", picture(Some(&unknown)), 404, "di un ente che non è su questo portale"),
        (
            "a number of nobody",
            picture(Some(&qr(VALDORIA, "302000000000000184"))),
            404,
            "Non troviamo un avviso con questo codice",
        ),
        (
            "another ente's number",
            picture(Some(&qr(PIETRALTA, &sportello.avviso("APERTA").numero))),
            404,
            "Non troviamo un avviso",
        ),
    ];
    for (name, foto, status, said) in cases {
        let page = send(&mut sportello.browser(), "valdoria", &foto).await;
        assert_eq!(page.status, status, "{name}: {}", page.text());
        assert!(page.text().contains(said), "{name}: {}", page.text());
        assert!(page.has("action=\"/leggi-codice\""), "{name}: another one can be sent at once");
        assert!(!page.has("<script>alert") && !page.has("avviso <b>") && !page.has("../.."), "{name}");
        if name == "an ente that is not here" {
            assert!(page.has("href=\"https://checkout.pagopa.it/\"") && page.has("3020 0000 0000 0001 84"), "{}", page.text());
        }
        if name == "another ente's number" {
            assert!(page.has("action=\"/pietralta/avviso\""), "told where it was looked for");
        }
    }
}

#[tokio::test]
async fn bodies_that_are_no_form_too_long_or_of_another_site_are_refused() {
    let sportello = Sportello::start().await;
    let foto = picture(None);
    let request = || sportello.browser().request(Method::POST, "/leggi-codice");
    let multipart = format!("multipart/form-data; boundary={CONFINE}");
    let form = || request().header("Sec-Fetch-Site", "same-origin").header("Content-Type", &multipart);
    for (name, request, status) in [
        ("another site's", request().header("Sec-Fetch-Site", "cross-site").body(body("valdoria", &foto)), 403),
        ("no type", request().header("Sec-Fetch-Site", "same-origin").body(body("valdoria", &foto)), 400),
        ("no boundary", request().header("Content-Type", "multipart/form-data").body(body("valdoria", &foto)), 400),
        ("cut off", form().body(body("valdoria", &foto)[..600].to_vec()), 400),
        ("no form at all", form().body("x"), 400),
        ("a name without end", form().body(body(&"v".repeat(1_000), &foto)), 413),
        ("too long", form().body(body("valdoria", &vec![0xFF; 12 * 1024 * 1024 + 1])), 413),
    ] {
        let page = Page::of(request).await;
        assert_eq!(page.status, status, "{name}: {}", page.text());
    }
    // an address that was typed
    assert_eq!(Page::of(sportello.browser().request(Method::GET, "/leggi-codice")).await.location(), "/");
}

#[tokio::test]
async fn pictures_have_limits_too_and_what_they_lead_to_has_its_own() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for _ in 0..10 {
        assert_eq!(send(&mut browser, "valdoria", b"x").await.status, 422);
    }
    let page = send(&mut browser, "valdoria", b"x").await;
    assert_eq!((page.status, page.header("retry-after")), (429, "30"));
    assert!(page.has("Questa richiesta non ha mosso denaro."), "{}", page.text());
    let mut guesser = sportello.browser();
    super::limiti::guess_all(&mut guesser).await;
    let page = send(&mut guesser, "valdoria", &picture(Some(&qr(VALDORIA, &sportello.avviso("APERTA").numero)))).await;
    super::limiti::ticket(&page);
}

#[tokio::test]
async fn the_text_of_a_qr_is_read_where_a_number_is_typed() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numero = sportello.avviso("APERTA").numero;
    let text = qr(VALDORIA, &numero).encode();
    for door in ["/", "/valdoria/avviso", "/pietralta/avviso"] {
        let path = browser.post(door, &[("numero", &text)]).await.location();
        assert!(path.starts_with("/valdoria/avviso/v/"), "{path}");
    }
    let page = browser.post("/valdoria/avviso", &[("numero", &qr("77777777777", &numero).encode())]).await;
    assert_eq!(page.status, 404);
    assert!(page.has("di un ente che non è su questo portale"), "{}", page.text());
}

#[tokio::test]
async fn the_camera_is_allowed_where_codes_are_read_and_nowhere_else() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for (path, camera) in
        [("/valdoria/avviso", "camera=(self)"), ("/", "camera=()"), ("/valdoria", "camera=()"), ("/aiuto", "camera=()")]
    {
        assert!(browser.get(path).await.header("permissions-policy").starts_with(camera), "{path}");
    }
}
