// The answers: ten bars and the sums behind them, one sentence, and how the sigmoid makes the one of the other.
"use strict";

// How strong the best answer must be, and how far above the second, to be sure of it.
const STRONG = 0.5;
const MARGIN = 0.3;

// What the network says to what is on the paper: { best, second, sure, parts }; null if there is nothing to say.
let said = null;

// Asks the network, and shows all of what it says.
function read() {
  said = question();
  findStrongest();
  showHidden();
  showBars();
  showVerdict();
  showNeuron();
}

function question() {
  let parts = 1;
  if (drawing.sample !== undefined) network.input.set(sample(drawing.sample));
  else parts = network.draw(drawing.strokes);
  if (parts === 0 || isDot()) return null;
  const best = network.ask();
  const answers = network.activations(network.last);
  let second = best === 0 ? 1 : 0;
  answers.forEach((a, j) => {
    if (j !== best && a > answers[second]) second = j;
  });
  const sure = parts === 1 && answers[best] >= STRONG && answers[best] - answers[second] >= MARGIN;
  return { best, second, sure, parts };
}

function isDot() {
  if (drawing.sample !== undefined || isEmpty()) return false;
  const points = drawing.strokes.flat();
  return [0, 1].every((axis) => {
    const along = points.map((point) => point[axis]);
    return Math.max(...along) - Math.min(...along) < network.smallest;
  });
}

// The bars.

const bars = [];

function makeBars() {
  const rows = classes.map((name, j) => {
    const part = (kind) => make("span", { class: kind });
    const [adds, added, sum, value, fillOf] = ["adds", "added", "sum", "value", "fill"].map(part);
    const push = part("push");
    adds.append(push);
    // The words that the heads of the columns say to those who see them.
    const word = (text) => make("span", { class: "hidden" }, text);
    const row = make("div", { class: "bar", role: "option", tabindex: j === 0 ? 0 : -1, "aria-selected": false },
      make("span", { class: "name" }, name), adds, added, word(" sum "), sum, make("span", { class: "track" }, fillOf), word(" answer "), value);
    bars.push({ row, push, added, sum, fill: fillOf, value });
    return row;
  });
  const box = element("bars");
  // One width for all rows, so that their bars begin below one another.
  const longest = Math.max(...classes.map((name) => name.length));
  element("step-say").style.setProperty("--name", `clamp(1.25rem, ${longest}ch, 6rem)`);
  box.append(...rows);
  cells.push(rows);
  choosing(box, rows, network.last);
}

function showBars() {
  const answers = said ? network.activations(network.last) : null;
  const sums = said ? network.sums : null;
  bars.forEach((bar, j) => {
    bar.fill.style.transform = `scaleX(${answers ? answers[j] : 0})`;
    write(bar.value, answers ? answers[j].toFixed(3) : "–");
    write(bar.sum, sums ? signed(sums[j], 1) : "–");
    bar.row.classList.toggle("best", said?.best === j);
  });
}

// What a hidden neuron adds to each answer.
function showAdds(it) {
  const last = said && it && it.layer === network.last - 1 ? it : null;
  const adds = last && bars.map((_, j) => network.terms(network.last, j)[last.j]);
  const most = adds && Math.max(...adds.map(Math.abs));
  element("adds-head").replaceChildren(...(last ? [make("span", { class: "spare" }, "neuron "), `${last.j} adds`] : []));
  bars.forEach(({ push, added }, j) => {
    const share = adds && most ? adds[j] / most : 0;
    push.className = `push ${share < 0 ? "contra" : "pro"}`;
    push.style.transform = `scaleX(${Math.abs(share)})`;
    write(added, adds ? signed(adds[j], 1) : "");
  });
}

// The sentence.

function showVerdict() {
  const big = element("digit");
  big.classList.toggle("sure", Boolean(said?.sure));
  big.classList.toggle("unsure", Boolean(said && !said.sure));
  const [sign, words] = verdict();
  write(big, sign);
  big.classList.toggle("long", sign.length > 3);
  write(element("verdict"), words);
}

// What stands in the square, and what is said.
function verdict() {
  const [article, what] = isDigits ? ["a ", "digit"] : ["", "something"];
  if (!said && isDot()) return ["·", `That is a dot. Draw ${article}${what}.`];
  if (!said) return ["?", about.samples && isDigits ? "Draw a digit, or take a real one." : `Draw ${article}${what}.`];
  const { best, second, sure, parts } = said;
  const right = drawing.sample === undefined ? null : truth(drawing.sample);
  if (parts > 1) return ["?", `More than one ${isDigits ? "digit" : "thing"}? I read one at a time; together they look like ${named(best)}.`];
  if (!sure) return [`${classes[best]}/${classes[second]}`, `Not sure: ${named(best)} or ${named(second)}${right === null ? "?" : `. It is ${named(right)}.`}`];
  const end = right === null ? "." : right === best ? ", and that is right." : `, but it is ${named(right)}.`;
  return [classes[best], `I see ${named(best)}${end}`];
}

// Once the pen rests: what is not needed while it moves.
function rest() {
  reveal(neuron());
  labelHidden();
  const seen = said ? `What the network sees, a picture of ${network.sizes[0]} pixels` : "What the network sees: nothing yet";
  element("seen").setAttribute("aria-label", seen);
  for (const button of element("teach").children) disable(button, !said);
  announce(element("verdict").textContent);
  keep();
}

// The sigmoid.

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

function makeSqueeze() {
  const points = Array.from({ length: 65 }, (_, i) => (i - 32) / 4).map((z) => `${z} ${(1 - sigmoid(z)).toFixed(4)}`);
  element("squeeze").querySelector(".curve").setAttribute("d", `M${points.join("L")}`);
}

// What the sum of an answer is.
const ADDED = () => {
  const from = network.last > 0 ? "neurons" : "pixels";
  const units = network.learns ? "" : ", in whole steps of 1/1024, for this network is one of integers";
  return `all that the ${from} add to it, and its own bias${units}`;
};

// Where on the curve the neuron is, and without one the best answer.
function showSqueeze(it) {
  const at = said && (isAnswer(it) ? it : { layer: network.last, j: said.best });
  const drop = element("squeeze").querySelector(".drop");
  if (!at) {
    drop.setAttribute("d", "");
    element("squeeze-words").textContent = `The sum of an answer is ${ADDED()}. It can be any number; the curve squeezes it between 0, no, and 1, yes.`;
    return;
  }
  const sum = network.sums[at.j];
  const a = network.activations(at.layer)[at.j];
  const z = Math.min(8, Math.max(-8, sum));
  drop.setAttribute("d", `M${z} 1V${1 - a}H-8`);
  element("squeeze-words").textContent = `The sum for ${classes[at.j]}, ${signed(sum)}, is ${ADDED()}. The curve squeezes it to ${a.toFixed(3)}: 0 is no, 1 is yes.`;
}
