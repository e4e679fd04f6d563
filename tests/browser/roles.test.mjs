// Roles, routes, reasons and “view as”: each screen in both themes and widths, the editor whose preview follows the boxes,
// with scripts and without, and a viewing from its beginning to its end.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PHONE, THEMES, VIEWPORTS, axe, expectProblem, screenshot, startDeck } from "./harness.mjs";
import { until } from "./matrix.mjs";

const deck = await startDeck();
after(() => deck.close());

async function openRole(page, title) {
  await page.goto("/admin/roles");
  await page.click(`th a:has-text("${title}")`);
  await page.locator("h1", { hasText: title }).waitFor();
}

async function openViewing(page, name) {
  await page.goto(`/admin/reasons?person=${encodeURIComponent(name)}&what=people.read`);
  await page.click("text=View as " + name);
  await page.locator("h1", { hasText: "View as" }).waitFor();
}

const SCREENS = {
  "roles": async (page) => { await page.goto("/admin/roles"); },
  "role-new": async (page) => { await page.goto("/admin/roles/new"); },
  "role-edit": async (page) => { await openRole(page, "Team lead"); },
  "role-preview": async (page) => {
    await openRole(page, "Team lead");
    await page.locator("label", { hasText: "Auditor" }).first().click();
    await page.locator("table.effects").waitFor();
    await page.locator("#preview").scrollIntoViewIfNeeded();
  },
  "role-circle": async (page) => {
    await openRole(page, "Viewer");
    expectProblem(page, /status of 422/);
    await page.fill("[name=title]", "Member");
    await page.click("text=Preview who gains and loses");
    await page.locator(".invalid-feedback").first().waitFor();
  },
  "role-deletion": async (page) => {
    await openRole(page, "Shift lead");
    await page.click("text=Delete");
    await page.locator("h1", { hasText: "Delete" }).waitFor();
    await page.selectOption("[name=replacement]", { label: "Member" });
    await page.click("text=Preview who gains and loses");
    await page.locator("text=Delete the role").waitFor();
  },
  "routes": async (page) => { await page.goto("/admin/routes"); },
  "routes-none": async (page) => { await page.goto("/admin/routes?show=dangling"); },
  "route-mapping": async (page) => { await page.goto("/admin/routes/mapping?route=" + encodeURIComponent("GET /people/new")); },
  "routes-pruning": async (page) => { await page.goto("/admin/routes/pruning"); },
  "reasons": async (page) => { await page.goto("/admin/reasons"); },
  "reasons-yes": async (page) => { await page.goto("/admin/reasons?person=Marek&what=skills.rate_own"); },
  "reasons-no": async (page) => { await page.goto("/admin/reasons?person=Marek&what=people.write&date=2026-01-31"); },
  "viewing-new": async (page) => { await openViewing(page, "Marek Nowak"); },
  "viewing-preference": async (page) => { await page.goto("/account/viewing"); },
};

for (const [width, viewport] of Object.entries(VIEWPORTS)) {
  for (const [name, steps] of Object.entries(SCREENS)) {
    test(`${name}, ${width}`, async (t) => {
      const page = await deck.pageOf(t, "administrator", { viewport });
      await steps(page);
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        await screenshot(page, `${name}-${width}-${theme}`);
        await axe(page);
      }
      assert.equal(await page.locator("h1").count(), 1, "the screen has one heading");
      const [content, room] = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return [scrollWidth, clientWidth];
      });
      assert.ok(content <= room, `the page is ${content} pixels wide in a window of ${room}`);
    });
  }
}

test("the preview follows the boxes, and saves what it shows", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await openRole(page, "Viewer");
  await page.evaluate(() => { window.notReloaded = true; });
  const box = page.locator("label", { hasText: "Add and change people and teams" }).locator("input");
  await box.check();
  await page.locator("table.effects").waitFor();
  assert.match(await page.locator("#preview").innerText(), /1 person gains/);
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  await box.uncheck();
  await until(async () => /Nothing is changed yet/.test(await page.locator("#preview").innerText()), "the preview to follow");
  await box.check();
  await page.click("#preview button:has-text('Save')");
  await page.locator(".alert-success").waitFor();
  const viewer = await deck.pageOf(t, "viewer");
  await viewer.goto("/people");
  assert.equal(await viewer.locator("text=Add a person").count(), 1);
});

test("a role is made and deleted without scripts", async (t) => {
  const page = await deck.pageOf(t, "administrator", { javaScriptEnabled: false, viewport: PHONE });
  await page.goto("/admin/roles/new");
  await page.fill("[name=title]", "Gate clerk");
  await page.click("text=Make the role");
  assert.match(await page.locator(".alert-success").innerText(), /Gate clerk/);
  await page.fill("[name=title]", "Gatekeeper");
  await page.click("text=Preview who gains and loses");
  assert.match(await page.locator("#preview").innerText(), /Nobody gains or loses/);
  await page.click("#preview button:has-text('Save')");
  await page.locator("h1", { hasText: "Gatekeeper" }).waitFor();
  await page.click("main a:has-text('Delete')");
  await page.click("text=Delete the role");
  assert.match(await page.locator(".alert-success").innerText(), /is gone/);
});

for (const [width, viewport] of Object.entries(VIEWPORTS)) {
  test(`a viewing is told on every page and ended, ${width}`, async (t) => {
    const page = await deck.newPage(t, { viewport });
    await deck.login(page, "administrator");
    await openViewing(page, "Marek Nowak");
    await page.click("main button:has-text('View as')");
    await page.locator(".viewing-bar").waitFor();
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await screenshot(page, `viewing-${width}-${theme}`);
      await axe(page);
    }
    await page.goto("/skills");
    await page.locator(".viewing-bar").waitFor();
    await screenshot(page, `viewing-matrix-${width}`);
    expectProblem(page, /status of 403/);
    await page.goto("/sessions");
    assert.match(await page.locator("main").innerText(), /for their own eyes/);
    await axe(page);
    await page.click(".viewing-bar button");
    await page.locator(".alert-info", { hasText: "yourself again" }).waitFor();
    assert.equal(await page.locator(".viewing-bar").count(), 0);
  });
}
