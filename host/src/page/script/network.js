// The network: a module of wasm32 with smidgen's core in it. All that is computed is computed there.
"use strict";

class Network {
  // From the bytes of the module and of a model file; `width` is the number of pixels in a row of the input.
  static async make(module, file, width) {
    const { exports } = await WebAssembly.instantiate(module, {});
    return new Network(exports, file, width);
  }

  constructor(wasm, file, width) {
    this.wasm = wasm;
    this.width = width;
    const place = wasm.file(file.length);
    new Uint8Array(wasm.memory.buffer, place, file.length).set(file);
    const fault = wasm.load();
    if (fault !== 0) throw new Error(`the model cannot be loaded (${["", "damaged", "too large", "no memory", "a wrong number"][fault]})`);
    this.sizes = Array.from(new Uint32Array(wasm.memory.buffer, wasm.sizes(), wasm.depth()));
    this.learns = wasm.element() === 1;
    this.last = this.sizes.length - 2;
    // The thickness of the pen, and the size below which a drawing is a dot, in the units of the points.
    this.pen = wasm.pen();
    this.smallest = wasm.smallest();
  }

  floats(place, count) {
    return new Float32Array(this.wasm.memory.buffer, place, count);
  }

  // The input, to be read or written.
  get input() {
    return new Uint8Array(this.wasm.memory.buffer, this.wasm.input(), this.sizes[0]);
  }

  // Makes the input of strokes of [x, y]; gives how many digits they may be, 0 if there is nothing.
  draw(strokes) {
    const [most, mostStrokes] = [this.wasm.most_points(), this.wasm.most_strokes()];
    const points = this.floats(this.wasm.points(), 2 * most);
    const ends = new Uint32Array(this.wasm.memory.buffer, this.wasm.ends(), mostStrokes);
    const all = strokes.slice(0, mostStrokes);
    let end = 0;
    all.forEach((stroke, i) => {
      for (const [x, y] of stroke) {
        if (end === most) break;
        points[2 * end] = x;
        points[2 * end + 1] = y;
        end += 1;
      }
      ends[i] = end;
    });
    return this.wasm.draw(all.length, this.width);
  }

  // The class that the network sees in the input.
  ask() {
    return this.wasm.ask();
  }

  // The activations of a layer, 0 the first hidden one, as the last question left them.
  activations(layer) {
    return this.floats(this.wasm.activations(layer), this.sizes[layer + 1]);
  }

  // The sums of the answers before the sigmoid.
  get sums() {
    return this.floats(this.wasm.sums(), this.sizes[this.sizes.length - 1]);
  }

  // The weights into a neuron. The next call of this or of `terms` writes over them.
  weights(layer, j) {
    return this.floats(this.wasm.weights(layer, j), this.sizes[layer]);
  }

  // Each weight into a neuron times what came in: with its bias they are its sum.
  terms(layer, j) {
    return this.floats(this.wasm.terms(layer, j), this.sizes[layer]);
  }

  bias(layer, j) {
    return this.wasm.bias(layer, j);
  }

  // z of a neuron: all terms and the bias.
  sum(layer, j) {
    return this.wasm.sum(layer, j);
  }

  // One step of learning: the input is of this class.
  teach(label) {
    this.wasm.teach(label);
  }

  // As if it had had these lessons, { pixels, label }, and no others.
  learn(lessons) {
    this.wasm.forget();
    for (const { pixels, label } of lessons) {
      this.input.set(pixels);
      this.teach(label);
    }
  }
}

// In a worker: answers each list of lessons with what the network then says to every test digit.
function examine() {
  let network, pictures, pixels;
  onmessage = async ({ data }) => {
    if (data.module) {
      network = Network.make(data.module, data.file, data.width);
      ({ pictures, pixels } = data);
      return;
    }
    const pupil = await network;
    pupil.learn(data.lessons);
    const start = performance.now();
    const classes = new Uint8Array(pictures.length / pixels);
    for (let i = 0; i < classes.length; i++) {
      pupil.input.set(pictures.subarray(i * pixels, (i + 1) * pixels));
      classes[i] = pupil.ask();
    }
    postMessage({ classes, ms: performance.now() - start });
  };
}
