//! `smidgen draw`: a page, one file that needs nobody, where one draws a digit and sees what the network says and why.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use smidgen_core::model::ELEMENT_F16;

use super::data::{JudgeArgs, class};
use super::error::Error;
use super::fit::{expect_fit, expect_pictures};
use super::kinds;
use super::model::{Model, OptionalModel};
use super::output::{note, print};
use crate::data::Parts;
use crate::files::outputs::Outputs;
use crate::network::Networks;
use crate::page::cache::{self, EPOCHS, Found, SIZES};
use crate::page::{Page, PageError, Samples};

/// Test digits that a page has in it, the first ones.
const SAMPLES: usize = 1000;
/// The classes of digits.
const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Open a page where you draw a digit, and see what the network says while you draw, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen draw                          trains a model the first time, and keeps it
  smidgen draw digits.model
  smidgen draw digits.model --out demo.html

The page is one file and needs nothing else: no network, no server, no other file. It can be mailed, put on any site, or
opened from a folder, on a phone too. It holds the model and, to judge lessons by, the first 1,000 pictures of the test part
of the model's data, if that is to be found: --no-samples leaves them out, where they are not to be given away.

A page has room for pictures of up to 1,024 pixels, 64 classes, 512 neurons in a hidden layer, and 3 layers.")]
pub struct Args {
    #[command(flatten)]
    model: OptionalModel,
    /// Keep the page in this file, and do not open it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Put no pictures of the data into the page; then it cannot say what a lesson does to others
    #[arg(long)]
    no_samples: bool,
    /// Replace whatever is there
    #[arg(long, requires = "out")]
    force: bool,
    /// Open the page that --out keeps
    #[arg(long)]
    open: bool,
    /// Do not open the page, only say where it is
    #[arg(long, conflicts_with = "open")]
    no_open: bool,
    /// What there was when a server showed the page
    #[arg(long, hide = true)]
    port: Option<String>,
    /// As the port
    #[arg(long, hide = true)]
    host: Option<String>,
}

/// Writes the page, and opens it.
///
/// # Errors
///
/// [`Error`] for a model that cannot be read or has no page, training that fails, and a file that cannot be written.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    for (option, given) in [("--port", &args.port), ("--host", &args.host)] {
        if given.is_some() {
            return Err(Error::NoServer { option });
        }
    }
    let mut outputs = Outputs::new(args.force);
    if let Some(path) = args.model.path() {
        outputs = outputs.reading(path);
    }
    let out = args.out.as_deref();
    let out = out.map(|path| outputs.prepare(path, kinds::PAGE));
    let out = out.transpose()?;
    let folder = cache::folder();
    if out.is_none() && folder.is_none() {
        // Before a model is trained for nothing.
        return Err(Error::NoCache);
    }
    let model = match args.model.path() {
        Some(path) => Model::read(path)?,
        None => cached(folder.as_deref(), networks)?,
    };
    let model = drawable(model, networks)?;
    let classes = classes(&model);
    let html = html(&model, &classes, !args.no_samples)?;
    let path = match (&args.out, &out) {
        (Some(path), Some(file)) => {
            file.write(html.as_bytes())?;
            path.clone()
        }
        _ => {
            // One for each model, so that a page that is open stays that of its model.
            let name = format!("draw-{:08x}.html", model.file.crc32());
            let path = folder.ok_or(Error::NoCache)?.join(name);
            cache::keep(&path, html.as_bytes())?;
            path
        }
    };
    let digits = classes.iter().map(String::as_str).eq(DIGITS);
    let what = if digits { "Draw a digit" } else { "Draw" };
    print(&format!("{what} in {}\n", path.display()))?;
    if args.open || (args.out.is_none() && !args.no_open) {
        open(&path);
    }
    Ok(ExitCode::SUCCESS)
}

/// The model as a page has room for it: weights of 16 bits as 32, which changes no bit of what the network says.
fn drawable(model: Model, networks: &Networks) -> Result<Model, Error> {
    if model.file.element() != ELEMENT_F16 {
        return Ok(model);
    }
    let network = model.learner(networks)?;
    let file = network.encode_about(model.file.note(), model.file.about());
    Model::parse(&model.path, file)
}

/// The names of a model's classes, or their numbers.
fn classes(model: &Model) -> Vec<String> {
    let count = model.file.sizes().last().copied().unwrap_or(0);
    let about = model.file.about();
    (0..count).map(|i| class(about, i)).collect()
}

fn html(model: &Model, classes: &[String], with_samples: bool) -> Result<String, Error> {
    let sizes = model.file.sizes();
    let about = model.file.about();
    let (rows, columns) =
        expect_pictures(sizes, about).map_err(|error| match about.is_table() {
            true => error,
            false => Error::Page {
                path: model.path.clone(),
                source: PageError::Inputs {
                    inputs: sizes.first().copied().unwrap_or(0),
                },
            },
        })?;
    let samples = with_samples.then(|| samples(model)).flatten();
    let page = Page {
        model: &model.file,
        classes,
        shape: (columns, rows),
        samples: samples.as_ref(),
    };
    page.html().map_err(|source| {
        let path = model.path.clone();
        Error::Page { path, source }
    })
}

/// Pictures of the test part of a model's data, if it is to be found and fits.
fn samples(model: &Model) -> Option<Samples> {
    let test = JudgeArgs::default().test(model).ok()?.data;
    expect_fit(model.file.sizes(), &test, model.file.about()).ok()?;
    let first = 0..SAMPLES.min(test.len());
    Some(Samples {
        pictures: first.clone().flat_map(|i| test.image(i)).collect(),
        labels: first.map(|i| test.label(i) as u8).collect(),
    })
}

/// The cached model; trained now if it is not there or of no use.
fn cached(folder: Option<&Path>, networks: &Networks) -> Result<Model, Error> {
    let Some(folder) = folder else {
        note("no cache folder: neither XDG_CACHE_HOME nor HOME is set; the model will not be kept");
        return train(Path::new("draw.model"), networks);
    };
    let path = folder.join("draw.model");
    match cache::find(&path) {
        Found::Model(file) => return Ok(Model { path, file: *file }),
        Found::Nothing => {}
        Found::Useless(why) => note(&format!("{why}; it is trained anew")),
    }
    let model = train(&path, networks)?;
    match cache::keep(&path, model.file.bytes()) {
        Ok(()) => note(&format!("kept the model in {}", path.display())),
        Err(error) => note(&format!("{error}; the model will not be kept")),
    }
    Ok(model)
}

fn train(path: &Path, networks: &Networks) -> Result<Model, Error> {
    let network = networks.float(&SIZES)?;
    note(&format!(
        "training a model, which is done once: {SIZES:?}, {EPOCHS} epochs"
    ));
    let training = Parts::embedded()?.training;
    let bar = bar(EPOCHS * training.len());
    let file = cache::train(network, &training, |epoch, done| {
        bar.set_position((epoch * training.len() + done) as u64);
    });
    bar.finish_and_clear();
    Model::parse(path, file.map_err(Error::Training)?)
}

fn bar(images: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(images as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}%, {eta} left") {
        bar.set_style(style.progress_chars("█░░"));
    }
    bar
}

/// Asks the system to show the page; where it cannot, the printed path remains.
fn open(path: &Path) {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/c", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(before)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        note(&format!(
            "cannot open a browser: {error}; open the file yourself"
        ));
    }
}
