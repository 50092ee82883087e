//! A thousand requests to `smidgen draw` that are none: each is refused with a reason or its connection closed, and the
//! server goes on.

use std::io::{self, Write};
use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rand_core::Rng;
use rand_xorshift::XorShiftRng;
use serde_json::{Value, json};
use smidgen_tests::http::Client;
use smidgen_tests::random::{below, rng};
use smidgen_tests::site::Site;

/// Requests in all, the same number of each kind.
const REQUESTS: usize = 1_000;

/// Starts a server that needs no cached model.
fn site() -> Site {
    let digits = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/digits.model");
    Site::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &["--model", digits])
}

/// A whole request with a body, as it would be right if the body were.
fn with_body(path: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend(body);
    bytes
}

/// One of the places that take JSON.
fn place(rng: &mut XorShiftRng) -> &'static str {
    ["/api/predict", "/api/teach", "/api/forget"][below(rng, 3)]
}

/// A good question.
fn question(rng: &mut XorShiftRng) -> String {
    let points: Vec<[usize; 2]> = (0..2 + below(rng, 40))
        .map(|_| [below(rng, 280), below(rng, 280)])
        .collect();
    json!({ "strokes": [points] }).to_string()
}

fn noise(rng: &mut XorShiftRng, most: usize) -> Vec<u8> {
    let length = 1 + below(rng, most);
    (0..length).map(|_| rng.next_u32() as u8).collect()
}

/// JSON cut off.
fn truncated_json(rng: &mut XorShiftRng) -> Vec<u8> {
    let text = question(rng);
    let end = below(rng, text.len());
    with_body(place(rng), &text[..end])
}

/// No JSON at all.
fn noise_for_json(rng: &mut XorShiftRng) -> Vec<u8> {
    let body = noise(rng, 300);
    with_body(place(rng), body)
}

/// JSON that means nothing here.
fn other_json(rng: &mut XorShiftRng) -> Vec<u8> {
    let bodies = [
        json!(null),
        json!({}),
        json!([]),
        json!("strokes"),
        json!({ "strokes": 7 }),
        json!({ "strokes": [[[1]]] }),
        json!({ "strokes": [[[1, 2, 3]]] }),
        json!({ "strokes": [[["a", "b"]]] }),
        json!({ "strokes": [[[null, null]]] }),
        json!({ "strokes": [], "sample": { "digit": 1, "turn": 0 } }),
        json!({ "sample": { "digit": 10, "turn": 0 } }),
        json!({ "sample": { "digit": 1, "turn": -1 } }),
        json!({ "sample": { "digit": 1.5, "turn": 0 } }),
        json!({ "strokes": [], "session": "s".repeat(65) }),
        json!({ "strokes": [], "session": 5 }),
        json!({ "strokes": [], "colour": "red" }),
        json!({ "strokes": [[[1, 2]]], "digit": 10 }),
        json!({ "strokes": [[[1, 2]]], "digit": -1 }),
    ];
    with_body(place(rng), bodies[below(rng, bodies.len())].to_string())
}

/// A lesson that cannot be given, or a question with an answer in it.
fn lesson(rng: &mut XorShiftRng) -> Vec<u8> {
    let stroke = json!([[[1, 2], [3, 4]]]);
    match below(rng, 3) {
        0 => with_body("/api/teach", json!({ "strokes": stroke }).to_string()),
        1 => with_body(
            "/api/teach",
            json!({ "strokes": [], "digit": 3 }).to_string(),
        ),
        _ => with_body(
            "/api/predict",
            json!({ "strokes": stroke, "digit": 3 }).to_string(),
        ),
    }
}

/// A coordinate that is no number, or far away.
fn coordinates(rng: &mut XorShiftRng) -> Vec<u8> {
    let bad = [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "1e38",
        "1e39",
        "10001",
        "-123456789",
        "\"1\"",
    ][below(rng, 10)];
    with_body(
        place(rng),
        format!("{{\"strokes\":[[[1,2],[3,{bad}]]],\"digit\":1}}"),
    )
}

fn too_many_points(rng: &mut XorShiftRng) -> Vec<u8> {
    let points = vec![[1, 2]; 5_001 + below(rng, 3_000)];
    let strokes: Vec<_> = points.chunks(1 + below(rng, 6_000)).collect();
    with_body(
        place(rng),
        json!({ "strokes": strokes, "digit": 1 }).to_string(),
    )
}

/// More bytes than a request may have, or a promise of them.
fn too_large(rng: &mut XorShiftRng) -> Vec<u8> {
    let body = " ".repeat((256 << 10) + 1 + below(rng, 200_000));
    with_body(place(rng), body)
}

fn wrong_method(rng: &mut XorShiftRng) -> Vec<u8> {
    let method = ["GET", "PUT", "DELETE", "PATCH", "TRACE", "BREW"][below(rng, 6)];
    let path = place(rng);
    format!("{method} {path} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

fn wrong_path(rng: &mut XorShiftRng) -> Vec<u8> {
    let path = [
        "/api",
        "/page.js/",
        "/../Cargo.toml",
        "/%00",
        "/index.php",
        "//",
    ][below(rng, 6)];
    format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").into_bytes()
}

fn wrong_type(rng: &mut XorShiftRng) -> Vec<u8> {
    let body = question(rng);
    let kind = ["text/plain", "application/xml", "", "json"][below(rng, 4)];
    let path = place(rng);
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// Brackets without end.
fn deep_json(rng: &mut XorShiftRng) -> Vec<u8> {
    let depth = 200 + below(rng, 50_000);
    with_body(place(rng), format!("{{\"strokes\":{}", "[".repeat(depth)))
}

/// A good request that ends in the middle.
fn truncated_request(rng: &mut XorShiftRng) -> Vec<u8> {
    let mut bytes = with_body(place(rng), question(rng));
    bytes.truncate(1 + below(rng, bytes.len() - 1));
    bytes
}

/// Bytes that are no HTTP, ended like a head.
fn noise_for_a_head(rng: &mut XorShiftRng) -> Vec<u8> {
    let mut bytes = noise(rng, 200);
    bytes.extend(b"\r\n\r\n");
    bytes
}

/// A head that contradicts itself or does not end.
fn broken_head(rng: &mut XorShiftRng) -> Vec<u8> {
    let long = "x".repeat(600_000);
    let path = place(rng);
    let line = match below(rng, 6) {
        0 => "content-length: -5".to_owned(),
        1 => "content-length: 99999999999999999999999".to_owned(),
        2 => "content-length: 5\r\ncontent-length: 6".to_owned(),
        3 => "no colon".to_owned(),
        4 => format!("x: {long}"),
        _ => "transfer-encoding: chunked\r\n\r\nzz".to_owned(),
    };
    format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{line}\r\n\r\n")
        .into_bytes()
}

/// Requests that are whole, so they are told what is wrong with them.
const WHOLE: [fn(&mut XorShiftRng) -> Vec<u8>; 11] = [
    truncated_json,
    noise_for_json,
    other_json,
    lesson,
    coordinates,
    too_many_points,
    too_large,
    wrong_method,
    wrong_path,
    wrong_type,
    deep_json,
];

/// Bytes that are no request, or the first part of one.
const BROKEN: [fn(&mut XorShiftRng) -> Vec<u8>; 4] =
    [truncated_request, noise_for_a_head, broken_head, |rng| {
        noise(rng, 1_000)
    }];

/// Sends bytes; what comes of it in a word, or what is wrong with that.
fn outcome(site: &Site, bytes: &[u8], whole: bool) -> Result<&'static str, String> {
    let mut client = site.client();
    // The server may hang up in the middle.
    let mut sent = client.send_bytes(bytes);
    if !whole {
        sent = sent.and_then(|()| client.end());
    }
    match client.reply() {
        Ok(reply) if !(400..500).contains(&reply.status) => Err(format!("{reply:?}")),
        Ok(reply)
            if reply.json()["error"]
                .as_str()
                .is_some_and(|why| !why.is_empty()) =>
        {
            Ok("refused with a reason")
        }
        // What is no HTTP is refused before the program sees it, and the connection closed.
        Ok(reply) if reply.body.is_empty() => match client.reply() {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Ok("refused and closed"),
            other => Err(format!("{reply:?}, then {other:?}")),
        },
        Ok(reply) => Err(format!("{reply:?}")),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            Err(format!("no answer, {sent:?}"))
        }
        Err(_) => Ok("closed"),
    }
}

fn answers_well(site: &Site) {
    let question = json!({ "strokes": [[[140, 40], [140, 230]]] });
    let reply = site.post("/api/predict", &question);
    assert_eq!(
        (reply.status, &reply.json()["empty"]),
        (200, &Value::Bool(false))
    );
}

#[test]
fn a_thousand_malformed_requests_are_refused_and_the_server_goes_on() {
    let mut site = site();
    let mut rng = rng(20_261_125);
    let mut reasons = 0;
    for number in 0..REQUESTS {
        let kind = number % (WHOLE.len() + BROKEN.len());
        let whole = kind < WHOLE.len();
        let make = WHOLE.iter().chain(&BROKEN).nth(kind).unwrap();
        let bytes = make(&mut rng);
        match outcome(&site, &bytes, whole) {
            Ok(outcome) => reasons += usize::from(whole && outcome == "refused with a reason"),
            Err(error) => {
                let start = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
                panic!("request {number} of kind {kind}: {error}\n{start}");
            }
        }
        assert!(
            site.runs(),
            "request {number} of kind {kind} ended the server"
        );
    }
    // All of the whole ones, but for bodies that are too large, in the middle of which the server may hang up.
    let whole = REQUESTS * WHOLE.len() / (WHOLE.len() + BROKEN.len());
    assert!(reasons >= whole * 9 / 10, "{reasons} of {whole}");
    answers_well(&site);
    assert_eq!(site.stop(), "");
}

/// Clients that send a head byte by byte, or a body that does not come, are put off; others are served meanwhile.
#[test]
fn slow_clients_are_put_off_and_keep_nobody_waiting() {
    let site = site();
    let start = Instant::now();
    let mut head = TcpStream::connect(site.address).unwrap();
    let mut body = site.client();
    let whole = with_body("/api/predict", "{\"strokes\": []}");
    body.send_bytes(&whole[..whole.len() - 5]).unwrap();
    let drip = thread::spawn(move || {
        for byte in b"POST /api/predict HTTP/1.1\r\nhost: a\r\nx: "
            .iter()
            .cycle()
        {
            if head.write_all(&[*byte]).is_err() || start.elapsed() > Duration::from_secs(25) {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        start.elapsed()
    });
    let mut idle: Vec<Client> = (0..100).map(|_| site.client()).collect();
    answers_well(&site);
    let reply = body.reply().unwrap();
    assert_eq!(reply.status, 408);
    assert!(reply.json()["error"].as_str().unwrap().contains("too long"));
    assert!(drip.join().unwrap() < Duration::from_secs(20));
    assert!(idle.iter_mut().all(|client| client.reply().is_err()));
    answers_well(&site);
}
