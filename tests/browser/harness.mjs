// What browser tests stand on: the server, Chromium, pages that fail their test by themselves, log-in, axe, pictures.
//
//   const deck = await startDeck();  after(() => deck.close());
//   test("…", async (t) => { const page = await deck.newPage(t, { theme: "dark", viewport: PHONE }); … });

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { startServer } from "./server.mjs";

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
export const THEMES = ["light", "dark"];
export const VIEWPORTS = { desktop: DESKTOP, phone: PHONE };

const SCREENSHOTS = join(import.meta.dirname, "screenshots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGE_TIMEOUT_MS = 15_000;
// Chromium would otherwise look up hosts of its own at each start, which only delays tests.
const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a server and a browser. `options` are those of `startServer`. */
export async function startDeck(options) {
  const server = await startServer(options);
  try {
    return new Deck(server, await launch());
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class Deck {
  #server;
  #browser;
  #cookies = new Map();

  constructor(server, browser) {
    this.#server = server;
    this.#browser = browser;
  }

  get url() {
    return this.#server.url;
  }

  /** Where the first administrator is made, of a deck that was started without the demo. */
  get setUpPath() {
    return this.#server.setUpPath;
  }

  /** Everything that the server has written so far. */
  get output() {
    return this.#server.output();
  }

  /**
   * A page with cookies of its own. When the test `t` ends, the page is closed, and the test fails if the page had an
   * error in its console, an uncaught exception, a violation of the Content-Security-Policy or a request answered 5xx.
   * Errors that a test provokes on purpose are named with `expectProblem`.
   */
  async newPage(t, { theme = "light", viewport = DESKTOP, javaScriptEnabled = true, url = this.url } = {}) {
    const context = await this.#browser.newContext({
      baseURL: url,
      colorScheme: theme,
      viewport,
      javaScriptEnabled,
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(PAGE_TIMEOUT_MS);
    const watch = { problems: [], expected: [] };
    t.after(async () => {
      await context.close();
      const unexpected = watch.problems.filter((problem) => !watch.expected.some((pattern) => pattern.test(problem)));
      assert.deepEqual(unexpected, [], "the page had problems of its own");
    });
    await watchPolicy(context, watch);
    const page = await context.newPage();
    watchPage(page, watch);
    watches.set(page, watch);
    return page;
  }

  /** A page of somebody who is logged in already. All pages of one person share a session, which saves the log-ins. */
  async pageOf(t, who, options = {}) {
    const page = await this.newPage(t, options);
    if (!this.#cookies.has(who)) {
      await this.login(page, who);
      this.#cookies.set(who, await page.context().cookies());
    }
    const session = this.#cookies.get(who).filter((cookie) => cookie.name === "session");
    await page.context().addCookies(session);
    return page;
  }

  /** Logs in as one of the example organisation's people: administrator, team lead, member or viewer. */
  async login(page, who) {
    await page.goto("/login");
    await this.fillLogin(page, who);
  }

  /** Fills in the log-in form that the page shows, wherever it leads to. */
  async fillLogin(page, who) {
    const login = this.#server.logins.get(who);
    assert.ok(login, `the server printed no log-in for ${who}, only for ${[...this.#server.logins.keys()].join(", ")}`);
    await page.fill("input[name=email]", login.email);
    await page.fill("input[name=password]", login.password);
    await page.click("form:has(input[name=password]) [type=submit]");
    await page.waitForURL((url) => url.pathname !== "/login");
  }

  async close() {
    await this.#browser.close();
    await this.#server.stop();
  }
}

/** From now on a problem that matches the pattern does not fail the test, such as /status of 422/. */
export function expectProblem(page, pattern) {
  watches.get(page).expected.push(pattern);
}

/** Fails with the list of what axe finds wrong with the page as it is now. */
export async function axe(page) {
  // Through the debugger, because the policy rightly forbids the page itself to evaluate text.
  const debug = await page.context().newCDPSession(page);
  try {
    await evaluate(debug, `if (!globalThis.axe) { ${AXE} }`);
    const result = await evaluate(debug, "axe.run().then(({ violations }) => JSON.stringify(violations))");
    const violations = JSON.parse(result).map(describeViolation);
    assert.equal(violations.length, 0, `axe on ${page.url()}:\n${violations.join("\n")}`);
  } finally {
    await debug.detach();
  }
}

/** Saves what is in view as screenshots/NAME.png. */
export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: "disabled" });
}

const watches = new WeakMap();

function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: CHROMIUM_ARGUMENTS,
  });
}

/** Reports violations with their directive; the console's text names only some of them. */
async function watchPolicy(context, watch) {
  await context.exposeBinding("reportPolicyViolation", (_, violation) => watch.problems.push(`policy: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const place = `${event.sourceFile || event.documentURI}:${event.lineNumber}`;
      window.reportPolicyViolation(`${event.effectiveDirective} blocked ${event.blockedURI || "?"} at ${place}`);
    });
  });
}

function watchPage(page, watch) {
  page.on("console", (message) => {
    if (message.type() === "error") watch.problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => watch.problems.push(`uncaught: ${error.stack ?? error}`));
  page.on("response", (response) => {
    if (response.status() >= 500) watch.problems.push(`response: ${response.status()} for ${response.url()}`);
  });
}

async function evaluate(debug, expression) {
  const { result, exceptionDetails } = await debug.send("Runtime.evaluate", { expression, awaitPromise: true });
  assert.equal(exceptionDetails, undefined, `axe could not run: ${exceptionDetails?.exception?.description}`);
  return result.value;
}

function describeViolation({ id, impact, help, nodes }) {
  const places = nodes.map((node) => `    ${node.target.join(" ")}  ${node.html.slice(0, 160)}`);
  return [`  ${id} (${impact}): ${help}`, ...places].join("\n");
}
