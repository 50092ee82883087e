//! The verbs of the program, a file or a folder each. What the library finds out becomes text here, and only here.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use self::error::Error;
use crate::network::Networks;

mod cost;
mod data;
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
mod kinds;
mod model;
mod new;
#[cfg(not(feature = "plots"))]
mod no_pictures;
mod numbers;
mod output;
#[cfg(feature = "plots")]
mod plot_file;
mod predict;
mod quantize;
mod shell;
mod signals;
mod sweep;
mod terminal;
mod train;

/// Trains the network of Nielsen's book on MNIST, and puts it into firmware with the same bits.
#[derive(Debug, Parser)]
#[command(name = "smidgen", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// When to colour what is printed
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: terminal::Color,
}

#[derive(Debug, Subcommand)]
enum Verb {
    New(new::Args),
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
    Cost(cost::Args),
    Quantize(quantize::Args),
    Export(export::Args),
    Import(import::Args),
    Completions(shell::CompletionsArgs),
    Man(shell::ManArgs),
}

/// Runs the program with the arguments of the process and the given networks.
///
/// 0 done, 1 the answer is no, 2 an error (one line on standard error), 130 broken off by Ctrl-C.
#[must_use]
pub fn main(networks: Networks) -> ExitCode {
    // For the help, which is printed before `--color` is known.
    terminal::Color::default().rule();
    let result = match parse() {
        Ok(cli) => {
            cli.color.rule();
            run(cli.verb, &networks)
        }
        Err(error) => return usage(&error),
    };
    match result {
        Ok(code) => code,
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

/// The arguments of the process; those of a training with what of them was typed.
fn parse() -> Result<Cli, clap::Error> {
    let matches = Cli::command().try_get_matches()?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    if let (Verb::Train(args), Some((_, matches))) = (&mut cli.verb, matches.subcommand()) {
        args.typed = train::typed(matches);
    }
    Ok(cli)
}

fn run(verb: Verb, networks: &Networks) -> Result<ExitCode, Error> {
    match verb {
        Verb::New(args) => new::run(&args),
        Verb::Train(args) => train::run(args, networks),
        Verb::Evaluate(args) => evaluate::run(&args, networks),
        Verb::Predict(args) => predict::run(&args, networks),
        Verb::Sweep(args) => sweep::run(&args, networks),
        #[cfg(feature = "plots")]
        Verb::Filters(args) => filters::run(&args, networks),
        #[cfg(feature = "page")]
        Verb::Draw(args) => draw::run(&args, networks),
        Verb::Explain(args) => explain::run(&args, networks),
        Verb::Info(args) => info::run(&args),
        Verb::Cost(args) => cost::run(&args),
        Verb::Quantize(args) => quantize::run(&args, networks),
        Verb::Export(args) => export::run(&args, networks),
        Verb::Import(args) => import::run(&args, networks),
        Verb::Completions(args) => shell::completions(&args, Cli::command()),
        Verb::Man(args) => shell::man(&args, Cli::command()),
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
    let help = match verb(std::env::args_os().skip(1)) {
        Some(verb) => format!("smidgen {verb} --help"),
        None => "smidgen --help".to_owned(),
    };
    let line = line.trim_start_matches("error: ").trim_end_matches('.');
    fail(&format!("{line}; see {help}"))
}

/// The verb among arguments. clap tells it only where it shows the usage.
fn verb(arguments: impl Iterator<Item = OsString>) -> Option<String> {
    let command = Cli::command();
    arguments
        .filter_map(|argument| argument.into_string().ok())
        .find(|argument| command.find_subcommand(argument).is_some())
}

/// Says what is wrong in one line on standard error.
fn fail(message: &str) -> ExitCode {
    // There is nowhere left to report a failure of this.
    let _ = writeln!(io::stderr(), "smidgen: {}", message.replace('\n', " "));
    ExitCode::from(2)
}
