// Projects: cards are dragged by mouse and moved by keyboard, fields are edited where they stand, conflicts show both values,
// a card returns when the server cannot be reached, and all of it is there without scripts.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axe, expectProblem, PHONE, startDeck, THEMES } from "./harness.mjs";

const deck = await startDeck();
after(() => deck.close());

const LEAD = "team lead";
const ADMINISTRATOR = "administrator";

async function until(holds, what) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`waited in vain for ${what}`);
}

async function openBoard(page, project = "CRANE") {
  await openListening(page, `/projects/${project}/board`);
  await page.locator("#board .task-card").first().waitFor();
}

const cardOf = (page, title) => page.locator("#board .task-card", { hasText: title });
const columnOf = (page, name) => page.locator("#board .column").filter({ has: page.locator("h2", { hasText: new RegExp(`^${name}$`) }) });
const isIn = (page, title, column) => columnOf(page, column).locator(".task-card", { hasText: title }).count();

async function drag(page, card, target) {
  const [from, to] = [await card.boundingBox(), await target.boundingBox()];
  await page.mouse.move(from.x + from.width / 2, from.y + 14);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 10, from.y + 24, { steps: 3 });
  await page.mouse.move(to.x + to.width / 2, to.y + 60, { steps: 8 });
  await page.mouse.up();
}

const saved = (page) => page.waitForResponse((response) => response.url().includes("/placement") && response.status() === 200);

/** Opens a page and waits until it listens to what others change. */
async function openListening(page, path) {
  await Promise.all([page.waitForResponse((response) => response.url().includes("/live?")), page.goto(path)]);
}

/** Adds a task of its own, so that tests do not meet on one. */
async function add(page, line, project = "CRANE") {
  await page.goto(`/projects/${project}`);
  await page.fill("#quick-add", line);
  await page.keyboard.press("Enter");
  await page.locator(".task-link", { hasText: line.split(" @")[0].split(" !")[0] }).first().waitFor();
}

test("a card is dragged by mouse, and everybody who looks on sees it", async (t) => {
  const [lead, other] = [await deck.pageOf(t, LEAD), await deck.pageOf(t, ADMINISTRATOR)];
  await add(lead, "Dragged by mouse");
  await openBoard(lead);
  await openBoard(other);
  const answer = saved(lead);
  await drag(lead, cardOf(lead, "Dragged by mouse"), columnOf(lead, "Review").locator(".cards"));
  await answer;
  await until(() => isIn(lead, "Dragged by mouse", "Review"), "the card in Review");
  await until(() => isIn(other, "Dragged by mouse", "Review"), "the card in Review on the other page");
  await lead.reload();
  assert.equal(await isIn(lead, "Dragged by mouse", "Review"), 1);
  await axe(lead);
});

test("a card is taken up, moved and put down by keyboard, or left where it was", async (t) => {
  const page = await deck.pageOf(t, LEAD);
  await add(page, "Moved by keyboard");
  await openBoard(page);
  const card = cardOf(page, "Moved by keyboard");
  await card.locator("a").focus();
  await page.keyboard.press("Space");
  assert.match(await page.innerText("#board-news"), /is taken up/);
  await page.keyboard.press("ArrowRight");
  assert.equal(await isIn(page, "Moved by keyboard", "To do"), 1);
  await page.keyboard.press("Escape");
  assert.equal(await isIn(page, "Moved by keyboard", "Backlog"), 1);
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  const answer = saved(page);
  await page.keyboard.press("Space");
  await answer;
  await until(() => page.evaluate(() => document.activeElement.closest(".task-card")?.textContent.includes("Moved by keyboard")), "the focus on the card");
  await page.reload();
  assert.equal(await isIn(page, "Moved by keyboard", "To do"), 1);
});

test("a card that is dragged while the server is away returns, with a message", async (t) => {
  const page = await deck.pageOf(t, LEAD);
  await add(page, "Dragged offline");
  await openBoard(page);
  expectProblem(page, /ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/);
  await page.context().setOffline(true);
  await drag(page, cardOf(page, "Dragged offline"), columnOf(page, "Review").locator(".cards"));
  await page.locator("#toasts", { hasText: "cannot be reached" }).waitFor();
  await until(() => isIn(page, "Dragged offline", "Backlog"), "the card back in its column");
  await page.context().setOffline(false);
});

test("a card that somebody else moved meanwhile goes where they put it", async (t) => {
  const [lead, other] = [await deck.pageOf(t, LEAD), await deck.pageOf(t, ADMINISTRATOR)];
  await add(lead, "Moved by two");
  await openBoard(lead);
  // This page hears of what the other one does, but what it asks for then does not come.
  expectProblem(lead, /status of 409|ERR_FAILED|htmx:error/);
  await lead.route(/\/card(\?|$)/, (route) => route.abort());
  await openBoard(other);
  const answer = saved(other);
  await drag(other, cardOf(other, "Moved by two"), columnOf(other, "To do").locator(".cards"));
  await answer;
  await drag(lead, cardOf(lead, "Moved by two"), columnOf(lead, "Review").locator(".cards"));
  await lead.locator("#toasts", { hasText: "It stays there." }).waitFor();
  await until(() => isIn(lead, "Moved by two", "To do"), "the card where the other one put it");
});

test("fields of a row are edited where they stand", async (t) => {
  const page = await deck.pageOf(t, LEAD);
  await add(page, "Edited in its row");
  const row = page.locator("tr[data-t]", { hasText: "Edited in its row" });
  await row.locator("[data-f=status]").click();
  await row.locator(".field-form select").selectOption({ label: "In progress" });
  await row.locator(".status", { hasText: "In progress" }).waitFor();
  await row.locator("[data-f=priority]").click();
  await row.locator(".field-form select").selectOption({ label: "Urgent" });
  await row.locator(".prio.p4").waitFor();
  await row.locator("[data-f=assignees]").click();
  await row.locator(".field-form label", { hasText: "Aisha Rahman" }).click();
  await axe(page);
  await row.locator(".field-form [type=submit]").click();
  await row.locator(".face[title='Aisha Rahman']").waitFor();
  await row.locator("[data-f=due]").click();
  await row.locator(".field-form").waitFor();
  await page.keyboard.press("Escape");
  await row.locator(".field-form").waitFor({ state: "detached" });
});

test("of two who edit a title the second sees both and loses neither", async (t) => {
  const [lead, other] = [await deck.pageOf(t, LEAD), await deck.pageOf(t, ADMINISTRATOR)];
  await add(lead, "Named by two");
  await lead.locator(".task-link", { hasText: "Named by two" }).click();
  await lead.locator("#task").waitFor();
  await openListening(other, new URL(lead.url()).pathname);
  for (const page of [lead, other]) {
    await page.locator(".task-heading").hover();
    await page.locator(".task-heading .edit").click();
    await page.locator(".task-heading [name=value]").waitFor();
  }
  await other.fill(".task-heading [name=value]", "Named by the other");
  await other.keyboard.press("Enter");
  await other.locator("h1", { hasText: "Named by the other" }).waitFor();
  expectProblem(lead, /status of 409/);
  await lead.fill(".task-heading [name=value]", "Named by the lead");
  await lead.keyboard.press("Enter");
  await lead.locator(".task-heading .both").waitFor();
  assert.match(await lead.innerText(".task-heading .both"), /Ingrid Halvorsen saved meanwhile\s+Named by the other\s+You typed\s+Named by the lead/);
  await axe(lead);
  await lead.click(".task-heading [type=submit]");
  await lead.locator("h1", { hasText: "Named by the lead" }).waitFor();
  await other.locator("h1", { hasText: "Named by the lead" }).waitFor();
});

test("a comment appears for everybody, and the line for the next one is empty", async (t) => {
  const [lead, other] = [await deck.pageOf(t, LEAD), await deck.pageOf(t, ADMINISTRATOR)];
  await add(lead, "Talked about");
  await lead.locator(".task-link", { hasText: "Talked about" }).click();
  await lead.locator("#comment-body").waitFor();
  // The address follows the page.
  await lead.waitForURL(/\/projects\/tasks\/\d+$/);
  await openListening(other, new URL(lead.url()).pathname);
  await lead.fill("#comment-body", "Look at **this**, @ingrid.halvorsen");
  await lead.click("#comment-form [type=submit]");
  await lead.locator("#comments strong", { hasText: "this" }).waitFor();
  await other.locator("#comments strong", { hasText: "this" }).waitFor();
  await until(async () => (await lead.inputValue("#comment-body")) === "", "an empty field");
  await axe(lead);
});

test("rows are walked over, chosen and changed by keyboard, and that is taken back", async (t) => {
  const page = await deck.pageOf(t, ADMINISTRATOR);
  await page.goto("/projects/ICE");
  await page.locator("tr[data-t]").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.locator(".bulk-count", { hasText: "2 tasks" }).waitFor();
  await page.selectOption("#bulk [name=priority]", { label: "Urgent" });
  await axe(page);
  await page.click("#bulk [type=submit]");
  await page.locator(".undoable", { hasText: "Priority changed in 2 tasks." }).waitFor();
  assert.equal(await page.locator(".prio.p4").count(), 2);
  await page.click(".undoable button");
  await page.locator(".alert", { hasText: "Taken back, in 2 tasks." }).waitFor();
  assert.equal(await page.locator(".prio.p4").count(), 0);
  await page.keyboard.press("?");
  await page.locator("dialog.keys-help").waitFor();
  await axe(page);
});

test("a filter counts while it is typed, and its address shows the same", async (t) => {
  const page = await deck.pageOf(t, LEAD);
  await page.goto("/projects/CRANE");
  await page.fill(".task-filter [name=q]", "anemometer");
  await until(async () => (await page.locator("tr[data-t]").count()) === 1, "one row");
  assert.equal(await page.evaluate(() => document.activeElement.name), "q");
  assert.match(page.url(), /q=anemometer/);
  await page.reload();
  assert.equal(await page.locator("tr[data-t]").count(), 1);
  await page.click(".project-tabs >> text=Board");
  await until(async () => (await page.locator(".task-card").count()) === 2, "the cards of the filter");
});

test("without scripts a task is added, changed and talked about", async (t) => {
  const page = await deck.pageOf(t, LEAD, { javaScriptEnabled: false });
  await page.goto("/projects/CRANE");
  await page.fill("#quick-add", "Made without scripts !low");
  await page.click(".quick-add [type=submit]");
  await page.click("text=Made without scripts");
  await page.click("dd[data-f=status] .edit");
  await page.selectOption("[name=value]", { label: "Review" });
  await page.click("form.field-form [type=submit]");
  assert.match(await page.innerText("dd[data-f=status]"), /Review/);
  await page.fill("#comment-body", "Plainly");
  await page.click("#comment-form [type=submit]");
  assert.match(await page.innerText("#comments"), /Plainly/);
  await page.goto("/projects/CRANE/board");
  assert.ok((await page.locator(".task-card").count()) > 5);
});

for (const theme of THEMES) {
  for (const [name, viewport] of [["desktop", undefined], ["phone", PHONE]]) {
    test(`every screen is accessible: ${theme}, ${name}`, async (t) => {
      const page = await deck.pageOf(t, LEAD, { theme, ...(viewport && { viewport }) });
      for (const path of ["/projects", "/projects/work", "/projects/new", "/projects/CRANE", "/projects/CRANE/board", "/projects/CRANE/about",
        "/projects/CRANE/calendar", "/projects/CRANE/timeline", "/projects/CRANE/statistics", "/projects/CRANE/team", "/projects/board", "/projects/feed",
        "/projects/CRANE/edit", "/projects/CRANE/tasks/new", "/projects/CRANE/tasks/14", "/projects/views"]) {
        await page.goto(path);
        await axe(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${path} is ${wide} pixels too wide`);
      }
    });
  }
}
