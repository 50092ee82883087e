//! The server of the page: files from the program itself, questions and lessons as JSON.
//!
//! | request | body | answer |
//! |---------|------|--------|
//! | `GET /` and what the page names | | the page |
//! | `GET /api/network` | | sizes, note, lessons |
//! | `POST /api/predict` | `{"strokes": [[[x, y], …], …]}` or `{"sample": {"digit": 7, "turn": 0}}` | the image and what the network says |
//! | `POST /api/teach` | the same with `"digit"`, what it shows | the same after the lesson |
//! | `POST /api/forget` | as for predict | the same without all lessons |
//!
//! Whatever is wrong with a request is a 4xx with `{"error": "…"}`, and the server goes on.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Json, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use serde::{Deserialize, Serialize};
use smidgen_core::Image;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::raster::{self, Point};
use super::session::{Answer, Session};
use crate::dataset::Dataset;

/// Bytes of a request; 5,000 points with all their digits fit.
const MOST_BYTES: usize = 256 << 10;
/// Connections at the same time; others wait.
const MOST_CONNECTIONS: usize = 256;
/// How long a client may take for the head of a request, which is also how long an idle connection is kept.
const HEAD: Duration = Duration::from_secs(20);
/// How long a request may take with its body.
const REQUEST: Duration = Duration::from_secs(10);
/// How long requests that have begun may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(2);

/// All that the server knows.
pub struct Site {
    /// The network.
    pub session: Box<dyn Session>,
    /// The sizes of the network, from input to output.
    pub sizes: Vec<usize>,
    /// How the network was trained, in words.
    pub note: String,
    /// Real digits for the sample buttons.
    pub samples: Dataset,
}

/// A question or a lesson.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    strokes: Option<Vec<Vec<Point>>>,
    sample: Option<Sample>,
    digit: Option<usize>,
}

/// A real digit: the `turn`-th of its kind, from 0 and round again.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    digit: usize,
    turn: usize,
}

/// What the page shows.
#[derive(Serialize)]
struct Reply {
    /// Whether there is nothing to see.
    empty: bool,
    /// The 28 × 28 bytes that the network sees.
    image: Vec<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Answer>,
    lessons: usize,
    /// The number of the test image, if it is a sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

#[derive(Serialize)]
struct About<'a> {
    sizes: &'a [usize],
    note: &'a str,
    lessons: usize,
}

/// A request that is refused, and why.
#[derive(Debug)]
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            error: String,
        }
        (self.0, Json(Body { error: self.1 })).into_response()
    }
}

/// What cannot be understood though it is JSON.
fn unprocessable(why: impl ToString) -> Refusal {
    Refusal(StatusCode::UNPROCESSABLE_ENTITY, why.to_string())
}

type Body = Result<Json<Question>, JsonRejection>;
type Outcome = Result<Json<Reply>, Refusal>;

fn question(body: Body) -> Result<Question, Refusal> {
    match body {
        Ok(Json(question)) => Ok(question),
        Err(rejection) => Err(Refusal(rejection.status(), rejection.body_text())),
    }
}

impl Site {
    fn ask(&self, question: &Question) -> Outcome {
        let (image, index) = self.image(question)?;
        Ok(Json(Reply {
            empty: image.is_none(),
            answer: image.as_ref().map(|image| self.session.ask(image)),
            image: image.map(|image| image.to_vec()).unwrap_or_default(),
            lessons: self.session.lessons(),
            index,
        }))
    }

    fn image(&self, question: &Question) -> Result<(Option<Image>, Option<usize>), Refusal> {
        match (&question.strokes, question.sample) {
            (Some(strokes), None) => Ok((raster::image(strokes).map_err(unprocessable)?, None)),
            (None, Some(sample)) => {
                let index = self.sample(sample)?;
                Ok((Some(self.samples.image(index)), Some(index)))
            }
            _ => Err(unprocessable("either strokes or a sample is needed")),
        }
    }

    fn sample(&self, Sample { digit, turn }: Sample) -> Result<usize, Refusal> {
        expect_digit(digit)?;
        let of_digit: Vec<usize> = (0..self.samples.len())
            .filter(|&i| self.samples.label(i) == digit)
            .collect();
        turn.checked_rem(of_digit.len())
            .and_then(|i| of_digit.get(i).copied())
            .ok_or_else(|| unprocessable(format!("there is no {digit} among the samples")))
    }
}

fn expect_digit(digit: usize) -> Result<(), Refusal> {
    if digit < 10 {
        Ok(())
    } else {
        Err(unprocessable(format!("{digit} is no digit")))
    }
}

async fn predict(State(site): State<Arc<Site>>, body: Body) -> Outcome {
    let question = question(body)?;
    if question.digit.is_some() {
        return Err(unprocessable(
            "a digit belongs to a lesson, not to a question",
        ));
    }
    site.ask(&question)
}

async fn teach(State(site): State<Arc<Site>>, body: Body) -> Outcome {
    let question = question(body)?;
    let digit = question
        .digit
        .ok_or_else(|| unprocessable("the digit is missing"))?;
    expect_digit(digit)?;
    let (Some(image), _) = site.image(&question)? else {
        return Err(unprocessable("an empty drawing teaches nothing"));
    };
    site.session.teach(&image, digit);
    site.ask(&question)
}

async fn forget(State(site): State<Arc<Site>>, body: Body) -> Outcome {
    let question = question(body)?;
    site.image(&question)?;
    site.session.forget();
    site.ask(&question)
}

async fn about(State(site): State<Arc<Site>>) -> Response {
    Json(About {
        sizes: &site.sizes,
        note: &site.note,
        lessons: site.session.lessons(),
    })
    .into_response()
}

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
