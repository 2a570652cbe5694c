// Purser in a real browser. `cargo xtask test` sets everything up and runs this; by hand, from this folder:
//   CHROMIUM=$(command -v chromium) PURSER_BINARY=../target/dist/purser npx playwright test

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { defineConfig, devices } from "@playwright/test";

// Another port lets two working copies be tested at the same time.
const address = `127.0.0.1:${process.env.PURSER_E2E_PORT ?? "18080"}`;
const binary = process.env.PURSER_BINARY;
if (!binary) throw new Error("PURSER_BINARY has to name the built server: `cargo xtask dist` leaves it at target/dist/purser.");

export default defineConfig({
  testDir: "tests",
  // One server with one database, on machines with few processors.
  workers: 1,
  fullyParallel: false,
  // A test that only passes the second time is a test that fails.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["html", { open: "never" }]],
  use: {
    baseURL: `http://${address}`,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    // Tests wait for what a person can see, not for things to stop moving.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"],
    },
  },
  projects: [
    { name: "desktop", use: { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } } },
    { name: "phone", use: { ...devices["Pixel 7"] } },
    // Has its own server, and a browser's memory for each schedule.
    { name: "faults", testDir: "faults", use: { trace: "off", screenshot: "off" } },
  ],
  webServer: {
    command: `"${binary}" demo --listen ${address} --data "${dataFolder()}"`,
    url: `http://${address}/`,
    reuseExistingServer: false,
    // It stops cleanly, as when somebody presses Ctrl-C.
    gracefulShutdown: { signal: "SIGINT", timeout: 5_000 },
    timeout: 60_000,
  },
});

/** A new database for each run. Workers read this file again, but the server is not theirs to start. */
function dataFolder(): string {
  if (process.env.TEST_WORKER_INDEX !== undefined) return "";
  const folder = mkdtempSync(join(tmpdir(), "purser-e2e-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
