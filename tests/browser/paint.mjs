// How soon a key shows in a window of 200 people × 60 skills: node paint.mjs. Prints milliseconds (least, median, greatest)
// of an arrow key to the next paint, and of a level's digit to its cell painted, without what the network took.

import { startDeck } from "./harness.mjs";

const PEOPLE = 200;
const SKILLS = 60;
const ARROWS = 60;
const SAVES = 30;

const deck = await startDeck({ demo: true });
const ends = [];
try {
  const page = await deck.newPage({ after: (end) => ends.push(end) }, { viewport: { width: 1440, height: 900 } });
  await deck.login(page, "administrator");
  await importSheet(page);
  await page.goto("/skills");
  await page.goto(`/skills?category=${await categoryId(page)}&lines=${PEOPLE + 16}&columns=${SKILLS}`);
  await page.locator("#grid [tabindex='0']").waitFor();
  const size = await page.evaluate(() => [document.querySelectorAll("#grid tbody tr[data-p]").length, document.querySelector("#grid .skills").cells.length]);
  console.log(`window: ${size.join(" × ")} cells`);
  report("arrow key to next paint", await arrows(page));
  report("save to painted, without the network", await saves(page));
} finally {
  for (const end of ends) await end();
  await deck.close();
}

async function importSheet(page) {
  const names = Array.from({ length: SKILLS }, (_, n) => `Measure ${String(n).padStart(2, "0")}`);
  const lines = ["name,email,team,category,skill,level"];
  for (let person = 0; person < PEOPLE; person++) {
    for (const [n, skill] of names.entries()) {
      if ((person * 7 + n * 3) % 10 < 5) lines.push(`Person ${String(person).padStart(3, "0")},p${person}@paint.example,A team ${Math.floor(person / 20)},A measure,${skill},${(person + n) % 5}`);
    }
  }
  await page.goto("/skills/imports");
  await page.setInputFiles("input[type=file]", { name: "measure.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await page.click("main button:has-text('Preview')");
  await page.locator("main form button", { hasText: "Import" }).click({ timeout: 60_000 });
  await page.locator("h1", { hasText: "Imported" }).waitFor({ timeout: 120_000 });
}

function categoryId(page) {
  return page.locator("#filter-category option", { hasText: "A measure" }).getAttribute("value");
}

async function arrows(page) {
  await page.locator("#grid [tabindex='0']").focus();
  await page.evaluate(() => { window.times = []; });
  for (let n = 0; n < ARROWS; n++) {
    await page.evaluate(() => {
      document.addEventListener("keydown", (event) => {
        const began = event.timeStamp;
        requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => window.times.push(performance.now() - began); port2.postMessage(0); });
      }, { once: true, capture: true });
    });
    await page.keyboard.press(n % 6 === 5 ? "ArrowDown" : n % 2 ? "ArrowRight" : "ArrowDown");
    await page.waitForFunction((count) => window.times.length > count, n);
  }
  return page.evaluate(() => window.times);
}

async function saves(page) {
  const times = [];
  for (let n = 0; n < SAVES; n++) {
    const level = String(n % 4);
    times.push(await page.evaluate((level) => new Promise((resolve) => {
      const td = document.activeElement;
      const place = [td.parentElement, td.cellIndex];
      performance.clearResourceTimings();
      const began = performance.now();
      const watch = new MutationObserver(() => {
        const now = place[0].cells[place[1]];
        if (!now.classList.contains("flash-changed")) return;
        watch.disconnect();
        requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => {
          const took = performance.now() - began;
          const sent = performance.getEntriesByType("resource").find((entry) => entry.name.includes("/skills/ratings/"));
          resolve([took - (sent.responseEnd - sent.requestStart), took]);
        }; port2.postMessage(0); });
      });
      watch.observe(place[0], { childList: true });
      td.dispatchEvent(new KeyboardEvent("keydown", { key: level, bubbles: true, cancelable: true }));
    }), level));
    await page.keyboard.press("ArrowDown");
    await page.waitForTimeout(150);
  }
  return times.map(([own]) => own);
}

function report(what, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part) => sorted[Math.round(part * (sorted.length - 1))].toFixed(1);
  console.log(`${what}: ${at(0)}  ${at(0.5)}  ${at(1)} ms`);
}
