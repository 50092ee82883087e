"""The other side of interchange: networks read, run and made by the libraries that their users have.

  other_side.py run FORMAT FILE IMAGES OUTPUTS
  other_side.py make FORMAT FILE SIZES SEED

`run` reads the network in FILE as its users do, runs the raw images of 784 bytes in IMAGES through it, and writes the
outputs as little-endian binary32. `make` writes a network with random weights as its users do. Nothing of smidgen is
used here.
"""

import json
import sys

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sequential(tensors, images):
    """What nn.Sequential(Linear, Sigmoid, Linear, Sigmoid, ...) computes: x @ W.T + b, then the sigmoid."""
    a = images
    for number in range(0, len(tensors), 2):
        a = sigmoid(a @ tensors[f"{number}.weight"].T + tensors[f"{number}.bias"])
    return a


def run_safetensors(path, images):
    from safetensors.numpy import load_file

    return sequential(load_file(path), images)


def run_npz(path, images):
    with np.load(path) as arrays:
        for array in arrays.values():
            assert array.dtype == np.float32 and array.flags["C_CONTIGUOUS"], array.dtype
        return sequential(dict(arrays), images)


def run_onnx(path, images):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    assert [i.name for i in session.get_inputs()] == ["image"]
    return session.run(["activations"], {"image": images})[0]


def run_network2(path, images):
    """network2.load and Network.feedforward, line by line; in doubles, as there."""
    with open(path) as f:
        data = json.load(f)
    assert data["cost"] in ["QuadraticCost", "CrossEntropyCost"], data["cost"]
    assert len(data["sizes"]) == len(data["weights"]) + 1
    weights = [np.array(w) for w in data["weights"]]
    biases = [np.array(b) for b in data["biases"]]
    a = images.astype(np.float64).T
    for b, w in zip(biases, weights):
        a = sigmoid(np.dot(w, a) + b)
    return a.T


def make_layers(sizes, seed):
    random = np.random.default_rng(seed)
    for inputs, neurons in zip(sizes[:-1], sizes[1:]):
        yield random.standard_normal((neurons, inputs)) / np.sqrt(inputs), random.standard_normal((neurons, 1))


def make_safetensors(path, layers):
    from safetensors.numpy import save_file

    tensors = {}
    for number, (weight, bias) in enumerate(layers):
        tensors[f"{2 * number}.weight"] = weight.astype(np.float32)
        tensors[f"{2 * number}.bias"] = bias[:, 0].astype(np.float32)
    save_file(tensors, path)


def make_network2(path, layers):
    """Network.save."""
    weights, biases = zip(*layers)
    data = {
        "sizes": [weights[0].shape[1]] + [len(b) for b in biases],
        "weights": [w.tolist() for w in weights],
        "biases": [b.tolist() for b in biases],
        "cost": "CrossEntropyCost",
    }
    with open(path, "w") as f:
        json.dump(data, f)


RUN = {"safetensors": run_safetensors, "npz": run_npz, "onnx": run_onnx, "network2-json": run_network2}
MAKE = {"safetensors": make_safetensors, "network2-json": make_network2}


def main(verb, form, path, *rest):
    if verb == "run":
        images, outputs = rest
        pixels = np.fromfile(images, np.uint8).reshape(-1, 784)
        result = RUN[form](path, pixels.astype(np.float32) / np.float32(255))
        result.astype("<f4").tofile(outputs)
    elif verb == "make":
        sizes, seed = rest
        sizes = [int(size) for size in sizes.split(",")]
        MAKE[form](path, list(make_layers(sizes, int(seed))))
    else:
        sys.exit(__doc__)


main(*sys.argv[1:])
