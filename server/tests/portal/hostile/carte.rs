//! Names of papers: they are ours, whatever the address says.

use super::counted;
use crate::harness::Sportello;
use domain::EsitoPagamento;

#[tokio::test]
async fn no_address_gives_a_paper_another_name_or_another_header() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, _) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    let back = browser.choose(&checkout, "paga", 1).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;

    let paper = format!("{esito}/ricevuta.pdf");
    let named = browser.get(&paper).await;
    let disposition = "inline; filename=\"ricevuta-pagamento.pdf\"";
    assert_eq!((named.status, named.header("content-disposition")), (200, disposition));

    let cases = [
        ("another name", format!("{esito}/fattura.pdf")),
        ("another kind", format!("{esito}/ricevuta.exe")),
        ("two kinds", format!("{esito}/ricevuta.pdf.exe")),
        ("upwards", format!("{esito}/..%2f..%2fsegreto")),
        ("upwards in the token", "/valdoria/esito/..%2f..%2fsegreto/ricevuta.pdf".into()),
        ("from the root", format!("{esito}/%2fetc%2fpasswd")),
        ("backslashes", format!("{esito}/..%5c..%5csegreto")),
        ("line break and a header", format!("{esito}/ricevuta.pdf%0d%0aSet-Cookie:%20s=1")),
        ("line break in the token", format!("/valdoria/esito/{token}%0d%0aX:%20y/ricevuta.pdf")),
        ("NUL", format!("{esito}/ricevuta.pdf%00.html")),
        ("a quote", format!("{esito}/ricevuta%22;filename=x.pdf")),
        ("three hundred characters", format!("{esito}/{}.pdf", "r".repeat(300))),
        ("a stream of Windows", format!("{esito}/ricevuta.pdf::$DATA")),
        ("right to left", format!("{esito}/ricevuta%e2%80%aefdp.exe")),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, address) in cases {
        let page = browser.get(&address).await;
        assert_eq!((page.status, page.header("content-disposition")), (404, ""), "{name}");
        assert!(page.header("content-type").starts_with("text/html"), "{name}: {}", page.header("content-type"));
        assert!(!page.headers.contains_key("set-cookie") && !page.headers.contains_key("x"), "{name}");
    }
    // what is added to a right address changes nothing of the paper
    for query in ["?filename=x.exe", "?download=%0d%0aX:%20y", "?name=../../x"] {
        let page = browser.get(&format!("{paper}{query}")).await;
        assert_eq!((page.status, page.header("content-disposition")), (200, disposition), "{query}");
        assert!(page.bytes.starts_with(b"%PDF-") && !page.headers.contains_key("x"), "{query}");
    }
}
