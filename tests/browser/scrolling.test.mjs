// The matrix loads in windows while one scrolls, its headers stay, and the filters live in the address.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startDeck } from "./harness.mjs";
import { openMatrix, until } from "./matrix.mjs";

const deck = await startDeck();
after(() => deck.close());

test("windows load while one scrolls, and each cell stands below its skill and beside its person", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page);
  for (const [x, y] of [[1200, 700], [2400, 1500], [0, 1500], [3000, 0], [900, 400], [0, 0]]) {
    await scrollTo(page, x, y);
    await filled(page);
    await assertAligned(page);
  }
});

test("scrolling faster than windows come ends with the window that is in view", async (t) => {
  const page = await deck.pageOf(t, "viewer");
  await openMatrix(page);
  for (const [x, y] of [[3000, 0], [3000, 1400], [1500, 700], [0, 1400], [3000, 1500]]) {
    await page.evaluate(([x, y]) => new Promise((drawn) => {
      document.getElementById("matrix").scrollTo(x, y);
      requestAnimationFrame(() => requestAnimationFrame(drawn));
    }), [x, y]);
  }
  await filled(page);
  await until(async () => (await page.locator("#grid .skills th").last().textContent()) === "Spanish", "the last skill");
  await assertAligned(page);
});

test("headers, names and the team's heading stay in sight", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page);
  await scrollTo(page, 1500, 800);
  await filled(page);
  const box = await page.evaluate(() => {
    const outer = document.getElementById("matrix").getBoundingClientRect();
    const at = (x, y) => document.elementFromPoint(outer.left + x, outer.top + y).closest("th, td");
    return { skills: at(600, 100).closest("thead") !== null, name: at(60, 400).className, team: at(60, 200).closest("tr").className };
  });
  assert.deepEqual(box, { skills: true, name: "person", team: "team" });
});

test("filters stand in the address, and back and forward restore them", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page);
  await page.selectOption("#filter-team", { label: "Plant Maintenance" });
  await rows(page, 14);
  await page.selectOption("#filter-category", { label: "Planning and flow" });
  await page.waitForURL(/category=\d+/);
  await columns(page, 10);
  await page.goBack();
  await columns(page, 80);
  await rows(page, 14);
  assert.equal(await page.locator("#filter-category").inputValue(), "");
  await page.goForward();
  await columns(page, 10);
  await page.reload();
  await columns(page, 10);
  await rows(page, 14);
  assert.equal(await page.locator("#filter-team option:checked").innerText(), "Plant Maintenance");
});

test("typing in a filter keeps the focus and every letter", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page);
  await page.click("#filter-skill");
  await page.keyboard.type("plan");
  await page.waitForURL(/skill=plan/);
  await page.keyboard.type("ning");
  await page.waitForURL(/skill=planning/);
  await columns(page, 3);
  assert.equal(await page.locator("#filter-skill").inputValue(), "planning");
  assert.equal(await page.evaluate(() => document.activeElement.id), "filter-skill");
  await page.fill("#filter-skill", "no such skill");
  await page.locator(".empty").waitFor();
  await page.click(".empty a");
  await columns(page, 80);
});

async function scrollTo(page, x, y) {
  await page.evaluate(([x, y]) => document.getElementById("matrix").scrollTo(x, y), [x, y]);
}

/** Until the part in view is all cells: no corner shows the bare surface. */
function filled(page) {
  return until(() => page.evaluate(() => {
    const box = document.getElementById("matrix");
    const outer = box.getBoundingClientRect();
    const isCell = (x, y) => document.elementFromPoint(x, y)?.closest("#grid tbody td") !== null;
    const right = outer.left + Math.min(box.clientWidth, box.scrollWidth) - 8;
    const bottom = outer.top + Math.min(box.clientHeight, box.scrollHeight) - 8;
    return isCell(right, bottom) && isCell(outer.left + 300, bottom) && isCell(right, outer.top + 240);
  }), "the window in view");
}

/** Compares where headers and cells are, and where the arithmetic says that their columns and lines are. */
async function assertAligned(page) {
  const faults = await page.evaluate(() => {
    const box = document.getElementById("matrix");
    const grid = document.getElementById("grid");
    const length = (name) => parseFloat(getComputedStyle(box).getPropertyValue(name));
    const outer = box.getBoundingClientRect();
    const left = outer.left + box.clientLeft - box.scrollLeft + length("--person") + length("--sum");
    const top = outer.top + box.clientTop - box.scrollTop + grid.tHead.offsetHeight;
    const headers = [...grid.querySelector(".skills").cells];
    const lines = [...grid.tBodies].flatMap((body) => [...body.rows]);
    const faults = [];
    const near = (found, wanted, what) => { if (Math.abs(found - wanted) > 1) faults.push(`${what}: ${found} instead of ${wanted}`); };
    headers.forEach((th, index) => near(th.getBoundingClientRect().left, left + (Number(grid.dataset.column) + index) * length("--col"), th.textContent));
    lines.forEach((row, index) => {
      if (!row.dataset.p) return;
      near(row.cells[2].getBoundingClientRect().top, top + (Number(grid.dataset.line) + index) * length("--row"), row.cells[0].textContent);
      near(row.cells[2].getBoundingClientRect().left, headers[0].getBoundingClientRect().left, `first cell of ${row.cells[0].textContent}`);
      near(row.cells[row.cells.length - 1].getBoundingClientRect().right, headers.at(-1).getBoundingClientRect().right, `last cell of ${row.cells[0].textContent}`);
    });
    return faults.slice(0, 5);
  });
  assert.deepEqual(faults, []);
}

const rows = (page, count) => until(async () => {
  const grid = page.locator("#grid");
  const [lines, teams] = [Number(await grid.getAttribute("data-lines")), await page.locator("#grid tr.team").count()];
  return lines - teams === count;
}, `${count} people`);

const columns = (page, count) => until(async () => {
  return (await page.locator("#grid").getAttribute("data-columns")) === String(count);
}, `${count} skills`);
