// A long import: it goes on by itself, tells how far it is, and is taken back as a whole.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { VIEWPORTS, axe, screenshot, startDeck } from "./harness.mjs";

const SKILLS = 60;

const deck = await startDeck();
after(() => deck.close());

/** More ratings than are written while a browser waits. */
function file(people, team) {
  const skills = Array.from({ length: SKILLS }, (_, n) => `Drill ${n}`);
  const rows = Array.from({ length: people }, (_, n) => [`${team} ${n}`, `${team.replaceAll(" ", ".")}.${n}@harbour.example`, team, ...skills.map(() => "1")]);
  return [["name", "email", "team", ...skills], ...rows].map((row) => row.join(",")).join("\r\n");
}

async function upload(page, csv) {
  await page.goto("/skills/imports");
  await page.setInputFiles("input[type=file]", { name: "drills.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.click("main button:has-text('Preview')");
  await page.locator("h1", { hasText: "Preview" }).waitFor();
}

for (const [width, viewport] of Object.entries(VIEWPORTS)) {
  test(`a long import tells how far it is, and is taken back, ${width}`, async (t) => {
    const page = await deck.pageOf(t, "administrator", { viewport });
    const team = `Reserve ${width}`;
    await upload(page, file(200, team));
    await page.click("main button:has-text('Import')");
    await page.locator("h1", { hasText: "Importing" }).waitFor();
    assert.equal(await page.locator("progress").count(), 1);
    await screenshot(page, `imports-running-${width}`);
    await axe(page);
    // Nobody touches the page: it asks by itself.
    await page.locator("h1", { hasText: "Imported" }).waitFor({ timeout: 120_000 });
    await page.locator("text=12000 ratings new").waitFor();
    await page.click("main button:has-text('Undo this import')");
    await page.locator("text=Taken back: drills.csv, 12000 ratings.").waitFor({ timeout: 120_000 });
    await page.goto(`/people?text=${encodeURIComponent(team)}`);
    assert.equal(await page.locator(`text=${team} 1`).count(), 0);
  });
}

test("without scripts a link looks again", async (t) => {
  const page = await deck.pageOf(t, "administrator", { javaScriptEnabled: false });
  await upload(page, file(200, "Plain"));
  await page.click("main button:has-text('Import')");
  for (let look = 0; look < 120 && (await page.locator("text=Look again").count()) > 0; look += 1) {
    await page.click("text=Look again");
    await new Promise((done) => setTimeout(done, 500));
  }
  await page.locator("h1", { hasText: "Imported" }).waitFor();
  await page.click("main button:has-text('Undo this import')");
  await page.locator("text=Taken back: drills.csv, 12000 ratings.").waitFor();
});
