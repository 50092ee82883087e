//! `smidgen evaluate --reject`: chooses when the model leaves an answer open, stores it in the file, and says what comes of it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::commands::data::JudgeArgs;
use crate::commands::error::Error;
use crate::commands::kinds;
use crate::commands::model::Model;
use crate::commands::numbers;
use crate::data::{About, Dataset, Rejection};
use crate::evaluation::rejection::{Outcome, choose, judge, outcome};
use crate::files::output::OutputFile;
use crate::files::outputs::Outputs;
use crate::network::AnyNetwork;

/// Which answers are to be left open.
#[derive(Debug, clap::Args)]
pub struct RejectionArgs {
    /// Leave at most this share of the validation part unanswered, the least confident first, and store that in the model
    #[arg(long, value_parser = share, value_name = "SHARE")]
    reject: Option<f64>,
    /// Where to store the model that --reject changes [default: MODEL itself]
    #[arg(long, requires = "reject", value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A share that leaves something.
fn share(text: &str) -> Result<f64, String> {
    let share = numbers::share(text).filter(|share| (0.0..1.0).contains(share));
    share.ok_or_else(|| "it must be a share below all, such as 1% or 0.01".into())
}

/// A rejection that is to be chosen, and where it goes.
pub struct Choice {
    share: f64,
    out: OutputFile,
}

impl RejectionArgs {
    /// Checks now that the model can be written later; nothing if no rejection is wanted.
    pub fn prepare(
        &self,
        model: &Path,
        force: bool,
        outputs: &mut Outputs,
    ) -> Result<Option<Choice>, Error> {
        let Some(share) = self.reject else {
            return Ok(None);
        };
        let out = match &self.out {
            Some(out) => outputs.prepare(out, kinds::MODEL)?,
            // The model itself is changed, so that it is an input is no reason against it.
            None => Outputs::new(force).prepare(model, kinds::MODEL)?,
        };
        Ok(Some(Choice { share, out }))
    }
}

/// What a rejection makes of the parts of the data.
#[derive(Debug, Serialize)]
pub struct Line {
    #[serde(flatten)]
    rejection: Rejection,
    /// Where it was chosen, if it was now.
    #[serde(skip_serializing_if = "Option::is_none")]
    validation: Option<Outcome>,
    test: Outcome,
    /// Where it is stored, if it was now.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

impl Choice {
    /// Chooses by the validation part, stores the model, and judges the test part.
    pub fn make(
        &self,
        model: &Model,
        network: &dyn AnyNetwork,
        data: &JudgeArgs,
        test: &Dataset,
    ) -> Result<Line, Error> {
        let parts = data.all(model)?.parts;
        if parts.validation.is_empty() {
            return Err(Error::NoValidation);
        }
        let validation = judge(network, &parts.validation);
        let rejection = choose(
            self.share,
            &validation,
            &[&parts.training, &parts.validation],
        );
        let about = About {
            rejection: Some(rejection),
            ..model.file.about().clone()
        };
        self.out
            .write(&network.encode_about(model.file.note(), &about))?;
        Ok(Line {
            rejection,
            validation: Some(outcome(&validation, &rejection)),
            test: outcome(&judge(network, test), &rejection),
            path: Some(self.out.path().display().to_string()),
        })
    }
}

/// What the rejection that a model has makes of the test part; nothing if it has none.
pub fn stored(model: &Model, network: &dyn AnyNetwork, test: &Dataset) -> Option<Line> {
    let rejection = model.file.about().rejection?;
    Some(Line {
        rejection,
        validation: None,
        test: outcome(&judge(network, test), &rejection),
        path: None,
    })
}

impl Line {
    /// As a table: what is left open, and how often the rest is right.
    pub fn text(&self, model: &Model) -> String {
        let mut text = format!(
            "\nAnswers are left open below a confidence of {}, and where {}\n{:>10} │    unsure      unlike    answered   right of these\n",
            self.rejection.words(model.file.element()),
            unlike(&self.rejection, model.file.about()),
            "part",
        );
        text += &format!("{}┼{}\n", "─".repeat(11), "─".repeat(51));
        let parts = [("validation", self.validation), ("test", Some(self.test))];
        for (name, outcome) in parts {
            if let Some(outcome) = outcome {
                text += &row(name, &outcome);
            }
        }
        if let Some(path) = &self.path {
            text += &format!("Stored in {path}\n");
        }
        text
    }
}

/// Which inputs count as unlike the training data, in words.
fn unlike(rejection: &Rejection, about: &About) -> String {
    let Rejection {
        least, greatest, ..
    } = rejection;
    if about.is_table() {
        match greatest {
            0 => "any reading is outside of its range".into(),
            1 => "more than 1 reading is outside of its range".into(),
            _ => format!("more than {greatest} readings are outside of their ranges"),
        }
    } else {
        // In pixels that are all ink, which one can imagine.
        let pixels = |ink: &u32| (f64::from(*ink) / f64::from(u8::MAX)).round();
        format!(
            "the ink is not that of {} to {} black pixels",
            pixels(least),
            pixels(greatest)
        )
    }
}

fn row(name: &str, outcome: &Outcome) -> String {
    let share = |count: usize, all: usize| match all {
        0 => "·".into(),
        _ => format!("{:.2}%", 100.0 * count as f64 / all as f64),
    };
    let [unsure, unlike, answered] = [outcome.unsure, outcome.unlike, outcome.answered()]
        .map(|count| share(count, outcome.total));
    let right = share(outcome.right, outcome.answered());
    format!("{name:>10} │{unsure:>10}{unlike:>12}{answered:>12}{right:>17}\n")
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_read_as_people_type_them() {
        for (text, value) in [("1%", 0.01), ("0.01", 0.01), ("2.5 %", 0.025), ("0", 0.0)] {
            assert_eq!(share(text), Ok(value), "{text}");
        }
        for wrong in ["", "%", "1", "100%", "-1%", "nan", "one"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
