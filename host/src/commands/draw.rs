//! `smidgen draw`: a page on this machine where one draws a digit and sees what the network says.

use std::io::{self, IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::error::Error;
use super::fit::expect_fit;
use super::model::Model;
use super::output::print;
use crate::data::{Parts, load_test};
use crate::network::Networks;
use crate::page::api::Site;
use crate::page::cache::{self, EPOCHS, Found, SIZES};
use crate::page::server;
use crate::page::session::School;

/// Serve a page on this machine where you draw a digit and see the answer while you draw
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  smidgen draw                          trains a model the first time, and keeps it
  smidgen draw --open                   opens the page in the browser as well
  smidgen draw --model digits.model
  smidgen draw --port 0                 any free port, which is printed")]
pub struct Args {
    /// A model file; without it, one of [784, 100, 10] that is trained once and kept in the cache folder
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8080, value_name = "PORT")]
    port: u16,
    /// The address to listen on; others than this machine's own let other machines in
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    host: IpAddr,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
}

/// Serves the page until Ctrl-C.
///
/// # Errors
///
/// [`Error`] for a model that cannot be read, training that fails, and an address that cannot be listened on.
pub fn run(args: &Args, networks: &Networks) -> Result<ExitCode, Error> {
    let runtime = Runtime::new().map_err(Error::Server)?;
    let listener = runtime.block_on(listen(SocketAddr::new(args.host, args.port)))?;
    let address = listener.local_addr().map_err(Error::Server)?;
    let model = match &args.model {
        Some(path) => Model::read(path)?,
        None => cached(networks)?,
    };
    let samples = load_test(None)?;
    expect_fit(model.file.sizes(), &samples)?;
    let site = Site {
        pupils: School::new(model.learner(networks)?),
        sizes: model.file.sizes().to_vec(),
        note: model.file.note().into(),
        samples,
    };
    // Before the address is printed: whoever reads it may press Ctrl-C at once.
    let stop = {
        let _context = runtime.enter();
        interrupted()?
    };
    let url = format!("http://{address}/");
    print(&format!("Draw a digit at {url} (Ctrl-C stops)\n"))?;
    if args.open {
        open(&url);
    }
    runtime.block_on(server::serve(listener, server::router(site), stop));
    Ok(ExitCode::SUCCESS)
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => Error::PortInUse { address },
            _ => Error::Listen { address, source },
        })
}

/// Done when the user presses Ctrl-C or the system ends the program; both are watched for from the call on.
#[cfg(unix)]
fn interrupted() -> Result<impl Future<Output = ()>, Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::Server)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::Server)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Done when the user presses Ctrl-C, or never where that cannot be watched for.
#[cfg(not(unix))]
fn interrupted() -> Result<impl Future<Output = ()>, Error> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// The cached model; trained now if it is not there or of no use.
fn cached(networks: &Networks) -> Result<Model, Error> {
    let Some(path) = cache::path() else {
        note("no cache folder: neither XDG_CACHE_HOME nor HOME is set; the model will not be kept");
        return train(Path::new("draw.model"), networks);
    };
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

/// A line about what goes on, where it does not mix with the output.
fn note(line: &str) {
    // There is nowhere to report that this fails.
    let _ = writeln!(io::stderr(), "smidgen: {line}");
}

/// Asks the system to show the page; where it cannot, the printed address remains.
fn open(url: &str) {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/c", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(before)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        note(&format!("cannot open a browser: {error}"));
    }
}
