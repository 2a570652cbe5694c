// Nothing typed is lost, nothing typed is seen by anybody else, and nothing stays after signing out.

import type { BrowserContext, Page } from "@playwright/test";

import { expectAccessible } from "../support/accessible.ts";
import { ON_DISK, SOFTWARE, databases, loot, openForm, openTab, signIn } from "../support/journal.ts";
import { Server } from "../support/server.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const say = words("en");
const TYPED = "Stata 18, and a secret word: Õunapuu";

const software = (page: Page) => page.getByRole("textbox", { name: SOFTWARE });
const email = (page: Page) => page.getByRole("textbox", { name: /E-mail address of the person/ });

test.describe("the journal", () => {
  const server = new Server(18083);
  test.use({ locale: "en", baseURL: server.address });
  test.beforeAll(() => server.start());
  test.afterAll(() => server.remove());

  test("what was typed comes back after a reload, in a new tab and after a crash", async ({ page, context }) => {
    const address = await openForm(page);
    await expect(page.getByText(say("journal.kept"))).toBeVisible();
    await software(page).fill(TYPED);
    await page.waitForTimeout(ON_DISK);
    await page.reload();
    await expect(software(page)).toHaveValue(TYPED);

    // Text that is no answer comes back as it was typed.
    const amount = page.getByRole("textbox", { name: /How much data will you bring/ });
    await amount.fill("12,");
    await page.waitForTimeout(ON_DISK);
    await page.close();
    const second = await openTab(context, address);
    await expect(software(second)).toHaveValue(TYPED);
    await expect(second.getByRole("textbox", { name: /How much data will you bring/ })).toHaveValue("12,");

    await email(second).pressSequentially("pi@ravila.example");
    await second.waitForTimeout(ON_DISK);
    const crashed = second.waitForEvent("crash");
    const session = await context.newCDPSession(second);
    void session.send("Page.crash").catch(() => {});
    await crashed;
    const third = await openTab(context, address);
    await expect(email(third)).toHaveValue("pi@ravila.example");
    await expect(software(third)).toHaveValue(TYPED);
  });

  test("a change that is taken back or saved is no longer kept", async ({ page }) => {
    await openForm(page);
    await software(page).fill(TYPED);
    await page.waitForTimeout(ON_DISK);
    expect((await loot(page)).keys).toHaveLength(2);
    await software(page).fill("");
    await page.waitForTimeout(ON_DISK);
    expect((await loot(page)).keys).toEqual(["keys/key"]);
  });

  test("what is stored can be read by nobody but this app in this browser", async ({ page }) => {
    await openForm(page);
    await software(page).fill(TYPED);
    await page.waitForTimeout(ON_DISK);
    const found = await loot(page);
    expect(found.keys).toHaveLength(2);
    expect(found.bytes.length).toBeGreaterThan(TYPED.length);
    for (const word of ["Stata", "secret", "unapuu", "value", "version"]) {
      expect(found.bytes).not.toContain(word);
      expect(found.bytes).not.toContain([...word].join("\0"));
    }
    expect(found.refusal).toBe("InvalidAccessError");
  });

  test("a record in the place of another is not taken for it", async ({ page, expectError }) => {
    expectError(/A change that was kept is lost: .*cannot be decrypted/);
    await openForm(page);
    await software(page).fill(TYPED);
    await page.waitForTimeout(ON_DISK);
    const question = await email(page).evaluate((it) => it.closest("li")!.querySelector("[id]")!.id);
    await page.evaluate(async (question) => {
      const [{ name }] = (await indexedDB.databases()).filter((it) => it.name?.startsWith("purser-"));
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((good) => (request.onsuccess = () => good(request.result)));
      const database = await done(indexedDB.open(name!));
      const store = database.transaction("changes", "readwrite").objectStore("changes");
      const [key] = (await done(store.getAllKeys())) as string[];
      const record = await done(store.get(key));
      await done(store.put(record, `${key.split("/")[0]}/${question.match(/[0-9a-f]{32}/)![0]}`));
      database.close();
    }, question);
    await page.reload();
    await expect(software(page)).toHaveValue(TYPED);
    await expect(email(page)).toHaveValue("");
    await expect(page.getByText(say("journal.unreadable_single", { count: "1" }))).toBeVisible();
    await page.reload();
    await expect(software(page)).toHaveValue(TYPED);
    await expect(page.getByText(say("journal.unreadable_single", { count: "1" }))).toHaveCount(0);
  });

  test("another person sees nothing of it", async ({ page, context, expectError }) => {
    expectError(/401/);
    const address = await openForm(page);
    await software(page).fill(TYPED);
    await page.waitForTimeout(ON_DISK);
    const other = await openTab(context, address, "stella");
    await expect(software(other)).toHaveValue("");
    expect(await databases(other)).toHaveLength(2);
    // Nor does one who signs in where the session of the first has ended.
    await page.route("**/checklist/**", (route) => route.fulfill({ status: 401, json: { detail: "Invalid token." } }));
    await page.route("**/submit_answers/**", (route) => route.fulfill({ status: 401, json: { detail: "Invalid token." } }));
    await page.goto(address);
    const dialog = page.getByRole("dialog", { name: say("sign_in.again_title") });
    await expect(dialog).toBeVisible();
    await page.unrouteAll();
    await dialog.getByLabel(say("sign_in.username")).fill("stella");
    await dialog.getByLabel(say("sign_in.password")).fill("demo");
    await dialog.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
    await expect(software(page)).toHaveValue("");
    // The first one finds it again.
    const again = await openTab(context, address, "alice");
    await expect(software(again)).toHaveValue(TYPED);
  });

  test("signing out leaves nothing behind, in any tab", async ({ page, context }) => {
    const address = await openForm(page);
    await software(page).fill(TYPED);
    const other = await openTab(context, address);
    await expect(software(other)).toHaveValue(TYPED);
    await email(other).fill("pi@ravila.example");
    await other.waitForTimeout(ON_DISK);
    expect(await databases(page)).toHaveLength(1);
    await page.getByRole("button", { name: say("shell.sign_out") }).click();
    await expect(page.getByRole("heading", { name: say("sign_in.title") })).toBeVisible();
    await expect.poll(() => databases(page)).toEqual([]);
    await expect(software(other)).toHaveValue("");
    await expect(email(other)).toHaveValue("");
    await expect(other.getByText(say("journal.signed_out")).first()).toBeVisible();
    // What the other tab still does brings nothing back.
    await email(other).fill("new@ravila.example");
    await other.waitForTimeout(2 * ON_DISK);
    expect(await databases(page)).toEqual([]);
    await signIn(page, "alice");
    await page.goto(address);
    await expect(software(page)).toHaveValue("");
  });

  test("it is said once that storage is blocked, and typing goes on", async ({ page, context }) => {
    await context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("No storage here.", "SecurityError");
      };
    });
    await openForm(page);
    await expect(page.getByText(say("journal.blocked"))).toHaveCount(1);
    await software(page).fill(TYPED);
    await expect(software(page)).toHaveValue(TYPED);
    await expectAccessible(page);
  });

  test("storage that does not answer holds nobody up, and what was kept still comes", async ({ page, context }) => {
    await openForm(page);
    await software(page).fill(TYPED);
    await page.waitForTimeout(ON_DISK);
    await context.addInitScript(() => {
      const open = IDBFactory.prototype.open;
      const slow = window as typeof window & { answer: () => void };
      IDBFactory.prototype.open = function (...parameters) {
        const real: { request?: IDBOpenDBRequest } = {};
        const request = { readyState: "pending", error: null } as unknown as IDBOpenDBRequest;
        slow.answer = () => {
          IDBFactory.prototype.open = open;
          real.request = open.apply(this, parameters);
          real.request.onsuccess = (event) => {
            Object.assign(request, { readyState: "done", result: real.request!.result });
            request.onsuccess?.(event);
          };
        };
        return request;
      };
    });
    await page.reload();
    await expect(page.getByText(say("journal.slow"))).toBeVisible();
    await expect(software(page)).toHaveValue("");
    await email(page).fill("pi@ravila.example");
    await page.evaluate(() => (window as typeof window & { answer: () => void }).answer());
    await expect(software(page)).toHaveValue(TYPED);
    await expect(page.getByText(say("journal.kept"))).toBeVisible();
    await page.waitForTimeout(ON_DISK);
    expect((await loot(page)).keys).toHaveLength(3);
  });

  test("it is said once that storage is full, typing goes on, and what failed is written later", async ({ page, context }) => {
    await context.addInitScript(() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...parameters) {
        if (this.name === "changes" && !sessionStorage.getItem("room")) {
          throw new DOMException("No room.", "QuotaExceededError");
        }
        return put.apply(this, parameters);
      };
    });
    await openForm(page);
    await software(page).fill(TYPED);
    await expect(page.getByText(say("journal.full"))).toHaveCount(1);
    await software(page).fill(`${TYPED}!`);
    await page.waitForTimeout(ON_DISK);
    await expect(page.getByText(say("journal.full"))).toHaveCount(1);
    await expectAccessible(page);
    expect((await loot(page)).keys).toEqual(["keys/key"]);
    await page.evaluate(() => sessionStorage.setItem("room", "yes"));
    await email(page).fill("pi@ravila.example");
    await expect(page.getByText(say("journal.kept"))).toBeVisible();
    await page.waitForTimeout(ON_DISK);
    expect((await loot(page)).keys).toHaveLength(3);
  });

  test("a tab that saves leaves the changes of another tab alone", async ({ page, context }) => {
    const address = await openForm(page);
    const other = await openTab(context, address);
    await software(page).fill("first");
    await page.waitForTimeout(ON_DISK);
    await software(other).fill("second");
    await other.waitForTimeout(ON_DISK);
    // The first one takes its change back; what is stored is the other's by now.
    await software(page).fill("");
    await page.waitForTimeout(ON_DISK);
    await other.close();
    const again = await openTab(context, address);
    await expect(software(again)).toHaveValue("second");
  });

  test.describe("where the operator says otherwise", () => {
    async function configure(context: BrowserContext, body: string): Promise<void> {
      await context.route("**/config.json", (route) => route.fulfill({ contentType: "application/json", body }));
    }

    test("memory keeps changes as long as the page", async ({ page, context }) => {
      await configure(context, '{"drafts":"memory"}');
      const address = await openForm(page);
      await expect(page.getByText(say("journal.memory"))).toBeVisible();
      await software(page).fill(TYPED);
      await page.waitForTimeout(ON_DISK);
      expect(await databases(page)).toEqual([]);
      await page.getByRole("link", { name: say("checklist.back_to_account") }).first().click();
      await page.getByRole("link", { name: say("account.answer") }).click();
      await expect(software(page)).toHaveValue(TYPED);
      let asked = 0;
      page.on("dialog", (dialog) => {
        asked += 1;
        void dialog.accept();
      });
      await page.goto(address.replace(/\/accounts.*/, "/settings"));
      expect(asked).toBe(1);
      await expect(page.getByRole("radio", { name: say("settings.encrypted") })).toBeDisabled();
      await expect(page.getByText(say("settings.limit_memory"))).toBeVisible();
      await page.goto(address);
      await expect(software(page)).toHaveValue("");
    });

    test("off keeps changes as long as the form", async ({ page, context }) => {
      await configure(context, '{"drafts":"off"}');
      await openForm(page);
      await expect(page.getByText(say("journal.off"))).toBeVisible();
      await software(page).fill(TYPED);
      await page.waitForTimeout(ON_DISK);
      expect(await databases(page)).toEqual([]);
      const leave = page.getByRole("link", { name: say("checklist.back_to_account") }).first();
      page.once("dialog", (dialog) => {
        expect(dialog.message()).toBe(say("journal.leave"));
        void dialog.dismiss();
      });
      await leave.click();
      await expect(software(page)).toHaveValue(TYPED);
      page.once("dialog", (dialog) => void dialog.accept());
      await leave.click();
      await page.getByRole("link", { name: say("account.answer") }).click();
      await expect(software(page)).toHaveValue("");
    });

    test("a word that is no policy is said, and is not taken for a permission", async ({ page, context }) => {
      await configure(context, '{"drafts":"on"}');
      await openForm(page);
      await expect(page.getByText(say("journal.wrong_config", { wrong: "on" }))).toBeVisible();
      await software(page).fill(TYPED);
      await page.waitForTimeout(ON_DISK);
      expect(await databases(page)).toEqual([]);
    });

    test("a site without the file keeps changes encrypted", async ({ page, context, expectError }) => {
      expectError(/404/);
      await context.route("**/config.json", (route) => route.fulfill({ status: 404, body: "Not found." }));
      await openForm(page);
      await expect(page.getByText(say("journal.kept"))).toBeVisible();
    });
  });

  test("a person can forbid it, and clear the device", async ({ page }) => {
    const address = await openForm(page);
    await software(page).fill(TYPED);
    await page.waitForTimeout(ON_DISK);
    await page.getByRole("link", { name: say("shell.settings") }).click();
    await expect(page.getByRole("heading", { level: 1, name: say("settings.title") })).toBeVisible();
    await expect(page.getByRole("radio", { name: say("settings.encrypted") })).toBeChecked();
    await expectAccessible(page);
    await page.getByRole("radio", { name: say("settings.memory") }).check();
    await expect.poll(() => databases(page)).toEqual([]);
    await page.getByRole("radio", { name: say("settings.encrypted") }).check();
    // The page still had it, and keeps it again.
    await page.goBack();
    await expect(software(page)).toHaveValue(TYPED);
    await page.waitForTimeout(ON_DISK);
    expect((await loot(page)).keys).toHaveLength(2);
    await page.getByRole("link", { name: say("shell.settings") }).click();
    await page.getByRole("button", { name: say("settings.clear") }).click();
    const dialog = page.getByRole("dialog", { name: say("settings.clear_title") });
    await expectAccessible(page);
    await dialog.getByRole("button", { name: say("settings.clear") }).click();
    await expect(page.getByText(/^Removed from this device: unsaved answers of 1 person, 2 choices/)).toBeVisible();
    expect(await databases(page)).toEqual([]);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    await page.goto(address);
    await expect(software(page)).toHaveValue("");
  });
});
