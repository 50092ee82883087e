//! How many inputs are not zero: counted in the model's own test part, or as the user says, or all of them.

use smidgen_core::model::ELEMENT_I8;

use crate::commands::data::JudgeArgs;
use crate::commands::error::Error;
use crate::commands::fit::expect_fit;
use crate::commands::model::Model;
use crate::commands::numbers::any_share;
use crate::cost::Inputs;
use crate::data::Dataset;

/// What the inputs are like.
#[derive(Debug, clap::Args)]
pub struct NonzeroArgs {
    #[command(flatten)]
    data: JudgeArgs,
    /// The share of inputs that are not zero [default: that of the model's test part; where its data are gone, 100%]
    #[arg(long, conflicts_with = "data", value_parser = any_share, value_name = "SHARE")]
    nonzero: Option<f64>,
}

/// Where a share is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// The model's data.
    Data,
    /// The user.
    Option,
    /// Nowhere; it is all of them.
    Nowhere,
}

impl From {
    /// The end of a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Data => "as in the test part of its data",
            Self::Option => "as --nonzero says",
            Self::Nowhere => "for its data are not here; --data or --nonzero says more",
        }
    }
}

impl NonzeroArgs {
    /// The inputs of a model.
    ///
    /// # Errors
    ///
    /// [`Error`] for data that cannot be read or are not the model's.
    pub fn inputs(&self, model: &Model) -> Result<(Inputs, From), Error> {
        let sizes = model.file.sizes();
        let all = sizes.first().copied().unwrap_or(0);
        if let Some(share) = self.nonzero {
            return Ok((Inputs::scattered(all, share), From::Option));
        }
        let test = match self.data.test(model) {
            Ok(test) => test.data,
            Err(Error::DataGone { .. }) => return Ok((Inputs::dense(all), From::Nowhere)),
            Err(error) => return Err(error),
        };
        let fits = expect_fit(sizes, &test, model.file.about());
        if fits.is_err() && self.data.data.is_none() {
            // Another program wrote the model, and not for the data that come with this one.
            return Ok((Inputs::dense(all), From::Nowhere));
        }
        fits?;
        let examples = (0..test.len()).map(|i| nonzero(&test, i, model.file.element()));
        Ok((Inputs::counted(all, examples), From::Data))
    }
}

/// The inputs of example `i` that are not zero, ascending.
fn nonzero(test: &Dataset, i: usize, element: u8) -> Vec<usize> {
    fn places<T>(values: impl IntoIterator<Item = T>, is_zero: impl Fn(T) -> bool) -> Vec<usize> {
        let all = values.into_iter().enumerate();
        all.filter_map(|(k, value)| (!is_zero(value)).then_some(k))
            .collect()
    }
    if !test.is_table() {
        let pixels = test.pixels(i).iter();
        pixels.map(|pixel| usize::from(pixel.index)).collect()
    } else if element == ELEMENT_I8 {
        places(test.image(i), |byte| byte == 0)
    } else {
        places(test.readings(i), |reading| *reading == 0.0)
    }
}
