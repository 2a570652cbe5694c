// What the account holder does in the form, and what they see.

import { expect, type BrowserContext, type Page } from "@playwright/test";

import { OPTIONS, QUESTIONS, type Answer, type Question } from "./checklist.ts";

/** What the page says about one answer: the value on screen, a file by its name, and where it stands. */
export type Seen = { standing: string; value: Exclude<Answer, { name: string }> };

export type Stage = { address: string; account: string; token: string };

/** What the check page says about a save. */
export type Outcome = "saved" | "not saved" | "signed out";

/** Anything that ends a wait: the form, the check page, or what is in the way of it. */
const SCREENS = {
  again: "dialog[open] #username, dialog[open] #token",
  guest: ".sign-in #username, .sign-in #token",
  form: "form ol.questions > li.question",
  check: "ol.questions--reading > li",
  failed: "main .problem[role=alert] button",
  lasting: "main .problem[role=alert]",
};

type Screen = keyof typeof SCREENS;

export class Person {
  constructor(
    readonly page: Page,
    private readonly stage: Stage,
  ) {}

  /** Opens a new tab on the form, signed in. */
  static async open(context: BrowserContext, stage: Stage): Promise<Person> {
    const person = new Person(await context.newPage(), stage);
    await person.page.goto(person.formAddress);
    return person;
  }

  get formAddress(): string {
    return `${this.stage.address}/accounts/${this.stage.account}/checklist`;
  }

  /** Waits until something is there to go on with, and says what. */
  async screen(): Promise<Screen> {
    const handle = await this.page.waitForFunction((screens) => {
      const found = Object.entries(screens).find(([, selector]) => document.querySelector(selector));
      return found?.[0];
    }, SCREENS);
    return (await handle.jsonValue()) as Screen;
  }

  /** Gets back to the form from whatever is in the way, as a person would. */
  async reachForm(): Promise<void> {
    for (let tries = 0; tries < 8; tries++) {
      switch (await this.screen()) {
        case "form":
          return this.allDrawn();
        case "check":
          await this.page.locator(`.sheet__foot a[href$="/checklist"]`).click();
          break;
        case "again":
          await this.signIn("dialog[open]");
          break;
        case "guest":
          await this.signIn(".sign-in");
          break;
        case "failed":
          await this.page.locator(SCREENS.failed).first().click();
          await this.page.waitForFunction((selector) => !document.querySelector(selector), SCREENS.failed);
          break;
        case "lasting":
          await this.page.goto(this.formAddress);
          break;
      }
    }
    throw new Error("There is no way back to the form.");
  }

  private async allDrawn(): Promise<void> {
    await expect(this.page.locator(SCREENS.form)).toHaveCount(QUESTIONS.length);
  }

  private async signIn(place: string): Promise<void> {
    const form = this.page.locator(`${place} form`);
    if ((await form.locator("#token").count()) === 0) await form.locator("button[type=button]").last().click();
    await form.locator("#token").fill(this.stage.token);
    await form.locator("button[type=submit]").click();
    await form.waitFor({ state: "detached" });
  }

  /** Answers a question in the form. Text is sometimes typed, key by key. */
  async answer(question: Question, answer: Answer, byKeys: boolean): Promise<void> {
    const first = this.page.locator(`[id="${domId(question)}-0"]`);
    if (answer === null) return this.clear(question);
    switch (question.kind) {
      case "boolean":
        return this.choose(question, answer === true ? 0 : 1);
      case "single_select":
        return this.choose(question, OPTIONS.indexOf(answer as string));
      case "file": {
        const { name, text } = answer as { name: string; text: string };
        await first.setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
        return expect(this.item(question).locator(".files .file__name")).toHaveText(name);
      }
      default: {
        const text = String(answer);
        if (!byKeys || question.kind === "date" || text.includes("\n")) return first.fill(text);
        await first.fill("");
        return first.pressSequentially(text);
      }
    }
  }

  private choose(question: Question, at: number): Promise<void> {
    return this.page.locator(`[id="${domId(question)}-${at}"]`).check();
  }

  private async clear(question: Question): Promise<void> {
    const item = this.item(question);
    if (question.kind === "boolean" || question.kind === "single_select") return item.locator(".question__clear button").click();
    if (question.kind === "file") return item.locator(".files .files__away").last().click();
    return this.page.locator(`[id="${domId(question)}-0"]`).fill("");
  }

  private item(question: Question) {
    return this.page.locator(`[id="${domId(question)}-item"]`);
  }

  /** What the form shows, all of one moment. */
  see(): Promise<Seen[]> {
    const asked = QUESTIONS.map((it) => ({ dom: domId(it), kind: it.kind }));
    return this.page.evaluate(
      ({ asked, options }) =>
        asked.map(({ dom, kind }) => {
          const item = document.getElementById(`${dom}-item`)!;
          const input = document.getElementById(`${dom}-0`) as HTMLInputElement;
          const chosen = [...item.querySelectorAll<HTMLInputElement>("input[type=radio]")].findIndex((it) => it.checked);
          const value = () => {
            if (kind === "boolean") return chosen < 0 ? null : chosen === 0;
            if (kind === "single_select") return chosen < 0 ? null : options[chosen];
            if (kind === "file") return item.querySelector(".files .file__name")?.textContent ?? null;
            if (input.value === "") return null;
            // A day may stand there as people write it.
            if (kind === "date") return input.value.replace(/^(\d+)\/(\d+)\/(\d+)$/, "$3-$2-$1");
            return kind === "number" ? Number(input.value) : input.value;
          };
          return { standing: item.dataset.standing!, value: value() };
        }),
      { asked, options: OPTIONS },
    );
  }

  /** Goes on to the page where answers are checked. */
  async goToCheck(): Promise<void> {
    await this.page.locator("form button[type=submit]").click();
    await expect(this.page.locator(SCREENS.check)).toHaveCount(QUESTIONS.length);
  }

  pressSave(): Promise<void> {
    return this.page.locator(".sheet__foot button").first().click();
  }

  /** Presses *Save* on the check page and waits until it is known what came of it. */
  async save(): Promise<Outcome> {
    await this.pressSave();
    return this.outcome();
  }

  /** What came of a save that was pressed. */
  async outcome(): Promise<Outcome> {
    const outcome = await this.page.waitForFunction(() => {
      if (document.querySelector(".sheet__foot button")?.getAttribute("aria-busy") === "true") return undefined;
      if (document.querySelector("dialog[open] form")) return "signed out";
      const summary = document.querySelector(".sheet__summary");
      if (summary?.querySelector("[role=status]")) return "saved";
      return summary?.querySelector(".problem") ? "not saved" : undefined;
    });
    return (await outcome.jsonValue()) as Outcome;
  }

  /** What the check page says about each answer, in the order of the checklist. */
  standings(): Promise<string[]> {
    return this.page.locator(SCREENS.check).evaluateAll((items) => items.map((it) => (it as HTMLElement).dataset.standing!));
  }

  /** Stays with what was answered here where it was answered elsewhere, too. */
  async insist(): Promise<void> {
    const choices = this.page.locator("li.question .elsewhere__side:first-child button");
    while ((await choices.count()) > 0) await choices.first().click();
  }

  /** Leaves the form for the account. */
  leave(): Promise<void> {
    return this.page.locator("nav.back a").click();
  }

  /** Opens the form from the account. */
  comeBack(): Promise<void> {
    return this.page.locator(`main a[href="/accounts/${this.stage.account}/checklist"]`).click();
  }

  /** The names of the stores on the device that hold something. */
  kept(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const full: string[] = [];
      for (const { name } of await indexedDB.databases()) {
        const database = await done(indexedDB.open(name!));
        for (const store of database.objectStoreNames) {
          const count = await done(database.transaction(store).objectStore(store).count());
          if (count > 0) full.push(`${name}/${store}`);
        }
        database.close();
      }
      return full;
    });
  }

  async signOut(): Promise<void> {
    await this.page.locator("header .header__tools button").last().click();
    await this.page.locator(".sign-in form").waitFor();
  }
}

function domId({ id }: Question): string {
  return `q-${id}`;
}
