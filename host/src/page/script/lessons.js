// Lessons: one step of learning each, what they cost on the test digits, and how they are taken back.
"use strict";

// The numbers of the test digits, and their labels.
let samples = { pictures: new Uint8Array(), labels: new Uint8Array() };

const sample = (i) => samples.pictures.subarray(i * network.sizes[0], (i + 1) * network.sizes[0]);
const truth = (i) => samples.labels[i];
const samplesOf = (label) => Array.from(samples.labels.keys()).filter((i) => truth(i) === label);

// Answers to the test digits after so many lessons, and how long they took.
let exams = [];
let examiner = null;
// The lessons of the exam that is being taken.
let examined = null;
// What a lesson did to the drawing, to be said together with what it did to the test digits.
let lesson = "";

// A worker, so that the page does not wait while a thousand digits are read.
function startExaminer(module, file) {
  const text = `${element("network-script").textContent}\nexamine();`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    examiner = new Worker(url);
  } catch {
    return;
  }
  examiner.onmessage = ({ data }) => {
    const done = examined.length;
    // Unless one of its lessons was forgotten meanwhile.
    if (examined.every((one, i) => one === lessons[i])) exams[done] = data;
    examined = null;
    askExaminer();
    showExam();
    if (lesson && done === lessons.length && exams[done]) {
      announce(`${lesson} ${element("exam-words").textContent}`);
      lesson = "";
    }
  };
  examiner.onerror = () => {
    examiner = null;
    showExam();
  };
  examiner.postMessage({ module, file, width: about.width, pictures: samples.pictures, pixels: network.sizes[0] });
  askExaminer();
}

// Asks for the first exam that there is not yet, one after the other.
function askExaminer() {
  if (!examiner || examined) return;
  const done = Array.from({ length: lessons.length + 1 }, (_, i) => exams[i]).indexOf(undefined);
  if (done < 0) return;
  examined = lessons.slice(0, done);
  examiner.postMessage({ lessons: examined });
}

function teach(label) {
  if (pen || !said) return;
  const pixels = network.input.slice();
  network.teach(label);
  lessons.push({ pixels, label });
  learned();
  const now = said?.best === label;
  lesson = now ? `Learned: I see ${named(label)} now.` : `One step nearer to ${named(label)}. I still see ${named(said.best)}.`;
  announce(lesson);
}

// Takes a lesson back: the others are learned again, in their order.
function forget(which) {
  lessons.splice(which, 1);
  // What it knew before that lesson it still knows.
  exams.splice(which + 1);
  network.learn(lessons);
  learned();
  announce(lessons.length === 0 ? "All lessons are forgotten." : "The lesson is forgotten.");
}

function forgetAll() {
  lessons = [];
  exams.splice(1);
  network.learn(lessons);
  learned();
  announce("All lessons are forgotten.");
}

// After a change of what it has learned.
function learned() {
  lesson = "";
  askExaminer();
  showLessons();
  showExam();
  read();
  rest();
}

function showLessons() {
  const list = element("lessons");
  list.replaceChildren(...lessons.map(({ pixels, label }, i) => {
    const picture = thumb(pixels);
    const words = make("span", { class: "hidden" }, `: forget lesson ${i + 1}`);
    const cross = make("span", { class: "cross", "aria-hidden": "true" }, "×");
    const button = make("button", { type: "button", title: "Forget this lesson" }, picture, `is ${classes[label]}`, words, cross);
    button.addEventListener("click", () => {
      forget(i);
      (list.children[Math.min(i, lessons.length - 1)]?.firstChild ?? element("teach").firstChild).focus();
    });
    return make("li", {}, button);
  }));
  element("taught").hidden = lessons.length === 0;
  const words = lessons.length === 0
    ? "Say what you drew. It then takes one step of learning: every weight moves a little towards that answer."
    : `It has had ${lessons.length === 1 ? "one lesson" : `${lessons.length} lessons`} from you. They last until you close this page.`;
  element("teach-words").textContent = network.learns ? words : "This is a model of integers, as microcontrollers run it. It answers, but does not learn.";
}

// A small picture of pixels.
function thumb(pixels) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  canvas.width = about.width;
  canvas.height = about.height;
  const ink = rgb("--ink");
  fill(canvas, (i) => [...ink, pixels[i]]);
  return canvas;
}

// The exam.

const right = (exam) => exam.classes.reduce((sum, label, i) => sum + (label === truth(i)), 0);

function showExam() {
  element("step-exam").hidden = !about.samples || !network.learns;
  const total = samples.labels.length;
  const now = exams[lessons.length];
  const before = exams[lessons.length - 1];
  element("exam-words").textContent = examWords(total, before, now);
  showCurve(total);
  showChanged(before, now);
}

function examWords(total, before, now) {
  if (!examiner) return "This browser does not let the page count in the background.";
  if (!now) return `Reading ${total} test digits …`;
  const start = `It reads ${right(exams[0] ?? now)} of ${total} test digits right`;
  if (lessons.length === 0) return `${start}. A lesson helps with one drawing; here you will see what it does to all the others.`;
  if (!before) return `It reads ${right(now)} of ${total} test digits right.`;
  const change = right(now) - right(before);
  const after = change === 0 ? "as many as before" : `${Math.abs(change)} ${change > 0 ? "more" : "fewer"} than before`;
  return `${right(before)} of ${total} test digits were right before the last lesson, ${right(now)} are right after it: ${after}.`;
}

// A line over the lessons.
function showCurve(total) {
  const svg = element("curve");
  const known = exams.slice(0, lessons.length + 1).map((exam) => exam && right(exam));
  const all = known.filter((x) => x !== undefined);
  svg.toggleAttribute("hidden", lessons.length === 0 || all.length < 2);
  if (lessons.length === 0 || all.length < 2) return;
  const [low, high] = [Math.max(0, Math.min(...all) - 5), Math.min(total, Math.max(...all) + 5)];
  const x = (i) => 40 + (250 * i) / lessons.length;
  const y = (count) => 76 - (64 * (count - low)) / (high - low);
  const line = known.map((count, i) => (count === undefined ? "" : `${x(i)} ${y(count)}`)).filter(Boolean);
  const text = (at, to, words, anchor) => make("text", { x: at, y: to, "text-anchor": anchor }, words);
  svg.replaceChildren(
    make("path", { class: "axis", d: "M40 8V76H290" }),
    make("path", { class: "line", d: `M${line.join("L")}` }),
    ...line.map((place) => make("circle", { cx: place.split(" ")[0], cy: place.split(" ")[1], r: 3 })),
    text(34, 16, String(high), "end"), text(34, 76, String(low), "end"),
    text(40, 92, "0 lessons", "start"), text(290, 92, String(lessons.length), "end"),
  );
  svg.setAttribute("aria-label", `Test digits right after each lesson: ${all.join(", ")}`);
}

// The most answers that are shown.
const MOST_CHANGED = 12;

function showChanged(before, now) {
  const list = element("changed");
  if (!before || !now) {
    list.replaceChildren();
    return;
  }
  const all = Array.from(now.classes.keys()).filter((i) => now.classes[i] !== before.classes[i]);
  const items = all.slice(0, MOST_CHANGED).map((i) => {
    const good = now.classes[i] === truth(i);
    const words = `${classes[before.classes[i]]} → ${classes[now.classes[i]]}`;
    const judged = good ? "now right" : before.classes[i] === truth(i) ? "now wrong" : "still wrong";
    return make("li", { class: good ? "good" : "bad" }, thumb(sample(i)), make("span", {}, words), make("small", {}, judged));
  });
  if (all.length > MOST_CHANGED) items.push(make("li", { class: "more" }, `and ${all.length - MOST_CHANGED} more`));
  list.replaceChildren(...items);
}
