// Every screen opens in both themes and widths, without an error in the console and without a finding of axe.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { THEMES, VIEWPORTS, axe, screenshot, startDeck } from "./harness.mjs";

const SCREENS = { dashboard: "/", skills: "/skills" };

const deck = await startDeck();
after(() => deck.close());

for (const theme of THEMES) {
  for (const [width, viewport] of Object.entries(VIEWPORTS)) {
    test(`log-in, ${theme}, ${width}`, async (t) => {
      const page = await deck.newPage(t, { theme, viewport });
      await page.goto("/login");
      await checkScreen(page, `login-${width}-${theme}`);
    });

    for (const [name, path] of Object.entries(SCREENS)) {
      test(`${name}, ${theme}, ${width}`, async (t) => {
        const page = await deck.newPage(t, { theme, viewport });
        await deck.login(page, "administrator");
        const response = await page.goto(path);
        assert.equal(response.status(), 200);
        assert.equal(new URL(page.url()).pathname, path);
        await checkScreen(page, `${name}-${width}-${theme}`);
      });
    }
  }
}

test("logging in works without JavaScript", async (t) => {
  const page = await deck.newPage(t, { javaScriptEnabled: false });
  await deck.login(page, "member");
  const response = await page.goto("/skills");
  assert.equal(response.status(), 200);
  assert.equal(new URL(page.url()).pathname, "/skills");
});

async function checkScreen(page, name) {
  await screenshot(page, name);
  assert.ok(await page.locator("h1").first().isVisible(), "the screen has a heading");
  await assertNoSidewaysScrolling(page);
  await axe(page);
}

async function assertNoSidewaysScrolling(page) {
  const [content, room] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(content <= room, `the page is ${content} pixels wide in a window of ${room}`);
}
