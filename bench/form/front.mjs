import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, createServer, request } from "node:http";

/** One address for both: the plain page's own files, and all else from Purser. */
export async function serveBoth(target) {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, answer) => {
    const { method, url, headers } = incoming;
    if (url.startsWith("/bench-plain/")) {
      const script = url.endsWith(".js");
      answer.setHeader("content-type", script ? "text/javascript" : "text/html; charset=utf-8");
      answer.end(readFileSync(new URL(`../plain/form.${script ? "js" : "html"}`, import.meta.url)));
      return;
    }
    const outgoing = request(target + url, { method, headers, agent }, (back) => {
      answer.writeHead(back.statusCode, back.rawHeaders);
      back.pipe(answer);
    });
    outgoing.on("error", () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${server.address().port}`, close };
}
