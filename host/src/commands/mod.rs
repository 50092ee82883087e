//! The verbs of the program, one file each.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::error::Error;

mod draw;
mod evaluate;
mod explain;
mod explain_page;
mod export;
mod export_file;
mod filters;
mod import;
mod info;
mod output;
mod predict;
mod quantize;
mod sweep;
mod sweep_live;
mod sweep_plan;
mod sweep_plot;
mod sweep_report;
mod train;
mod train_args;
mod train_checkpoint;
mod train_plan;
mod train_plot;
mod train_report;

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
    Filters(filters::Args),
    Draw(draw::Args),
    Info(info::Args),
    Quantize(quantize::Args),
    Export(export::Args),
    Import(import::Args),
}

/// Runs the program with the arguments of the process.
///
/// 0 done, 1 the answer is no, 2 an error (one line on standard error), 130 broken off by Ctrl-C.
#[must_use]
pub fn main() -> ExitCode {
    let result = match Cli::try_parse() {
        Ok(cli) => run(cli.verb),
        Err(error) => return usage(&error),
    };
    match result {
        Ok(code) => code,
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

fn run(verb: Verb) -> Result<ExitCode, Error> {
    match verb {
        Verb::Train(args) => train::run(&args),
        Verb::Evaluate(args) => evaluate::run(&args),
        Verb::Predict(args) => predict::run(&args),
        Verb::Sweep(args) => sweep::run(&args),
        Verb::Filters(args) => filters::run(&args),
        Verb::Draw(args) => draw::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Info(args) => info::run(&args),
        Verb::Quantize(args) => quantize::run(&args),
        Verb::Export(args) => export::run(&args),
        Verb::Import(args) => import::run(&args),
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
