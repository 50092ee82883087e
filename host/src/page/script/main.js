// The start: unpacks what came with the page, makes its parts, and shows what was there before a reload.
"use strict";

let network = null;

function buttons(place, label, action) {
  classes.forEach((name, j) => {
    const button = make("button", { type: "button", "aria-label": label(j) }, name);
    button.addEventListener("click", () => action(j));
    element(place).append(button);
  });
}

function setPictures() {
  for (const id of ["seen", "looks-for"]) {
    element(id).width = about.width;
    element(id).height = about.height;
    element(id).style.setProperty("--ratio", about.width / about.height);
  }
}

function introduce() {
  const { sizes } = network;
  const parameters = sizes.slice(1).reduce((sum, size, l) => sum + size * (sizes[l] + 1), 0);
  element("network").textContent =
    `A neural network of ${sizes.join(" → ")} neurons reads it while you draw. It runs here, on your device alone.`;
  element("about").textContent = `${parameters.toLocaleString("en")} weights and biases. ${about.note}`;
  if (isDigits) {
    document.title = "Draw a digit · smidgen";
  } else {
    element("title").textContent = "Draw";
    element("head-samples").textContent = "Or take a real one:";
  }
  if (!network.learns) element("head-teach").textContent = "It has learned before";
  element("paper-keys").hidden = !isDigits || !about.samples;
  for (const id of ["samples", "teach"]) element(id).classList.toggle("words", !isDigits);
  element("take").hidden = !about.samples;
  element("start-tour").addEventListener("click", startTour);
  element("tour-leave").addEventListener("click", leaveTour);
  element("tour-back").addEventListener("click", () => goTour(-1));
  element("tour-next").addEventListener("click", () => goTour(1));
  element("undo").addEventListener("click", undo);
  element("redo").addEventListener("click", redo);
  element("clear").addEventListener("click", clear);
  element("forget").addEventListener("click", () => {
    forgetAll();
    element("teach").firstChild.focus();
  });
}

async function start() {
  const [code, planes] = await Promise.all([unpack("code"), unpack("model")]);
  const module = await WebAssembly.compile(code);
  const file = gather(planes, ...about.planes);
  network = await Network.make(module, file, about.width);
  if (about.samples) {
    const [pictures, labels] = await Promise.all([unpack("pictures"), unpack("labels")]);
    samples = { pictures, labels };
  }
  setPictures();
  introduce();
  makeHidden();
  makeBars();
  makeSqueeze();
  buttons("samples", (j) => `A real ${classes[j]}`, takeSample);
  if (network.learns) buttons("teach", (j) => `It is ${named(j)}`, teach);
  recall();
  network.learn(lessons);
  showLessons();
  new ResizeObserver(resize).observe(paper);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    changed();
    showLessons();
    showExam();
  });
  changed();
  if (about.samples && network.learns) startExaminer(module, file);
  showExam();
  document.body.classList.add("ready");
}

start().catch((error) => {
  element("verdict").textContent = `This browser cannot run the network: ${error.message}`;
});
