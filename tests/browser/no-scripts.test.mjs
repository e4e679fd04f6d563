// Everything can be done with JavaScript off, by links and forms.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { startDeck } from "./harness.mjs";

const deck = await startDeck();
after(() => deck.close());

const pageOf = (t, who) => deck.pageOf(t, who, { javaScriptEnabled: false });
const heading = async (page) => (await page.locator("h1").innerText()).trim();

test("log in, filter the matrix, log out", async (t) => {
  const page = await deck.newPage(t, { javaScriptEnabled: false });
  await page.goto("/skills");
  assert.equal(new URL(page.url()).pathname, "/login");
  await deck.fillLogin(page, "member");
  await page.waitForURL("**/skills");

  await page.selectOption("#filter-team", { label: "Plant Maintenance" });
  await page.fill("#filter-skill", "planning");
  await page.click("form[role=search] [type=submit]");
  assert.equal(await page.locator("#filter-skill").inputValue(), "planning");
  assert.equal(await page.locator("#grid tbody tr[data-p]").count(), 14);
  assert.deepEqual(await page.locator("#grid .skills th").allInnerTexts().then((names) => names.map((name) => name.trim())),
    ["Berth planning", "Yard planning", "Project planning"]);

  await page.click(".who button");
  await page.waitForURL("**/login");
  await page.goto("/skills");
  assert.equal(new URL(page.url()).pathname, "/login");
});

test("the windows of the matrix are links", async (t) => {
  const page = await pageOf(t, "viewer");
  await page.goto("/skills");
  const skills = page.locator("#grid .skills th");
  const first = await skills.first().innerText();
  const follow = (text) => page.locator("nav[aria-label='Parts of the matrix'] a", { hasText: text }).click();
  await follow("More skills");
  assert.notEqual(await skills.first().innerText(), first);
  await follow("Skills before");
  assert.equal(await skills.first().innerText(), first);
  await follow("More people");
  assert.match(await page.locator("#grid th.person a").last().innerText(), /Olu Adeyemi/);
});

test("a person edits the own skills category by category", async (t) => {
  const page = await pageOf(t, "member");
  await page.goto("/");
  await page.click("text=My skills");
  assert.equal(await heading(page), "Aisha Rahman");
  await page.click(".nav-tabs a:has-text('Planning and flow')");
  const row = page.locator(".rating-table tbody tr", { hasText: "Stowage plans" });
  await row.locator("select").first().selectOption("3");
  await row.locator("textarea").fill("Learnt it last winter");
  await page.click("text=Save this category");
  assert.match(await page.locator(".alert-success").innerText(), /1 saved/);
  assert.equal(await row.locator("select").first().inputValue(), "3");
  assert.equal(await row.locator("textarea").inputValue(), "Learnt it last winter");
});

test("a file is previewed, imported and exported", async (t) => {
  const page = await pageOf(t, "administrator");
  await page.goto("/skills/imports");
  const csv = "name,email,team,category,skill,level\r\nZoë Nielsen,zoe@harbour.example,Tugs,Towing,Tug handling,3\r\n";
  await page.setInputFiles("input[type=file]", { name: "tugs.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.click("text=Preview");
  assert.equal(await heading(page), "Preview");
  assert.match(await page.locator("main").innerText(), /Zoë Nielsen/);
  await page.locator("main form button", { hasText: "Import" }).click();
  assert.equal(await heading(page), "Imported");
  assert.match(await page.locator(".alert-success").innerText(), /tugs\.csv is imported/);

  await page.goto("/skills?person=Zo%C3%AB");
  await page.click("details.menu summary:has-text('Export')");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=CSV, one row a rating")]);
  assert.match(readFileSync(await download.path(), "utf8"), /Zoë Nielsen,zoe@harbour\.example,Tugs,,Towing,Tug handling,3/);
});

test("people, teams and the catalogue are changed by forms", async (t) => {
  const page = await pageOf(t, "administrator");
  await page.goto("/people/teams");
  await page.fill("#new-team", "Pilots");
  await page.click("#teams button:has-text('Add')");
  assert.match(await page.locator(".alert-success").innerText(), /Pilots was added/);
  await page.goto("/people/new");
  await page.fill("[name=name]", "Una Berg");
  await page.selectOption("[name=team_id]", { label: "Pilots" });
  await page.click("main button:has-text('Add')");
  assert.match(await page.locator(".alert-success").innerText(), /Una Berg was added/);
  await page.goto("/skills/catalogue/new");
  await page.fill("[name=name]", "Boarding at sea");
  await page.click("main button:has-text('Save')");
  assert.match(await page.locator(".alert-success").innerText(), /Boarding at sea/);
  await page.click("[name=theme][value=dark]");
  assert.equal(await page.locator("html").getAttribute("data-bs-theme"), "dark");
});
