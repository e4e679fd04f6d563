// A session that ends while somebody works: what was typed is there again after the log-in, and the page says so.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { expectProblem, startDeck } from "./harness.mjs";
import { cellOf, focusIsOn, goTo, isStream, openMatrix, until } from "./matrix.mjs";

const FILTERS = { category: "Planning and flow", team: "Plant Maintenance" };
const PERSON = "Aisha Rahman";
const SKILL = "Berth planning";
/** How soon a stream ends after its session, and the time that a busy machine may need to notice. */
const STREAM_ENDS_MS = 2000;
const NOTICING_MS = 1000;

const deck = await startDeck();
after(() => deck.close());

test("a form on a page comes back as it was typed", async (t) => {
  const page = await loggedIn(t, "administrator");
  await page.goto("/people/new");
  await page.fill("[name=name]", "Una Berg");
  await page.fill("[name=title]", "Pilot");
  await page.selectOption("[name=team_id]", { label: "Plant Maintenance" });
  await endOtherSessions(t, "administrator");

  expectProblem(page, /status (of )?401/);
  await page.click("main button:has-text('Add')");
  await page.waitForURL("**/login?**");
  await deck.fillLogin(page, "administrator");
  await page.waitForURL("**/people/new");
  await page.locator("#toasts", { hasText: "What you had typed" }).waitFor();
  assert.equal(await page.inputValue("[name=name]"), "Una Berg");
  assert.equal(await page.inputValue("[name=title]"), "Pilot");
  assert.equal(await page.locator("[name=team_id] option:checked").innerText(), "Plant Maintenance");
  await page.click("main button:has-text('Add')");
  await page.locator(".alert-success", { hasText: "Una Berg was added" }).waitFor();
});

test("the form of a cell comes back as soon as the cell is opened again", async (t) => {
  const page = await loggedIn(t, "member");
  await openMatrix(page, FILTERS);
  const cell = await cellOf(page, PERSON, SKILL);
  await cell.td.click();
  await cell.form.locator("[name=level]").selectOption("3");
  await cell.form.locator("[name=note]").fill("typed before the session ended");
  await endOtherSessions(t, "member");

  expectProblem(page, /status (of )?401/);
  await cell.form.locator("[type=submit]").click();
  await page.waitForURL("**/login?**");
  await deck.fillLogin(page, "member");
  await page.waitForURL("**/skills?**");
  await page.locator("#toasts", { hasText: "Open the form again" }).waitFor();
  await cell.td.click();
  await until(async () => (await cell.form.locator("[name=note]").inputValue()) === "typed before the session ended", "the note");
  assert.equal(await cell.form.locator("[name=level]").inputValue(), "3");
  await cell.form.locator("[type=submit]").click();
  await cell.form.waitFor({ state: "detached" });
  await focusIsOn(page, PERSON, SKILL);
});

test("the event stream ends with its session, and the page says so", async (t) => {
  const page = await loggedIn(t, "viewer");
  await openMatrix(page, FILTERS);
  expectProblem(page, /status (of )?401/);
  const stream = page.waitForRequest((request) => isStream(request.url()));
  await endOtherSessions(t, "viewer");
  const ended = Date.now();
  // The browser asks for a new stream only after the old one has ended.
  await stream;
  assert.ok(Date.now() - ended < STREAM_ENDS_MS + NOTICING_MS, `the stream went on for ${Date.now() - ended} ms`);
  const toast = page.locator("#toasts .alert", { hasText: "You have been logged out" });
  await toast.waitFor();
  await toast.getByText("Log in again").click();
  await page.waitForURL("**/login?**");
  await deck.fillLogin(page, "viewer");
  await page.waitForURL("**/skills?**");
});

test("a level pressed after the session has ended leads to the log-in and back", async (t) => {
  const page = await loggedIn(t, "member");
  await openMatrix(page, FILTERS);
  await goTo(page, await cellOf(page, PERSON, SKILL));
  await endOtherSessions(t, "member");
  expectProblem(page, /status (of )?401/);
  await page.keyboard.press("2");
  await page.waitForURL("**/login?**");
  await deck.fillLogin(page, "member");
  await page.waitForURL("**/skills?**");
});

async function loggedIn(t, who) {
  const page = await deck.newPage(t);
  await deck.login(page, who);
  return page;
}

/** As somebody does who finds a forgotten session in the list, from another browser. */
async function endOtherSessions(t, who) {
  const page = await loggedIn(t, who);
  await page.goto("/account/sessions");
  const others = page.locator("tbody tr", { hasNotText: "this one" });
  while (await others.count()) {
    const before = await others.count();
    await others.first().locator("button").click();
    await until(async () => (await others.count()) < before, "one session less");
  }
}
