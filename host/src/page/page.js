// Follows the pen, sends its points, shows the answers. Pixels and activations are the server's work.
"use strict";

// The paper's side in the units of the points.
const SIDE = 280;
// The thickness of the pen on the paper, in the same units.
const PEN = 18;

const element = (id) => document.getElementById(id);
const paper = element("paper");
const digits = Array.from({ length: 10 }, (_, digit) => digit);

// What is on the paper: strokes of [x, y], or a real digit, or nothing.
let drawing = { strokes: [] };
// What was on the paper before, for undo.
let history = [];
// The stroke under the pen, and which pen.
let pen = null;
// The pixels of the real digit on the paper.
let samplePixels = null;
// How often each real digit was asked for.
const turns = digits.map(() => 0);

const isEmpty = () => !drawing.sample && drawing.strokes.length === 0;

// The name under which the server keeps what this page has taught it; a reload keeps the name, another tab has its own.
const session = (() => {
  const made = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("-");
  try {
    const kept = sessionStorage.getItem("session") ?? made();
    sessionStorage.setItem("session", kept);
    return kept;
  } catch {
    // A browser may refuse to keep anything.
    return made();
  }
})();

// Asking. One question is under way at a time; what was drawn meanwhile is asked next, and the last answer counts.

let asking = false;
let askAgain = false;

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const reply = await response.json();
  if (!response.ok) throw new Error(reply.error);
  return reply;
}

async function ask() {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  do {
    askAgain = false;
    await request("/api/predict", {});
  } while (askAgain);
  asking = false;
}

// Sends what is on the paper with more, and shows the reply if the paper is still the same.
async function request(path, more) {
  const asked = drawing;
  try {
    const reply = await post(path, { ...question(), ...more });
    if (drawing === asked || (drawing.strokes && asked.strokes && !isEmpty())) show(reply);
    return reply;
  } catch (error) {
    const gone = error instanceof TypeError;
    say(gone ? "The server does not answer. Is “smidgen draw” still running?" : error.message);
    return null;
  }
}

function question() {
  if (drawing.sample) return { session, sample: drawing.sample };
  const round = (x) => Math.round(x * 10) / 10;
  return { session, strokes: drawing.strokes.map((stroke) => stroke.map((point) => point.map(round))) };
}

// Showing.

const bars = digits.map((digit) => {
  const row = document.createElement("li");
  const part = (name, text) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    row.append(span);
    return span;
  };
  part("name", digit);
  const fill = document.createElement("span");
  fill.className = "fill";
  part("track", "").append(fill);
  const value = part("value", "–");
  element("bars").append(row);
  return { row, fill, value };
});

function show(reply) {
  showLessons(reply.lessons);
  showImage(element("seen"), reply.image);
  if (drawing.sample) {
    samplePixels = reply.image;
    paint();
  }
  const { answer } = reply;
  const best = answer ? answer.ranking[0].digit : null;
  digits.forEach((digit) => {
    const activation = answer ? answer.activations[digit] : 0;
    bars[digit].fill.style.width = `${100 * activation}%`;
    bars[digit].value.textContent = answer ? activation.toFixed(3) : "–";
    bars[digit].row.classList.toggle("best", digit === best);
  });
  showHidden(answer ? answer.hidden : null);
  showVerdict(answer);
  for (const button of element("teach").children) button.disabled = !answer;
}

function showVerdict(answer) {
  const big = element("digit");
  big.classList.toggle("sure", Boolean(answer && answer.sure));
  big.classList.toggle("unsure", Boolean(answer && !answer.sure));
  if (!answer) {
    big.textContent = "?";
    say("Draw a digit, or take a real one.");
    return;
  }
  const [first, second] = answer.ranking;
  big.textContent = answer.sure ? first.digit : `${first.digit}/${second.digit}`;
  say((answer.sure ? `I see a ${first.digit}` : `Not sure: ${first.digit} or ${second.digit}`) + truth(answer));
}

// How the sentence ends: what a real digit is, as far as that is not what was said.
function truth(answer) {
  const digit = drawing.sample?.digit;
  if (digit === undefined) return answer.sure ? "." : "?";
  if (!answer.sure) return `. It is a ${digit}.`;
  return answer.ranking[0].digit === digit ? ", and that is right." : `, but it is a ${digit}.`;
}

// A screen reader speaks whenever this changes, so it changes only when there is news.
function say(text) {
  if (element("verdict").textContent !== text) element("verdict").textContent = text;
}

// Writes pixels, ink in the colour of ink. Nothing is ever read back from a canvas.
function showImage(canvas, pixels) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, 28, 28);
  if (pixels.length !== 784) return;
  const [red, green, blue] = ink();
  const data = context.createImageData(28, 28);
  pixels.forEach((value, i) => data.data.set([red, green, blue, value], 4 * i));
  context.putImageData(data, 0, 0);
}

function ink() {
  const colour = getComputedStyle(document.body).color;
  return colour.match(/[\d.]+/g).slice(0, 3).map(Number);
}

function showHidden(layers) {
  const rows = element("hidden").querySelectorAll(".neurons");
  rows.forEach((row, l) => {
    Array.from(row.children).forEach((cell, j) => {
      const a = layers ? layers[l][j] : 0;
      cell.style.setProperty("--a", a.toFixed(3));
      cell.title = layers ? `neuron ${j}: ${a.toFixed(3)}` : `neuron ${j}`;
    });
  });
}

function showLessons(lessons) {
  element("forget").disabled = lessons === 0;
  const count = lessons === 1 ? "one lesson" : `${lessons} lessons`;
  element("lesson").textContent = lessons === 0
    ? "Say what you drew, and it takes one step of learning."
    : `It has had ${count} from you, until you stop the server.`;
}

// Painting the paper.

function paint() {
  const scale = paper.width / SIDE;
  const context = paper.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, paper.width, paper.height);
  element("invitation").hidden = !isEmpty();
  if (drawing.sample) {
    if (samplePixels) paintSample(context);
    return;
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.lineWidth = PEN;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = getComputedStyle(document.body).color;
  for (const stroke of drawing.strokes) {
    context.beginPath();
    context.moveTo(...stroke[0]);
    // Through the middles of the pieces, with the points as handles: no corners.
    for (let i = 1; i < stroke.length; i++) {
      const [x, y] = stroke[i - 1];
      context.quadraticCurveTo(x, y, (x + stroke[i][0]) / 2, (y + stroke[i][1]) / 2);
    }
    context.lineTo(...stroke[stroke.length - 1]);
    context.stroke();
  }
}

function paintSample(context) {
  const small = document.createElement("canvas");
  small.width = small.height = 28;
  showImage(small, samplePixels);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, paper.width, paper.height);
}

function resize() {
  const side = Math.max(1, Math.round(paper.clientWidth * (window.devicePixelRatio || 1)));
  if (paper.width !== side) paper.width = paper.height = side;
  paint();
}

// Changing what is on the paper.

function change(next) {
  history.push(drawing);
  drawing = next;
  samplePixels = null;
  changed();
}

function changed() {
  element("undo").disabled = history.length === 0;
  element("clear").disabled = isEmpty();
  for (const [digit, button] of Array.from(element("samples").children).entries()) {
    button.setAttribute("aria-pressed", String(drawing.sample?.digit === digit));
  }
  paint();
  ask();
}

function undo() {
  if (pen || history.length === 0) return;
  drawing = history.pop();
  samplePixels = null;
  changed();
}

function clear() {
  if (pen || isEmpty()) return;
  change({ strokes: [] });
}

function takeSample(digit) {
  change({ sample: { digit, turn: turns[digit]++ } });
}

// The pen.

function point(event) {
  const box = paper.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
}

paper.addEventListener("pointerdown", (event) => {
  if (pen || event.button !== 0) return;
  event.preventDefault();
  paper.setPointerCapture(event.pointerId);
  pen = { id: event.pointerId, stroke: [point(event)] };
  change({ strokes: [...(drawing.strokes ?? []), pen.stroke] });
});

paper.addEventListener("pointermove", (event) => {
  if (pen?.id !== event.pointerId) return;
  // A browser hands out moves once a frame; between them the pen was in other places too.
  const events = event.getCoalescedEvents?.() ?? [];
  for (const each of events.length > 0 ? events : [event]) {
    const [x, y] = point(each);
    const [lastX, lastY] = pen.stroke[pen.stroke.length - 1];
    if (Math.hypot(x - lastX, y - lastY) >= 1) pen.stroke.push([x, y]);
  }
  paint();
  ask();
});

for (const end of ["pointerup", "pointercancel"]) {
  paper.addEventListener(end, (event) => {
    if (pen?.id !== event.pointerId) return;
    pen = null;
    ask();
  });
}

// Buttons and keys.

function button(place, digit, label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = digit;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", action);
  element(place).append(made);
  return made;
}

for (const digit of digits) {
  button("samples", digit, `A real ${digit}`, () => takeSample(digit)).setAttribute("aria-pressed", "false");
  button("teach", digit, `It is a ${digit}`, () => teach(digit)).disabled = true;
}

async function teach(digit) {
  const reply = await request("/api/teach", { digit });
  if (!reply) return;
  const says = reply.answer.ranking[0].digit;
  say(says === digit ? `Learned: I see a ${digit} now.` : `One step nearer to ${digit}; I still see a ${says}. Again?`);
}

element("undo").addEventListener("click", undo);
element("clear").addEventListener("click", clear);
element("forget").addEventListener("click", () => request("/api/forget", {}));

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
    event.preventDefault();
    undo();
  } else if (event.key === "Escape") {
    clear();
  }
});

// The start.

async function start() {
  const { sizes } = await (await fetch("/api/network")).json();
  element("network").textContent =
    `A network of ${sizes.join(" → ")} neurons looks at it while you draw.`;
  sizes.slice(1, -1).forEach((neurons, l, all) => {
    const figure = document.createElement("figure");
    figure.style.maxWidth = "none";
    const row = document.createElement("div");
    row.className = neurons <= 128 ? "neurons few" : "neurons";
    row.setAttribute("role", "img");
    row.setAttribute("aria-label", `Activations of the ${neurons} hidden neurons`);
    for (let j = 0; j < neurons; j++) row.append(document.createElement("i"));
    const caption = document.createElement("figcaption");
    const which = all.length > 1 ? `hidden layer ${l + 1}: ` : "";
    caption.textContent = `${which}${neurons} hidden neurons, the fuller the more active`;
    figure.append(row, caption);
    element("hidden").append(figure);
  });
  ask();
}

new ResizeObserver(resize).observe(paper);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  paint();
  ask();
});
start().catch(() => say("The server does not answer. Is “smidgen draw” still running?"));
