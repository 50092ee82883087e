//! `smidgen draw` as a process of its own, with a cache folder of the tests' own, and the stroke sets drawn by hand.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::binary;
use crate::http::{Client, Reply};

/// How long it may take to end when it is told to.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server, stopped when it goes out of scope.
#[derive(Debug)]
pub struct Site {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Site {
    /// Starts the server at a free port, and waits until it listens.
    ///
    /// # Panics
    ///
    /// If it does not start.
    #[must_use]
    pub fn start(cache: &Path, arguments: &[&str]) -> Self {
        let mut child = binary::smidgen(cache)
            .args(["draw", "--port", "0"])
            .args(arguments)
            .env("XDG_CACHE_HOME", cache)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line of text");
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.split_once('/'))
            .and_then(|(address, _)| address.parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            let error = child.wait_with_output();
            panic!("no address in {line:?}: {error:?}");
        };
        Self {
            child,
            stdout,
            address,
        }
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    ///
    /// # Panics
    ///
    /// If the system does not say.
    pub fn runs(&mut self) -> bool {
        self.child
            .try_wait()
            .expect("the system knows it")
            .is_none()
    }

    /// Waits for its end: the exit code, and what it said on standard error.
    ///
    /// # Panics
    ///
    /// If it does not end in twenty seconds.
    #[must_use]
    pub fn wait(mut self) -> (Option<i32>, String) {
        let start = Instant::now();
        while self.runs() {
            assert!(start.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(10));
        }
        let status = self.child.wait().expect("the system knows it");
        (status.code(), self.said())
    }

    /// Stops it, and gives what it said on standard error.
    ///
    /// # Panics
    ///
    /// If it does not stop.
    #[must_use]
    pub fn stop(mut self) -> String {
        self.child.kill().expect("it runs");
        self.said()
    }

    fn said(&mut self) -> String {
        let mut text = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut text);
        }
        let _ = self.stdout.read_to_string(&mut text);
        text
    }

    /// A connection to it.
    ///
    /// # Panics
    ///
    /// If it does not take one.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::connect(self.address).expect("the server listens")
    }

    /// One request on a connection of its own.
    ///
    /// # Panics
    ///
    /// If there is no reply.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        let reply = self.client().send("POST", path, Some(body));
        reply.expect("a reply")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A digit drawn by hand.
#[derive(Clone, Debug, Deserialize)]
pub struct Drawing {
    /// What it shows.
    pub digit: usize,
    /// How it was drawn, in words.
    pub how: String,
    /// Its strokes on a paper of 280 × 280.
    pub strokes: Vec<Vec<[f32; 2]>>,
}

impl Drawing {
    /// The request that asks what it shows.
    #[must_use]
    pub fn question(&self) -> Value {
        json!({ "strokes": self.strokes })
    }
}

/// The twenty stroke sets, two of each digit.
///
/// # Panics
///
/// If the file is broken.
#[must_use]
pub fn drawings() -> Vec<Drawing> {
    serde_json::from_str(include_str!("../fixtures/strokes.json")).expect("the file is whole")
}
