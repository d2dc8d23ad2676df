//! Pages: what the app finds in its context, and how a POST shows its page again.

use crate::layers::allowed::Allowed;
use crate::layers::headers::{NOBODY, content_security_policy};
use crate::leggi_codice::Invii;
use app::context::{CspPolicy, Guasto, Riferimento};
use axum::body::Body;
use axum::extract::{FromRef, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use domain::Lingua;
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use portal::Portal;
use portal::accesso::Persona;
use std::path::Path;
use std::sync::Arc;
use url::Url;

/// What every handler of the public listener may ask for.
#[derive(Clone, Debug)]
pub struct Web {
    pub portal: Portal,
    pub options: LeptosOptions,
    /// Origins that a form may lead to: Checkout.
    pub form_origins: Arc<[String]>,
    /// Where whoever finds a weakness writes.
    pub security_contact: Option<Url>,
    /// Whose word about who calls is taken.
    pub proxies: Allowed,
    /// Pictures that are being sent.
    pub(crate) invii: Invii,
    /// Where the data are, and what closes the portal ([`crate::manutenzione`]).
    pub folder: Option<Arc<Path>>,
}

impl FromRef<Web> for Portal {
    fn from_ref(web: &Web) -> Self {
        web.portal.clone()
    }
}

impl Web {
    pub fn new(portal: Portal, form_origins: Vec<String>) -> Self {
        let options =
            LeptosOptions::builder().output_name("sportello").site_pkg_dir(format!("pkg/{}", crate::assets::version())).build();
        Self {
            portal,
            options,
            form_origins: form_origins.into(),
            security_contact: None,
            proxies: Allowed::nobody(),
            invii: Invii::default(),
            folder: None,
        }
    }

    #[must_use]
    pub fn with_security_contact(self, security_contact: Option<Url>) -> Self {
        Self { security_contact, ..self }
    }

    /// Behind proxies that tell who called them.
    #[must_use]
    pub fn with_proxies(self, proxies: Allowed) -> Self {
        Self { proxies, ..self }
    }

    #[must_use]
    pub fn in_folder(self, folder: &Path) -> Self {
        Self { folder: Some(folder.into()), ..self }
    }

    /// Puts into the context what pages need; leptos has put the request's parts there.
    pub fn provide(&self) {
        provide_context(self.portal.clone());
        provide_context(self.options.clone());
        let origins = self.form_origins.clone();
        provide_context(CspPolicy(Arc::new(move |nonce: &str| content_security_policy(nonce, &origins, NOBODY))));
        if let Some(reference) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Riferimento>().cloned()) {
            provide_context(reference);
        }
        if let Some(persona) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Persona>().cloned()) {
            provide_context(persona);
        }
        if let Some(lingua) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Lingua>().copied()) {
            provide_context(lingua);
        }
    }

    /// Renders the page of the request's path, with something more in its context and a status of ours where the page has none.
    pub async fn page_again<T: Clone + Send + Sync + 'static>(
        &self,
        request: Request,
        more: T,
        status: StatusCode,
    ) -> Response<Body> {
        self.page_with(request, move || provide_context(more.clone()), status).await
    }

    /// As [`Web::page_again`], with several things more in the context, or one of ours replaced.
    pub async fn page_with(
        &self,
        request: Request,
        more: impl Fn() + Clone + Send + 'static,
        status: StatusCode,
    ) -> Response<Body> {
        let web = self.clone();
        let context = move || {
            web.provide();
            more();
        };
        let (mut parts, _) = request.into_parts();
        // the pages know GET alone
        parts.method = Method::GET;
        let mut response = app::render(self.options.clone(), Request::from_parts(parts, Body::empty()), context).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }
}

/// Whether a segment is `.` or `..`, escaped or not. Browsers resolve those before they ask (URL Standard §4.4); leptos would
/// resolve them again, and so answer one page under the address of another.
fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|segment| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | ".."))
}

/// `GET` of any page; `app::routes` knows which there are, and says 404 for the rest.
pub async fn page(State(web): State<Web>, request: Request) -> Response<Body> {
    if has_dot_segment(request.uri().path()) {
        let status = StatusCode::NOT_FOUND;
        web.page_again(request, Guasto(status), status).await
    } else if matches!(*request.method(), Method::GET | Method::HEAD) {
        web.page_again(request, (), StatusCode::OK).await
    } else {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        web.page_again(request, Guasto(status), status).await
    }
}
