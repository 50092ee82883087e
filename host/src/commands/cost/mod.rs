//! `smidgen cost`: what a model will cost on a microcontroller, and whether it fits, before it is there.

use std::path::PathBuf;
use std::process::ExitCode;

use smidgen_core::model::ELEMENT_I8;

use self::memory::MemoryArgs;
use self::nonzero::NonzeroArgs;
use self::report::{Line, Report};
use self::way::Way;
use super::error::Error;
use super::model::Model;
use super::new::target::{Target, target};
use super::numbers::hertz;
use super::output::{print, print_json};
use crate::cost::Estimate;

mod memory;
mod nonzero;
mod report;
mod way;

/// The exit code for a model that does not fit.
const DOES_NOT_FIT: u8 = 1;

/// Foretell flash, RAM and time of a model on a microcontroller, and whether it fits
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen cost digits.model --clock 64MHz
  smidgen cost digits.q8.model --target thumbv6m-none-eabi --clock 16MHz --flash 64K --ram 16K
  smidgen cost fan.model --path in-place --ram 20K --json | jq '.ways[0].lacks'

Exits with 1 if inference does not fit, or the path of --path.")]
pub struct Args {
    /// The model file
    model: PathBuf,
    /// The processor
    #[arg(long, default_value = "thumbv7em-none-eabihf", value_parser = target, value_name = "TARGET")]
    target: &'static Target,
    /// How fast its clock is, such as 64MHz
    #[arg(long, value_parser = hertz, value_name = "FREQUENCY")]
    clock: Option<f64>,
    #[command(flatten)]
    memory: MemoryArgs,
    /// What the firmware does with the model [default: all that it can do]
    #[arg(long, value_enum, value_name = "PATH")]
    path: Option<Way>,
    #[command(flatten)]
    nonzero: NonzeroArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Estimates and prints.
///
/// # Errors
///
/// [`Error`] for a model or data that cannot be read, and for a path that the model has not.
pub fn run(args: &Args) -> Result<ExitCode, Error> {
    let model = Model::read(&args.model)?;
    let ways = match args.path {
        Some(way) => vec![(way, way.path(&model)?)],
        None => Way::ALL
            .into_iter()
            .filter_map(|way| Some((way, way.path(&model).ok()?)))
            .collect(),
    };
    let (inputs, from) = args.nonzero.inputs(&model)?;
    let (layers, scaling) = (model.file.sizes(), model.file.about().scaling.as_ref());
    let line = |(way, path)| {
        let estimate = Estimate::new(args.target.triple, path, layers, &inputs)?;
        Some(Line::new(
            way,
            &estimate,
            args.clock,
            args.memory.lacks(&estimate),
        ))
    };
    let report = Report {
        path: args.model.display().to_string(),
        layers,
        element: model.file.element_name(),
        target: args.target.triple,
        processor: args.target.processor,
        clock_hz: args.clock,
        nonzero: inputs.share(),
        nonzero_from: from,
        scales: scaling.is_some(),
        integers: scaling.is_some_and(|scaling| scaling.integers)
            && model.file.element() == ELEMENT_I8,
        ways: ways.into_iter().filter_map(line).collect(),
    };
    if args.json {
        print_json(&report)?;
    } else {
        print(&report.text())?;
    }
    // The first is inference, or the one that was asked for.
    let lacks = report.ways.first().and_then(|line| line.lacks.as_ref());
    Ok(match lacks {
        Some(lacks) if !lacks.is_empty() => ExitCode::from(DOES_NOT_FIT),
        _ => ExitCode::SUCCESS,
    })
}
