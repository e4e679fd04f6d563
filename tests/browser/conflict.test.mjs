// Two people on one cell: the second one sees both values, and neither is lost.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { expectProblem, startDeck } from "./harness.mjs";
import { addressOf, cellOf, focusIsOn, goTo, openMatrix, press, ratingPath, showsText } from "./matrix.mjs";

const FILTERS = { category: "Planning and flow", team: "Plant Maintenance" };
const PERSON = "Aisha Rahman";

const deck = await startDeck();
after(() => deck.close());

// The lead's word is a confirmation, so that it counts either way; the member's own one is kept beside it.
for (const [choice, said] of [["Keep theirs", null], ["Save mine", "Your own level is kept."]]) {
  test(`a cell that somebody else saved meanwhile shows both values: ${choice}`, async (t) => {
    const { lead, member, leads, members } = await twoOn(t, "Berth planning");
    await press(lead, leads, "2", "2");
    await showsText(members.td, "2");

    await members.td.click();
    await members.form.locator("[name=level]").selectOption("1");
    await members.form.locator("[name=note]").fill("as I see it");
    await press(lead, leads, "4", "4");

    expectProblem(member, /status of 409/);
    await members.form.locator("[type=submit]").click();
    const both = members.form.locator(".both");
    await both.waitFor();
    const text = await both.innerText();
    assert.match(text, /Marek Nowak saved meanwhile\s+4/);
    assert.match(text, /You typed\s+1/);
    assert.equal(await members.form.locator("[name=note]").inputValue(), "as I see it");

    await members.form.getByText(choice, { exact: true }).click();
    await members.form.waitFor({ state: "detached" });
    await showsText(members.td, "4");
    if (said) await member.locator("#toasts", { hasText: said }).waitFor();
    await focusIsOn(member, PERSON, "Berth planning");
    await showsText(leads.td, "4");
  });
}

test("a digit on a cell that is not up to date brings the conflict, not a change that nobody saw", async (t) => {
  const { lead, member, leads, members } = await twoOn(t, "Rail loading");
  await press(lead, leads, "2", "2");
  await showsText(members.td, "2");
  await goTo(member, members);
  // The member's browser hears of the change, but what it asks for then is slow.
  const held = await holdBack(member, members);
  await press(lead, leads, "3", "3");
  await held.asked;
  assert.equal(await members.td.innerText(), "2");
  expectProblem(member, /status of 409/);
  await member.keyboard.press("1");
  held.release();
  await members.form.locator(".both").waitFor();
  const text = await members.form.locator(".both").innerText();
  assert.match(text, /saved meanwhile\s+3/);
  assert.match(text, /You typed\s+1/);
  await member.keyboard.press("Escape");
  await showsText(members.td, "3");
});

test("levels pressed faster than the server answers end with the last one", async (t) => {
  const { member, members, leads } = await twoOn(t, "Shift handover");
  await goTo(member, members);
  await member.keyboard.press("1");
  await member.keyboard.press("2");
  await member.keyboard.press("3");
  await showsText(members.td, "3");
  await showsText(leads.td, "3");
});

async function twoOn(t, skill) {
  const [lead, member] = await Promise.all([deck.pageOf(t, "team lead"), deck.pageOf(t, "member")]);
  await openMatrix(lead, FILTERS);
  await openMatrix(member, FILTERS);
  return { lead, member, leads: await cellOf(lead, PERSON, skill), members: await cellOf(member, PERSON, skill) };
}

/** Keeps the answers to what the page asks of a cell until they are released. */
async function holdBack(page, cell) {
  let release;
  let told;
  const released = new Promise((resolve) => { release = resolve; });
  const asked = new Promise((resolve) => { told = resolve; });
  await page.route((url) => ratingPath(url.href) === addressOf(cell), async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const response = await route.fetch();
    told();
    await released;
    await route.fulfill({ response });
  });
  return { asked, release };
}
