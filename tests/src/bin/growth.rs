//! Prints how the time of an epoch and the memory of a training grow with hidden neurons and with examples, and draws it.
//!
//! `cargo run --release -p smidgen-tests --bin growth`; it takes a minute on one core. Each line is a process of its own, so
//! that its peak of memory is its own; the time is the least of some epochs. 250,000 examples are 50,000 images as they are
//! and moved by a pixel in each direction.

use std::ops::ControlFlow;
use std::process::{Command, ExitCode};
use std::time::Instant;

use smidgen::data::expand::Expand;
use smidgen::data::{Dataset, Parts};
use smidgen::networks;
use smidgen::training::{Settings, Trainer};

/// Hidden neurons, with 50,000 examples.
const HIDDEN: [usize; 6] = [10, 30, 50, 100, 200, 300];
/// Examples, with 30 hidden neurons.
const EXAMPLES: [usize; 5] = [1_000, 5_000, 10_000, 50_000, 250_000];
/// Images of the training part of MNIST.
const ALL: usize = 50_000;
/// Epochs, the fastest of which counts.
const EPOCHS: usize = 5;
/// Characters of the longest bar.
const WIDTH: f64 = 40.0;

/// The seconds of an epoch and the peak of memory in MB.
struct Cost {
    seconds: f64,
    memory: f64,
}

fn main() -> ExitCode {
    let arguments: Vec<usize> = std::env::args().skip(1).flat_map(|a| a.parse()).collect();
    match arguments[..] {
        [hidden, examples] => {
            let Cost { seconds, memory } = measure(hidden, examples);
            println!("{seconds} {memory}");
        }
        _ => {
            let by_hidden = HIDDEN.map(|hidden| (hidden, apart(hidden, ALL)));
            print("hidden neurons, 50,000 examples", &by_hidden);
            let by_examples = EXAMPLES.map(|examples| (examples, apart(30, examples)));
            print("examples, 30 hidden neurons", &by_examples);
        }
    }
    ExitCode::SUCCESS
}

/// [`measure`] in a process of its own.
fn apart(hidden: usize, examples: usize) -> Cost {
    let program = std::env::current_exe().expect("a running program has a file");
    let arguments = [hidden.to_string(), examples.to_string()];
    let output = Command::new(program).args(arguments).output();
    let output = output.expect("the program starts once more");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().flat_map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(seconds), Some(memory)) => Cost { seconds, memory },
        _ => panic!(
            "{hidden}, {examples}: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

fn measure(hidden: usize, examples: usize) -> Cost {
    let networks = networks![
        [784, 10, 10],
        [784, 30, 10],
        [784, 50, 10],
        [784, 100, 10],
        [784, 200, 10],
        [784, 300, 10],
    ];
    let training = Parts::embedded()
        .expect("the embedded MNIST is whole")
        .training;
    let (data, expand) = if examples > ALL {
        (training, Expand::Shift)
    } else {
        (first(&training, examples), Expand::None)
    };
    let network = networks.float(&[784, hidden, 10]).expect("it is listed");
    let settings = Settings {
        expand,
        ..Settings::default()
    };
    let mut trainer: Trainer = Trainer::new(network, settings);
    assert_eq!(trainer.examples(&data), examples);
    let epoch = |_: usize| {
        let start = Instant::now();
        let done = trainer.epoch(&data, |_| ControlFlow::Continue(()));
        assert_eq!(done, Ok(()));
        start.elapsed().as_secs_f64()
    };
    let seconds = (0..EPOCHS).map(epoch).fold(f64::INFINITY, f64::min);
    Cost {
        seconds,
        memory: peak(),
    }
}

/// The first images of a data set; the set itself where they are all.
fn first(data: &Dataset, count: usize) -> Dataset {
    if count == data.len() {
        return data.clone();
    }
    let mut part = Dataset::new(data.inputs(), data.classes());
    for i in 0..count {
        assert!(part.add(&data.image(i), data.label(i)));
    }
    part
}

/// The most memory that this process has had, in MB; 0 where the system does not say.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.unwrap_or(0.0) / 1000.0
}

fn print(title: &str, rows: &[(usize, Cost)]) {
    println!("{title}\n");
    println!("           s/epoch    MB");
    let most = rows
        .iter()
        .map(|(_, cost)| cost.seconds)
        .fold(0.0, f64::max);
    for (count, Cost { seconds, memory }) in rows {
        let bar = "█".repeat((WIDTH * seconds / most).ceil() as usize);
        println!("{count:>8}  {seconds:>8.4}  {memory:>4.0}  {bar}");
    }
    println!();
}
