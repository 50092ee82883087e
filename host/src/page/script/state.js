// What the page was made with, what is on the paper, and what is kept for a reload.
"use strict";

const element = (id) => document.getElementById(id);

// An element with what it says of itself.
function make(name, attributes = {}, ...children) {
  const svg = ["path", "circle", "text", "line"].includes(name);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Writes a text, unless it stands there: to lay out anew what has not changed takes a millisecond of every move of the pen.
function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

// A button that does nothing now keeps the focus, which it would lose with `disabled`; what it calls does nothing.
const disable = (button, is) => button.setAttribute("aria-disabled", String(is));

// What came with the page: JSON under "about", else packed bytes.
const about = JSON.parse(element("data-about").textContent);

async function unpack(id) {
  const text = element(`data-${id}`).textContent;
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The bytes of numbers lie apart by their place in the number, first all first ones; so they pack better.
function gather(planes, start, count) {
  const whole = planes.slice();
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < 4; b++) whole[start + 4 * i + b] = planes[start + b * count + i];
  }
  return whole;
}

const classes = about.classes;
const isDigits = classes.join() === "0,1,2,3,4,5,6,7,8,9";

// "an 8", but "a 7"; a class that is no number is named as it is.
function named(label) {
  const name = classes[label];
  if (!/^\d+$/.test(name)) return `“${name}”`;
  return `${/^(8|11$|18$)/.test(name) ? "an" : "a"} ${name}`;
}

// A number with its sign, unless nothing is left of it.
function signed(x, digits = 2) {
  const text = Math.abs(x).toFixed(digits);
  if (Number(text) === 0) return text;
  return (x < 0 ? "−" : "+") + text;
}

// What is on the paper: strokes of [x, y] on a paper of 280 × 280, or the number of a real digit.
const EMPTY = { strokes: [] };
let drawing = EMPTY;
// What was on the paper before, and what was taken back.
let history = [];
let future = [];
// What it was taught: { pixels, label }.
let lessons = [];

const isEmpty = () => drawing.sample === undefined && drawing.strokes.length === 0;

// Drawing and lessons outlive a reload together, or neither does.
const KEY = `smidgen ${about.crc}`;

function keep() {
  const text = (pixels) => btoa(String.fromCharCode(...pixels));
  const kept = { drawing, lessons: lessons.map(({ pixels, label }) => ({ pixels: text(pixels), label })) };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser may refuse to keep anything; then nothing is there after a reload.
  }
}

// Whether what was kept can be drawn and learned: others may have written there, or an older page.
const isPoint = (point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
const isStroke = (stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint);
const isLesson = ({ pixels, label }) => pixels.length === about.width * about.height && Number.isInteger(label) && label in classes;

function isDrawing({ sample, strokes }) {
  if (sample === undefined) return Array.isArray(strokes) && strokes.every(isStroke);
  return Number.isInteger(sample) && sample >= 0 && sample < samples.labels.length;
}

function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    if (!kept) return;
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const taught = kept.lessons.map(({ pixels, label }) => ({ pixels: bytes(pixels), label }));
    if (!isDrawing(kept.drawing) || !taught.every(isLesson)) return;
    lessons = taught;
    drawing = kept.drawing;
  } catch {
    // As above.
  }
}

// A screen reader speaks when this changes: once, when things have come to rest.
let speaking = 0;
let spoken = "";

function announce(text) {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    // The same words once more are another text, by a space, or nobody would hear them.
    spoken = text === spoken ? `${text}\u00a0` : text;
    element("announce").textContent = spoken;
  }, 500);
}
