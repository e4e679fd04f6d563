// The theme is the system's until somebody chooses one, and the choice stays.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startDeck } from "./harness.mjs";
import { until } from "./matrix.mjs";

const deck = await startDeck();
after(() => deck.close());

const surface = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const LIGHT = "rgb(245, 246, 248)";
const DARK = "rgb(17, 22, 29)";

test("a chosen theme holds at once, on the next page, after reloading and after a log-out", async (t) => {
  const page = await deck.newPage(t, { theme: "light" });
  await deck.login(page, "member");
  assert.equal(await surface(page), LIGHT);
  const stored = page.waitForResponse((response) => new URL(response.url()).pathname === "/theme");
  await page.click("[name=theme][value=dark]");
  await until(async () => (await surface(page)) === DARK, "the dark theme");
  await stored;
  assert.equal(await page.getAttribute("[name=theme][value=dark]", "aria-pressed"), "true");
  await page.click(".nav-links a[href='/people']");
  await page.locator("h1", { hasText: "People" }).waitFor();
  assert.equal(await surface(page), DARK);
  assert.equal(await page.getAttribute("[name=theme][value=dark]", "aria-pressed"), "true");
  await page.reload();
  assert.equal(await surface(page), DARK);
  await page.click(".who button");
  await page.waitForURL("**/login");
  assert.equal(await surface(page), DARK);
});

test("the automatic theme follows the system", async (t) => {
  const page = await deck.pageOf(t, "member", { theme: "dark" });
  await page.goto("/");
  assert.equal(await surface(page), DARK);
  await page.emulateMedia({ colorScheme: "light" });
  await until(async () => (await surface(page)) === LIGHT, "the light theme");
});
