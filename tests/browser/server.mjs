// Starts the built program with its example organisation, in an empty folder, on a free port, and stops it again.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 35_000;
const ADDRESS = /^Quarterdeck is at (http:\/\/\S+)$/;
// "  team lead  lena.lead@demo.example  correct horse": role, email and password, two spaces or more apart.
const LOGIN = /^ {2}(\S.*?) {2,}(\S+@\S+) {2,}(\S.*?)\s*$/;
const DEMO_LOGINS = 4;
const SET_UP_LINK = /Open http:\/\/[^/]+(\/setup\/\S+) to create/;

/**
 * Resolves once the server has printed its address and its log-ins: { url, logins, setUpPath, output, stop }, with logins
 * a Map from role to { email, password }, and output() everything it wrote so far. Without the demo, there is the path to
 * set up the first administrator in place of log-ins.
 * `args` follow `server --port 0`; `env` holds further variables.
 */
export async function startServer({ demo = true, args = [], env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "quarterdeck-browser-"));
  const child = spawn(binary(), ["server", ...(demo ? ["--demo"] : []), "--port", "0", ...args], {
    cwd: folder,
    env: { ...ownEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => stopProcess(child).finally(() => rmSync(folder, { recursive: true, force: true }));
  // A test file that dies must not leave its server behind.
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  child.once("exit", () => process.off("exit", killAtExit));
  try {
    return { ...(await announcement(child, demo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function binary() {
  if (process.env.QUARTERDECK_BINARY) return resolve(process.env.QUARTERDECK_BINARY);
  return join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target"), "debug", "quarterdeck");
}

/** The tests' environment without what would configure the server. */
function ownEnvironment() {
  const configures = /^(QUARTERDECK_.*|PORT|DATABASE_URL|REDIS_URL|REDIS_TLS_URL)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !configures.test(name)));
}

function announcement(child, demo) {
  const server = { url: null, logins: new Map(), setUpPath: null, output: () => written };
  let written = "";
  return new Promise((ready, failed) => {
    const fail = (reason) => failed(new Error(`${reason}\n${child.spawnargs.join(" ")}\n${written}`));
    const timer = setTimeout(() => fail("the server did not print its address and log-ins in time"), START_TIMEOUT_MS);
    const understand = (line) => {
      server.url = line.match(ADDRESS)?.[1] ?? server.url;
      const [, role, email, password] = line.match(LOGIN) ?? [];
      if (role) server.logins.set(role, { email, password });
      server.setUpPath = line.match(SET_UP_LINK)?.[1] ?? server.setUpPath;
      if (!server.url || !(demo ? server.logins.size >= DEMO_LOGINS : server.setUpPath)) return;
      clearTimeout(timer);
      ready(server);
    };
    eachLine(child.stdout, understand, (text) => { written += text; });
    eachLine(child.stderr, understand, (text) => { written += text; });
    child.once("error", (error) => { clearTimeout(timer); fail(`the server could not be started: ${error.message}`); });
    child.once("exit", (code, signal) => { clearTimeout(timer); fail(`the server ended with ${signal ?? code}`); });
  });
}

function eachLine(stream, understand, keep) {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text) => {
    keep(text);
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    lines.forEach(understand);
  });
}

async function stopProcess(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(timer);
}
