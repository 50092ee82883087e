// The paper: what is drawn on it with mouse, finger, pen or keys, and how it looks.
"use strict";

// The paper's side in the units of the points.
const SIDE = 280;

const paper = element("paper");

// The stroke under the pen, and which pen: the number of a pointer, or "keys".
let pen = null;
// Where the pen of the keys is.
let cursor = [140, 60];

// Painting.

const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

function paint() {
  if (!network) return;
  const scale = paper.width / SIDE;
  const context = paper.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, paper.width, paper.height);
  element("invitation").hidden = !isEmpty() || document.activeElement === paper;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  if (drawing.sample !== undefined) paintSample(context);
  else if (pen) paintUnderPen(context);
  else paintStrokes(context, drawing.strokes);
  if (document.activeElement === paper && paper.matches(":focus-visible")) paintCursor(context);
}

// The stroke under the pen alone changes; the others are painted once for it, on a paper of their own.
function paintUnderPen(context) {
  if (pen.others?.width !== paper.width) {
    pen.others = make("canvas");
    pen.others.width = pen.others.height = paper.width;
    const own = pen.others.getContext("2d");
    own.setTransform(context.getTransform());
    paintStrokes(own, drawing.strokes.slice(0, -1));
  }
  context.drawImage(pen.others, 0, 0, SIDE, SIDE);
  paintStrokes(context, [pen.stroke]);
}

function paintStrokes(context, strokes) {
  context.lineWidth = network.pen;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = css("--ink");
  for (const stroke of strokes) {
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
  const small = make("canvas");
  small.width = about.width;
  small.height = about.height;
  const grey = rgb("--ink");
  fill(small, (i) => [...grey, sample(drawing.sample)[i]]);
  context.imageSmoothingEnabled = false;
  const scale = SIDE / Math.max(about.width, about.height);
  const [width, height] = [scale * about.width, scale * about.height];
  context.drawImage(small, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
}

function paintCursor(context) {
  context.lineWidth = pen ? 4 : 2;
  context.strokeStyle = css("--strong");
  context.beginPath();
  context.arc(...cursor, network.pen / 2 + 3, 0, 7);
  context.stroke();
}

// Writes a colour of four bytes into each pixel. Nothing is ever read back from a canvas.
function fill(canvas, colour) {
  const context = canvas.getContext("2d");
  const data = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < canvas.width * canvas.height; i++) data.data.set(colour(i), 4 * i);
  context.putImageData(data, 0, 0);
}

// A colour of the page as three bytes.
function rgb(name) {
  const [, hex] = /^#([0-9a-f]{6})$/.exec(css(name));
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function resize() {
  const side = Math.max(1, Math.round(paper.clientWidth * (window.devicePixelRatio || 1)));
  if (paper.width !== side) paper.width = paper.height = side;
  paint();
}

// Changing what is on the paper.

function change(next) {
  history.push(drawing);
  future = [];
  drawing = next;
  changed();
}

function changed() {
  showTools();
  paint();
  read();
  if (!pen) rest();
}

function showTools() {
  disable(element("undo"), history.length === 0);
  disable(element("redo"), future.length === 0);
  disable(element("clear"), isEmpty());
  const digit = drawing.sample === undefined ? -1 : truth(drawing.sample);
  for (const [label, button] of Array.from(element("samples").children).entries()) {
    button.setAttribute("aria-pressed", String(label === digit));
  }
}

function undo() {
  if (pen || history.length === 0) return;
  future.push(drawing);
  drawing = history.pop();
  changed();
}

function redo() {
  if (pen || future.length === 0) return;
  history.push(drawing);
  drawing = future.pop();
  changed();
}

function clear() {
  if (pen || isEmpty()) return;
  change(EMPTY);
}

// The next real digit of a kind.
const turns = [];
function takeSample(label) {
  const all = samplesOf(label);
  if (pen || all.length === 0) return;
  turns[label] = (turns[label] ?? -1) + 1;
  change({ sample: all[turns[label] % all.length] });
}

// The pen.

function put(point, id) {
  if (!network) return;
  pen = { id, stroke: [point] };
  change({ strokes: [...(drawing.strokes ?? []), pen.stroke] });
}

function move([x, y]) {
  const [lastX, lastY] = pen.stroke[pen.stroke.length - 1];
  if (Math.hypot(x - lastX, y - lastY) >= 1) pen.stroke.push([x, y]);
}

function lift() {
  pen = null;
  changed();
}

// Lifts the pen of the keys, if it is down; whether it was.
function liftKeys() {
  if (pen?.id !== "keys") return false;
  lift();
  announce(`Pen up. ${element("verdict").textContent}`);
  return true;
}

function place(event) {
  const box = paper.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
}

paper.addEventListener("pointerdown", (event) => {
  liftKeys();
  if (pen || event.button !== 0) return;
  event.preventDefault();
  // So that the keys of the paper are at hand.
  paper.focus({ preventScroll: true });
  paper.setPointerCapture(event.pointerId);
  put(place(event), event.pointerId);
});

paper.addEventListener("pointermove", (event) => {
  if (pen?.id !== event.pointerId) return;
  // A browser hands out moves once a frame; between them the pen was in other places too.
  const events = event.getCoalescedEvents?.() ?? [];
  for (const each of events.length > 0 ? events : [event]) move(place(each));
  paint();
  read();
});

for (const end of ["pointerup", "pointercancel"]) {
  paper.addEventListener(end, (event) => {
    if (pen?.id === event.pointerId) lift();
  });
}

// The keys.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

paper.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow) {
    const step = event.shiftKey ? 2 : 10;
    cursor = cursor.map((x, axis) => Math.min(SIDE - 10, Math.max(10, x + step * arrow[axis])));
    if (pen?.id === "keys") {
      move(cursor);
      read();
    }
    paint();
    const [across, down] = cursor.map((x) => Math.round((100 * x) / SIDE));
    announce(`${pen ? "Drawing, " : ""}${across} % across, ${down} % down`);
  } else if (event.key === " " || event.key === "Enter") {
    if (!pen) put([...cursor], "keys");
    else liftKeys();
    if (pen) announce("Pen down");
  } else {
    return;
  }
  event.preventDefault();
});

for (const kind of ["focus", "blur"]) {
  paper.addEventListener(kind, () => {
    if (kind === "blur") liftKeys();
    paint();
  });
}

// Keys of one letter are for the paper and what belongs to it alone, so that nobody presses them unawares.
const hearsDigits = (focused) => focused === document.body || element("step-draw").contains(focused);

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    const back = key === "z" && !event.shiftKey;
    const forth = key === "y" || (key === "z" && event.shiftKey);
    if (back) undo();
    if (forth) redo();
    if (back || forth) event.preventDefault();
  } else if (key === "escape") {
    if (!liftKeys() && !leaveTour()) clear();
  } else if (/^\d$/.test(key) && !event.altKey && isDigits && about.samples && hearsDigits(document.activeElement)) {
    takeSample(Number(key));
  }
});
