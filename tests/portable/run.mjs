// Runs the program, built for wasm32: `node run.mjs FILE`. What it prints goes to standard output, and it says how it ends.
import { readFileSync, writeSync } from "node:fs";
import process from "node:process";

const host = {
  write: (start, length) => writeSync(1, new Uint8Array(instance.exports.memory.buffer, start, length)),
  exit: (code) => process.exit(code),
};
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const instance = new WebAssembly.Instance(module, { host });
instance.exports._start();
