// Cells are edited in place, by mouse and by keyboard, and the focus is where the person left it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { expectProblem, startDeck } from "./harness.mjs";
import { cellOf, focusIsOn, focused, goTo, openMatrix, press, savedAt, showsText, until } from "./matrix.mjs";

const PLANNING = { category: "Planning and flow" };
const PERSON = "Beatriz Costa";
const SKILL = "Berth planning";
const NEXT_SKILL = "Customs declarations";

const deck = await startDeck();
after(() => deck.close());

test("a click opens the form in the cell, and a save brings the cell, both summaries and the focus back", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  const cell = await cellOf(page, PERSON, SKILL);
  await press(page, cell, "Delete", "");
  const able = Number(await cell.rowSum.innerText());
  const [ableAtSkill] = (await cell.columnSum.innerText()).split(" · ").map(Number);

  await cell.td.click();
  await cell.form.waitFor();
  await until(() => page.evaluate(() => document.activeElement.name === "level"), "the focus on the level");
  await cell.form.locator("[name=level]").selectOption("3");
  await cell.form.locator("[name=interest]").selectOption("2");
  await cell.form.locator("[name=note]").fill("Planned berth 4 in October");
  await cell.form.locator("[type=submit]").click();

  await showsText(cell.td, "3");
  await showsText(cell.rowSum, String(able + 1));
  await until(async () => (await cell.columnSum.innerText()).startsWith(`${ableAtSkill + 1} · `), "the summary of the column");
  assert.match(await cell.td.getAttribute("class"), /\bin2\b/, "the interest is shown");
  await focusIsOn(page, PERSON, SKILL);

  await page.keyboard.press("Enter");
  await cell.form.waitFor();
  assert.equal(await cell.form.locator("[name=note]").inputValue(), "Planned berth 4 in October");
});

test("one form is open at a time, and one in which something was typed is not thrown away", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  const [first, second] = [await cellOf(page, PERSON, SKILL), await cellOf(page, PERSON, NEXT_SKILL)];
  await first.td.click();
  await first.form.waitFor();
  await second.td.click();
  await second.form.waitFor();
  await first.form.waitFor({ state: "detached" });

  await second.form.locator("[name=note]").fill("half a sentence");
  await (await cellOf(page, "Carlos Ortega", SKILL)).td.click();
  await until(() => page.evaluate(() => document.activeElement.name === "level"), "the focus back in the form");
  assert.equal(await second.form.locator("[name=note]").inputValue(), "half a sentence");
  assert.equal(await page.locator("#grid form").count(), 1);
});

test("arrows, Home, End and Page Down move one tab stop through the whole matrix", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page);
  await goTo(page, await cellOf(page, "Carlos Ortega", "Dangerous goods (IMDG)"));
  const steps = [
    ["ArrowRight", "Carlos Ortega", "Fire warden"],
    ["ArrowDown", "Dana Novak", "Fire warden"],
    ["ArrowLeft", "Dana Novak", "Dangerous goods (IMDG)"],
    ["ArrowUp", "Carlos Ortega", "Dangerous goods (IMDG)"],
    ["End", "Carlos Ortega", "Spanish"],
    ["Home", "Carlos Ortega", "Confined space entry"],
    // Ten people further, over the heading of the next team.
    ["PageDown", "Ana Souza", "Confined space entry"],
    ["PageUp", "Carlos Ortega", "Confined space entry"],
    ["Control+End", "Olu Adeyemi", "Spanish"],
    ["Control+Home", "Antoine Dubois", "Confined space entry"],
  ];
  for (const [key, person, skill] of steps) {
    await page.keyboard.press(key);
    await focusIsOn(page, person, skill);
  }
  assert.equal(await page.locator("#grid [tabindex='0']").count(), 1);
});

test("Tab leaves the grid, and comes back to the same cell", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  await goTo(page, await cellOf(page, "Carlos Ortega", "Gate appointments"));
  for (const key of ["Shift+Tab", "Tab"]) {
    await page.keyboard.press(key);
    assert.equal(await page.evaluate(() => Boolean(document.activeElement.closest("#grid"))), false, `${key} leaves`);
    await page.keyboard.press(key === "Tab" ? "Shift+Tab" : "Tab");
    await focusIsOn(page, "Carlos Ortega", "Gate appointments");
  }
});

test("the focus stays on its cell while windows load around it", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  await goTo(page, await cellOf(page, "Carlos Ortega", SKILL));
  const first = await page.locator("#grid").getAttribute("data-line");
  for (let rows = 0; rows < 56; rows++) await page.keyboard.press("ArrowDown");
  await until(async () => (await page.locator("#grid").getAttribute("data-line")) !== first, "the next window");
  await focusIsOn(page, "Noah Fischer", SKILL);
  await page.keyboard.press("ArrowDown");
  await focusIsOn(page, "Olu Adeyemi", SKILL);
});

test("a person's page is reached by the keyboard, and the way back leads to where one was", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page);
  await goTo(page, await cellOf(page, "Dana Novak", "Confined space entry"));
  await page.keyboard.press("ArrowLeft");
  await until(() => page.evaluate(() => document.activeElement.textContent === "Dana Novak"), "the focus on the name");
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Dana Novak" }).waitFor();
  await page.goBack();
  const stop = page.locator("#grid [tabindex='0']");
  await stop.waitFor();
  assert.equal(await stop.innerText(), "Dana Novak");
});

test("Enter and F2 open the form, and Escape gives the cell back as it was", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  const cell = await cellOf(page, PERSON, NEXT_SKILL);
  await press(page, cell, "2", "2");
  for (const key of ["Enter", "F2"]) {
    await page.keyboard.press(key);
    await cell.form.waitFor();
    await until(() => page.evaluate(() => document.activeElement.name === "level"), "the focus on the level");
    await cell.form.locator("[name=level]").selectOption("4");
    await page.keyboard.press("Escape");
    await cell.form.waitFor({ state: "detached" });
    await showsText(cell.td, "2");
    await focusIsOn(page, PERSON, NEXT_SKILL);
  }
});

test("digits set a level at once, n says not applicable, Delete clears", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  const cell = await cellOf(page, PERSON, SKILL);
  for (const [key, shown] of [["4", "4"], ["0", "0"], ["n", "n/a"], ["1", "1"], ["Delete", ""]]) {
    await press(page, cell, key, shown);
    await focusIsOn(page, PERSON, SKILL);
  }
  // The keys hold on to the row while the answers are still on their way.
  await page.keyboard.press("3");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("2");
  await showsText(cell.td, "3");
  await showsText((await cellOf(page, PERSON, NEXT_SKILL)).td, "2");
  await focusIsOn(page, PERSON, NEXT_SKILL);
});

test("a digit outside of the scale brings the form with the reason", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  expectProblem(page, /status of 422/);
  const cell = await cellOf(page, PERSON, SKILL);
  await goTo(page, cell);
  await page.keyboard.press("9");
  await cell.form.locator(".invalid-feedback").waitFor();
  assert.match(await cell.form.locator(".invalid-feedback").innerText(), /0–4/);
  await until(() => page.evaluate(() => document.activeElement.name === "level"), "the focus on what is wrong");
});

test("two digits make ten on a scale that goes to ten", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await page.goto("/skills/catalogue/new");
  await page.fill("[name=name]", "Knots and splices");
  await page.selectOption("[name=scale]", "0–10");
  await page.click("main form[method=post] [type=submit]");
  await page.locator(".alert-success").waitFor();
  await openMatrix(page, { skill: "Knots and splices" });
  const cell = await cellOf(page, PERSON, "Knots and splices");
  await goTo(page, cell);
  await page.keyboard.press("1");
  await page.keyboard.press("0");
  await showsText(cell.td, "10");
  await press(page, cell, "1", "1");
  await press(page, cell, "7", "7");
});

test("a member opens only the own cells, and a viewer none", async (t) => {
  for (const [who, mayEdit] of [["member", true], ["viewer", false]]) {
    const page = await deck.pageOf(t, who);
    await openMatrix(page, PLANNING);
    await (await cellOf(page, "Bruno Keller", SKILL)).td.click();
    const own = await cellOf(page, "Aisha Rahman", SKILL);
    await own.td.click();
    if (mayEdit) await own.form.waitFor();
    await focusIsNowhereElse(page, mayEdit ? "Aisha Rahman" : null);
  }
});

async function focusIsNowhereElse(page, person) {
  const open = await page.locator("#grid form").evaluateAll((forms) => forms.map((form) => form.querySelector(".cell-title").textContent.split(" · ")[0]));
  assert.deepEqual(open, person ? [person] : []);
  if (!person) assert.deepEqual(await focused(page), ["Aisha Rahman", SKILL]);
}
