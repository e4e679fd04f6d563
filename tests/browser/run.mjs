// Runs the browser tests with Node's own runner: all files, or those whose names contain an argument
// (`node run.mjs smoke`). One file at a time, because each starts a server and a browser of its own.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort()
  .map((name) => join(import.meta.dirname, name));

if (files.length === 0) {
  console.error(`no browser test is named like ${wanted.join(", ")}`);
  process.exit(2);
}

run({ files, concurrency: 1, timeout: 10 * 60 * 1000 })
  .on("test:fail", () => { process.exitCode = 1; })
  .compose(new spec())
  .pipe(process.stdout);
