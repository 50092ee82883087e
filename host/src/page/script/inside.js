// Inside: what the network sees, its hidden neurons, what one of them looks for, and what it adds to what comes after.
"use strict";

// Which neuron is looked at, { layer, j }: under the pointer, else the one that was chosen, else the one that adds most
// to the answer.
let hovered = null;
let chosen = null;
let strongest = null;

const neuron = () => hovered ?? chosen ?? strongest;
const same = (a, b) => a?.layer === b?.layer && a?.j === b?.j;
const isAnswer = (a) => a?.layer === network.last;
const nameOf = ({ layer, j }) => {
  if (layer === network.last) return `the answer ${classes[j]}`;
  return network.last > 1 ? `neuron ${j} of layer ${layer + 1}` : `neuron ${j}`;
};
const capital = (text) => text[0].toUpperCase() + text.slice(1);

// The cells of every hidden layer, and the rows of the answers.
const cells = [];

function makeHidden() {
  network.sizes.slice(1, -1).forEach((count, layer, all) => {
    const which = all.length > 1 ? `Hidden layer ${layer + 1}: ` : "";
    const box = make("div", { class: count <= 36 && all.length === 1 ? "neurons few" : "neurons", role: "listbox", "aria-label": `${which}${count} hidden neurons` });
    box.style.setProperty("--layers", all.length);
    const row = Array.from({ length: count }, (_, j) =>
      make("div", { role: "option", tabindex: j === 0 ? 0 : -1, "aria-selected": false, "aria-label": `Neuron ${j}` }));
    box.append(...row);
    cells.push(row);
    const words = `${which}${count} neurons, the fuller the more active. Point at one.`;
    element("hidden").append(make("figure", {}, box, make("figcaption", {}, words)));
    choosing(box, row, layer);
  });
  if (network.last === 0) {
    element("hidden").append(make("p", {}, "This network has no hidden neurons: its answers look at the pixels themselves."));
  }
}

// Lets the neurons of a layer be pointed at, chosen by a tap or click, and walked through by keys.
function choosing(box, row, layer) {
  const at = (event) => {
    const j = row.findIndex((cell) => cell.contains(event.target));
    return j < 0 ? null : { layer, j };
  };
  box.addEventListener("pointerover", (event) => {
    if (pen) return;
    hovered = at(event);
    showNeuron();
  });
  box.addEventListener("pointerleave", () => {
    hovered = null;
    showNeuron();
  });
  // Once more, and it is not chosen any longer.
  const toggle = (event) => choose(same(at(event), chosen) ? null : at(event));
  box.addEventListener("click", toggle);
  box.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible")) choose(at(event));
  });
  box.addEventListener("keydown", (event) => {
    const from = at(event);
    if (!from || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = stepsIn(row);
    const chooses = event.key === " " || event.key === "Enter";
    if (!chooses && !(event.key in steps)) return;
    event.preventDefault();
    if (chooses) {
      toggle(event);
      return;
    }
    const j = Math.min(row.length - 1, Math.max(0, from.j + steps[event.key]));
    row[j].focus();
    choose({ layer, j });
  });
}

// How far a key goes; a row is as long as there was room for.
function stepsIn(cells) {
  const columns = Math.max(1, cells.findIndex((cell) => cell.offsetTop > cells[0].offsetTop));
  return { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -Infinity, End: Infinity };
}

function choose(next) {
  chosen = next;
  hovered = null;
  for (const [layer, row] of cells.entries()) {
    if (next && next.layer !== layer) continue;
    row.forEach((cell, j) => cell.setAttribute("tabindex", j === (next?.j ?? 0) ? 0 : -1));
  }
  showNeuron();
  announce(next ? element("neuron").textContent : "No neuron is chosen.");
}

// The neuron that adds most to the answer, which is shown unless one was chosen.
function findStrongest() {
  strongest = null;
  if (!said) return;
  if (network.last === 0) {
    strongest = { layer: 0, j: said.best };
    return;
  }
  const terms = network.terms(network.last, said.best);
  strongest = { layer: network.last - 1, j: terms.indexOf(Math.max(...terms)) };
}

// Showing.

function showHidden() {
  cells.slice(0, network.last).forEach((row, layer) => {
    const activations = said ? network.activations(layer) : null;
    row.forEach((cell, j) => cell.style.setProperty("--a", activations ? activations[j].toFixed(3) : 0));
  });
}

// What screen readers are told of each neuron, once the pen rests.
function labelHidden() {
  cells.slice(0, network.last).forEach((row, layer) => {
    const activations = said ? network.activations(layer) : null;
    row.forEach((cell, j) => cell.setAttribute("aria-label", `Neuron ${j}${activations ? `, ${activations[j].toFixed(2)}` : ""}`));
  });
}

// Scrolls a neuron's layer, and nothing else, so that it is in view.
function reveal(it) {
  const cell = it && !isAnswer(it) && cells[it.layer][it.j];
  if (!cell) return;
  const box = cell.parentElement;
  const [top, room] = [cell.offsetTop, box.clientHeight];
  if (top < box.scrollTop || top + cell.offsetHeight > box.scrollTop + room) box.scrollTop = top - room / 2;
}

// All that belongs to the neuron which is looked at.
function showNeuron() {
  const it = neuron();
  for (const [layer, row] of cells.entries()) {
    row.forEach((cell, j) => {
      const is = same(it, { layer, j });
      if ((cell.getAttribute("aria-selected") === "true") !== is) cell.setAttribute("aria-selected", is);
    });
  }
  showSeen(it);
  showLooks(it);
  showRings(it);
  showAdds(it);
  showWords(it);
  showSqueeze(it);
}

// What full ink is: a network of integers takes the bytes themselves.
const full = () => (network.learns ? 1 : 255);

// The input; with a neuron of the first layer, what of it speaks for that neuron, and what against.
function showSeen(it) {
  const pixels = said ? network.input : null;
  const ink = rgb("--ink");
  if (!pixels) {
    fill(element("seen"), () => [0, 0, 0, 0]);
  } else if (it?.layer !== 0) {
    fill(element("seen"), (i) => [...ink, pixels[i]]);
  } else {
    const colour = colours(network.terms(0, it.j));
    fill(element("seen"), (i) => {
      const [red, green, blue, alpha] = colour(i);
      const grey = 0.35 * pixels[i];
      return alpha >= grey ? [red, green, blue, alpha] : [...ink, grey];
    });
  }
  const words = pixels && it?.layer === 0
    ? `Red ink speaks for ${nameOf(it)}, blue ink against it.`
    : `${about.width} × ${about.height} = ${network.sizes[0]} numbers, from 0 for paper to ${full()} for ink.`;
  write(element("seen-words"), words);
}

// Positive numbers in the colour of what speaks for, negative ones in that of what speaks against, the larger the fuller.
function colours(numbers) {
  let most = 0;
  for (const x of numbers) most = Math.max(most, Math.abs(x));
  const [pro, contra] = [rgb("--pro"), rgb("--contra")];
  return (i) => [...(numbers[i] > 0 ? pro : contra), most ? 255 * (Math.abs(numbers[i]) / most) ** 0.75 : 0];
}

// What a neuron of the first layer looks for: its weights as a picture.
function showLooks(it) {
  const first = it?.layer === 0;
  const canvas = element("looks-for");
  if (first) fill(canvas, colours(network.weights(0, it.j)));
  else fill(canvas, () => [0, 0, 0, 0]);
  let words = "Point at a neuron to see what it looks for.";
  if (first) words = `What ${nameOf(it)} looks for: ink on red makes it more active, ink on blue less.`;
  else if (it) words = `${capital(nameOf(it))} looks at neurons, not at pixels: rings in red speak for it, in blue against it.`;
  write(element("looks-words"), words);
  canvas.classList.toggle("nothing", Boolean(it) && !first);
  canvas.setAttribute("aria-label", first ? `The weights of ${nameOf(it)} as a picture` : "No picture");
}

// Around each neuron, what it adds to the one that is looked at, or gets from it.
function showRings(it) {
  cells.slice(0, network.last).forEach((row, layer) => {
    let numbers = null;
    if (said && it?.layer === layer + 1) numbers = network.terms(it.layer, it.j).slice();
    if (said && it?.layer === layer - 1) numbers = row.map((_, j) => network.terms(layer, j)[it.j]);
    const colour = numbers && colours(numbers);
    row.forEach((cell, j) => {
      const [red, green, blue, alpha] = colour ? colour(j) : [0, 0, 0, 0];
      cell.style.setProperty("--ring", alpha > 20 ? `rgb(${red} ${green} ${blue} / ${(alpha / 255).toFixed(2)})` : "transparent");
    });
  });
}

// The neuron in words, with its numbers.
function showWords(it) {
  const place = element("neuron");
  if (!it || !said) {
    place.textContent = "";
    return;
  }
  const terms = Array.from(network.terms(it.layer, it.j));
  const bias = network.bias(it.layer, it.j);
  const sum = network.sum(it.layer, it.j);
  const a = network.activations(it.layer)[it.j];
  const why = it === strongest && network.last > 0 ? ` It adds most to the answer ${classes[said.best]}.` : "";
  const what = it.layer === 0 ? "each pixel times its weight" : "each neuron times its weight";
  const lines = [`${capital(nameOf(it))}.${why}`, `Added up, ${what}: ${signed(sum - bias)}. With its bias, ${signed(bias)}, the sum is ${signed(sum)}. Squeezed between 0 and 1: ${a.toFixed(3)}.`];
  if (it.layer > 0) {
    const order = terms.map((_, k) => k).sort((a, b) => Math.abs(terms[b]) - Math.abs(terms[a])).slice(0, 3);
    lines.push(`Most comes from ${order.map((k) => `neuron ${k} (${signed(terms[k])})`).join(", ")}.`);
  }
  place.replaceChildren(make("strong", {}, lines[0]), ...lines.slice(1).map((line) => make("p", {}, line)));
}

element("seen").addEventListener("pointermove", (event) => {
  if (!said) return;
  const box = element("seen").getBoundingClientRect();
  const row = Math.floor(((event.clientY - box.top) / box.height) * about.height);
  const column = Math.floor(((event.clientX - box.left) / box.width) * about.width);
  const pixel = network.input[row * about.width + column];
  if (pixel !== undefined) element("seen-words").textContent = `Row ${row + 1}, column ${column + 1}: ${network.learns ? (pixel / 255).toFixed(2) : pixel}`;
});
element("seen").addEventListener("pointerleave", () => showSeen(neuron()));
