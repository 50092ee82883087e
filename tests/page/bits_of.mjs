// What is compared bit for bit: images of strokes, answers to pictures, answers after lessons, and the weights then.
export function bits(network, pictures, labels, lessons, drawings) {
  const parts = [];
  const answer = () => {
    network.ask();
    for (let layer = 0; layer <= network.last; layer++) {
      const activations = network.activations(layer);
      parts.push(new Uint8Array(activations.slice().buffer));
    }
  };
  for (const strokes of drawings) {
    network.draw(strokes);
    parts.push(network.input.slice());
    answer();
  }
  const pixels = network.sizes[0];
  const take = (i) => network.input.set(pictures.subarray(i * pixels, (i + 1) * pixels));
  for (let i = 0; i < labels.length; i++) {
    take(i);
    answer();
  }
  for (let i = 0; i < lessons; i++) {
    take(i);
    network.teach(labels[(i + 1) % labels.length]);
    answer();
  }
  for (let layer = 0; network.learns && layer <= network.last; layer++) {
    for (let j = 0; j < network.sizes[layer + 1]; j++) {
      parts.push(new Uint8Array(network.weights(layer, j).slice().buffer));
      if (layer === network.last && network.sum(layer, j) !== network.sums[j]) throw new Error(`the sum of ${j}`);
    }
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
