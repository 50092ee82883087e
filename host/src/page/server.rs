//! The server of the page: files from the program itself, and the requests of [`super::api`].
//!
//! Whatever is wrong with a request is a 4xx with `{"error": "…"}`, and the server goes on.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::api::{Refusal, Site, about, forget, predict, teach};

/// Bytes of a request; 5,000 points with all their digits fit.
const MOST_BYTES: usize = 256 << 10;
/// Connections at the same time; others wait.
const MOST_CONNECTIONS: usize = 256;
/// How long a client may take for the head of a request, which is also how long an idle connection is kept.
const HEAD: Duration = Duration::from_secs(10);
/// How long a request may take with its body.
const REQUEST: Duration = Duration::from_secs(10);
/// How long requests that have begun may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(2);

/// A file of the page.
fn file(kind: &'static str, text: &'static str) -> impl IntoResponse + Clone {
    ([(header::CONTENT_TYPE, kind)], text)
}

/// What the server answers to.
pub fn router(site: Site) -> Router {
    let html = file("text/html; charset=utf-8", include_str!("page.html"));
    let css = file("text/css; charset=utf-8", include_str!("page.css"));
    let js = file("text/javascript; charset=utf-8", include_str!("page.js"));
    let icon = file("image/svg+xml", include_str!("icon.svg"));
    Router::new()
        .route("/", get(async move || html))
        .route("/page.css", get(async move || css))
        .route("/page.js", get(async move || js))
        .route("/icon.svg", get(async move || icon))
        .route("/api/network", get(about))
        .route("/api/predict", post(predict))
        .route("/api/teach", post(teach))
        .route("/api/forget", post(forget))
        .fallback(async || Refusal(StatusCode::NOT_FOUND, "there is nothing here".into()))
        .method_not_allowed_fallback(async || {
            Refusal(
                StatusCode::METHOD_NOT_ALLOWED,
                "not with this method".into(),
            )
        })
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn(guard))
        .with_state(Arc::new(site))
}

/// Ends what takes too long, and tells browsers to load nothing from elsewhere and to keep nothing.
///
/// The header `server-timing` says how long the request took in here, in milliseconds, for the browser's tools.
async fn guard(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let late = || {
        Refusal(
            StatusCode::REQUEST_TIMEOUT,
            "the request took too long".into(),
        )
    };
    let mut response = match timeout(REQUEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => late().into_response(),
    };
    let time = format!("app;dur={:.3}", 1e3 * start.elapsed().as_secs_f64());
    let headers = response.headers_mut();
    if let Ok(time) = HeaderValue::try_from(time) {
        headers.insert("server-timing", time);
    }
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; frame-ancestors 'none'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CACHE_CONTROL, "no-store");
    response
}

/// Serves until `stop` is done, and then lets requests that have begun come to their end.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let seats = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &seats) => accepted,
        };
        let Some((stream, seat)) = accepted else {
            // Out of file handles, as a rule: some connection will end.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(
                TokioIo::new(stream),
                TowerToHyperService::new(router.clone()),
            );
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that goes away in the middle is no error of the server's.
            let _ = connection.await;
            drop(seat);
        });
    }
    drop(listener);
    let _ = timeout(GRACE, graceful.shutdown()).await;
}

/// The next connection, once there is a seat for it.
async fn accept(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> Option<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let seat = Arc::clone(seats).acquire_owned().await.ok()?;
    let (stream, _) = listener.accept().await.ok()?;
    // Small answers go out at once; where this is not possible they go out later.
    let _ = stream.set_nodelay(true);
    Some((stream, seat))
}
