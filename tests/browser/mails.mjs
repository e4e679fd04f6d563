// Mails that the server wrote into its folder, as somebody reads them.

import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { until } from "./matrix.mjs";

/** The newest mail to an address, once there are `count` of them: its text, decoded. */
export async function mailTo(folder, address, count = 1) {
  let found = [];
  await until(() => {
    found = all(folder).filter((mail) => mail.head.includes(`To: ${address}\r\n`));
    return found.length >= count;
  }, `${count} mails to ${address} in ${folder}`);
  return found.at(-1).text;
}

/** The path of the first link in a text that leads to `path`. */
export function linkIn(text, path) {
  return text.match(new RegExp(`https?://[^/\\s]+(${path}\\S*)`))[1];
}

function all(folder) {
  if (!existsSync(folder)) return [];
  // The names begin with the time at which a mail was written, and its number.
  const names = readdirSync(folder).filter((name) => name.endsWith(".eml"));
  const order = (name) => name.split(/[-.]/).slice(0, 2).map(Number);
  names.sort((one, two) => order(one)[0] - order(two)[0] || order(one)[1] - order(two)[1]);
  return names.map((name) => {
    const raw = readFileSync(join(folder, name), "utf8");
    const [head, ...body] = raw.split("\r\n\r\n");
    return { head: `${head}\r\n`, text: decoded(head, body.join("\r\n\r\n")) };
  });
}

function decoded(head, body) {
  if (/^Content-Transfer-Encoding: base64/m.test(head)) return Buffer.from(body, "base64").toString();
  if (!/^Content-Transfer-Encoding: quoted-printable/m.test(head)) return body;
  const bytes = body.replaceAll("=\r\n", "").replace(/=([0-9A-F]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(bytes, "latin1").toString();
}
