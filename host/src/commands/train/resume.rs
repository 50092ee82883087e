//! `--resume` needs nothing but the checkpoint: what was asked for before is asked for again.

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, Parser};

use super::args::Args;
use super::checkpoint::OPTIONS;
use super::options::Options;
use crate::commands::error::Error;
use crate::files::input;
use crate::training::checkpoint::{CheckpointError, Whole};

/// What is said of one run alone and not of the training.
const OF_THE_RUN: [&str; 5] = ["checkpoint", "resume", "force", "json", "quiet"];

/// The arguments of the verb without the verb.
#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    args: Args,
}

/// The options among the arguments of the verb that say something of the training; a path that is no text is not
/// among them, and has to be typed again.
pub fn typed(matches: &ArgMatches) -> Options {
    let command = Alone::command();
    let typed = command.get_arguments().filter_map(|option| {
        let id = option.get_id().as_str();
        let name = option.get_long()?;
        let given = matches.value_source(id)? == ValueSource::CommandLine;
        if !given || OF_THE_RUN.contains(&name) {
            return None;
        }
        let raw = matches.get_raw(id).into_iter().flatten();
        let values = raw.map(|value| value.to_str().map(str::to_owned));
        let takes_values = option.get_action().takes_values();
        let values: Option<Vec<_>> = values.filter(|_| takes_values).collect();
        Some((name.to_owned(), values?))
    });
    Options(typed.collect())
}

/// The arguments with what the checkpoint knows of the training; as they are where nothing is to be resumed.
///
/// # Errors
///
/// [`Error::Checkpoint`] for a damaged file, [`Error`] for one that cannot be read.
pub fn with_checkpoint(args: Args) -> Result<Args, Error> {
    let Some(path) = args.checkpoint.as_deref().filter(|path| path.is_file()) else {
        return Ok(args);
    };
    if !args.resume {
        return Ok(args);
    }
    let wrong = |source| Error::Checkpoint {
        path: path.into(),
        source,
    };
    let bytes = input::read(path, "checkpoint")?;
    let whole = Whole::parse(&bytes).map_err(wrong)?;
    let line = whole.settings().iter().find(|(name, _)| name == OPTIONS);
    let Some((_, line)) = line else {
        return Ok(args);
    };
    let broken = || wrong(CheckpointError::Value { what: "options" });
    let recorded = Options::decode(line).ok_or_else(broken)?;
    let options = args.typed.clone().or(recorded);
    let arguments = std::iter::once("train".into()).chain(options.arguments());
    let whole = Alone::try_parse_from(arguments).map_err(|_| broken())?.args;
    Ok(Args {
        checkpoint: args.checkpoint,
        resume: args.resume,
        force: args.force,
        json: args.json,
        quiet: args.quiet,
        typed: options,
        ..whole
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Options {
        let arguments = std::iter::once("train").chain(arguments.iter().copied());
        typed(&Alone::command().get_matches_from(arguments))
    }

    fn words(options: &Options) -> Vec<String> {
        let words = options.arguments().map(|word| word.into_string().unwrap());
        words.collect()
    }

    #[test]
    fn what_is_typed_comes_back_and_nothing_else() {
        let options = options(&[
            "--layers", "784", "30", "10", "--l1", "--data", "a b\n=c", "--json", "--force",
        ]);
        let back = Options::decode(&options.encode()).unwrap();
        assert_eq!(back, options);
        assert!(!options.encode().contains('\n'));
        let words = words(&options);
        assert!(words.join(" ").contains("--layers 784 30 10"), "{words:?}");
        for word in ["--l1", "--data=a b\n=c"] {
            assert!(words.iter().any(|found| found == word), "{words:?}");
        }
        assert_eq!(words.len(), 6);
    }

    #[test]
    fn what_is_typed_now_comes_before_what_was() {
        let now = options(&["--epochs", "9"]);
        let options = now.or(options(&["--epochs", "5", "--seed", "3"]));
        assert_eq!(words(&options), ["--epochs=9", "--seed=3"]);
    }
}
