//! A real browser without a window, driven over the `WebDriver` protocol (<https://www.w3.org/TR/webdriver2/>).

use std::env;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::Client;

/// What to type where something is missing.
const SETUP: &str = "tests/browser/setup";
/// How long the page may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// What moves over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// The left button held while drawing.
    Mouse,
    /// A finger.
    Touch,
    /// A pen on a tablet.
    Pen,
}

/// A key that has no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Esc.
    Escape,
    /// The next thing that takes keys.
    Tab,
    /// What a button is pressed with.
    Space,
    /// To the right.
    Right,
    /// Downwards.
    Down,
}

/// A browser with one page, closed when it goes out of scope.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    client: Client,
    session: String,
    // Deleted when all is over.
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser that knows nothing of others.
    ///
    /// # Panics
    ///
    /// If there is none, with the line to type, or if it does not start.
    #[must_use]
    pub fn start() -> Self {
        let (mut driver, address) = start_driver();
        let profile = tempfile::tempdir().expect("a folder");
        let options = json!({
            "binary": binary(),
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--disable-component-update", "--no-first-run", "--force-color-profile=srgb",
                "--touch-events=enabled", "--window-size=1200,1000",
                format!("--user-data-dir={}", profile.path().display()),
            ],
        });
        let wanted =
            json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } });
        let mut client = Client::connect(address).expect("the driver listens");
        let reply = client.send("POST", "/session", Some(&wanted));
        let reply = reply.map(|reply| reply.json());
        let Some(session) = reply
            .as_ref()
            .ok()
            .and_then(|reply| reply["value"]["sessionId"].as_str())
        else {
            let _ = driver.kill();
            panic!("the browser does not start: {reply:?}; if it is missing, type {SETUP}");
        };
        Self {
            session: session.to_owned(),
            driver,
            client,
            _profile: profile,
        }
    }

    /// A command of the protocol, and the value it gives.
    fn command(&mut self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let path = format!("/session/{}{path}", self.session);
        let reply = self.client.send(method, &path, body).expect("a reply");
        assert_eq!(reply.status, 200, "{path}: {}", reply.json());
        reply.json()["value"].clone()
    }

    fn post(&mut self, path: &str, body: &Value) -> Value {
        self.command("POST", path, Some(body))
    }

    /// Opens a page, and waits until it is loaded.
    pub fn open(&mut self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Loads the page again.
    pub fn reload(&mut self) {
        self.post("/refresh", &json!({}));
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let script = format!("return {expression};");
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// The value that the promise of an expression in the page comes to.
    pub fn eventual(&mut self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[0]; ({expression}).then(done, (error) => done('error: ' + error));"
        );
        self.post("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Runs a script in the page, in its global scope.
    pub fn run(&mut self, script: &str) {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }));
    }

    /// Moves the mouse to a place in the window.
    pub fn point(&mut self, [x, y]: [f64; 2]) {
        let to = json!({ "type": "pointerMove", "duration": 0, "x": x.round(), "y": y.round() });
        let parameters = json!({ "pointerType": "mouse" });
        let source =
            json!({ "type": "pointer", "id": "mouse", "parameters": parameters, "actions": [to] });
        self.post("/actions", &json!({ "actions": [source] }));
    }

    /// The text of the first element that a selector finds.
    pub fn text(&mut self, selector: &str) -> String {
        let text = self.value(&format!("document.querySelector('{selector}').textContent"));
        text.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Waits until an expression in the page is true.
    ///
    /// # Panics
    ///
    /// If it does not become true, with what the page says.
    #[track_caller]
    pub fn wait(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(expression) != Value::Bool(true) {
            if start.elapsed() > PATIENCE {
                panic!("not {expression}; it says {:?}", self.text("main"));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Clicks the first element that a selector finds, as a person would: it must be in view and not covered.
    pub fn click(&mut self, selector: &str) {
        let query = json!({ "using": "css selector", "value": selector });
        let element = self.post("/element", &query);
        let id = element
            .as_object()
            .and_then(|object| object.values().next()?.as_str());
        let path = format!("/element/{}/click", id.unwrap_or_default());
        self.post(&path, &json!({}));
    }

    /// Presses keys one after the other, the control key held if `control`.
    pub fn press(&mut self, keys: &[&str], control: bool) {
        let event = |kind: &str, value: &str| json!({ "type": kind, "value": value });
        let mut actions = Vec::new();
        if control {
            actions.push(event("keyDown", "\u{E009}"));
        }
        for key in keys {
            actions.extend([event("keyDown", key), event("keyUp", key)]);
        }
        if control {
            actions.push(event("keyUp", "\u{E009}"));
        }
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.post("/actions", &json!({ "actions": [keyboard] }));
    }

    /// Presses a key that has no character.
    pub fn press_key(&mut self, key: Key) {
        let value = match key {
            Key::Escape => "\u{E00C}",
            Key::Tab => "\u{E004}",
            Key::Space => " ",
            Key::Right => "\u{E014}",
            Key::Down => "\u{E015}",
        };
        self.press(&[value], false);
    }

    /// Draws a stroke through points of the page's window.
    pub fn stroke(&mut self, points: &[[f64; 2]], pointer: Pointer) {
        let kind = match pointer {
            Pointer::Mouse => "mouse",
            Pointer::Touch => "touch",
            Pointer::Pen => "pen",
        };
        let mut actions = Vec::new();
        for (i, [x, y]) in points.iter().enumerate() {
            let duration = if i == 0 { 0 } else { 20 };
            actions.push(json!({ "type": "pointerMove", "duration": duration, "x": x.round(), "y": y.round() }));
            if i == 0 {
                actions.push(json!({ "type": "pointerDown", "button": 0 }));
            }
        }
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        let source = json!({
            "type": "pointer", "id": kind, "parameters": { "pointerType": kind }, "actions": actions,
        });
        self.post("/actions", &json!({ "actions": [source] }));
    }

    /// A command of the browser's own protocol (<https://chromedevtools.github.io/devtools-protocol/>).
    pub fn devtools(&mut self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.post("/goog/cdp/execute", &body)
    }

    /// The whole page as a PNG file, beyond what the window shows.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn picture(&mut self) -> Vec<u8> {
        let whole = json!({ "captureBeyondViewport": true });
        let picture = self.devtools("Page.captureScreenshot", &whole);
        let data = picture["data"].as_str().expect("a picture");
        STANDARD.decode(data).expect("a picture in base64")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing the session ends the browser; the driver is then ours to end.
        let path = format!("/session/{}", self.session);
        let _ = self.client.send("DELETE", &path, None);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn find(names: &[&str]) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let mut files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = files.find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("there is no {} in PATH; type {SETUP}", names.join(" or ")))
}

fn binary() -> PathBuf {
    find(&["chromium", "google-chrome"])
}

fn start_driver() -> (Child, SocketAddr) {
    let mut driver = Command::new(find(&["chromedriver"]))
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the driver starts");
    let stdout = driver.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // What else it says goes nowhere, but must be read.
    thread::spawn(move || lines.for_each(drop));
    let Some(port) = port else {
        let _ = driver.kill();
        panic!("the driver does not start; if it is missing, type {SETUP}");
    };
    (driver, SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
}
