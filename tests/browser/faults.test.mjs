// The server is away for a while: the page says so, offers to try again, and what was typed is not lost.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { expectProblem, startDeck } from "./harness.mjs";
import { addressOf, cellOf, goTo, openMatrix, ratingPath, showsText } from "./matrix.mjs";

const FILTERS = { category: "Planning and flow", team: "Plant Maintenance" };
const PERSON = "Bruno Keller";

const FAULTS = {
  "no connection": { answer: (route) => route.abort("connectionrefused"), problem: /ERR_CONNECTION_REFUSED|Failed to fetch/, text: "The server cannot be reached." },
  "502 of a proxy": { answer: (route) => route.fulfill({ status: 502, body: "<h1>Bad gateway</h1>" }), problem: /502/, text: "The server could not answer (502)." },
};

const deck = await startDeck();
after(() => deck.close());

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`a form that cannot be saved keeps what was typed: ${name}`, async (t) => {
    const page = await deck.pageOf(t, "administrator");
    await openMatrix(page, FILTERS);
    const cell = await cellOf(page, PERSON, "Berth planning");
    await cell.td.click();
    await cell.form.locator("[name=level]").selectOption("3");
    await cell.form.locator("[name=note]").fill(`typed, ${name}`);
    const mend = await breakDown(page, fault, cell);
    await cell.form.locator("[type=submit]").click();
    const toast = page.locator("#toasts .alert", { hasText: fault.text });
    await toast.waitFor();
    assert.equal(await cell.form.locator("[name=note]").inputValue(), `typed, ${name}`);
    assert.equal(await page.locator("h1").innerText(), "Skills matrix");

    await mend();
    await toast.getByText("Try again").click();
    await cell.form.waitFor({ state: "detached" });
    await showsText(cell.td, "3");
    await toast.waitFor({ state: "detached" });
  });

  test(`a level that cannot be saved can be sent again: ${name}`, async (t) => {
    const page = await deck.pageOf(t, "administrator");
    await openMatrix(page, FILTERS);
    const cell = await cellOf(page, PERSON, "Rail loading");
    const before = await cell.td.innerText();
    const [key, shown] = before.trim() === "4" ? ["1", "1"] : ["4", "4"];
    await goTo(page, cell);
    const mend = await breakDown(page, fault, cell);
    await page.keyboard.press(key);
    const toast = page.locator("#toasts .alert", { hasText: fault.text });
    await toast.waitFor();
    assert.equal(await cell.td.innerText(), before);
    await mend();
    await toast.getByText("Try again").click();
    await showsText(cell.td, shown);
  });
}

test("a link that leads nowhere for the moment leaves the page as it is", async (t) => {
  const page = await deck.pageOf(t, "administrator");
  await page.goto("/people/new");
  await page.fill("[name=name]", "Una Berg");
  const { answer, problem, text } = FAULTS["no connection"];
  expectProblem(page, problem);
  await page.route("**/people", answer);
  await page.click("main a:has-text('Cancel')");
  await page.locator("#toasts .alert", { hasText: text }).waitFor();
  assert.equal(await page.inputValue("[name=name]"), "Una Berg");
  await page.unroute("**/people");
  await page.click("text=Try again");
  await page.locator("h1", { hasText: "People" }).waitFor();
});

async function breakDown(page, fault, cell) {
  expectProblem(page, fault.problem);
  const isCell = (url) => ratingPath(url.href) === addressOf(cell);
  await page.route(isCell, fault.answer);
  return () => page.unroute(isCell);
}
