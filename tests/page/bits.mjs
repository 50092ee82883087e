// Runs the page's module in Node, and writes the bits of what it computes:
//
//   node bits.mjs MODULE NETWORK.JS MODEL PICTURES LABELS LESSONS [STROKES.JSON] > BITS
//
// The network's script is the page's own, and so is `bits`, which a browser runs too.
import { readFileSync } from "node:fs";
import process from "node:process";
import { bits } from "./bits_of.mjs";

const [code, script, model, pictures, labels, lessons, drawings] = process.argv.slice(2);
const Network = new Function(`${readFileSync(script, "utf8")}; return Network;`)();
const network = await Network.make(new WebAssembly.Module(readFileSync(code)), readFileSync(model), 28);
const strokes = drawings ? JSON.parse(readFileSync(drawings, "utf8")).map((drawing) => drawing.strokes) : [];
process.stdout.write(bits(network, readFileSync(pictures), readFileSync(labels), Number(lessons), strokes));
