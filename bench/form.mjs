// Measures the checklist form beside the page in plain/ that does the same work in plain JavaScript, in headless
// Chromium on loopback, in the same run and in turns. `cargo xtask bench form` starts this.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { serveBoth } from "./form/front.mjs";
import { chain, fan } from "./form/lists.mjs";
import { stopwatch } from "./form/stopwatch.mjs";
import { launch, machine, median, signIn, withServer } from "./support.mjs";

const QUESTIONS = 500;
const OPENINGS_TIMED = 5;
const ROUNDS_OF_TYPING = 2;
const KEYS = 200;
const MILLISECONDS_PER_KEY = 1000 / 15;
const TOGGLES = 20;
const WARM_UP = 20;
const OPENINGS = 200;

const lists = { chain: chain(QUESTIONS), fan: fan(QUESTIONS) };
/** A text question in the middle of the chain; the next one is asked because of it. */
const TYPED_AT = lists.chain.list.questions.findIndex((it, at) => at >= QUESTIONS / 2 && it.question_type === "text_input");

const PAGES = {
  purser: {
    form: (account) => `/accounts/${account}/checklist`,
    open: (account) => `main a[href="/accounts/${account}/checklist"]`,
    close: (account) => `main a[href="/accounts/${account}"]`,
  },
  plain: {
    form: (account) => `/bench-plain/form?account=${account}`,
    open: () => "a.open",
    close: () => "a.close",
  },
};

const folder = mkdtempSync(join(tmpdir(), "purser-bench-form-"));
const file = join(folder, "lists.json");
writeFileSync(file, JSON.stringify(Object.values(lists).map((it) => it.list)));
try {
  await withServer(["--load", file], measure);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(server) {
  const token = await signIn(server, "alice");
  const accounts = await answer(server, token);
  const front = await serveBoth(server);
  const browser = await launch();
  const bench = { address: front.address, browser, token, accounts };
  console.log(`\n${machine(browser)}, on loopback; median (fastest to slowest)\n`);
  try {
    await mounting(bench);
    await typing(bench);
    await toggling(bench);
    await openingAgainAndAgain(bench);
  } finally {
    await browser.close();
    front.close();
  }
}

/** Gives the answers that the lists come with, and says which account each list has. */
async function answer(server, token) {
  const headers = { authorization: `Token ${token}`, "content-type": "application/json" };
  const base = `${server}/api/marketplace-offering-users/`;
  const all = await (await fetch(`${base}?page_size=100`, { headers })).json();
  const accounts = {};
  for (const [name, { list, answers }] of Object.entries(lists)) {
    const account = all.find((it) => it.offering_name === list.uuid).uuid;
    const body = JSON.stringify(answers);
    const stored = await fetch(`${base}${account}/submit_answers/`, { method: "POST", headers, body });
    if (!stored.ok) throw new Error(`The answers were refused: ${await stored.text()}`);
    accounts[name] = account;
  }
  return accounts;
}

/** Runs `look` on the form of a list, in a browser that knows nothing yet but the token. */
async function onForm({ address, browser, token, accounts }, name, list, look) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  await context.addInitScript(stopwatch, { token });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(`${name}: ${error.message}`));
  try {
    const path = (part) => PAGES[name][part](accounts[list]);
    await page.goto(address + path("form"), { waitUntil: "commit" });
    return await look(page, path);
  } finally {
    await context.close();
  }
}

async function inTurns(rounds, look) {
  const results = { purser: [], plain: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(PAGES)) results[name].push(await look(name));
  }
  return results;
}

async function mounting(bench) {
  const results = await inTurns(OPENINGS_TIMED, (name) =>
    onForm(bench, name, "chain", async (page) => {
      const all = await page.evaluate((count) => window.bench.whenShown(count), QUESTIONS);
      const { screenful, longTasks } = await seen(page);
      return { screenful, all, longest: Math.max(0, ...longTasks) };
    }),
  );
  print(`${QUESTIONS} questions, from the address`, "ms", results, {
    "first screenful painted": (it) => it.map(({ screenful }) => screenful),
    "all of them painted": (it) => it.map(({ all }) => all),
    "longest task": (it) => it.map(({ longest }) => longest),
  });
}

async function typing(bench) {
  const results = await inTurns(ROUNDS_OF_TYPING, (name) =>
    onForm(bench, name, "chain", async (page) => {
      await page.evaluate((count) => window.bench.whenShown(count), QUESTIONS);
      await page.locator("li.question").nth(TYPED_AT).locator("input").click();
      await forget(page);
      const keyboard = await page.context().newCDPSession(page);
      for (let typed = 0; typed < KEYS; typed++) {
        const next = sleep(MILLISECONDS_PER_KEY);
        const key = typed % 6 === 5 ? { key: " ", code: "Space", text: " " } : { key: "a", code: "KeyA", text: "a" };
        await keyboard.send("Input.dispatchKeyEvent", { type: "keyDown", ...key });
        await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
        await next;
      }
      const { keys, longTasks } = await seen(page);
      if (keys.length !== KEYS) throw new Error(`${name} saw ${keys.length} of ${KEYS} keys.`);
      return { keys, longTasks };
    }),
  );
  print(`a key in the middle of ${QUESTIONS} questions in a chain, ${ROUNDS_OF_TYPING} times ${KEYS} keys`, "ms", results, {
    "key to paint": (it) => it.flatMap(({ keys }) => keys),
  });
  print("while typing", "", results, { "long tasks": (it) => [it.flatMap(({ longTasks }) => longTasks).length] });
}

async function toggling(bench) {
  const results = await inTurns(1, (name) =>
    onForm(bench, name, "fan", async (page) => {
      await page.evaluate(() => window.bench.whenShown(1));
      const [yes, no] = await page.locator("li.question").first().locator("input[type=radio]").all();
      const press = async (radio, count) => {
        const time = page.evaluate((count) => window.bench.fromPressTo(count), count);
        await radio.click();
        return time;
      };
      // The first time, everything is made.
      await press(yes, QUESTIONS);
      await press(no, 1);
      await forget(page);
      const times = { appear: [], go: [] };
      for (let toggle = 0; toggle < TOGGLES; toggle++) {
        times.appear.push(await press(yes, QUESTIONS));
        times.go.push(await press(no, 1));
      }
      return { ...times, ...(await seen(page)) };
    }),
  );
  print(`the first answer, on which ${QUESTIONS - 1} questions depend, from the press, ${TOGGLES} times`, "ms", results, {
    "they appear": (it) => it.flatMap(({ appear }) => appear),
    "they go": (it) => it.flatMap(({ go }) => go),
  });
}

async function openingAgainAndAgain(bench) {
  const results = await inTurns(1, (name) =>
    onForm(bench, name, "chain", async (page, path) => {
      await page.evaluate((count) => window.bench.whenShown(count), QUESTIONS);
      await page.evaluate(({ open, close }) => window.bench.go(close, () => window.bench.has(open)), { open: path("open"), close: path("close") });
      const openAndClose = (times) =>
        page.evaluate(
          async ({ times, open, close, count }) => {
            for (let time = 0; time < times; time++) {
              await window.bench.go(open, () => window.bench.shownCount() === count);
              await window.bench.go(close, () => window.bench.has(open));
            }
          },
          { times, open: path("open"), close: path("close"), count: QUESTIONS },
        );
      await openAndClose(WARM_UP);
      const before = await held(page);
      await openAndClose(OPENINGS);
      const after = await held(page);
      return Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
    }),
  );
  const grown = (key) => (it) => it.map((one) => one[key]);
  print(`opening and closing ${QUESTIONS} questions ${OPENINGS} times, growth`, "MB", results, {
    "all": grown("all"),
    "JavaScript": grown("script"),
    "elements and the like": grown("embedder"),
    "WebAssembly": grown("wasm"),
  });
  print("", "", results, { "nodes": grown("nodes"), "listeners": grown("listeners") });
}

/** Megabytes that the page holds on to, and how many nodes and listeners. */
async function held(page) {
  // The browser's own notes on each request are none of the page.
  await page.evaluate(() => performance.clearResourceTimings());
  const session = await page.context().newCDPSession(page);
  for (let time = 0; time < 3; time++) await session.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners: listeners } = await session.send("Memory.getDOMCounters");
  const wasm = (await page.evaluate(() => window.bench.wasmBytes())) / 2 ** 20;
  await session.detach();
  const [script, embedder] = [usedSize / 2 ** 20, (embedderHeapUsedSize ?? 0) / 2 ** 20];
  return { all: script + embedder + wasm, script, embedder, wasm, nodes, listeners };
}

/** What the page has noted. */
function seen(page) {
  return page.evaluate(() => {
    const { screenful, keys, longTasks } = window.bench;
    return { screenful, keys, longTasks: longTasks.map((it) => it.duration) };
  });
}

/** Lets the page note anew. */
function forget(page) {
  return page.evaluate(() => {
    window.bench.keys.length = 0;
    window.bench.longTasks.length = 0;
  });
}

function print(title, unit, { purser, plain }, lines) {
  if (title) console.log(title);
  for (const [line, values] of Object.entries(lines)) {
    const [ours, theirs] = [values(purser), values(plain)];
    const ratio = median(theirs) > 0 ? `ratio ${(median(ours) / median(theirs)).toFixed(2)}` : "";
    console.log(`  ${line.padEnd(24)} Purser ${figures(ours, unit)}   plain JavaScript ${figures(theirs, unit)}   ${ratio}`);
  }
}

function figures(values, unit) {
  const digits = unit === "MB" ? 2 : Math.abs(median(values)) < 100 && unit ? 1 : 0;
  const text = (value) => value.toFixed(digits);
  const spread = values.length > 1 ? ` (${text(Math.min(...values))} to ${text(Math.max(...values))})` : "";
  return `${text(median(values)).padStart(6)} ${unit}${spread}`;
}
