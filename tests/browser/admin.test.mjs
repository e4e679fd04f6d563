// The administration: each screen in both themes and widths, many people changed at once and taken back, a plugin that is
// switched off, and a violation of the policy that comes to the inbox.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { THEMES, VIEWPORTS, axe, expectProblem, screenshot, startDeck } from "./harness.mjs";
import { until } from "./matrix.mjs";

const deck = await startDeck();
after(() => deck.close());

/** Who looks, the address, the heading, and the status if it is none of success. */
const SCREENS = {
  "admin": ["administrator", "/admin", "Administration"],
  "admin-people": ["administrator", "/admin/people", "People"],
  "admin-people-inactive": ["administrator", "/admin/people?state=inactive", "People"],
  "admin-person": ["administrator", "/admin/people/1", "Greta Lindqvist"],
  "admin-people-batches": ["administrator", "/admin/people/batches", "Changes of people"],
  "admin-sessions": ["administrator", "/admin/sessions", "Sessions"],
  "admin-audit": ["administrator", "/admin/audit", "Audit log"],
  "admin-audit-none": ["administrator", "/admin/audit?text=nothing+is+like+that", "Audit log"],
  "admin-audit-422": ["administrator", "/admin/audit?from=yesterday", "Audit log", 422],
  "admin-plugins": ["administrator", "/admin/plugins", "Plugins"],
  "admin-settings": ["administrator", "/admin/settings", "Settings"],
  "admin-cache": ["administrator", "/admin/cache", "Cache"],
  "admin-jobs": ["administrator", "/admin/jobs", "Jobs"],
  "admin-health": ["administrator", "/admin/health", "Health"],
  "admin-policy-reports-none": ["administrator", "/admin/policy-reports", "Policy reports"],
  "admin-forbidden": ["viewer", "/admin", "Not allowed", 403],
};

/** Screens that take a few steps: who, and the steps. */
const STEPS = {
  "admin-audit-event": ["administrator", async (page) => {
    await page.goto("/admin/settings");
    await page.fill("#field-portal-announcement", "The portal is away on Sunday");
    await page.click("#setting-portal-announcement button:has-text('Save')");
    await page.locator("#setting-portal-announcement button:has-text('Back to')").click();
    await page.locator(".alert", { hasText: "The configuration counts again" }).waitFor();
    await page.goto("/admin/audit");
    await checkScreen(page, `admin-audit-some-${page.viewportSize().width}`);
    await page.click("table.audit th a");
    await page.locator("h2", { hasText: "Details" }).waitFor();
  }],
  "admin-settings-422": ["administrator", async (page) => {
    await page.goto("/admin/settings");
    await page.fill("#field-log-filter", "info,=,=");
    expectProblem(page, /status of 422/);
    await page.click("#setting-log-filter button:has-text('Save')");
    await page.locator(".invalid-feedback").waitFor();
  }],
};

for (const [width, viewport] of Object.entries(VIEWPORTS)) {
  for (const [name, [who, path, heading, status = 200]] of Object.entries(SCREENS)) {
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

test("many people are ticked, deactivated and brought back", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await page.goto("/admin/people?text=an");
  const boxes = page.locator("tbody input[name=person]");
  const count = await boxes.count();
  assert.ok(count > 2);
  await page.click("[data-check-all]");
  for (const box of await boxes.all()) assert.ok(await box.isChecked());
  await page.click("[data-check-all]");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.click(".batch-bar button:has-text('Deactivate')");
  await page.locator(".undoable", { hasText: "2 people deactivated" }).waitFor();
  await checkScreen(page, "admin-people-undo-desktop");
  assert.equal(await page.locator("tbody input[name=person]").count(), count - 2);
  await page.click(".undoable button");
  await page.locator("td", { hasText: "taken back" }).first().waitFor();
  await page.goto("/admin/people?text=an");
  assert.equal(await page.locator("tbody input[name=person]").count(), count);
});

test("people are changed by plain forms as well", async (t) => {
  const page = await deck.pageOf(t, "administrator", { javaScriptEnabled: false });
  await page.goto("/admin/people?text=an");
  assert.equal(await page.locator("[data-check-all]").isVisible(), false);
  await page.locator("tbody input[name=person]").first().check();
  await page.selectOption(".batch-bar [name=team_id]", { label: "Customer Support" });
  await page.click(".batch-bar button:has-text('Move')");
  await page.locator(".undoable", { hasText: "1 person moved to Customer Support" }).waitFor();
  await page.click(".undoable button");
  await page.locator("td", { hasText: "taken back" }).first().waitFor();
});

test("the portal's own port carries every header", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await page.goto("/admin/health");
  assert.equal(await page.locator("text=all are there").count(), 4);
});

test("a setting holds at once, and goes back to what the configuration says", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await page.goto("/admin/settings");
  await page.fill("#field-portal-name", "Harbour Deck");
  await page.click("#setting-portal-name button:has-text('Save')");
  await until(async () => (await page.title()) === "Settings · Harbour Deck", "the new name");
  assert.equal(await page.locator(".brand-name").innerText(), "Harbour Deck");
  await page.click("#setting-portal-name button:has-text('Back to')");
  await until(async () => (await page.title()) === "Settings · Quarterdeck", "the old name");
});

test("a plugin that is switched off leaves the navigation and its addresses, and comes back", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await page.goto("/admin/plugins");
  await page.click("[aria-label='Switch off: Skills']");
  await page.locator("[aria-label='Switch on: Skills']").waitFor();
  assert.equal(await page.locator(".nav-links a[href='/skills']").count(), 0);
  expectProblem(page, /status of 404/);
  assert.equal((await page.goto("/skills")).status(), 404);
  await page.goto("/admin/plugins");
  await page.click("[aria-label='Switch on: Skills']");
  await page.locator("[aria-label='Switch off: Skills']").waitFor();
  assert.equal((await page.goto("/skills")).status(), 200);
});

test("a job that is asked for runs", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await page.goto("/admin/jobs");
  const row = page.locator("tr", { hasText: "policy_reports.purge" });
  await row.locator("button").click();
  await page.locator(".alert", { hasText: "runs as soon as a process takes it" }).waitFor();
  await until(async () => {
    await page.goto("/admin/jobs");
    return (await row.locator(".badge").innerText()) === "fine";
  }, "the run");
});

test("what the policy forbids is reported to the inbox", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  expectProblem(page, /evil|Content Security Policy|policy/i);
  await page.goto("/admin");
  await page.evaluate(() => {
    const image = document.createElement("img");
    image.src = "https://evil.example/pixel.png?who=me";
    document.body.append(image);
  });
  await until(async () => {
    await page.goto("/admin/policy-reports");
    return (await page.locator("td", { hasText: "evil.example" }).count()) > 0;
  }, "the report");
  assert.equal(await page.locator("text=who=me").count(), 0);
  await checkScreen(page, "admin-policy-reports-desktop");
  await page.click("button:has-text('Dismiss all')");
  await page.locator("text=Nothing was reported").waitFor();
});

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
