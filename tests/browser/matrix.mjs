// What tests of the matrix share: to open it, to find cells, and to read what stands in them.

import assert from "node:assert/strict";

/** Opens the matrix, and returns when it is ready for keys and hears of changes. `filters` are named as people see them. */
export async function openMatrix(page, filters = {}) {
  const query = await queryOf(page, filters);
  const listening = listens(page);
  await page.goto(`/skills${query}`);
  await listening;
  await page.locator("#grid [tabindex='0']").waitFor();
}

/** Resolves as soon as the page's event stream is open. */
export function listens(page) {
  return page.waitForResponse((response) => isStream(response.url()) && response.status() === 200);
}

export const isStream = (url) => new URL(url).pathname === "/live";

/** The team and category are told by name, and asked for by id. */
async function queryOf(page, { team, category, ...rest }) {
  const pairs = { ...rest };
  if (team || category) await page.goto("/skills");
  const idOf = (field, label) => page.locator(`#filter-${field} option`, { hasText: label }).getAttribute("value");
  if (team) pairs.team = await idOf("team", team);
  if (category) pairs.category = await idOf("category", category);
  const query = new URLSearchParams(pairs).toString();
  return query && `?${query}`;
}

/** The cell of a person and a skill, wherever they stand in the window that is loaded. */
export async function cellOf(page, person, skill) {
  const place = await page.evaluate(([person, skill]) => {
    const row = [...document.querySelectorAll("#grid tbody tr[data-p]")].find((tr) => tr.cells[0].textContent.includes(person));
    const header = [...document.querySelectorAll("#grid .skills th")].find((th) => th.textContent.trim() === skill);
    return row && header && { p: row.dataset.p, s: header.dataset.s, nth: header.cellIndex + 3 };
  }, [person, skill]);
  assert.ok(place, `the window shows no cell of ${person} and ${skill}`);
  const row = page.locator(`#grid tbody tr[data-p="${place.p}"]`);
  return {
    ...place,
    td: row.locator(`> :nth-child(${place.nth})`),
    form: row.locator(`> :nth-child(${place.nth}) form`),
    rowSum: row.locator("> .sum"),
    columnSum: page.locator(`#grid .sums > [data-s="${place.s}"]`),
  };
}

/** Moves the focus to a cell by the arrow keys, as only the tab stop takes it otherwise. */
export async function goTo(page, cell) {
  const steps = async (key, count) => { for (let n = 0; n < count; n++) await page.keyboard.press(key); };
  // Counted anew where somebody else's change was drawn meanwhile.
  await until(async () => {
    await page.locator("#grid [tabindex='0']").focus();
    const [rows, columns] = await stepsTo(cell);
    await steps(rows > 0 ? "ArrowDown" : "ArrowUp", Math.abs(rows));
    await steps(columns > 0 ? "ArrowRight" : "ArrowLeft", Math.abs(columns));
    return cell.td.evaluate((td) => td === document.activeElement);
  }, "the focus on the cell");
}

function stepsTo(cell) {
  return cell.td.evaluate((td) => {
    const all = [...document.querySelectorAll("#grid tbody tr[data-p]")];
    const from = document.activeElement.closest("#grid td, #grid th");
    if (!from) return [0, 0];
    return [all.indexOf(td.parentElement) - all.indexOf(from.parentElement), td.cellIndex - Math.max(1, from.cellIndex)];
  });
}

/** Sets a level by the keyboard, and returns when the cell shows it. */
export async function press(page, cell, key, shown) {
  await goTo(page, cell);
  const saved = savedAt(page, cell);
  await page.keyboard.press(key);
  await saved;
  await until(async () => (await cell.td.innerText()).trim() === shown, `the cell to show “${shown}”`);
}

/** The answer to the next change of this cell. */
export function savedAt(page, cell) {
  return page.waitForResponse((response) => response.request().method() === "POST" && ratingPath(response.url()) === addressOf(cell));
}

export const addressOf = ({ p, s }) => `/skills/ratings/${p}/${s}`;
export const ratingPath = (url) => new URL(url).pathname;

/** Waits for a condition that no event tells of. */
export async function until(condition, what, timeoutMs = 10_000) {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function showsText(locator, text) {
  await until(async () => (await locator.innerText()).trim() === text, `“${text}” to be shown`).catch(async (error) => {
    throw new Error(`${error.message}; there stands “${await locator.innerText()}”`);
  });
}

/** Person and skill of the cell that has the focus, or null. */
export function focused(page) {
  return page.evaluate(() => {
    const td = document.activeElement;
    if (!td?.matches("#grid tbody td")) return null;
    const header = document.querySelector("#grid .skills").cells[td.cellIndex - 2];
    return [td.parentElement.cells[0].querySelector("a").textContent, header.textContent.trim()];
  });
}

export async function focusIsOn(page, person, skill) {
  const wanted = JSON.stringify([person, skill]);
  let found;
  await until(async () => (found = JSON.stringify(await focused(page))) === wanted, `the focus on ${wanted}`).catch((error) => {
    throw new Error(`${error.message}; it is on ${found}`);
  });
}
