// Handoffs: written and saved by itself also over a lost connection, by two at once, asked about and accepted; without
// scripts, in all themes and sizes.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axe, expectProblem, PHONE, screenshot, startDeck, THEMES, VIEWPORTS } from "./harness.mjs";

const deck = await startDeck();
after(() => deck.close());

const LEAD = "team lead";
const MEMBER = "member";

/** Begins a draft and stays on its page. */
async function begin(page, title) {
  await page.goto("/handoffs/new");
  await page.fill("[name=title]", title);
  await page.click("button:has-text('Fill it in')");
  await page.locator("#handoff").waitFor();
  // The address follows the page.
  await page.waitForURL(/\/handoffs\/\d+$/);
}

async function sendTo(page, label) {
  await page.selectOption("[name=receiver]", { label });
  await page.click("button:has-text('Send')");
  await page.locator("#handoff-side", { hasText: "until it is accepted" }).waitFor();
}

const status = (page) => page.locator("#section-0-status");

for (const theme of THEMES) {
  for (const [size, viewport] of Object.entries(VIEWPORTS)) {
    test(`the pages of handoffs, ${theme}, ${size}`, async (t) => {
      const page = await deck.pageOf(t, LEAD, { theme, viewport });
      await page.goto("/handoffs/new");
      await axe(page);
      await screenshot(page, `handoff-new-${theme}-${size}`);
      await begin(page, `Night shift, ${theme}, ${size}`);
      const crane = `Watch crane 3, ${theme}, ${size}`;
      await page.fill("[name=title]", crane);
      await page.fill("[name=detail]", "Its brake is **slow**.");
      await page.click("#items .item-form button:has-text('Add')");
      await page.locator("#items .item", { hasText: crane }).waitFor();
      await axe(page);
      assert.equal(await overflow(page), 0);
      await screenshot(page, `handoff-draft-${theme}-${size}`);
      await sendTo(page, "Plant Maintenance");
      await axe(page);
      await screenshot(page, `handoff-sent-${theme}-${size}`);
      await page.goto("/handoffs");
      await axe(page);
      assert.equal(await overflow(page), 0);
      await screenshot(page, `handoffs-${theme}-${size}`);
      await page.goto("/handoffs/teams/" + (await page.locator("a:has-text('How we hand off')").getAttribute("href")).split("/")[3] + "/edit");
      await axe(page);
    });
  }
}

test("a draft saves itself, and what could not be sent is sent later, also from a new tab", async (t) => {
  const page = await deck.pageOf(t, LEAD);
  await begin(page, "Over a lost connection");
  await page.locator("#section-0-body").pressSequentially("Crane 3");
  await page.locator("#section-0-status", { hasText: "Saved by" }).waitFor();
  await page.locator("#section-0-body").pressSequentially(" is down");
  await page.locator("#section-0-status", { hasText: "Saved by" }).waitFor();
  assert.equal(await page.locator("#section-0-body").inputValue(), "Crane 3 is down");
  expectProblem(page, /ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/);
  await page.context().setOffline(true);
  await page.locator("#section-0-body").pressSequentially(" until noon");
  await page.locator("#section-0-status", { hasText: "cannot be reached" }).waitFor();
  const address = page.url();
  await page.context().setOffline(false);
  const tab = await page.context().newPage();
  await tab.goto(address);
  await tab.locator("#section-0-status", { hasText: "Saved by" }).waitFor();
  await tab.waitForFunction(() => document.querySelector("#section-0-body").value.endsWith("until noon"));
  await tab.waitForFunction(() => !("unsaved" in document.querySelector("#section-0").dataset));
  await tab.reload();
  assert.equal((await tab.locator("#section-0-body").inputValue()).trim(), "Crane 3 is down until noon");
});

test("two who write in one part see both, and what another writes comes by itself", async (t) => {
  const lead = await deck.pageOf(t, LEAD);
  await begin(lead, "By two");
  const other = await deck.pageOf(t, LEAD);
  expectProblem(other, /409/);
  await other.goto(lead.url());
  // Where somebody is, nothing is put in their way.
  await other.locator("#section-0-body").focus();
  await lead.locator("#section-0-body").fill("From the first");
  await lead.locator("#section-0-status", { hasText: "Saved by" }).waitFor();
  await lead.locator("#section-1-body").fill("Storm at night");
  // What was begun here is not overwritten by what comes.
  await other.locator("#section-0-body").fill("From the second");
  await other.locator("#section-0 .theirs", { hasText: "From the first" }).waitFor();
  assert.equal((await other.locator("#section-0-body").inputValue()).trim(), "From the second");
  await other.click("#section-0 button:has-text('Save mine')");
  await status(other).filter({ hasText: "Saved by" }).waitFor();
});

test("it is asked about, answered and accepted in the receiver's own words", async (t) => {
  const lead = await deck.pageOf(t, LEAD);
  await begin(lead, "To be understood");
  await sendTo(lead, "Plant Maintenance");
  const member = await deck.pageOf(t, MEMBER, { viewport: PHONE });
  await member.goto(lead.url());
  await member.fill("#question", "Which crane?");
  await member.click("button:has-text('Ask')");
  await member.locator("#questions li", { hasText: "Which crane?" }).waitFor();
  await lead.goto(lead.url());
  await lead.locator("#questions textarea[name=answer]").fill("Number 3");
  await lead.click("#questions button:has-text('Answer')");
  await lead.locator("#questions .answer", { hasText: "Number 3" }).waitFor();
  expectProblem(member, /422/);
  await member.fill("[name=synthesis]", "ok");
  await member.click("button:has-text('Accept')");
  await member.locator(".invalid-feedback:visible").waitFor();
  await member.fill("[name=synthesis]", "Crane 3 is down, I call the fitter first.");
  await member.click("button:has-text('Accept')");
  await member.locator("#handoff-side .synthesis", { hasText: "I call the fitter" }).waitFor();
  await axe(member);
  await screenshot(member, "handoff-accepted-phone");
  await member.goto(member.url() + "/print");
  await member.locator(".handoff-sheet").waitFor();
  await screenshot(member, "handoff-print-phone");
});

test("without scripts it is written, sent and declined by plain forms", async (t) => {
  const lead = await deck.pageOf(t, LEAD, { javaScriptEnabled: false });
  await begin(lead, "Plain");
  await lead.fill("#section-0-body", "Written without scripts");
  await lead.click("#section-0 button[type=submit]");
  await lead.fill("[name=title]", "Watch the pump");
  await lead.click("#items > .item-form button");
  await lead.locator(".item", { hasText: "Watch the pump" }).waitFor();
  await sendTo(lead, "Plant Maintenance");
  const member = await deck.pageOf(t, MEMBER, { javaScriptEnabled: false });
  await member.goto(lead.url());
  await member.click("summary:has-text('Decline')");
  await member.fill("[name=reason]", "I am ill");
  await member.click("button:has-text('Decline')");
  await member.locator("#handoff-side", { hasText: "I am ill" }).waitFor();
});

function overflow(page) {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}
