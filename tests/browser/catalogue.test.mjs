// The catalogue: a name changed in its row, a tree of categories, two skills merged and parted again, another scale.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axe, expectProblem, PHONE, screenshot, startDeck, THEMES } from "./harness.mjs";

const deck = await startDeck();
after(() => deck.close());

const main = (page) => page.locator("main");
const row = (page, name) => page.locator("#catalogue tbody tr", { hasText: name });

async function openSkill(page, name) {
  await page.goto(`/skills/catalogue?skill=${encodeURIComponent(name)}`);
  await row(page, name).locator("th a").first().click();
  await page.waitForURL(/\/skills\/catalogue\/\d+$/);
}

test("a name is changed where it stands: Enter saves, Escape leaves, a mistake stays", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await page.goto("/skills/catalogue?skill=hydraulics");
  const cell = row(page, "Hydraulics").locator("th");
  await cell.dblclick({ position: { x: 4, y: 4 } });
  const field = page.locator("th.named input[name=name]");
  await field.waitFor();
  await page.waitForFunction(() => document.activeElement?.name === "name");
  await field.fill("Something else");
  await field.press("Escape");
  await cell.locator("a", { hasText: "Hydraulics" }).waitFor();
  assert.equal(await field.count(), 0);

  await cell.hover();
  await cell.locator("a.rename").click();
  expectProblem(page, /status of 422/);
  await field.fill("Pneumatics");
  await field.press("Enter");
  await page.locator(".invalid-feedback", { hasText: "already" }).waitFor();
  assert.equal(await field.inputValue(), "Pneumatics");
  await axe(page);
  await field.fill("Hydraulic systems");
  await field.press("Enter");
  await row(page, "Hydraulic systems").locator("th a").first().waitFor();
  assert.equal(await field.count(), 0);

  // Somebody else renames it between the form and its saving.
  const other = await deck.pageOf(t, "administrator");
  await row(page, "Hydraulic systems").locator("th").hover();
  await row(page, "Hydraulic systems").locator("a.rename").click();
  await field.waitFor();
  await other.goto("/skills/catalogue?skill=hydraulic");
  await row(other, "Hydraulic systems").locator("th").hover();
  await row(other, "Hydraulic systems").locator("a.rename").click();
  await other.locator("th.named input[name=name]").fill("Oil hydraulics");
  await other.locator("th.named input[name=name]").press("Enter");
  await row(other, "Oil hydraulics").waitFor();
  expectProblem(page, /status of 409/);
  await field.fill("Water hydraulics");
  await field.press("Enter");
  await page.locator(".invalid-feedback", { hasText: "it is called “Oil hydraulics” now" }).waitFor();
  assert.equal(await field.inputValue(), "Water hydraulics");
  await page.locator("th.named [data-cancel]").click();
  await row(page, "Oil hydraulics").waitFor();
});

test("categories are made, moved and deleted in place", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await page.goto("/skills/catalogue/categories");
  const line = (text) => page.locator("#categories tbody tr", { hasText: text });
  await line("Occupational medicine").waitFor();
  assert.match(await line("Occupational medicine").locator("th").getAttribute("class"), /depth-1/);
  await page.fill("#new-category", "Tugs › Towing");
  await page.click("#categories button:has-text('Add')");
  await line("Towing").waitFor();
  await line("Towing").locator("th").dblclick({ position: { x: 2, y: 2 } });
  await page.locator("#categories tbody input[name=name]").fill("Tow lines");
  await page.locator("#categories tbody select[name=parent]").selectOption({ label: "below Plant maintenance" });
  await page.locator("#categories tbody input[name=name]").press("Enter");
  await line("Tow lines").waitFor();
  await axe(page);
  for (const name of ["Tow lines", "Tugs"]) {
    await line(name).locator("button", { hasText: "Delete" }).click();
    await line(name).waitFor({ state: "detached" });
  }
  // A branch of the tree is a filter of the matrix.
  await page.goto("/skills");
  await page.selectOption("#filter-category", { label: "Health and safety" });
  await page.locator("#grid .skills th", { hasText: "Audiometry" }).waitFor();
  assert.equal(await page.locator("#grid .skills th", { hasText: "Hydraul" }).count(), 0);
});

test("an owner and a concept are suggested while one types", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await page.goto("/skills/concepts");
  await page.click("main a:has-text('Import a file')");
  await page.waitForURL(/kind=concepts/);
  const csv = "concept_uri,reuse_level,preferred_label\r\nhttp://data.europa.eu/esco/skill/x,cross-sector,operate tug winches\r\n";
  await page.setInputFiles("input[type=file]", { name: "esco.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.click("main button:has-text('Preview')");
  await page.locator("h2", { hasText: "New: 1 concept" }).waitFor();
  await axe(page);
  await screenshot(page, "concepts-preview");
  await page.click("main button:has-text('Import')");
  await page.locator("main", { hasText: "is imported" }).waitFor();
  await page.goto("/skills/concepts");
  await page.locator("main", { hasText: "There is one concept." }).waitFor();
  await page.goto("/skills/catalogue/new");
  await page.locator("[name=name]").pressSequentially("tug");
  await page.locator("#field-name-choices option[value='operate tug winches']").waitFor({ state: "attached" });
  await page.fill("[name=name]", "operate tug winches");
  await page.fill("[name=category]", "Tugs");
  await page.locator("[name=owner]").pressSequentially("nowak");
  await page.locator("#field-owner-choices option[value='Marek Nowak']").waitFor({ state: "attached" });
  await page.fill("[name=owner]", "nowak");
  await axe(page);
  await page.click("main button:has-text('Save')");
  await page.waitForURL(/\/skills\/catalogue\/\d+$/);
  assert.match(await main(page).innerText(), /Marek Nowak/);
  assert.match(await main(page).innerText(), /data\.europa\.eu\/esco\/skill\/x/);
});

test("two skills become one, and two again", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await openSkill(page, "Spreader overhaul");
  await page.click("main a:has-text('Merge')");
  await page.fill("[name=into]", "Bearings and alignment");
  await page.click("main button:has-text('Preview')");
  await page.locator("main dt", { hasText: "Ratings that collide" }).waitFor();
  await axe(page);
  await screenshot(page, "catalogue-merger");
  await page.click("main button:has-text('Merge')");
  await page.locator(".alert-success", { hasText: "was merged into" }).waitFor();
  assert.match(await main(page).innerText(), /Spreader overhaul/);
  await page.goto("/skills?skill=spreader");
  assert.equal(await page.locator("#grid .skills th", { hasText: "Spreader overhaul" }).count(), 0);
  // The former name leads to the skill that is left.
  await page.locator("#grid .skills th", { hasText: "Bearings and alignment" }).waitFor();
  await page.goto("/skills/catalogue?skill=spreader");
  await row(page, "Bearings and alignment").locator("th a").first().click();
  await page.click("main button:has-text('Undo')");
  await page.locator(".alert-success", { hasText: "two skills again" }).waitFor();
  await page.goto("/skills?skill=spreader");
  await page.locator("#grid .skills th", { hasText: "Spreader overhaul" }).waitFor();
});

test("a scale is changed level by level, and back", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await openSkill(page, "Peak-season staffing");
  await page.click("main a:has-text('Change the scale')");
  await page.selectOption("[name=scale]", "0–10");
  await page.click("main button:has-text('Next')");
  const choices = page.locator("main table select");
  await choices.first().waitFor();
  await axe(page);
  await screenshot(page, "catalogue-rescaling");
  await choices.first().selectOption("");
  expectProblem(page, /status of 422/);
  await page.click("main table ~ * button:has-text('Change the scale'), main form button:has-text('Change the scale')");
  await page.locator(".invalid-feedback", { hasText: "Say what level" }).waitFor();
  await choices.first().selectOption("1");
  await page.click("main form button:has-text('Change the scale')");
  await page.locator(".alert-success", { hasText: "stands on the scale 0–10 now" }).waitFor();
  await page.click("main button:has-text('Undo')");
  await page.locator(".alert-success", { hasText: "its former scale again" }).waitFor();
  assert.match(await main(page).innerText(), /Scale\s+0–4/);
});

const SCREENS = [
  ["catalogue", "/skills/catalogue"],
  ["categories", "/skills/catalogue/categories"],
  ["scales", "/skills/scales"],
  ["scale", "/skills/scales/2/edit"],
  ["skill-new", "/skills/catalogue/new"],
  ["skill", "/skills/catalogue/1"],
  ["skill-edit", "/skills/catalogue/1/edit"],
  ["skill-levels", "/skills/catalogue/1/definition/edit"],
];

for (const theme of THEMES) {
  for (const [size, viewport] of [["desktop", undefined], ["phone", PHONE]]) {
    test(`its screens, ${theme}, ${size}`, async (t) => {
      const page = await deck.pageOf(t, "administrator", viewport ? { theme, viewport } : { theme });
      for (const [name, address] of SCREENS) {
        await page.goto(address);
        await page.locator("h1").first().waitFor();
        await axe(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
        assert.equal(wide, false, `${address} scrolls sideways`);
        await screenshot(page, `catalogue-${name}-${size}-${theme}`);
      }
    });
  }
}
