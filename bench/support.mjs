// What the measurements in a browser share.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// The packages are those of the browser tests.
const require = createRequire(new URL("../e2e/package.json", import.meta.url));
const { chromium } = require("@playwright/test");

/** The tests' Chromium, without a window. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** Starts `purser demo` on new data, gives its address to `work`, and stops it afterwards. */
export async function withServer(args, work) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const data = mkdtempSync(join(tmpdir(), "purser-bench-"));
  const listen = ["--listen", `127.0.0.1:${port}`, "--data", data];
  const server = spawn(process.env.PURSER_BINARY, ["demo", ...listen, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  try {
    await isUp(server, address);
    await work(address);
  } finally {
    // It may have ended by itself; then there is nothing to wait for.
    if (server.exitCode === null && server.kill("SIGINT")) await once(server, "exit");
    rmSync(data, { recursive: true, force: true });
  }
}

async function isUp(server, address) {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`purser stopped (${server.exitCode}).`);
    const answer = await fetch(`${address}/api/configuration/`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error("purser did not answer within 30 s.");
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** The token of somebody of the demo. */
export async function signIn(address, username) {
  const answer = await fetch(`${address}/api-auth/password/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password: "demo" }),
  });
  if (!answer.ok) throw new Error(`Signing in failed: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).token;
}

/** On what was measured. */
export function machine(browser) {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpu?.model ?? "an unknown processor"}, ${cpus().length} cores, ${memory} GB, Chromium ${browser.version()}`;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
