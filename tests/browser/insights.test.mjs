// The finder, the pictures and the printable matrix in a browser: typing with suggestions, pictures that show under their
// own policy and follow the theme, and paper.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { inflateSync } from "node:zlib";
import { PHONE, THEMES, axe, expectProblem, screenshot, startDeck } from "./harness.mjs";
import { until } from "./matrix.mjs";

/** Beside the screenshots, to be looked at. */
const FOLDER = join(import.meta.dirname, "screenshots");
mkdirSync(FOLDER, { recursive: true });

const deck = await startDeck();
after(() => deck.close());

const skillNames = (page) => page.locator(".finder-skill").allInnerTexts();

test("skills are typed, suggested, added and removed, and the address can be shared", async (t) => {
  const page = await deck.pageOf(t, "viewer");
  await page.goto("/skills/finder");
  await page.locator("#skill-0").pressSequentially("berth");
  await page.locator("#finder-skills option").first().waitFor({ state: "attached" });
  const suggested = await page.locator("#finder-skills option").first().getAttribute("value");
  assert.match(suggested, /berth/i);
  await page.fill("#skill-0", suggested);
  await page.locator("#skill-0").blur();
  await page.locator(".finder-skill").waitFor();
  await page.locator(".finder-table").first().waitFor();
  await page.locator("#level-0").selectOption("2");
  await until(async () => /level=2/.test(page.url()), "the level in the address");
  await page.click("text=Add another skill");
  await page.locator("#skill-2").waitFor();
  await page.fill("#skill-1", "crane");
  expectProblem(page, /status of 422/);
  await page.click("button:has-text('Find')");
  await page.locator("#skill-1-error").waitFor();
  assert.equal(await page.locator("#skill-1").inputValue(), "crane");
  await page.click("button[name=remove][value='1']");
  await until(async () => (await page.locator("#skill-1-error").count()) === 0, "the row to go");
  assert.equal((await skillNames(page)).length, 1);
  const shared = page.url();
  const found = await page.locator(".finder-table tbody tr").count();
  assert.ok(found > 0);
  const other = await deck.pageOf(t, "member");
  await other.goto(shared);
  assert.equal(await other.locator(".finder-table tbody tr").count(), found);
});

test("the finder works by its form alone", async (t) => {
  const page = await deck.pageOf(t, "viewer", { javaScriptEnabled: false });
  await page.goto("/skills/finder");
  await page.fill("#skill-0", "Berth planning");
  await page.fill("#level-0", "1");
  await page.fill("#skill-1", "Yard planning");
  await page.click("button:has-text('Find')");
  assert.equal((await skillNames(page)).length, 2);
  await page.click("text=Add another skill");
  assert.equal(await page.locator("#skill-3").count(), 1);
  await page.locator(".finder-table a").first().click();
  assert.match(new URL(page.url()).pathname, /^\/skills\/people\/\d+$/);
});

const skillOf = (page) => page.locator("#insight-skill");

test("pictures are drawn at their size, in the colours of the theme", async (t) => {
  for (const theme of THEMES) {
    const page = await deck.pageOf(t, "viewer", { theme });
    await page.goto("/skills/insights/trend");
    await skillOf(page).fill("Berth planning");
    await skillOf(page).blur();
    const image = page.locator(".picture img");
    await image.waitFor();
    await image.evaluate((element) => element.decode());
    const [drawn, wanted] = await image.evaluate((element) => [element.naturalWidth, Number(element.getAttribute("width"))]);
    assert.equal(drawn, wanted);
    assert.ok((await image.getAttribute("alt")).includes("Berth planning"));
    const box = await image.boundingBox();
    const shot = await page.screenshot({ clip: { x: box.x + 2, y: box.y + 2, width: 1, height: 1 } });
    const [red] = pixel(shot);
    assert.ok(theme === "light" ? red > 200 : red < 80, `the picture's ground is ${red} in the ${theme} theme`);
  }
});

/** The first pixel of a PNG of one pixel, whatever its filter: there is nothing before it. */
function pixel(png) {
  const parts = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return [...inflateSync(Buffer.concat(parts)).subarray(1, 4)];
}

test("people are ticked for the radar, at most five", async (t) => {
  const page = await deck.pageOf(t, "viewer");
  await page.goto("/skills/insights/radar");
  await page.selectOption("#insight-team", { label: "Plant Maintenance" });
  await page.locator(".ticks input").first().waitFor();
  // A box that has just come listens only when htmx is done with it.
  await page.evaluate(() => document.addEventListener("htmx:after:settle", () => { document.body.dataset.settled = String(Number(document.body.dataset.settled ?? 0) + 1); }));
  const settled = () => page.evaluate(() => Number(document.body.dataset.settled ?? 0));
  for (let count = 1; count <= 5; count++) {
    const before = await settled();
    await page.locator(".ticks input:not(:checked)").first().click();
    await until(async () => (await page.locator(".picture-beside thead a").count()) === count && (await settled()) > before, `${count} people in the table`);
  }
  assert.equal(await page.locator(".ticks input:not(:checked):not(:disabled)").count(), 0);
  await page.locator(".picture img").evaluate((element) => element.decode());
  await axe(page);
});

/** What is written on each page of a PDF. */
function pagesOf(pdf) {
  const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf, maxBuffer: 64 * 1024 * 1024 }).toString();
  return text.split("\f").filter((page) => page.trim());
}

/** A4 on its side, in the points of a PDF. */
function isLandscape(pdf) {
  const boxes = [...pdf.toString("latin1").matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
  return boxes.length > 0 && boxes.every(([, width, height]) => Math.round(width) === 842 && Math.round(height) === 595);
}

const paper = { preferCSSPageSize: true, printBackground: true };

test("each team is printed on its own landscape pages, with heads", async (t) => {
  const page = await deck.pageOf(t, "viewer", { theme: "dark" });
  await page.goto("/skills/print");
  const tables = await page.locator(".print-grid").count();
  assert.ok(tables > 8, "eight teams, and more skills than fit one page's width");
  const pdf = await page.pdf(paper);
  writeFileSync(join(FOLDER, "print-teams.pdf"), pdf);
  assert.ok(isLandscape(pdf));
  const pages = pagesOf(pdf);
  assert.ok(pages.length >= tables, `${pages.length} pages for ${tables} tables`);
  const year = String(new Date().getUTCFullYear());
  for (const [index, text] of pages.entries()) assert.ok(text.includes("Person") && text.includes(year), `page ${index + 1} has a head:\n${text}`);
  assert.ok(!pages.some((text) => text.includes("Catalogue")), "the navigation stays on the screen");
});

test("a table that goes on over the end of a page has its head again there", async (t) => {
  const page = await deck.pageOf(t, "viewer");
  await page.goto("/skills/print?pages=flow");
  const tables = await page.locator(".print-grid").count();
  const pdf = await page.pdf(paper);
  writeFileSync(join(FOLDER, "print-flow.pdf"), pdf);
  const pages = pagesOf(pdf);
  assert.ok(pages.length > tables, `${pages.length} pages for ${tables} tables`);
  for (const [index, text] of pages.entries()) assert.ok(text.includes("Person"), `page ${index + 1} has a head:\n${text}`);
  const people = await page.locator(".print-grid tbody tr:not(.team)").count();
  const names = await page.locator(".print-grid").first().locator("tbody th.person").allInnerTexts();
  for (const name of names) assert.equal(pages.filter((text) => text.includes(name.trim())).length, tables, `${name} stands once in each block`);
  assert.equal(people, names.length * tables);
});

test("the finder and the pictures fit a phone", async (t) => {
  const page = await deck.pageOf(t, "viewer", { viewport: PHONE });
  for (const path of ["/skills/finder?skill=11&level=L&skill=12&level=U", "/skills/insights/radar?team=2&person=1", "/skills/print?team=2"]) {
    await page.goto(path);
    await screenshot(page, `insights-phone-${path.split("?")[0].replaceAll("/", "-").slice(1)}`);
    const [content, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(content <= room, `${path} is ${content} pixels wide in a window of ${room}`);
  }
});
