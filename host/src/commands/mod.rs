//! The verbs of the program, a file or a folder each. What the library finds out becomes text here, and only here.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use self::error::Error;
use crate::network::Networks;

#[cfg(feature = "page")]
mod draw;
mod drawing;
mod error;
mod evaluate;
mod explain;
mod export;
#[cfg(feature = "plots")]
mod filters;
mod fit;
mod import;
mod info;
mod model;
#[cfg(not(feature = "plots"))]
mod no_pictures;
mod numbers;
mod output;
#[cfg(feature = "plots")]
mod plot_file;
mod predict;
mod quantize;
mod sweep;
mod train;

/// Trains the network of Nielsen's book on MNIST, and puts it into firmware with the same bits.
#[derive(Debug, Parser)]
#[command(name = "smidgen", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Train(train::Args),
    Evaluate(evaluate::Args),
    Predict(predict::Args),
    Explain(explain::Args),
    Sweep(sweep::Args),
    #[cfg(feature = "plots")]
    Filters(filters::Args),
    #[cfg(feature = "page")]
    Draw(draw::Args),
    Info(info::Args),
    Quantize(quantize::Args),
    Export(export::Args),
    Import(import::Args),
}

/// Runs the program with the arguments of the process and the given networks.
///
/// 0 done, 1 the answer is no, 2 an error (one line on standard error), 130 broken off by Ctrl-C.
#[must_use]
pub fn main(networks: Networks) -> ExitCode {
    let result = match Cli::try_parse() {
        Ok(cli) => run(cli.verb, &networks),
        Err(error) => return usage(&error),
    };
    match result {
        Ok(code) => code,
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

fn run(verb: Verb, networks: &Networks) -> Result<ExitCode, Error> {
    match verb {
        Verb::Train(args) => train::run(&args, networks),
        Verb::Evaluate(args) => evaluate::run(&args, networks),
        Verb::Predict(args) => predict::run(&args, networks),
        Verb::Sweep(args) => sweep::run(&args, networks),
        #[cfg(feature = "plots")]
        Verb::Filters(args) => filters::run(&args, networks),
        #[cfg(feature = "page")]
        Verb::Draw(args) => draw::run(&args, networks),
        Verb::Explain(args) => explain::run(&args, networks),
        Verb::Info(args) => info::run(&args),
        Verb::Quantize(args) => quantize::run(&args, networks),
        Verb::Export(args) => export::run(&args, networks),
        Verb::Import(args) => import::run(&args, networks),
    }
}

/// Help and version as they are; anything else wrong with the arguments as one line.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has gone away is no error.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(2);
    }
    let text = error.to_string();
    let lines = text
        .lines()
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let line = lines
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    fail(line.trim_start_matches("error: "))
}

/// Says what is wrong in one line on standard error.
fn fail(message: &str) -> ExitCode {
    // There is nowhere left to report a failure of this.
    let _ = writeln!(io::stderr(), "smidgen: {}", message.replace('\n', " "));
    ExitCode::from(2)
}
