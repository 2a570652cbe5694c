// Chooses eight files of ten megabytes, saves them, and measures what that costs the page: memory of the browser's
// processes beyond what they had before, the longest task, and the time. `cargo xtask bench form` starts this; by hand:
//   CHROMIUM=$(command -v chromium) PURSER_BINARY=target/dist/purser node bench/files.mjs

import { randomFillSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { launch, signIn, withServer } from "./support.mjs";

const FILES = 8;
const MEGABYTE = 1 << 20;
const SIZE = 10 * MEGABYTE;
/** Peak of the page's process beyond what it had before, in sizes of the largest file. */
const MOST_MEMORY = 2.5;
/** Milliseconds. */
const LONGEST_TASK = 50;

const CHECKLIST = {
  uuid: "5f1e0000000000000000000000000001",
  name: "Files",
  questions: [
    {
      uuid: "5f1e0000000000000000000000000002",
      description: "Which documents belong to it?",
      question_type: "multiple_files",
      order: 1,
      max_files_count: FILES,
      max_file_size_mb: SIZE / MEGABYTE,
    },
  ],
};

const folder = mkdtempSync(join(tmpdir(), "purser-bench-"));
const checklists = join(folder, "checklists.json");
writeFileSync(checklists, JSON.stringify([CHECKLIST]));
const files = makeFiles();
async function measure(address) {
  const browser = await launch();
  const token = await signIn(address, "alice");
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  await context.addInitScript(noteLongTasks, token);
  const page = await context.newPage();
  const account = await accountOf(address, token);
  await page.goto(`${address}/accounts/${account}/checklist`);
  const input = page.locator("input[type=file]");
  await input.waitFor({ state: "attached" });
  await sleep(1000);
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const meter = new Meter(await processes(browser));
  // On the page's own clock, as the tasks are.
  const now = () => page.evaluate(() => performance.now());

  const start = await now();
  meter.begin();
  await input.setInputFiles(files);
  await page.locator(".files__item").nth(FILES - 1).waitFor();
  const chosen = await now();
  const afterChoosing = meter.peaks();
  await page.locator("form button[type=submit]").click();
  const save = page.locator(".sheet__foot .button--primary");
  await save.waitFor();
  const checked = await now();
  await save.click();
  await page.locator(".upload").waitFor();
  await page.locator(".upload").waitFor({ state: "detached", timeout: 120_000 });
  const saved = await now();
  const afterSaving = meter.peaks();
  await meter.end();
  const stored = await storedSizes(address, token, account);
  if (stored.length !== FILES || stored.some((it) => it !== SIZE)) {
    throw new Error(`The server has files of ${stored.join(", ") || "no"} bytes: ${await page.locator("main").innerText()}`);
  }
  const tasks = await page.evaluate(() => window.longTasks);
  const longest = (from, to) => Math.max(0, ...tasks.filter(([at]) => at >= from && at < to).map(([, length]) => length));
  const most = afterSaving.renderer / SIZE;
  console.log(`\n${FILES} files of ${SIZE / MEGABYTE} MB chosen and saved, Chromium ${browser.version()}, on loopback`);
  const line = (name, from, to) =>
    console.log(`  ${name.padEnd(28)}${(to - from).toFixed(0).padStart(6)} ms, longest task ${longest(from, to).toFixed(0).padStart(4)} ms`);
  line("choosing", start, chosen);
  line("opening the check page", chosen, checked);
  line("preparing and sending", checked, saved);
  console.log(`  page's process beyond what it had: ${megabytes(afterChoosing.renderer)} when chosen, ${megabytes(afterSaving.renderer)} when saved,`);
  console.log(`    ${most.toFixed(2)} times the largest file (at most ${MOST_MEMORY}): ${verdict(most <= MOST_MEMORY)}`);
  const others = Object.entries(afterSaving).filter(([type]) => type !== "renderer");
  console.log(`  other processes, which hold the body: ${others.map(([type, bytes]) => `${type} ${megabytes(bytes)}`).join(", ")}`);
  const work = Math.max(longest(start, chosen), longest(checked, saved));
  console.log(`  longest task with files ${work.toFixed(0)} ms (none is to be longer than ${LONGEST_TASK}): ${verdict(work <= LONGEST_TASK)}`);
  await browser.close();
}

function verdict(holds) {
  if (!holds) process.exitCode = 1;
  return holds ? "holds" : "DOES NOT HOLD";
}

/** Runs in the page, before anything else of it. */
function noteLongTasks(token) {
  sessionStorage.setItem("purser.token", token);
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longTasks.push([task.startTime, task.duration]);
  }).observe({ type: "longtask" });
}

/** The browser's processes by their type, the page's as `renderer`. */
async function processes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo;
}

/** Watches how much memory belongs to each process, shared memory by its share. */
class Meter {
  constructor(processes) {
    this.processes = processes;
  }

  begin() {
    this.before = this.now();
    this.most = { ...this.before };
    this.running = this.run();
  }

  async run() {
    while (!this.ended) {
      const now = this.now();
      for (const type of Object.keys(now)) this.most[type] = Math.max(this.most[type] ?? 0, now[type]);
      await sleep(20);
    }
  }

  now() {
    const sums = {};
    for (const { id, type } of this.processes) {
      let rollup = "";
      try {
        rollup = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
      } catch {
        // It has ended.
      }
      sums[type] = (sums[type] ?? 0) + Number(/^Pss: +(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
    }
    return sums;
  }

  /** The most each had at once beyond what it had before. */
  peaks() {
    return Object.fromEntries(Object.entries(this.most).map(([type, most]) => [type, most - (this.before[type] ?? 0)]));
  }

  async end() {
    this.ended = true;
    await this.running;
  }
}

function makeFiles() {
  mkdirSync(join(folder, "chosen"));
  const bytes = randomFillSync(Buffer.alloc(SIZE));
  return Array.from({ length: FILES }, (_, at) => {
    const path = join(folder, "chosen", `measurements ${at + 1}.bin`);
    bytes[0] = at;
    writeFileSync(path, bytes);
    return path;
  });
}

async function ask(address, path, token) {
  const answer = await fetch(address + path, { headers: { authorization: `Token ${token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function accountOf(address, token) {
  const accounts = await ask(address, "/api/marketplace-offering-users/?page_size=200", token);
  const account = accounts.find((it) => it.offering_name === CHECKLIST.uuid);
  if (!account) throw new Error("There is no account for the checklist.");
  return account.uuid;
}

async function storedSizes(address, token, account) {
  const { questions } = await ask(address, `/api/marketplace-offering-users/${account}/checklist/`, token);
  return (questions[0].existing_answer?.answer_data ?? []).map((it) => it.size);
}

function megabytes(bytes) {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

try {
  await withServer(["--load", checklists], measure);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
