// What a browser keeps of answers that are not saved, looked at from the outside.

import { expect, type Browser, type BrowserContext, type Page } from "@playwright/test";

import { words, type Language } from "./words.ts";

/** How long after a key is pressed its change has to be on the disk. */
export const ON_DISK = 250;

export const OFFERING = "Secure analysis environment";

/** The name of the question that most tests answer. */
export const SOFTWARE = /Which software will you need/;

/** Signs in where the page is. The session outlives a reload. */
export async function signIn(page: Page, name: string, language: Language = "en"): Promise<void> {
  const say = words(language);
  await page.getByLabel(say("sign_in.username")).fill(name);
  await page.getByLabel(say("sign_in.password")).fill("demo");
  await page.getByLabel(say("sign_in.keep")).check();
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await expect(page.getByRole("button", { name: say("shell.sign_out") })).toBeVisible();
}

/** Opens the form of alice's account as alice, and gives back its address. */
export async function openForm(page: Page): Promise<string> {
  const say = words("en");
  await page.goto("/");
  await signIn(page, "alice");
  await page.getByRole("link", { name: OFFERING }).click();
  await page.getByRole("link", { name: say("account.answer") }).click();
  await expect(page.getByRole("textbox", { name: SOFTWARE })).toBeVisible();
  return page.url();
}

/** Opens the form at `address` in a new tab, which has to sign in. */
export async function openTab(context: BrowserContext, address: string, name = "alice"): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await signIn(page, name);
  return page;
}

/** A browser with a profile of its own, as a person has one. */
export async function newPerson(browser: Browser, baseURL: string): Promise<BrowserContext> {
  return browser.newContext({ baseURL, locale: "en", reducedMotion: "reduce" });
}

/** The names of our databases. */
export function databases(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const all = await indexedDB.databases();
    return all.map((it) => it.name ?? "").filter((name) => name.startsWith("purser-"));
  });
}

/** What a thief of the disk would find. */
export interface Loot {
  /** The keys of all records. */
  keys: string[];
  /** All bytes that are stored, as one text, one character a byte. */
  bytes: string;
  /** What the browser says when it is asked for the bytes of the encryption key. */
  refusal: string;
}

/** Everything in our databases. */
export function loot(page: Page): Promise<Loot> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((good, bad) => {
        request.onsuccess = () => good(request.result);
        request.onerror = () => bad(request.error);
      });
    const bytesOf = (value: unknown): string => {
      if (value instanceof ArrayBuffer) return bytesOf(new Uint8Array(value));
      if (value instanceof Uint8Array) return Array.from(value, (it) => String.fromCharCode(it)).join("");
      if (value instanceof CryptoKey) return "";
      if (value !== null && typeof value === "object") return Object.values(value).map(bytesOf).join(" ");
      return String(value);
    };
    const found = { keys: [] as string[], bytes: "", refusal: "" };
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith("purser-")) continue;
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store).objectStore(store);
        const keys = done(records.getAllKeys());
        const values = await done(records.getAll());
        found.keys.push(...(await keys).map((key) => `${store}/${String(key)}`));
        for (const value of values) {
          found.bytes += bytesOf(value);
          if (value instanceof CryptoKey) {
            found.refusal = await crypto.subtle.exportKey("raw", value).then(
              () => "none",
              (error: DOMException) => error.name,
            );
          }
        }
      }
      database.close();
    }
    return found;
  });
}
