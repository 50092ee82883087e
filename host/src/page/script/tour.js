// A tour in five steps, which can be left at any time.
"use strict";

// What is said of a network as it is: of its classes, its layers and its kind of numbers.
const STEPS = [
  {
    at: "step-draw",
    side: "right",
    head: "Draw something",
    words: () => isDigits
      ? "This is paper. Draw a digit with mouse, finger, pen or keys; all the rest follows while you draw. If the paper is empty, a 3 is drawn for you."
      : `This is paper. Draw with mouse, finger, pen or keys; all the rest follows while you draw. It knows ${classes.length} things, and takes what you draw for one of them.`,
  },
  {
    at: "step-see",
    side: "right",
    head: "All it gets is numbers",
    words: () => `The ink is cut out, made as large as all other drawings, and put in the middle. That leaves ${network.sizes[0]} numbers, from 0 for paper to ${full()} for full ink. The network knows nothing else of your drawing.`,
  },
  {
    at: "step-look",
    side: "right",
    head: () => (hasHidden() ? "Each neuron looks for a pattern" : "Each answer looks for a pattern"),
    words: () => `${hasHidden() ? "A neuron" : "This network has no neurons between its input and its answers. An answer"} weighs every number: ink on red speaks for its pattern, ink on blue against. Nobody drew these patterns; the network found them while it was trained. Point at some${hasHidden() ? "" : " of the answers"}, or tap them.`,
  },
  {
    at: "step-say",
    side: "left",
    head: () => (hasHidden() ? "The neurons vote" : "The pixels vote"),
    words: () => `Every ${hasHidden() ? "active neuron" : "pixel with ink on it"} adds to some answers and takes from others. The sums are squeezed between 0 and 1. The highest answer wins, and if two are close, the network is not sure.`,
  },
  {
    at: "step-teach",
    side: "right",
    head: () => (network.learns ? "It learns from mistakes" : "It has learned before"),
    words: () => network.learns
      ? `Tell it what you drew, and every weight moves a little, so that the answer is better next time. That is all of learning, done once; training does it thousands of times.${about.samples ? " Watch what one lesson does to the other drawings." : ""}`
      : "It was shown thousands of pictures, and at each every weight moved a little towards the right answer. Then its numbers were rounded to integers, small enough for a microcontroller. So it answers here with the very numbers it has there, but it learns no more.",
  },
];

const hasHidden = () => network.last > 0;
const inWords = (words) => (typeof words === "string" ? words : words());

// What the book says of it: how a network reads digits, and at the last step how it learns.
const chapter = () => (step + 1 === STEPS.length ? 2 : 1);

// A 3, for those who have drawn nothing.
const THREE = [[[70, 65], [95, 45], [130, 38], [165, 48], [180, 75], [168, 105], [140, 125], [115, 132], [150, 138], [182, 158], [190, 190], [172, 222], [135, 240], [95, 235], [66, 212]]];

let step = -1;

function startTour() {
  step = 0;
  showTour();
  if (isEmpty() && isDigits) change({ strokes: THREE.map((stroke) => stroke.map((point) => [...point])) });
}

function goTour(by) {
  if (step + by >= STEPS.length) {
    leaveTour();
    return;
  }
  step = Math.max(0, step + by);
  showTour();
}

// Whether there was a tour to leave.
function leaveTour() {
  if (step < 0) return false;
  step = -1;
  showTour();
  element("start-tour").focus();
  return true;
}

function showTour() {
  const tour = element("tour");
  tour.hidden = step < 0;
  document.body.classList.toggle("touring", step >= 0);
  for (const { at } of STEPS) element(at).classList.toggle("shown", STEPS[step]?.at === at);
  if (step < 0) return;
  const { at, side, head, words } = STEPS[step];
  tour.className = side;
  // Beside what it speaks of for those who walk through the page by keys, and on a narrow screen for all.
  element(at).prepend(tour);
  element("tour-count").textContent = `Step ${step + 1} of ${STEPS.length}`;
  element("tour-head").textContent = inWords(head);
  element("tour-words").textContent = inWords(words);
  element("tour-book").textContent = `In the book: chapter ${chapter()}`;
  element("tour-book").href = `http://neuralnetworksanddeeplearning.com/chap${chapter()}.html`;
  disable(element("tour-back"), step === 0);
  element("tour-next").textContent = step + 1 === STEPS.length ? "Done" : "Next";
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element(at).scrollIntoView({ block: innerWidth < 740 ? "start" : "nearest", behavior: calm ? "auto" : "smooth" });
  tour.focus({ preventScroll: true });
}
