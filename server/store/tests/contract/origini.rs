//! The sites that may show our pages in a frame.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::Origine;

on_each_database! {
    a_site_is_allowed_once_and_by_the_ente_that_said_so_alone
}

async fn a_site_is_allowed_once_and_by_the_ente_that_said_so_alone(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let [a, b] = ["https://a.example", "https://b.example"].map(|text| Origine::parse(text).unwrap());
    assert_eq!(store.origini_embed(&valdoria()).await.unwrap(), []);
    for (origine, new) in [(&b, true), (&a, true), (&b, false)] {
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.allow_origine(&valdoria(), origine, at(1)).await.unwrap(), new);
        tx.commit().await.unwrap();
    }
    assert_eq!(store.origini_embed(&valdoria()).await.unwrap(), [a.clone(), b.clone()]);
    assert_eq!(store.origini_embed(&montelago()).await.unwrap(), []);
    for (ente, was_there) in [(montelago(), false), (valdoria(), true), (valdoria(), false)] {
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.forbid_origine(&ente, &a).await.unwrap(), was_there);
        tx.commit().await.unwrap();
    }
    assert_eq!(store.origini_embed(&valdoria()).await.unwrap(), [b]);
}
