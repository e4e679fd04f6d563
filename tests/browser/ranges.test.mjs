// Ranges: selected by keys and mouse, copied, filled, pasted through a preview, and taken back.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axe, expectProblem, startDeck } from "./harness.mjs";
import { cellOf, focusIsOn, goTo, openMatrix, press, showsText, until } from "./matrix.mjs";

const PLANNING = { category: "Planning and flow", team: "Plant Maintenance" };

const deck = await startDeck();
after(() => deck.close());

const selected = (page) => page.locator("#grid td[aria-selected='true']").count();
const status = (page) => page.locator("#matrix-status").innerText();
/** The texts of a block of cells, from the active one on. */
const block = (page, rows, columns) => page.evaluate(([rows, columns]) => {
  const td = document.activeElement.closest("td");
  const all = [...document.querySelectorAll("#grid tbody tr[data-p]")];
  const first = all.indexOf(td.parentElement);
  return all.slice(first, first + rows).map((row) => [...row.cells].slice(td.cellIndex, td.cellIndex + columns).map((cell) => cell.textContent.trim()));
}, [rows, columns]);
const say = (page, text) => until(async () => (await status(page)) === text, `“${text}” to be said`).catch(async (error) => {
  throw new Error(`${error.message}; it says “${await status(page)}”`);
});

/** What Ctrl+C puts into the clipboard, and what Ctrl+V takes out of it: the events as the browser sends them. */
const copy = (page) => page.evaluate(() => {
  const data = new DataTransfer();
  document.activeElement.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
  return { text: data.getData("text/plain"), html: data.getData("text/html") };
});
const paste = (page, text) => page.evaluate((text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}, text);

test("Shift and arrows select a range, which Escape and plain arrows give up", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  assert.equal(await page.locator("#grid").getAttribute("aria-multiselectable"), "true");
  await goTo(page, await cellOf(page, "Bruno Keller", "Berth planning"));
  for (const key of ["Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown"]) await page.keyboard.press(key);
  assert.equal(await selected(page), 6);
  await say(page, "2 × 3 cells selected");
  await page.keyboard.press("Shift+ArrowLeft");
  assert.equal(await selected(page), 4);
  await page.keyboard.press("Shift+End");
  assert.equal(await selected(page), 20);
  await page.keyboard.press("Shift+Home");
  assert.equal(await selected(page), 2, "the range begins where it began");
  await page.keyboard.press("Escape");
  assert.equal(await selected(page), 0);
  await page.keyboard.press("Shift+PageDown");
  assert.ok((await selected(page)) >= 10);
  await page.keyboard.press("ArrowUp");
  assert.equal(await selected(page), 0);
  await page.keyboard.press("Control+a");
  await say(page, "14 × 10 cells selected");
  await page.keyboard.press("Shift+Space");
  await say(page, "1 × 10 cells selected");
  await page.keyboard.press("Control+Space");
  await say(page, "14 × 1 cells selected");
  await axe(page);
});

test("Shift and a click, and the mouse drawn over cells, select as well", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  await goTo(page, await cellOf(page, "Bruno Keller", "Berth planning"));
  const far = await cellOf(page, "Elena García", "Customs declarations");
  await far.td.click({ modifiers: ["Shift"] });
  await until(async () => (await selected(page)) > 2, "a range");
  assert.equal(await page.locator("#grid form").count(), 0, "no form opens");
  const [from, to] = [await (await cellOf(page, "Bruno Keller", "Berth planning")).td.boundingBox(), await far.td.boundingBox()];
  await page.keyboard.press("Escape");
  await page.mouse.move(from.x + 20, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 20, to.y + 10, { steps: 6 });
  await page.mouse.up();
  assert.ok((await selected(page)) > 2);
  assert.equal(await page.locator("#grid form").count(), 0, "no form opens");
  await far.td.click();
  await far.form.waitFor();
  assert.equal(await selected(page), 0);
});

test("a range grows past the edge of the window that is loaded", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, { category: "Planning and flow" });
  await goTo(page, await cellOf(page, "Antoine Dubois", "Berth planning"));
  const there = await page.locator("#grid tbody tr[data-p]").count();
  const all = Number(/^(\d+) people/.exec(await page.locator(".matrix-hints").innerText())[1]);
  assert.ok(there < all, "not everybody is loaded");
  let rows = 1;
  while (rows < all) {
    await page.keyboard.press("Shift+ArrowDown");
    rows += 1;
    await say(page, `${rows} × 1 cells selected`);
  }
  await copy(page);
  await say(page, `${all} cells copied`);
});

test("a range is copied as text and as a table, and pasted after a preview", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  const [from, to] = [await cellOf(page, "Bruno Keller", "Berth planning"), await cellOf(page, "Elena García", "Stowage plans")];
  await press(page, from, "3", "3");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  const copied = await copy(page);
  await goTo(page, from);
  assert.equal(copied.text, (await block(page, 2, 2)).map((row) => row.join("\t")).join("\n"));
  assert.match(copied.html, /<table[^>]*><tbody><tr><td>3<\/td>/);

  await goTo(page, to);
  await paste(page, "4\t1\r\n0\tn/a\r\n");
  const dialog = page.locator("#paste-dialog");
  await dialog.locator("form").waitFor();
  assert.equal(await dialog.evaluate((element) => element.matches(":modal")), true);
  await axe(page);
  await dialog.locator("[type=submit]").click();
  await dialog.waitFor({ state: "hidden" });
  await showsText(to.td, "4");
  await until(async () => JSON.stringify(await blockAt(page, to, 2, 2)) === JSON.stringify([["4", "1"], ["0", "n/a"]]), "the pasted block");
  await focusIsOn(page, "Elena García", "Stowage plans");

  await page.locator("#toasts form button", { hasText: "Undo" }).click();
  await until(async () => JSON.stringify(await blockAt(page, to, 2, 2)) !== JSON.stringify([["4", "1"], ["0", "n/a"]]), "the block as it was");
});

async function blockAt(page, cell, rows, columns) {
  return page.evaluate(([p, nth, rows, columns]) => {
    const all = [...document.querySelectorAll("#grid tbody tr[data-p]")];
    const first = all.findIndex((row) => row.dataset.p === p);
    return all.slice(first, first + rows).map((row) => [...row.cells].slice(nth - 1, nth - 1 + columns).map((td) => td.textContent.trim()));
  }, [cell.p, cell.nth, rows, columns]);
}

test("a digit fills the range at once, and Ctrl+Z takes it back as a whole", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  const cell = await cellOf(page, "Bruno Keller", "Customs declarations");
  await goTo(page, cell);
  for (const key of ["Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight"]) await page.keyboard.press(key);
  await page.keyboard.press("2");
  await until(async () => (await blockAt(page, cell, 3, 2)).flat().every((text) => text === "2"), "a 2 in all cells");
  assert.equal(await page.locator("#paste-dialog").isVisible(), false, "nothing was to be decided");
  assert.equal(await selected(page), 6, "the range stays");
  await page.keyboard.press("Delete");
  await until(async () => (await blockAt(page, cell, 3, 2)).flat().every((text) => text === ""), "nothing in all cells");
  await page.keyboard.press("Control+z");
  await until(async () => (await blockAt(page, cell, 3, 2)).flat().every((text) => text === "2"), "the 2 again");
  // One undo: the one after it does again what was taken back.
  await page.keyboard.press("Control+z");
  await until(async () => (await blockAt(page, cell, 3, 2)).flat().every((text) => text === ""), "nothing again");
});

test("what is refused or lies outside is marked, and nothing is written until that is decided", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  const rows = page.locator("#grid tbody tr[data-p]");
  const last = await rows.last().locator("th a").innerText();
  const cell = await cellOf(page, last, "Berth planning");
  await press(page, cell, "1", "1");
  expectProblem(page, /status of 422/);
  await paste(page, "2\t9\n3\t3");
  const dialog = page.locator("#paste-dialog");
  await dialog.locator("form").waitFor();
  assert.equal(await dialog.locator("td.refused").count(), 3);
  assert.match(await dialog.innerText(), /outside of the matrix/);
  await dialog.locator("[type=submit]").click();
  await dialog.locator(".alert-danger").waitFor();
  await showsText(cell.td, "1");
  await dialog.locator("[name=without_refused]").check();
  await dialog.locator("[type=submit]").click();
  await dialog.waitFor({ state: "hidden" });
  await showsText(cell.td, "2");
});

test("cells that somebody else changed meanwhile are decided one by one", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  const lead = await deck.pageOf(t, "team lead");
  await openMatrix(page, PLANNING);
  await openMatrix(lead, PLANNING);
  const [mine, leads] = [await cellOf(page, "Elena García", "Rail loading"), await cellOf(lead, "Elena García", "Rail loading")];
  await press(lead, leads, "1", "1");
  await showsText(mine.td, "1");
  await goTo(page, mine);
  await paste(page, "4\t4");
  const dialog = page.locator("#paste-dialog");
  await dialog.locator("form").waitFor();
  await press(lead, leads, "3", "3");
  expectProblem(page, /status of (409|422)/);
  await dialog.locator("[type=submit]").click();
  await dialog.locator(".decision").waitFor();
  assert.match(await dialog.locator(".decision").innerText(), /Elena García · Rail loading[\s\S]*Keep\s+3[\s\S]*Take mine\s+4/);
  await showsText(leads.td, "3");
  await dialog.locator("[type=submit]").click();
  await dialog.locator(".alert-danger").waitFor();
  await dialog.locator("input[value=theirs]").check();
  await dialog.locator("[type=submit]").click();
  await dialog.waitFor({ state: "hidden" });
  await showsText(mine.td, "3");
  await until(async () => (await blockAt(page, mine, 1, 2))[0][1] === "4", "the other cell");
});
