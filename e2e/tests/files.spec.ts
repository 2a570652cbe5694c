// Files: checked before they are taken, named when they are refused, kept when anything goes wrong on their way.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { expectAccessible } from "../support/accessible.ts";
import { Server } from "../support/server.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const NAME = "f11e0000000000000000000000000001";
const ONE = "Which one shows your approval?";
const SEVERAL = "Which documents belong to it?";
const CHECKLIST = {
  uuid: NAME,
  name: "Documents",
  questions: [
    {
      uuid: "f11e0000000000000000000000000002",
      description: SEVERAL,
      question_type: "multiple_files",
      order: 1,
      allowed_file_types: [".txt", ".pdf"],
      allowed_mime_types: ["text/*"],
      max_file_size_mb: 1,
      max_files_count: 3,
    },
    { uuid: "f11e0000000000000000000000000003", description: ONE, question_type: "file", order: 2 },
  ],
};

const say = words("en");
const server = new Server(18091, [CHECKLIST]);
const folder = mkdtempSync(join(tmpdir(), "purser-e2e-files-"));

test.use({ baseURL: server.address });
test.beforeAll(() => server.start());
test.afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const text = (name: string, content = `This is ${name}.\n`) => ({ name, mimeType: "", buffer: Buffer.from(content) });

async function openForm(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: /alice/ }).click();
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await page.getByRole("link", { name: NAME }).click();
  await page.getByRole("link", { name: say("account.answer") }).click();
  await expect(page.getByRole("heading", { level: 1, name: CHECKLIST.name })).toBeVisible();
}

const question = (page: Page, words: string) => page.getByRole("listitem").filter({ hasText: words }).first();
const picker = (place: Locator) => place.locator("input[type=file]");
const remove = (place: Locator, name: string | RegExp = /./) =>
  place.getByRole("button", { name: typeof name === "string" ? `${say("checklist.remove_file")} ${name}` : new RegExp(`^${say("checklist.remove_file")}`) });
const dismiss = (place: Locator, name: string) => place.getByRole("button", { name: `${say("common.dismiss")} ${name}` });

test("files are checked by name, content, size and number, and a refusal says which and why", async ({ page }) => {
  await openForm(page);
  const several = question(page, SEVERAL);
  const refused = (name: string, reason: string) => several.getByText(say("checklist.file_refused", { name, reason }), { exact: true }).first();

  await test.step("each refusal names the file and the reason", async () => {
    await picker(several).setInputFiles([
      text("good.txt"),
      text("photo.exe"),
      text("empty.txt", ""),
      { name: "really a picture.txt", mimeType: "text/plain", buffer: Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1") },
      text("large.txt", "x".repeat((1 << 20) + 1)),
    ]);
    await expect(remove(several)).toHaveCount(1);
    await expect(refused("photo.exe", say("problem.file_extension", { allowed: ".txt, .pdf" }))).toBeVisible();
    await expect(refused("empty.txt", say("problem.file_empty"))).toBeVisible();
    const found = { found: "image/png", allowed: "text/*" };
    await expect(refused("really a picture.txt", say("problem.file_type", found))).toBeVisible();
    await expect(refused("large.txt", say("problem.file_size", { size: "1 MB" }))).toBeVisible();
    await expect(several.getByRole("status")).toContainText(say("checklist.file_added", { name: "good.txt" }));
    await expect(several.getByRole("status")).toContainText("photo.exe");
    await expectAccessible(page);
  });

  await test.step("refusals can be dismissed, one after the other, without losing the focus", async () => {
    await dismiss(several, "photo.exe").click();
    await expect(dismiss(several, "empty.txt")).toBeFocused();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect(dismiss(several, "large.txt")).toHaveCount(0);
    await expect(picker(several)).toBeFocused();
  });

  await test.step("the same file can be chosen again, two may share a name, and all choices are counted", async () => {
    await picker(several).setInputFiles(text("good.txt"));
    await expect(remove(several, "good.txt")).toHaveCount(2);
    await picker(several).setInputFiles([text("third.txt"), text("fourth.txt")]);
    await expect(remove(several)).toHaveCount(3);
    await expect(several.getByText(say("checklist.file_too_many", { name: "fourth.txt" })).first()).toBeVisible();
  });

  await test.step("after a removal the focus is at the next file, then at the picker", async () => {
    await remove(several).first().click();
    await expect(remove(several)).toHaveCount(2);
    await expect(remove(several).first()).toBeFocused();
    await expect(several.getByRole("status")).toHaveText(say("checklist.file_removed", { name: "good.txt" }));
    await dismiss(several, "fourth.txt").click();
    await remove(several).last().click();
    await expect(picker(several)).toBeFocused();
    await expect(remove(several, "good.txt")).toHaveCount(1);
  });

  await test.step("files can be dropped; one beside the place does not open in the place of the page", async () => {
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["dropped\n"], "dropped.txt"));
      return transfer;
    });
    const place = several.locator(".files");
    await place.dispatchEvent("dragover", { dataTransfer: dropped });
    await expect(place).toHaveClass(/files--over/);
    await place.dispatchEvent("drop", { dataTransfer: dropped });
    await expect(place).not.toHaveClass(/files--over/);
    await expect(remove(several, "dropped.txt")).toHaveCount(1);
    const prevented = await page.evaluate((dataTransfer) => {
      const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
      return !document.querySelector("h1")!.dispatchEvent(event);
    }, dropped);
    expect(prevented).toBe(true);
    await expect(remove(several)).toHaveCount(2);
  });

  await test.step("another single file takes the place of the first", async () => {
    const one = question(page, ONE);
    await picker(one).setInputFiles(text("first.txt"));
    await expect(remove(one, "first.txt")).toHaveCount(1);
    await picker(one).setInputFiles(text("second.txt"));
    await expect(remove(one, "second.txt")).toHaveCount(1);
    await expect(remove(one)).toHaveCount(1);
  });

  await test.step("long names fit on a small screen", async () => {
    await picker(question(page, ONE)).setInputFiles(text(`${"Isikuandmete töötlemise nõusolek – 研究参加同意書 ".repeat(4)}.txt`));
    await page.setViewportSize({ width: 320, height: 700 });
    await expectAccessible(page);
  });
});

test("files show how far they are, can be stopped, survive what goes wrong, and are saved in the end", async ({ page, expectError }) => {
  test.setTimeout(120_000);
  await openForm(page);
  const one = question(page, ONE);
  const path = join(folder, "measurements.bin");
  writeFileSync(path, Buffer.alloc(3_000_000, "0123456789"));
  await picker(one).setInputFiles(path);
  await expect(remove(one, "measurements.bin")).toHaveCount(1);
  await page.getByRole("button", { name: say("checklist.check") }).click();
  const save = page.getByRole("button", { name: say("check.save_single", { count: "1" }) });
  const network = await page.context().newCDPSession(page);
  const upload = (bytesPerSecond: number) =>
    network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond });

  await test.step("stopped on the way, nothing is saved and everything is still there", async () => {
    await upload(300_000);
    await save.click();
    const bar = page.getByRole("progressbar", { name: say("upload.label") });
    await expect(bar).toBeVisible();
    await expect(page.getByText(say("upload.sending")).first()).toBeAttached();
    await expectAccessible(page);
    await page.getByRole("button", { name: say("upload.cancel") }).click();
    await expect(page.getByText(say("upload.cancelled"))).toBeVisible();
    await expect(bar).toHaveCount(0);
    await expect(page.locator(".file__name", { hasText: "measurements.bin" })).toBeVisible();
    await upload(-1);
  });

  await test.step("the connection is cut", async () => {
    expectError(/submit_answers/);
    await page.route("**/submit_answers/", (route) => route.abort());
    await save.click();
    await expect(page.getByText(say("check.kept"))).toBeVisible();
    await page.unroute("**/submit_answers/");
  });

  await test.step("the server fails", async () => {
    await page.route("**/submit_answers/", (route) => route.fulfill({ status: 502, body: "<h1>Bad gateway</h1>" }));
    await save.click();
    await expect(page.getByText(say("error.server"))).toBeVisible();
    await page.unroute("**/submit_answers/");
  });

  await test.step("the file on the disk is changed", async () => {
    writeFileSync(path, "something else");
    await save.click();
    await expect(page.getByText(say("upload.unreadable", { name: "measurements.bin" }))).toBeVisible();
  });

  await test.step("chosen again, it is saved as it is", async () => {
    await page.getByRole("link", { name: say("check.back") }).click();
    await remove(one, "measurements.bin").click();
    writeFileSync(path, Buffer.alloc(1_234_567, "abcdefghijk"));
    await picker(one).setInputFiles(path);
    await page.getByRole("button", { name: say("checklist.check") }).click();
    await save.click();
    await expect(page.getByText(say("check.complete"))).toBeVisible();
    expect(await download(page)).toEqual(readFileSync(path));
  });

  await test.step("a download that the server does not allow is explained", async () => {
    expectError(/api\/media.*|404/);
    await page.route("**/api/media/**", (route) => route.fulfill({ status: 404, json: { detail: "Not found." } }));
    await page.getByRole("button", { name: `${say("checklist.download")} measurements.bin` }).click();
    await expect(page.getByText(say("checklist.file_not_shared", { name: "measurements.bin" }))).toBeVisible();
  });
});

test("an answer that was lost on the way back does not look as if somebody else had answered", async ({ page, expectError }) => {
  await openForm(page);
  const several = question(page, SEVERAL);
  await picker(several).setInputFiles([text("a.txt"), text("b.txt")]);
  await expect(remove(several)).toHaveCount(2);
  expect(await download(several, "a.txt")).toEqual(Buffer.from("This is a.txt.\n"));
  await page.getByRole("button", { name: say("checklist.check") }).click();
  expectError(/submit_answers/);
  await page.route("**/submit_answers/", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: say("check.save_single", { count: "1" }) }).click();
  await expect(page.getByText(say("check.saved_single", { count: "1" }))).toBeVisible();
  await expect(page.locator(".file__name", { hasText: "b.txt" })).toBeVisible();
});

/** What comes when a file is asked for by its button. */
async function download(place: Page | Locator, name = ""): Promise<Buffer> {
  const page = "page" in place ? place.page() : place;
  const coming = page.waitForEvent("download");
  await place.getByRole("button", { name: `${say("checklist.download")} ${name}`.trim() }).first().click();
  const file = await coming;
  return readFileSync(await file.path());
}
