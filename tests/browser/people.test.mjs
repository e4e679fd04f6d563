// A person's page, assessments, training, certificates and notices: each screen in both themes and widths, the way of an
// assessment with scripts and without, and the bell that hears of a notice.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { THEMES, VIEWPORTS, axe, expectProblem, screenshot, startDeck } from "./harness.mjs";
import { openMatrix, until } from "./matrix.mjs";

const deck = await startDeck();
after(() => deck.close());

/** The page of somebody, by name. */
async function openPerson(page, name) {
  await page.goto("/people?text=" + encodeURIComponent(name));
  await page.click(`th a:has-text("${name}")`);
  await page.locator("h1", { hasText: name }).waitFor();
}

/** The category of the person's page. */
async function openCategory(page, name) {
  await page.click(`.nav-tabs a:has-text("${name}")`);
  await page.locator(".nav-tabs .active", { hasText: name }).waitFor();
}

const SCREENS = {
  "person-lead": ["team lead", async (page) => {
    await openPerson(page, "Aisha Rahman");
    await page.locator("details.certificate summary").first().click();
  }],
  "person-mine": ["member", async (page) => {
    await page.goto("/");
    await page.click("text=My skills");
    await page.locator(".person-table").waitFor();
    await openCategory(page, "Plant maintenance");
  }],
  "person-as-of": ["viewer", async (page) => {
    await openPerson(page, "Bruno Keller");
    await page.goto(`${new URL(page.url()).pathname}?as_of=2024-01-31`);
    await page.locator(".alert-info").waitFor();
  }],
  "history": ["team lead", async (page) => {
    await openPerson(page, "Aisha Rahman");
    await page.click("text=History");
    await page.locator("table.history").waitFor();
  }],
  "sight": ["member", async (page) => { await page.goto("/skills/sight"); }],
  "certificates": ["team lead", async (page) => { await page.goto("/skills/certificates?within=3650"); }],
  "reminders": ["team lead", async (page) => {
    await page.goto("/skills/certificates?within=3650");
    await page.goto(await page.locator("td a[href*='/reminders/']").first().getAttribute("href"));
    await page.fill("[name=days]", "soon");
    expectProblem(page, /status of 422/);
    await page.click("main button[type=submit]");
    await page.locator(".invalid-feedback").waitFor();
  }],
  "assessments": ["team lead", async (page) => { await page.goto("/skills/assessments"); }],
  "assessment-new": ["team lead", async (page) => {
    await page.goto("/skills/assessments/new");
    await page.selectOption("#ask-category", { label: "Plant maintenance" });
    await page.locator(".choices").waitFor();
  }],
  "assessment-answer": ["member", async (page) => {
    await page.goto("/skills/assessments");
    await page.click("h2:has-text('For you to fill in') + .table-frame a");
    await page.locator("table.answers").first().waitFor();
  }],
  "assessment-confirm": ["team lead", async (page) => {
    await page.goto("/skills/assessments");
    await page.click("h2:has-text('For you to validate') + .table-frame a");
    await page.locator("form.confirmation").first().waitFor();
  }],
  "training": ["team lead", async (page) => { await page.goto("/skills/training"); }],
  "training-plan": ["team lead", async (page) => {
    await page.goto("/skills/training");
    await page.click("tbody th a");
    await page.locator("h2:has-text('Complete it')").waitFor();
  }],
  "training-edit": ["team lead", async (page) => {
    await page.goto("/skills/training");
    await page.click("tbody th a");
    await page.click("text=Change");
    await page.locator("#field-trainer").waitFor();
  }],
  "notices": ["member", async (page) => { await page.goto("/notices"); }],
  "notices-none": ["viewer", async (page) => { await page.goto("/notices?show=unread"); }],
};

for (const [width, viewport] of Object.entries(VIEWPORTS)) {
  for (const [name, [who, steps]] of Object.entries(SCREENS)) {
    test(`${name}, ${width}`, async (t) => {
      const page = await deck.pageOf(t, who, { viewport });
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

test("an assessment is asked for, filled in and validated without scripts", async (t) => {
  const [lead, member] = [await deck.pageOf(t, "team lead", { javaScriptEnabled: false }), await deck.pageOf(t, "member", { javaScriptEnabled: false })];
  await openPerson(lead, "Aisha Rahman");
  await openCategory(lead, "Planning and flow");
  await lead.click("text=Ask for an assessment");
  const boxes = lead.locator(".choices input");
  for (let place = 1; place < (await boxes.count()); place++) await boxes.nth(place).uncheck();
  await lead.fill("[name=due]", "2099-12-31");
  await lead.click("main button:has-text('Ask')");
  await lead.locator("h1", { hasText: "Assessment of Aisha Rahman" }).waitFor();
  const address = new URL(lead.url()).pathname;

  await member.goto(address);
  await member.selectOption(".answers select", "3");
  await member.click("text=Save and hand in");
  assert.match(await member.locator("#assessment-state").innerText(), /Filled in/);

  await lead.goto(address);
  await lead.selectOption(".confirmation [name=level]", "1");
  expectProblem(lead, /status of 422/);
  await lead.click(".confirmation button");
  assert.match(await lead.locator(".row-remark").innerText(), /Say why/);
  await lead.fill(".confirmation [name=note]", "Seen at the last peak");
  await lead.click(".confirmation button");
  assert.match(await lead.locator("#assessment-state").innerText(), /Validated/);
  assert.match(await lead.locator("table.confirmations").innerText(), /two levels or more apart/);
});

test("a skill is confirmed in its place", async (t) => {
  const page = await deck.pageOf(t, "team lead");
  await page.goto("/skills/assessments");
  await page.click("h2:has-text('For you to validate') + .table-frame a");
  await page.locator("form.confirmation").first().waitFor();
  await page.evaluate(() => { window.notReloaded = true; });
  const forms = page.locator("form.confirmation");
  const count = await forms.count();
  const row = page.locator("table.confirmations tbody tr").filter({ has: page.locator("form") }).last();
  const skill = (await row.locator("th").innerText()).split("\n")[0];
  await row.locator("button").click();
  await until(async () => (await forms.count()) === count - 1, "the form to give way to what is confirmed");
  assert.match(await page.locator("table.confirmations tr", { hasText: skill }).innerText(), /just now/);
  assert.equal(await page.evaluate(() => window.notReloaded), true);
});

test("the bell hears of a notice while the matrix is open", async (t) => {
  const [member, lead] = [await deck.pageOf(t, "member"), await deck.pageOf(t, "team lead")];
  await openMatrix(member, { team: "Plant Maintenance" });
  await member.evaluate(() => { window.notReloaded = true; });
  const before = await member.locator(".bell").getAttribute("aria-label");
  await openPerson(lead, "Aisha Rahman");
  await lead.click("text=Ask for an assessment");
  await lead.locator(".choices").waitFor();
  await lead.fill("[name=due]", "2099-12-31");
  await lead.click("main button:has-text('Ask')");
  await until(async () => (await member.locator(".bell").getAttribute("aria-label")) !== before, "another number at the bell");
  assert.equal(await member.evaluate(() => window.notReloaded), true);
  await member.click(".bell");
  await member.locator("h1", { hasText: "Notices" }).waitFor();
  await member.locator(".notice.is-unread button:has-text('Read')").first().click();
  await until(async () => (await member.locator(".notice:not(.is-unread)").count()) > 0, "the notice to be read");
});
