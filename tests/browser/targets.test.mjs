// Targets are added by typing, edited in place, deleted and brought back; coverage opens the people behind a number.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axe, expectProblem, startDeck } from "./harness.mjs";
import { until } from "./matrix.mjs";

const deck = await startDeck();
after(() => deck.close());

/** The own team's targets of the team lead. */
async function openTargets(page, team = "Plant Maintenance") {
  await page.goto("/skills/targets");
  await page.click(`main a:text-is("${team}")`);
  await page.locator("#targets").waitFor();
}

const rowOf = (page, skill) => page.locator("#targets tbody tr", { has: page.locator(`th:has-text("${skill}")`) });

async function add(page, skill, level, atLeast = "") {
  await page.locator("#new-skill").pressSequentially(skill);
  await page.locator(`select#new-level option[value="${level}"]`).waitFor({ state: "attached" });
  await page.selectOption("#new-level", level);
  await page.fill("#new-at-least", atLeast);
  await page.click(".add-target [type=submit]");
  await rowOf(page, skill).first().waitFor();
}

test("a target is added by typing: suggestions come, and then the levels of the skill's scale", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await openTargets(page);
  await page.locator("#new-skill").pressSequentially("bear");
  const option = page.locator('#new-skill-options option[value="Bearings and alignment"]');
  await option.waitFor({ state: "attached" });
  assert.equal(await page.locator("#new-level").evaluate((field) => field.tagName), "INPUT", "the scale is not known yet");
  await page.fill("#new-skill", "");
  await add(page, "Bearings and alignment", "U");
  assert.match(await rowOf(page, "Bearings and alignment").innerText(), /U\s+all\s+\d+ of 14/);
  await until(() => page.evaluate(() => document.activeElement.id === "new-skill"), "the focus on the next skill");
  assert.equal(await page.inputValue("#new-skill"), "");
  await axe(page);
});

test("what cannot be taken is told at its field, with the scale, and stays", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await openTargets(page);
  expectProblem(page, /status of 422/);
  await page.fill("#new-skill", "Pneumatics");
  await page.locator("select#new-level").waitFor();
  await page.fill("#new-skill", "Pneumatic");
  await page.selectOption("#new-level", "L");
  await page.click(".add-target [type=submit]");
  await page.locator("#new-skill-error").waitFor();
  assert.match(await page.innerText("#new-skill-error"), /There is no skill “Pneumatic”/);
  await until(() => page.evaluate(() => document.activeElement.id === "new-skill"), "the focus on what is wrong");
  assert.equal(await page.inputValue("#new-skill"), "Pneumatic");
  await axe(page);
});

test("a target is edited in its row, and Cancel gives the row back as it was", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await openTargets(page);
  await add(page, "Diesel engines", "L");
  const row = rowOf(page, "Diesel engines");
  await row.getByRole("link", { name: "Edit the target for Diesel engines" }).click();
  const form = page.locator("tr.is-edited");
  await form.waitFor();
  await axe(page);
  await form.locator("[data-cancel]").click();
  await form.waitFor({ state: "detached" });
  await row.getByRole("link", { name: "Edit the target for Diesel engines" }).click();
  await form.locator("[name=level]").selectOption("U");
  await form.locator("[name=at_least]").fill("3");
  await form.locator("[type=submit]").click();
  await form.waitFor({ state: "detached" });
  assert.match(await row.innerText(), /U\s+at least 3/);
});

test("of two who edit one target the second sees both and loses neither", async (t) => {
  const [lead, administrator] = [await deck.pageOf(t, "team lead"), await deck.pageOf(t, "administrator")];
  await openTargets(lead);
  await add(lead, "Pneumatics", "L");
  await openTargets(administrator);
  for (const page of [lead, administrator]) {
    await rowOf(page, "Pneumatics").getByRole("link", { name: "Edit the target for Pneumatics" }).click();
    await page.locator("tr.is-edited").waitFor();
  }
  await administrator.locator("tr.is-edited [name=level]").selectOption("O");
  await administrator.locator("tr.is-edited [type=submit]").click();
  await administrator.locator("tr.is-edited").waitFor({ state: "detached" });
  expectProblem(lead, /status of 409/);
  await lead.locator("tr.is-edited [name=level]").selectOption("U");
  await lead.locator("tr.is-edited [type=submit]").click();
  await lead.locator("tr.is-edited .both").waitFor();
  assert.match(await lead.locator("tr.is-edited .both").innerText(), /Somebody else saved meanwhile\s+O of all\s+You typed\s+U of all/);
  await axe(lead);
  await lead.locator("tr.is-edited [type=submit]").click();
  await lead.locator("tr.is-edited").waitFor({ state: "detached" });
  assert.match(await rowOf(lead, "Pneumatics").innerText(), /U/);
});

test("a target that was deleted is brought back from the row in which it stood", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await openTargets(page);
  const row = rowOf(page, "Wire rope inspection");
  const before = await row.innerText();
  await row.getByRole("button", { name: "Delete the target for Wire rope inspection" }).click();
  const gone = page.locator("tr.is-deleted");
  await gone.waitFor();
  assert.match(await gone.innerText(), /The target for Wire rope inspection \(level O of at least 4\) was deleted\./);
  await axe(page);
  await gone.getByRole("button", { name: "Undo" }).click();
  await gone.waitFor({ state: "detached" });
  assert.equal(await row.innerText(), before);
});

test("without scripts a target is added, edited, deleted and brought back too", async (t) => {
  const page = await deck.pageOf(t, "administrator", { javaScriptEnabled: false });
  await page.goto("/skills/targets/everybody");
  await page.fill("#new-skill", "Polish");
  await page.fill("#new-level", "2");
  await page.click(".add-target [type=submit]");
  await page.click('a[aria-label="Edit the target for Polish"]');
  await page.selectOption("tr.is-edited [name=level]", "1");
  await page.click("tr.is-edited [type=submit]");
  await page.click('button[aria-label="Delete the target for Polish"]');
  await page.click('button:has-text("Undo")');
  assert.match(await rowOf(page, "Polish").innerText(), /1\s+all/);
});

test("coverage is filtered, and a number opens the people behind it", async (t) => {
  const page = await deck.pageOf(t, "member");
  await page.goto("/skills/coverage");
  const rows = page.locator(".coverage-table tbody tr:not(.group)");
  const all = await rows.count();
  await page.selectOption("[name=status]", "single-point");
  await until(async () => (await rows.count()) < all, "fewer rows");
  assert.ok((await rows.count()) > 0, "the example has a single point of failure");
  await axe(page);
  await rows.first().locator("td.number a").click();
  await page.locator(".badge.good:text-is('Able')").first().waitFor();
  assert.equal(await page.locator(".badge.good:text-is('Able')").count(), 1);
  await axe(page);
});
