// Takes the README's pictures of the example organisation: node pictures.mjs FOLDER. A page with an error in its console
// or a violation of its policy ends it, as in a test.

import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { PHONE, startDeck } from "./harness.mjs";

const WINDOW = { width: 1280, height: 800 };
const MOST_BYTES = 200_000;
const RATINGS = join(import.meta.dirname, "../data/ratings-wide.csv");

const folder = process.argv[2];
if (!folder) throw new Error("name the folder for the pictures");
mkdirSync(folder, { recursive: true });

const deck = await startDeck();
try {
  await picture("matrix-light", {}, showMatrix);
  await picture("matrix-dark", { theme: "dark" }, async (page) => {
    await showMatrix(page);
    await openCell(page);
  });
  await picture("matrix-phone", { viewport: PHONE }, showMatrix);
  await picture("person", {}, showPerson);
  await picture("import-preview", {}, showPreview);
} finally {
  await deck.close();
}

async function picture(name, options, show) {
  const ends = [];
  const page = await deck.newPage({ after: (end) => ends.push(end) }, { viewport: WINDOW, ...options });
  await deck.login(page, "administrator");
  await show(page);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  for (const end of ends) await end();
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes; at most ${MOST_BYTES} belong into a repository`);
  console.log(`${path}  ${Math.round(size / 1000)} KB`);
}

async function showMatrix(page) {
  await page.goto("/skills");
  await page.locator("#grid tbody tr[data-p]").first().waitFor();
}

/** The form of a cell that has a level. */
async function openCell(page) {
  await page.locator("#grid tbody td.lq4").nth(2).click();
  await page.locator("td.editing form").waitFor();
}

async function showPerson(page) {
  await showMatrix(page);
  await page.goto(await page.locator("#grid tbody th.person a").nth(1).getAttribute("href"));
  await page.locator("h1").first().waitFor();
}

async function showPreview(page) {
  await page.goto("/skills/imports");
  await page.setInputFiles("input[type=file]", RATINGS);
  await page.click("form[enctype] [type=submit]");
  await page.waitForURL(/\/skills\/imports\/\d+/);
}
