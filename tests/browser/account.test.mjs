// One's own account: the password, the second factor by an app and by passkeys, sessions and tokens, in all themes and
// sizes; and the log-in with each of them.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import { axe, expectProblem, screenshot, startDeck, THEMES, VIEWPORTS } from "./harness.mjs";

const deck = await startDeck();
after(() => deck.close());

/** Passkeys are bound to a name; an address of numbers has none. */
const NAMED = deck.url.replace("127.0.0.1", "localhost");

const SCREENS = {
  overview: "/account",
  "second-factor": "/account/second-factor",
  "second-factor-app": "/account/second-factor/app/new",
  sessions: "/account/sessions",
  tokens: "/account/tokens",
};

for (const theme of THEMES) {
  for (const [size, viewport] of Object.entries(VIEWPORTS)) {
    test(`the account's pages, ${theme}, ${size}`, async (t) => {
      const page = await deck.pageOf(t, "viewer", { theme, viewport });
      for (const [name, path] of Object.entries(SCREENS)) {
        await page.goto(path);
        await page.locator(".nav-tabs .active").waitFor();
        await axe(page);
        assert.equal(await overflow(page), 0, `${path} is wider than the window`);
        await screenshot(page, `account-${name}-${theme}-${size}`);
      }
      const login = await deck.newPage(t, { theme, viewport, url: NAMED });
      await login.goto("/login");
      await axe(login);
      await screenshot(login, `account-login-${theme}-${size}`);
    });
  }
}

test("an app is set up, asked for at the log-in, and a recovery code opens too", async (t) => {
  const page = await deck.newPage(t);
  await deck.login(page, "team lead");
  await page.goto("/account/second-factor");
  await page.click("text=Set an app up");
  const secret = (await page.locator("code.secret").innerText()).replaceAll(" ", "");
  expectProblem(page, /status (of )?422/);
  await page.fill("[name=code]", "000000");
  await page.click("main button:has-text('Set up')");
  await page.locator(".invalid-feedback").waitFor();
  await screenshot(page, "account-app-422");
  await page.fill("[name=code]", code(secret, -1));
  await page.click("main button:has-text('Set up')");
  await page.locator(".recovery-codes").waitFor();
  await axe(page);
  await screenshot(page, "account-recovery-codes");
  const recovery = await page.locator(".recovery-codes code").first().innerText();
  await page.click("text=I have kept them");
  await page.locator("text=An app is set up").waitFor();
  await screenshot(page, "account-app-set-up");

  const again = await deck.newPage(t);
  await deck.login(again, "team lead");
  assert.equal(new URL(again.url()).pathname, "/login/second-factor");
  await axe(again);
  await screenshot(again, "account-second-step");
  await again.fill("[name=code]", code(secret, 0));
  await again.click("[type=submit]");
  await again.waitForURL((url) => url.pathname === "/");

  const lost = await deck.newPage(t);
  await deck.login(lost, "team lead");
  await lost.fill("[name=code]", recovery);
  await lost.click("[type=submit]");
  await lost.waitForURL((url) => url.pathname === "/");
});

test("a passkey is added, logs in without a password, and is removed", async (t) => {
  const page = await deck.newPage(t, { url: NAMED });
  const device = await authenticator(page);
  await deck.login(page, "member");
  await page.goto("/account/second-factor");
  await page.fill("[name=name]", "Laptop");
  await page.click("text=Add a passkey");
  await page.locator(".passkeys li", { hasText: "Laptop" }).waitFor();
  await axe(page);
  await screenshot(page, "account-passkey");

  await logOut(page);
  await device.plugIn();
  await page.click("text=Log in with a passkey");
  await page.waitForURL((url) => url.pathname === "/");
  await logOut(page);
  // After the password the passkey is the second factor.
  await deck.fillLogin(page, "member");
  assert.equal(new URL(page.url()).pathname, "/login/second-factor");
  await device.plugIn();
  await page.click("text=Use a passkey");
  await page.waitForURL((url) => url.pathname === "/");

  await page.goto("/account/second-factor");
  await page.locator(".passkeys button").click();
  await page.locator(".alert-success").waitFor();
  assert.equal(await page.locator(".passkeys").count(), 0);
  // The device still has it; the portal knows it no more.
  await logOut(page);
  expectProblem(page, /status (of )?422/);
  await device.plugIn();
  await page.click("text=Log in with a passkey");
  await page.locator(".alert-danger").waitFor();
  await device.remove();
});

test("who cannot show who they are at the device is told so", async (t) => {
  const page = await deck.newPage(t, { url: NAMED });
  await authenticator(page, { isUserVerified: false });
  await page.goto("/login");
  await page.click("text=Log in with a passkey");
  await page.locator("[data-passkey-problem]:not([hidden])").waitFor();
  assert.match(await page.locator("[data-passkey-problem]").innerText(), /Nothing was signed/);
});

test("a password is changed, and the other browser has to log in again", async (t) => {
  const [here, there] = [await deck.newPage(t), await deck.newPage(t)];
  await deck.login(here, "viewer");
  await deck.login(there, "viewer");
  await here.goto("/account");
  expectProblem(here, /status (of )?422/);
  const [old, fresh] = ["harbour-master-demo", "seven grey herons"];
  await change(here, old, "password1234");
  await here.locator(".invalid-feedback", { hasText: "tried first" }).waitFor();
  await axe(here);
  await screenshot(here, "account-password-422");
  await change(here, old, fresh);
  await here.locator(".alert-success", { hasText: "is changed" }).waitFor();
  await there.goto("/account");
  assert.equal(new URL(there.url()).pathname, "/login");
  await change(here, fresh, old);
  await here.locator(".alert-success").waitFor();
});

test("without scripts everything but passkeys works", async (t) => {
  const page = await deck.newPage(t, { javaScriptEnabled: false });
  await deck.login(page, "administrator");
  await page.goto("/account/tokens");
  await page.fill("[name=name]", "Report");
  await page.check("[name='scope.people.read']");
  await page.click("text=Make the token");
  assert.match(await page.locator("code.secret").innerText(), /^qd_/);
  await page.goto("/account/second-factor");
  assert.ok(await page.locator("text=This browser offers no passkeys here.").isVisible());
  assert.ok(!(await page.locator("form[data-passkey]").isVisible()));
});

async function change(page, old, fresh) {
  await page.fill("[name=old]", old);
  await page.fill("[name=password]", fresh);
  await page.fill("[name=again]", fresh);
  await page.click("text=Change the password");
}

async function logOut(page) {
  await page.goto("/account");
  await page.click("[title='Log out']");
  await page.waitForURL("**/login");
}

/** A device without a person, which says yes at once. The browser forgets it with some navigations: plug it in again. */
async function authenticator(page, { isUserVerified = true } = {}) {
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified };
  const credentials = new Map();
  // With each use it counts on, which the portal looks at.
  const keep = ({ credential }) => credentials.set(credential.credentialId, credential);
  let debug, authenticatorId;
  async function plugIn() {
    await debug?.detach();
    debug = await page.context().newCDPSession(page);
    debug.on("WebAuthn.credentialAdded", keep);
    debug.on("WebAuthn.credentialAsserted", keep);
    await debug.send("WebAuthn.enable");
    ({ authenticatorId } = await debug.send("WebAuthn.addVirtualAuthenticator", { options }));
    for (const credential of credentials.values()) await debug.send("WebAuthn.addCredential", { authenticatorId, credential });
  }
  await plugIn();
  return { plugIn, remove: () => debug.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }) };
}

/** RFC 6238, six digits of SHA-1, some steps of half a minute from now. */
function code(secret, steps) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function overflow(page) {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}
