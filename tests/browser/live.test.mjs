// What one person changes shows on the others' pages without reloading, also after a pause or a broken connection.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { expectProblem, startDeck } from "./harness.mjs";
import { cellOf, isStream, listens, openMatrix, press, showsText, until } from "./matrix.mjs";
import { startProxy } from "./proxy.mjs";

const FILTERS = { category: "Planning and flow", team: "Plant Maintenance" };
const PERSON = "Elena García";

const deck = await startDeck();
after(() => deck.close());

test("a change reaches another browser: the cell and both summaries", async (t) => {
  const { lead, other, leads, others } = await pages(t, "Yard planning");
  await press(lead, leads, "Delete", "");
  await showsText(others.td, "");
  const able = Number(await others.rowSum.innerText());
  const column = await others.columnSum.innerText();
  await press(lead, leads, "4", "4");
  await showsText(others.td, "4");
  await showsText(others.rowSum, String(able + 1));
  await until(async () => (await others.columnSum.innerText()) !== column, "another summary of the column");
  assert.equal(await others.columnSum.innerText(), await leads.columnSum.innerText());
  assert.equal(await other.evaluate(() => window.notReloaded), true);
});

test("a cell that is being edited is left alone", async (t) => {
  const { lead, other, leads, others } = await pages(t, "Gate appointments", "administrator");
  const neighbour = { mine: await cellOf(lead, PERSON, "Rail loading"), theirs: await cellOf(other, PERSON, "Rail loading") };
  await press(lead, leads, "1", "1");
  await showsText(others.td, "1");
  await others.td.click();
  await others.form.locator("[name=note]").fill("half a sentence");
  await press(lead, leads, "3", "3");
  await press(lead, neighbour.mine, "2", "2");
  await showsText(neighbour.theirs.td, "2");
  assert.equal(await others.form.locator("[name=note]").inputValue(), "half a sentence");
  await other.keyboard.press("Escape");
  await showsText(others.td, "3");
});

test("a tab that was hidden catches up, also if it had heard of nothing before", async (t) => {
  const { lead, other, leads, others } = await pages(t, "Stowage plans");
  for (const [first, second] of [["1", "2"], ["3", "4"]]) {
    await setHidden(other, true);
    await press(lead, leads, first, first);
    await press(lead, leads, second, second);
    const resumed = other.waitForRequest((request) => isStream(request.url()));
    await setHidden(other, false);
    assert.match((await (await resumed).allHeaders())["last-event-id"] ?? "none", /^\d+-\d+$/);
    await showsText(others.td, second);
  }
  assert.equal(await other.evaluate(() => window.notReloaded), true);
});

test("a connection that broke is taken up again where it was", async (t) => {
  const proxy = await startProxy(deck.url);
  t.after(() => proxy.stop());
  const { lead, other, leads, others } = await pages(t, "Incident command", "viewer", proxy.url);
  // While the connection is cut, what is asked for again fails as well.
  expectProblem(other, /ERR_|network error|Failed to fetch/);
  proxy.cut();
  await press(lead, leads, "4", "4");
  await press(lead, leads, "2", "2");
  const resumed = listens(other);
  proxy.mend();
  assert.match((await (await resumed).request().allHeaders())["last-event-id"] ?? "none", /^\d+-\d+$/);
  await showsText(others.td, "2");
  assert.equal(await other.evaluate(() => window.notReloaded), true);
});

async function pages(t, skill, who = "viewer", url = undefined) {
  const [lead, other] = [await deck.pageOf(t, "team lead"), await deck.pageOf(t, who, { url })];
  await openMatrix(lead, FILTERS);
  await openMatrix(other, FILTERS);
  await other.evaluate(() => { window.notReloaded = true; });
  return { lead, other, leads: await cellOf(lead, PERSON, skill), others: await cellOf(other, PERSON, skill) };
}

/** Chromium without a screen never hides a tab by itself, so the page is told so. */
async function setHidden(page, hidden) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}
