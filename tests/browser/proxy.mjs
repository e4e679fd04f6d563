// A way to the server that can be cut: connections break, and new ones are refused until it is mended.

import { createServer, connect } from "node:net";

/** Resolves to { url, cut, mend, stop }. */
export async function startProxy(target) {
  const { hostname, port } = new URL(target);
  const open = new Set();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return client.destroy();
    const upstream = connect(Number(port), hostname);
    for (const [socket, other] of [[client, upstream], [upstream, client]]) {
      open.add(socket);
      socket.pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => { open.delete(socket); other.destroy(); });
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const cut = () => { isCut = true; for (const socket of open) socket.destroy(); };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut,
    mend: () => { isCut = false; },
    stop: () => { cut(); return new Promise((closed) => server.close(closed)); },
  };
}
