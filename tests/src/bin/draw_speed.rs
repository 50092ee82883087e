//! Measures `smidgen draw`: the time from its start with a cached model to the first answer, and the time of an answer
//! with many clients at once.
//!
//! `cargo run --release -p smidgen-tests --bin draw_speed`

use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use smidgen_tests::binary;
use smidgen_tests::site::{Drawing, Site, drawings};

/// Clients at once.
const CLIENTS: usize = 50;
/// Questions of each.
const QUESTIONS: usize = 200;
/// Starts, of which the median counts.
const STARTS: usize = 11;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("draw_speed: {error}");
            ExitCode::from(2)
        }
    }
}

fn measure() -> io::Result<()> {
    // Built before anything is measured.
    binary::path();
    let folder = tempfile::tempdir()?;
    let drawings = drawings();
    let start = |what: &str| {
        let now = Instant::now();
        let site = Site::start(folder.path(), &[]);
        ask_once(&site, &drawings)?;
        let time = now.elapsed().as_secs_f64();
        if !what.is_empty() {
            println!("{what} {time:.2} s");
        }
        Ok::<_, io::Error>(time)
    };
    start("from the first start, which trains, to the first answer:")?;
    let mut starts = (0..STARTS)
        .map(|_| start(""))
        .collect::<io::Result<Vec<_>>>()?;
    println!(
        "from a start with the cached model to the first answer: {:.3} s",
        median(&mut starts)
    );

    let site = Site::start(folder.path(), &[]);
    let now = Instant::now();
    let (mut server, mut client) = ask_at_once(&site, &drawings)?;
    let rate = (CLIENTS * QUESTIONS) as f64 / now.elapsed().as_secs_f64();
    println!("{CLIENTS} clients at once, {rate:.0} answers a second; milliseconds for an answer:");
    for (place, times) in [
        ("in the server", &mut server),
        ("at the client", &mut client),
    ] {
        let middle = median(times);
        let late = times
            .get(times.len() * 99 / 100)
            .copied()
            .unwrap_or(f64::NAN);
        println!("  {place}: median {middle:.3}, 99 of 100 within {late:.3}");
    }
    Ok(())
}

fn ask_once(site: &Site, drawings: &[Drawing]) -> io::Result<()> {
    let Some(drawing) = drawings.first() else {
        return Err(io::Error::other("no drawings"));
    };
    let reply = site.post("/api/predict", &drawing.question()).json();
    if reply["answer"]["ranking"][0]["digit"] == drawing.digit {
        Ok(())
    } else {
        Err(io::Error::other(format!("a wrong answer: {reply}")))
    }
}

/// Times in milliseconds, as the server and as the clients see them.
fn ask_at_once(site: &Site, drawings: &[Drawing]) -> io::Result<(Vec<f64>, Vec<f64>)> {
    let ask = |first: usize| {
        let mut client = site.client();
        let mut times = Vec::new();
        for drawing in drawings.iter().cycle().skip(first).take(QUESTIONS) {
            let question = drawing.question();
            let now = Instant::now();
            let reply = client.send("POST", "/api/predict", Some(&question))?;
            let there = 1e3 * now.elapsed().as_secs_f64();
            let timing = reply.header("server-timing").unwrap_or_default();
            let here = timing.trim_start_matches("app;dur=").parse::<f64>();
            times.push((here.map_err(io::Error::other)?, there));
        }
        Ok::<_, io::Error>(times)
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|i| scope.spawn(move || ask(i))).collect();
        let mut times = (Vec::<f64>::new(), Vec::<f64>::new());
        for client in clients {
            let asked = client
                .join()
                .map_err(|_| io::Error::other("a client panicked"))??;
            times.extend(asked);
        }
        Ok(times)
    })
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
