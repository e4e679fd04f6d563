// Links that lead in without a password: the way of an invitation and of a forgotten password, with scripts and without,
// and each of their screens in both themes and widths.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { THEMES, VIEWPORTS, axe, expectProblem, screenshot, startDeck } from "./harness.mjs";
import { linkIn, mailTo } from "./mails.mjs";

const mails = mkdtempSync(join(tmpdir(), "quarterdeck-mails-"));
const deck = await startDeck({ env: { QUARTERDECK_MAIL__FOLDER: mails } });
after(async () => {
  await deck.close();
  rmSync(mails, { recursive: true, force: true });
});

/** Looks at the screen in both themes. */
async function look(page, name, width) {
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
  assert.ok(content <= room, `${name} is ${content} pixels wide in a window of ${room}`);
}

async function invite(page, name, email) {
  await page.goto("/people/invitations/new");
  await page.fill("[name=name]", name);
  await page.fill("[name=email]", email);
  await page.click("main button[type=submit]");
  await page.locator("h1", { hasText: "Invitations" }).waitFor();
}

for (const [width, viewport] of Object.entries(VIEWPORTS)) {
  test(`somebody is invited and comes in, ${width}`, async (t) => {
    const admin = await deck.pageOf(t, "administrator", { viewport });
    if (width === "desktop") {
      await admin.goto("/people/invitations");
      await look(admin, "invitations-none", width);
    }
    await admin.goto("/people/invitations/new");
    await look(admin, "invitation-new", width);
    await admin.fill("[name=name]", "Gus Guest");
    await admin.fill("[name=email]", "gus@nowhere");
    await admin.fill("[name=email]", "a,b@example.org");
    expectProblem(admin, /status of 422/);
    await admin.click("main button[type=submit]");
    await admin.locator(".invalid-feedback").waitFor();
    await look(admin, "invitation-invalid", width);
    const email = `gus.${width}@example.org`;
    await admin.fill("[name=email]", email);
    await admin.click("main button[type=submit]");
    await admin.locator("tbody th", { hasText: email }).waitFor();
    await look(admin, "invitations", width);

    const path = linkIn(await mailTo(mails, email), "/invitations/");
    const guest = await deck.newPage(t, { viewport });
    await guest.goto(path);
    await look(guest, "invitation", width);
    expectProblem(guest, /status of 422/);
    await guest.fill("[name=password]", "too short");
    await guest.click("main button[type=submit]");
    await guest.locator(".invalid-feedback").waitFor();
    await guest.fill("[name=password]", "a ferry at anchor");
    await guest.click("main button[type=submit]");
    await guest.locator("h1", { hasText: "Hello, Gus" }).waitFor();
    await guest.context().clearCookies();
    expectProblem(guest, /status of 404/);
    await guest.goto(path);
    await look(guest, "invitation-used", width);
  });

  test(`a forgotten password is replaced, ${width}`, async (t) => {
    const admin = await deck.pageOf(t, "administrator", { viewport });
    const email = `fay.${width}@example.org`;
    await invite(admin, "Fay Forgetful", email);
    const first = await deck.newPage(t, { viewport });
    await first.goto(linkIn(await mailTo(mails, email), "/invitations/"));
    await first.fill("[name=password]", "a ferry at anchor");
    await first.click("main button[type=submit]");
    await first.locator("h1", { hasText: "Hello, Fay" }).waitFor();

    // These pages have no scripts.
    const page = await deck.newPage(t, { viewport });
    await page.goto("/login");
    await page.click("text=Forgot your password?");
    await look(page, "password-reset-ask", width);
    await page.fill("[name=email]", email);
    await page.click("main button[type=submit]");
    await page.locator("h1", { hasText: "Look into your mailbox" }).waitFor();
    await look(page, "password-reset-sent", width);
    const path = linkIn(await mailTo(mails, email, 2), "/password-resets/");
    await page.goto(path);
    await look(page, "password-reset", width);
    await page.fill("[name=password]", "a tug at the quay");
    await page.click("main button[type=submit]");
    await page.locator("[role=status]", { hasText: "Your password was changed" }).waitFor();
    await look(page, "login-after-reset", width);
    await page.fill("[name=email]", email);
    await page.fill("[name=password]", "a tug at the quay");
    await page.click("main button[type=submit]");
    await page.locator("h1", { hasText: "Hello, Fay" }).waitFor();
    await first.goto("/people");
    assert.equal(new URL(first.url()).pathname, "/login", "the other session has ended");
    await page.context().clearCookies();
    expectProblem(page, /status of 404/);
    await page.goto(path);
    await look(page, "password-reset-used", width);
  });

  test(`notices are chosen and the person's page offers the ways in, ${width}`, async (t) => {
    const member = await deck.pageOf(t, "member", { viewport });
    await member.goto("/account/notices");
    await look(member, "account-notices", width);
    await member.selectOption("select[name='skills.expiry']", "mail");
    await member.click("main button[type=submit]");
    await member.locator("[role=status]").waitFor();
    assert.equal(await member.inputValue("select[name='skills.expiry']"), "mail");

    const admin = await deck.pageOf(t, "administrator", { viewport });
    await admin.goto("/people?text=Bruno");
    await admin.click("tbody a[href$='/edit']");
    await look(admin, "person-edit", width);
  });
}
