//! What the page asks, and what it is answered.
//!
//! | request | body | answer |
//! |---------|------|--------|
//! | `GET /api/network` | | sizes, note |
//! | `POST /api/predict` | `{"strokes": [[[x, y], …], …]}` or `{"sample": {"digit": 7, "turn": 0}}` | the image and what the network says |
//! | `POST /api/teach` | the same with `"digit"`, what it shows | the same after the lesson |
//! | `POST /api/forget` | as for predict | the same without all lessons |
//!
//! A `"session"` beside them is a name of the page's choice: lessons change that session's own copy of the network.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use smidgen_core::Image;

use super::raster::{self, Point};
use super::session::{Answer, School};
use crate::data::Dataset;

/// Bytes of a session's name.
const LONGEST_NAME: usize = 64;

/// All that the server knows.
pub struct Site {
    /// The network, and the copies of it that were taught.
    pub pupils: School,
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
pub(super) struct Question {
    /// Whose copy of the network is meant; the page makes a name up.
    #[serde(default)]
    session: String,
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
pub(super) struct Reply {
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
}

/// A request that is refused, and why.
#[derive(Debug)]
pub(super) struct Refusal(pub StatusCode, pub String);

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

/// The question of a request's body.
fn question(body: Body) -> Result<Question, Refusal> {
    let Json(question) =
        body.map_err(|rejection| Refusal(rejection.status(), rejection.body_text()))?;
    if question.session.len() > LONGEST_NAME {
        let why = format!("the name of a session has {LONGEST_NAME} bytes at most");
        return Err(unprocessable(why));
    }
    Ok(question)
}

impl Site {
    fn ask(&self, question: &Question) -> Outcome {
        let (image, index) = self.image(question)?;
        let who = &question.session;
        Ok(Json(Reply {
            empty: image.is_none(),
            answer: image.as_ref().map(|image| self.pupils.ask(who, image)),
            image: image.map(|image| image.to_vec()).unwrap_or_default(),
            lessons: self.pupils.lessons(who),
            index,
        }))
    }

    fn image(&self, question: &Question) -> Result<(Option<Image>, Option<usize>), Refusal> {
        match (&question.strokes, question.sample) {
            (Some(strokes), None) => Ok((raster::image(strokes).map_err(unprocessable)?, None)),
            (None, Some(sample)) => {
                let index = self.sample(sample)?;
                Ok((Some(self.samples.bytes(index)), Some(index)))
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

/// The question, if it does not say what the drawing shows.
fn without_digit(question: Question) -> Result<Question, Refusal> {
    match question.digit {
        None => Ok(question),
        Some(_) => Err(unprocessable(
            "a digit belongs to a lesson and to nothing else",
        )),
    }
}

fn expect_digit(digit: usize) -> Result<(), Refusal> {
    if digit < 10 {
        Ok(())
    } else {
        Err(unprocessable(format!("{digit} is no digit")))
    }
}

/// What the network says.
pub(super) async fn predict(State(site): State<Arc<Site>>, body: Body) -> Outcome {
    let question = without_digit(question(body)?)?;
    site.ask(&question)
}

/// One lesson, and what the network says after it.
pub(super) async fn teach(State(site): State<Arc<Site>>, body: Body) -> Outcome {
    let question = question(body)?;
    let digit = question
        .digit
        .ok_or_else(|| unprocessable("the digit is missing"))?;
    expect_digit(digit)?;
    let (Some(image), _) = site.image(&question)? else {
        return Err(unprocessable("an empty drawing teaches nothing"));
    };
    site.pupils.teach(&question.session, &image, digit);
    site.ask(&question)
}

/// No lesson any more, and what the network says then.
pub(super) async fn forget(State(site): State<Arc<Site>>, body: Body) -> Outcome {
    let question = without_digit(question(body)?)?;
    site.image(&question)?;
    site.pupils.forget(&question.session);
    site.ask(&question)
}

/// What the network is.
pub(super) async fn about(State(site): State<Arc<Site>>) -> Response {
    Json(About {
        sizes: &site.sizes,
        note: &site.note,
    })
    .into_response()
}
