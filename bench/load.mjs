// Times the table of accounts from the address to the painted rows, on loopback, in headless Chromium, beside the page
// in plain/ that shows the same rows in plain JavaScript. `cargo xtask bench load` starts this.

import { readFileSync } from "node:fs";

import { launch, machine, median, signIn, withServer } from "./support.mjs";

const RUNS = 15;
const TABLE = "/accounts?state=OK";
const PLAIN = "/bench-plain";
const LIST = "/api/marketplace-offering-users/?";

await withServer([], measure);

async function measure(address) {
  const browser = await launch();
  const token = await signIn(address, "stella");
  const { list, rows } = await whatTheAppAsks(browser, address, token);
  const times = { app: { first: [], again: [] }, plain: { first: [], again: [] } };
  for (let run = 0; run < RUNS; run++) {
    // In turns, so that a machine that is busy for a while is so for both.
    for (const [name, path] of [["app", TABLE], ["plain", `${PLAIN}?${new URLSearchParams({ list })}`]]) {
      const context = await newContext(browser, address, token, rows);
      const page = await context.newPage();
      times[name].first.push(await painted(page, address + path));
      times[name].again.push(await painted(page, address + path));
      await context.close();
    }
  }
  print(times, rows, machine(browser));
  await browser.close();
}

/** A browser that knows nothing yet but the token, and notes when the rows were painted. */
async function newContext(browser, address, token, rows) {
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
async function painted(page, url) {
  await page.goto(url, { waitUntil: "commit" });
  const at = await page.waitForFunction(() => window.rowsPaintedAt, undefined, { timeout: 30_000 });
  return at.jsonValue();
}

/** The list request of the app, and how many rows it brings: the plain page is given the same. */
async function whatTheAppAsks(browser, address, token) {
  const context = await newContext(browser, address, token, 1);
  const page = await context.newPage();
  const answer = page.waitForResponse((it) => it.request().method() === "GET" && it.url().includes(LIST));
  await page.goto(address + TABLE);
  const response = await answer;
  const rows = (await response.json()).length;
  await context.close();
  if (rows === 0) throw new Error(`${TABLE} shows no rows, so there is nothing to time.`);
  return { list: response.url().slice(address.length), rows };
}

function print({ app, plain }, rows, machine) {
  console.log(`\n${machine}`);
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
