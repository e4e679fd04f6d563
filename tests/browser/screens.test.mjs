// Every screen in both themes and widths: nothing scrolls sideways, the console stays empty, axe finds nothing.
// Each screen is opened once per width, as a phone may lay it out by script, and looked at in both themes.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { THEMES, VIEWPORTS, axe, expectProblem, screenshot, startDeck } from "./harness.mjs";
import { cellOf, openMatrix, press } from "./matrix.mjs";

const FILTERS = { category: "Planning and flow", team: "Plant Maintenance" };

const deck = await startDeck();
after(() => deck.close());
const empty = await startDeck({ demo: false });
after(() => empty.close());

/** Screens that an address alone leads to: who looks, the heading, and the status if it is none of success. */
const ADDRESSES = {
  "start": ["administrator", "/", "Hello, Ingrid"],
  "matrix": ["administrator", "/skills", "Skills matrix"],
  "matrix-viewer": ["viewer", "/skills?team=2", "Skills matrix"],
  "matrix-nothing": ["administrator", "/skills?skill=nothing+is+called+so", "Skills matrix"],
  "person-other": ["administrator", "/skills/people/1", "Greta Lindqvist"],
  "person-viewed": ["viewer", "/skills/people/1", "Greta Lindqvist"],
  "catalogue": ["administrator", "/skills/catalogue", "Catalogue"],
  "catalogue-viewer": ["viewer", "/skills/catalogue", "Catalogue"],
  "catalogue-new": ["administrator", "/skills/catalogue/new", "New skill"],
  "catalogue-edit": ["administrator", "/skills/catalogue/1/edit", "Edit the skill"],
  "targets": ["administrator", "/skills/targets", "Targets"],
  "targets-team": ["administrator", "/skills/targets/teams/2", "Team Plant Maintenance"],
  "targets-edit": ["administrator", "/skills/targets/13/edit", "Team Plant Maintenance"],
  "targets-viewer": ["viewer", "/skills/targets/everybody", "Everybody"],
  "coverage": ["administrator", "/skills/coverage", "Coverage"],
  "coverage-people": ["viewer", "/skills/coverage/7", "Ship-to-shore crane"],
  "job-roles": ["administrator", "/skills/job-roles", "Job roles"],
  "job-role": ["administrator", "/skills/job-roles/4", "Mechanic"],
  "job-role-deletion": ["administrator", "/skills/job-roles/4/deletion", "Delete “Mechanic”?"],
  "job-roles-person": ["administrator", "/skills/people/1/job-roles", "Job roles"],
  "profiles": ["administrator", "/skills/profiles", "Role profiles"],
  "finder-empty": ["viewer", "/skills/finder", "Finder"],
  "finder": ["viewer", "/skills/finder?skill=11&level=U&interest=1&skill=12&level=L", "Finder"],
  "finder-422": ["viewer", "/skills/finder?skill=no+such+skill&level=9", "Finder", 422],
  "insights": ["viewer", "/skills/insights", "Insights"],
  "insights-coverage": ["viewer", "/skills/insights/coverage", "Insights"],
  "insights-radar": ["viewer", "/skills/insights/radar?person=1&person=2&person=3", "Insights"],
  "insights-radar-nobody": ["viewer", "/skills/insights/radar", "Insights"],
  "insights-trend": ["viewer", "/skills/insights/trend?skill=1", "Insights"],
  "insights-before": ["viewer", "/skills/insights?as_of=2001-01-01", "Insights"],
  "insights-422": ["viewer", "/skills/insights/trend?skill=no+such+skill&as_of=never", "Insights", 422],
  "print": ["viewer", "/skills/print?team=2", "Print the matrix"],
  "imports": ["administrator", "/skills/imports", "Import"],
  "people": ["administrator", "/people", "People"],
  "people-none": ["administrator", "/people?text=nobody+is+called+so", "People"],
  "people-new": ["administrator", "/people/new", "Add a person"],
  "people-edit": ["administrator", "/people/1/edit", "Greta Lindqvist"],
  "teams": ["administrator", "/people/teams", "Teams"],
  "teams-rename": ["administrator", "/people/teams/1/edit", "Teams"],
  "account": ["member", "/account", "Your account"],
  "sessions": ["administrator", "/account/sessions", "Your account"],
  "forbidden": ["viewer", "/people/new", "Not allowed", 403],
  "missing": ["viewer", "/nothing/is/here", "Not found", 404],
};

/** Screens that take a few steps: who, and the steps. */
const STEPS = {
  "person-own": ["member", async (page) => {
    await page.goto("/");
    await page.click("text=My skills");
    await page.locator(".rating-table").waitFor();
  }],
  "matrix-legend": ["viewer", async (page) => {
    await openMatrix(page, FILTERS);
    await page.click(".legend summary");
  }],
  "matrix-export": ["viewer", async (page) => {
    await openMatrix(page, FILTERS);
    await page.click("details.menu summary:has-text('Export')");
  }],
  "menu": ["administrator", async (page) => {
    await page.goto("/");
    if (await page.locator(".menu-button").isVisible()) await page.click(".menu-button");
    await page.locator(".nav-foot").waitFor();
  }],
  "cell-form": ["administrator", async (page) => {
    await openMatrix(page, FILTERS);
    const cell = await cellOf(page, "Bruno Keller", "Customs declarations");
    await cell.td.click();
    await cell.form.waitFor();
  }],
  "cell-conflict": ["administrator", async (page, t) => {
    const lead = await deck.pageOf(t, "team lead");
    await openMatrix(page, FILTERS);
    await openMatrix(lead, FILTERS);
    const [cell, leads] = [await cellOf(page, "Bruno Keller", "Gate appointments"), await cellOf(lead, "Bruno Keller", "Gate appointments")];
    await cell.td.click();
    await cell.form.locator("[name=level]").selectOption("3");
    await press(lead, leads, "1", "1");
    await press(lead, leads, "2", "2");
    expectProblem(page, /status of 409/);
    await cell.form.locator("[type=submit]").click();
    await cell.form.locator(".both").waitFor();
  }],
  "people-new-422": ["administrator", async (page) => {
    await page.goto("/people/new");
    await page.fill("[name=name]", " ");
    await page.fill("[name=email]", "tomas.rivera@harbour.example");
    expectProblem(page, /status of 422/);
    await page.click("main button[type=submit]");
    await page.locator(".invalid-feedback:visible").first().waitFor();
  }],
  "catalogue-new-422": ["administrator", async (page) => {
    await page.goto("/skills/catalogue/new");
    await page.fill("[name=name]", "Berth planning");
    await page.fill("[name=uri]", "no address");
    await page.fill("[name=category]", "Planning and flow");
    expectProblem(page, /status of 422/);
    await page.click("main button:has-text('Save')");
    await page.locator(".invalid-feedback:visible").first().waitFor();
  }],
  "teams-422": ["administrator", async (page) => {
    await page.goto("/people/teams");
    await page.fill("#new-team", "Plant Maintenance");
    expectProblem(page, /status of 422/);
    await page.click("#teams button:has-text('Add')");
    await page.locator(".invalid-feedback:visible").waitFor();
  }],
  "imports-preview": ["administrator", async (page) => {
    await upload(page, "name,email,team,category,skill,level\r\nZoë Nielsen,zoe@harbour.example,Tugs,Towing,Tug handling,3\r\nBruno Keller,bruno.keller@harbour.example,Plant Maintenance,Planning and flow,Rail loading,4\r\n");
    await page.locator("h1", { hasText: "Preview" }).waitFor();
  }],
  "imports-done": ["administrator", async (page) => {
    // Each width has somebody of its own: who is there already is no news.
    const email = `yara-${page.viewportSize().width}@harbour.example`;
    await upload(page, `name,email,team,category,skill,level,confirmed_level,valid_until\r\nYara Holm,${email},Tugs,Towing,Tug handling,3,3,2026-01-01\r\n`);
    await page.click("main button:has-text('Import')");
    await page.locator("h1", { hasText: "Imported" }).waitFor();
  }],
  "imports-recent": ["administrator", async (page) => {
    await upload(page, "name,category\r\nTug inspection,Towing\r\n", "skills");
    await page.click("main button:has-text('Import')");
    await page.click("main button:has-text('Undo this import')");
    await page.locator("text=Taken back").first().waitFor();
  }],
  "imports-refused": ["administrator", async (page) => {
    expectProblem(page, /status of 422/);
    await upload(page, "name,email,skill,level\r\nBruno Keller,bruno.keller@harbour.example,Rail loading,9\r\nBruno Keller,bruno.keller@harbour.example,Berth planning,a very long level that is on no scale at all\r\n");
    await page.locator("tr.refused").first().waitFor();
  }],
};

async function upload(page, csv, kind = "ratings") {
  await page.goto("/skills/imports");
  await page.selectOption("[name=kind]", kind);
  await page.setInputFiles("input[type=file]", { name: "ratings.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.click("main button:has-text('Preview')");
}

for (const [width, viewport] of Object.entries(VIEWPORTS)) {
  test(`log-in, ${width}`, async (t) => {
    const page = await deck.newPage(t, { viewport });
    await page.goto("/login");
    await checkScreen(page, `login-${width}`);
    await page.fill("[name=email]", "somebody@harbour.example");
    await page.fill("[name=password]", "not the password");
    expectProblem(page, /status of 422/);
    await page.click("[type=submit]");
    await page.locator(".invalid-feedback:visible").waitFor();
    await checkScreen(page, `login-422-${width}`);
  });

  test(`set-up, ${width}`, async (t) => {
    const page = await empty.newPage(t, { viewport });
    await page.goto(empty.setUpPath);
    await checkScreen(page, `set-up-${width}`);
    expectProblem(page, /status of 422/);
    await page.fill("[name=name]", "Ada");
    await page.fill("[name=email]", "ada@harbour.example");
    await page.fill("[name=password]", "short");
    await page.click("[type=submit]");
    await page.locator(".invalid-feedback:visible").waitFor();
    await checkScreen(page, `set-up-422-${width}`);
  });

  for (const [name, [who, path, heading, status = 200]] of Object.entries(ADDRESSES)) {
    test(`${name}, ${width}`, async (t) => {
      const page = await deck.pageOf(t, who, { viewport });
      if (status !== 200) expectProblem(page, new RegExp(`status of ${status}`));
      const response = await page.goto(path);
      assert.equal(response.status(), status);
      assert.equal(await page.locator("h1").innerText(), heading);
      await checkScreen(page, `${name}-${width}`);
    });
  }

  for (const [name, [who, steps]] of Object.entries(STEPS)) {
    test(`${name}, ${width}`, async (t) => {
      const page = await deck.pageOf(t, who, { viewport });
      await steps(page, t);
      await checkScreen(page, `${name}-${width}`);
    });
  }
}

async function checkScreen(page, name) {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await screenshot(page, `${name}-${theme}`);
    await axe(page);
  }
  assert.equal(await page.locator("h1").count(), 1, "the screen has one heading");
  const [content, room] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(content <= room, `the page is ${content} pixels wide in a window of ${room}`);
}
