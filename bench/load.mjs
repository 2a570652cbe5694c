// Times the table of accounts from the address to the painted rows, on loopback, in headless Chromium, beside the page
// in plain/ that shows the same rows in plain JavaScript. `cargo xtask bench load` starts this.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// The packages are those of the browser tests.
const require = createRequire(new URL("../e2e/package.json", import.meta.url));
const { chromium } = require("@playwright/test");

const RUNS = 15;
const TABLE = "/accounts?state=OK";
const PLAIN = "/bench-plain";
const LIST = "/api/marketplace-offering-users/?";

const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const data = mkdtempSync(join(tmpdir(), "purser-bench-"));
const server = spawn(process.env.PURSER_BINARY, ["demo", "--listen", `127.0.0.1:${port}`, "--data", data], {
  stdio: ["ignore", "ignore", "inherit"],
});
try {
  await isUp();
  await measure();
} finally {
  // It may have ended by itself; then there is nothing to wait for.
  if (server.exitCode === null && server.kill("SIGINT")) await once(server, "exit");
  rmSync(data, { recursive: true, force: true });
}

async function measure() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  const token = await signIn();
  const { list, rows } = await whatTheAppAsks(browser, token);
  const times = { app: { first: [], again: [] }, plain: { first: [], again: [] } };
  for (let run = 0; run < RUNS; run++) {
    // In turns, so that a machine that is busy for a while is so for both.
    for (const [name, path] of [["app", TABLE], ["plain", `${PLAIN}?${new URLSearchParams({ list })}`]]) {
      const context = await newContext(browser, token, rows);
      const page = await context.newPage();
      times[name].first.push(await painted(page, path));
      times[name].again.push(await painted(page, path));
      await context.close();
    }
  }
  print(times, rows, browser.version());
  await browser.close();
}

/** A browser that knows nothing yet but the token, and notes when the rows were painted. */
async function newContext(browser, token, rows) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(noteWhenPainted, { token, rows });
  const plain = (name, contentType) => ({
    contentType,
    body: readFileSync(new URL(`plain/${name}`, import.meta.url)),
  });
  // Only its own files pass through the test driver; what both pages ask of the server does not.
  await context.route(`${address}${PLAIN}?*`, (route) => route.fulfill(plain("index.html", "text/html; charset=utf-8")));
  await context.route(`${address}/bench-plain.js`, (route) => route.fulfill(plain("plain.js", "text/javascript")));
  return context;
}

/** Runs in the page, before anything else of it. */
function noteWhenPainted({ token, rows }) {
  sessionStorage.setItem("purser.token", token);
  const observer = new MutationObserver(() => {
    if (document.querySelectorAll("tbody tr a[href^='/accounts/']").length < rows) return;
    observer.disconnect();
    // A frame is painted after its animation callbacks; a message comes in after that.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (window.rowsPaintedAt = performance.now());
      port2.postMessage(null);
    });
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** Milliseconds from the start of the navigation until the rows are painted. */
async function painted(page, path) {
  await page.goto(address + path, { waitUntil: "commit" });
  const at = await page.waitForFunction(() => window.rowsPaintedAt, undefined, { timeout: 30_000 });
  return at.jsonValue();
}

/** The list request of the app, and how many rows it brings: the plain page is given the same. */
async function whatTheAppAsks(browser, token) {
  const context = await newContext(browser, token, 1);
  const page = await context.newPage();
  const answer = page.waitForResponse((it) => it.request().method() === "GET" && it.url().includes(LIST));
  await page.goto(address + TABLE);
  const response = await answer;
  const rows = (await response.json()).length;
  await context.close();
  if (rows === 0) throw new Error(`${TABLE} shows no rows, so there is nothing to time.`);
  return { list: response.url().slice(address.length), rows };
}

async function signIn() {
  const answer = await fetch(`${address}/api-auth/password/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "stella", password: "demo" }),
  });
  if (!answer.ok) throw new Error(`Signing in failed: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).token;
}

async function isUp() {
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

function print({ app, plain }, rows, version) {
  const [cpu] = cpus();
  console.log(`\n${cpu?.model ?? "an unknown processor"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Chromium ${version}`);
  console.log(`${TABLE}, ${rows} rows painted, median of ${RUNS} runs (fastest to slowest), on loopback\n`);
  for (const [when, title] of [["first", "first visit, nothing cached"], ["again", "second visit, files cached"]]) {
    console.log(title);
    console.log(`  Purser            ${figures(app[when])}`);
    console.log(`  plain JavaScript  ${figures(plain[when])}`);
    console.log(`  ratio             ${(median(app[when]) / median(plain[when])).toFixed(2)}`);
  }
}

function figures(times) {
  const [fastest, slowest] = [Math.min(...times), Math.max(...times)];
  return `${median(times).toFixed(0).padStart(5)} ms  (${fastest.toFixed(0)} to ${slowest.toFixed(0)})`;
}

function median(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
