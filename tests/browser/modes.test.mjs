// The modes of the matrix, its filters, the views that are saved under a name, and days that are past.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PHONE, THEMES, VIEWPORTS, axe, screenshot, startDeck } from "./harness.mjs";
import { cellOf, openMatrix, press, showsText, until } from "./matrix.mjs";

const PLANNING = { category: "Planning and flow", team: "Plant Maintenance" };
const MODES = ["level", "interest", "gap", "validation", "age"];

const deck = await startDeck();
after(() => deck.close());

for (const mode of MODES) {
  test(`the mode ${mode} has a legend of its own, and no fault in either theme and width`, async (t) => {
    for (const [width, viewport] of Object.entries(VIEWPORTS)) {
      const page = await deck.pageOf(t, "administrator", { viewport });
      await openMatrix(page, { mode });
      assert.equal(await page.locator(".segments [aria-current]").count(), 1);
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        await screenshot(page, `mode-${mode}-${width}-${theme}`);
        await axe(page);
      }
      await page.click(".legend summary");
      assert.ok((await page.locator(".legend li").count()) >= 4);
      await screenshot(page, `mode-${mode}-legend-${width}-dark`);
      await axe(page);
      const [content, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(content <= room, `the page is ${content} pixels wide in a window of ${room}`);
    }
  });
}

test("a mode keeps the filters, and a level that is set there shows in it", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  await page.click(".segments a:has-text('Confirmed')");
  await page.waitForURL(/mode=validation/);
  assert.match(page.url(), /team=\d+/);
  await page.locator("#grid [tabindex='0']").waitFor();
  const cell = await cellOf(page, "Bruno Keller", "Yard planning");
  await press(page, cell, "3", "3");
  assert.match(await cell.td.getAttribute("class"), /\bconfirmed\b/);
});

test("where a cell shows no level, a digit opens the form", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, { ...PLANNING, mode: "interest" });
  const cell = await cellOf(page, "Bruno Keller", "Yard planning");
  await cell.td.click();
  await cell.form.waitFor();
  await page.keyboard.press("Escape");
  await cell.form.waitFor({ state: "detached" });
  await page.keyboard.press("2");
  await cell.form.waitFor();
  await cell.form.locator("[name=interest]").selectOption("3");
  await cell.form.locator("[type=submit]").click();
  await showsText(cell.td, "3");
  assert.match(await cell.td.getAttribute("class"), /\bkeen3\b/);
});

test("filters that count are shown, and each is taken away by itself", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, PLANNING);
  await page.fill("#filter-level", "3");
  await page.waitForURL(/level=3/);
  const chips = page.locator(".chips li:not(.all)");
  await until(async () => (await chips.count()) === 3, "three filters");
  assert.deepEqual(await chips.allInnerTexts(), ["Team: Plant Maintenance", "Category: Planning and flow", "Level 3 or more"]);
  await axe(page);
  await chips.nth(0).locator("a").click();
  await page.waitForURL((url) => !url.search.includes("team="));
  assert.equal(await page.locator("#filter-level").inputValue(), "3");
  await page.click(".chips .all a");
  await until(async () => (await chips.count()) === 0, "no filter");
});

test("on a phone the filters fold", async (t) => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await deck.pageOf(t, "viewer", { viewport: PHONE, javaScriptEnabled });
    await page.goto("/skills");
    assert.equal(await page.locator("#filter-team").isVisible(), false);
    await page.click(".fold-button");
    assert.equal(await page.locator("#filter-team").isVisible(), true);
    await screenshot(page, `filters-phone-${javaScriptEnabled}`);
  }
});

test("a view is saved by name, opened from the menu, and made the one that opens first", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await openMatrix(page, { ...PLANNING, mode: "age" });
  await page.click(".matrix-bar summary:has-text('Views')");
  await page.fill("#view-name", "Old plans");
  await axe(page);
  await screenshot(page, "views-menu-desktop-light");
  await page.click(".panel button:has-text('Save')");
  await page.locator(".alert-success", { hasText: "“Old plans” is saved" }).waitFor();
  await page.goto("/skills?all=yes");
  await page.click(".matrix-bar summary:has-text('Views')");
  await page.click(".panel a:has-text('Old plans')");
  await page.waitForURL(/mode=age/);
  assert.equal(await page.locator("#filter-category option:checked").innerText(), "Planning and flow");
  await page.goto("/skills/views");
  await axe(page);
  await screenshot(page, "views-desktop-light");
  await page.click("tr:has-text('Old plans') button:has-text('Open first')");
  await page.locator(".badge", { hasText: "opens first" }).waitFor();
  await page.goto("/skills");
  assert.match(page.url(), /mode=age/);
  await page.goto("/skills/views");
  await page.click("tr:has-text('Old plans') button:has-text('Delete')");
  await page.locator(".empty").waitFor();
});

test("views, modes and pastes need no scripts", async (t) => {
  const page = await deck.pageOf(t, "team lead", { javaScriptEnabled: false });
  await page.goto("/skills");
  await page.click(".segments a:has-text('Gaps')");
  await page.check("#filter-gaps");
  await page.click("form[role=search] [type=submit]");
  assert.match(page.url(), /mode=gap/);
  assert.match(page.url(), /gaps=yes/);
  await page.click(".matrix-bar summary:has-text('Views')");
  await page.fill("#view-name", "What we lack");
  await page.click(".panel button:has-text('Save')");
  await page.locator(".alert-success", { hasText: "is saved" }).waitFor();
  await page.goto("/skills?skill=berth&person=Bruno");
  await page.click("a:has-text('Paste')");
  await page.fill("[name=text]", "4");
  await page.click("main button:has-text('Preview')");
  await page.click("main button:has-text('Paste 1 rating')");
  await page.locator(".alert-success", { hasText: "1 rating was changed" }).waitFor();
});

test("a day that is past is read and not changed", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  const day = new Date(Date.now() - 60 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  await page.goto(`/skills?as_of=${day}`);
  await page.locator("#grid [tabindex='0']").waitFor();
  assert.match(await page.locator("main .alert-info").innerText(), /What was said by the end of/);
  await axe(page);
  await screenshot(page, "as-of-desktop-light");
  await page.locator("#grid [tabindex='0']").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("3");
  assert.equal(await page.locator("#grid form").count(), 0);
  await page.goto("/skills?as_of=2001-01-01");
  assert.match(await page.locator(".empty").innerText(), /Nothing was said by then/);
  await page.click(".empty a");
  await page.locator("#grid").waitFor();
});

test("why a cell is a gap is told where somebody rests on it", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openMatrix(page, { mode: "gap" });
  const gap = page.locator("#grid td:is(.gap, .near)").first();
  const reason = page.locator("#reason");
  assert.equal(await reason.isVisible(), false);
  await gap.hover();
  await reason.waitFor();
  assert.match(await reason.innerText(), /asked|Wanted|wants|below|missing|short/i);
  assert.equal(await gap.getAttribute("aria-describedby"), "reason");
  const [cell, box] = [await gap.boundingBox(), await reason.boundingBox()];
  assert.ok(Math.abs(box.y - (cell.y + cell.height)) < 12 || Math.abs(box.y + box.height - cell.y) < 12, "it stands at the cell");
  await axe(page);
  await screenshot(page, "mode-gap-reason");
  await page.keyboard.press("Escape");
  await reason.waitFor({ state: "hidden" });
  assert.equal(await gap.getAttribute("aria-describedby"), null);
  // It comes back, and a scroll takes it away.
  await page.mouse.move(2, 2);
  await gap.hover();
  await reason.waitFor();
  await page.locator(".matrix").evaluate((matrix) => { matrix.scrollTop = 200; });
  await reason.waitFor({ state: "hidden" });
  // Where levels are shown there is nothing to explain.
  await page.goto("/skills?mode=level");
  await page.locator("#grid [tabindex='0']").waitFor();
  await page.locator("#grid td.lq2").first().hover();
  await page.waitForTimeout(600);
  assert.equal(await reason.isVisible(), false);
});

test("a column that too few people have says so", async (t) => {
  for (const [width, viewport] of Object.entries(VIEWPORTS)) {
    const page = await deck.pageOf(t, "administrator", { viewport });
    await page.goto("/skills/coverage?status=single-point");
    const skill = await page.locator(".coverage-table tbody th[scope=row]").first().evaluate((th) => th.firstChild.textContent.trim());
    await openMatrix(page, { mode: "gap", skill });
    const mark = page.locator("#grid .sums .short").first();
    await mark.waitFor();
    assert.match(await mark.getAttribute("title"), /\d of \d/);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await axe(page);
      await screenshot(page, `mode-gap-shortage-${width}-${theme}`);
    }
  }
});
