// The checklist form for those who do not see it or have no mouse: what a screen reader says in one whole run, the run
// by keyboard alone, and every state of the form in every look. In both profiles of the server.

import type { Locator, Page } from "@playwright/test";

import { expectAccessible } from "../support/accessible.ts";
import { Server } from "../support/server.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const say = words("en");
const id = (number: number) => number.toString(16).padStart(32, "0");
const options = (first: number) => ["Health", "Genetics", "Register"].map((label, at) => ({ uuid: id(first + at), label, order: at }));

/** One question of each type. Those that an older server does not know are the last. */
const TYPES: [type: string, config?: object][] = [
  ["boolean"],
  ["text_input", { dependencies: [{ depends_on_question: id(0x101), operator: "equals", required_answer_value: true }] }],
  ["single_select", { question_options: options(0x201) }],
  ["multi_select", { question_options: options(0x301) }],
  ["text_area"],
  ["number", { min_value: "0", max_value: "100" }],
  ["date"],
  ["datetime"],
  ["year", { min_value: "1900", max_value: "2100" }],
  ["rating", { min_value: "1", max_value: "5" }],
  ["phone_number"],
  ["email"],
  ["url"],
  ["country"],
  ["file", { allowed_file_types: [".txt"], max_file_size_mb: 1 }],
  ["multiple_files", { max_files_count: 2 }],
  ["likert", { likert_scale_length: 5, likert_low_label: "Not at all", likert_high_label: "Fully", likert_allow_na: true }],
  ["rich_text", { rich_text_toolbar_level: "extended", rich_text_char_limit: 200 }],
];

const LIST = id(0xf02);
const CHECKLIST = {
  uuid: LIST,
  name: "Every type of question",
  description: "One of each.",
  checklist_type: "offering_compliance",
  questions: TYPES.map(([question_type, config], at) => ({
    uuid: id(0x101 + at),
    description: `Question ${at + 1}: ${question_type}`,
    user_guidance: at % 4 === 0 ? `How to answer question ${at + 1}.` : "",
    question_type,
    required: at % 3 === 0,
    order: at + 1,
    ...config,
  })),
};

const PROFILES = [
  { profile: "current", port: 18085, types: TYPES.length },
  { profile: "seed", port: 18086, types: TYPES.length - 2 },
];

const LOOKS = {
  light: { colorScheme: "light", forcedColors: "none", width: 1440 },
  dark: { colorScheme: "dark", forcedColors: "none", width: 1440 },
  "forced colours": { colorScheme: "light", forcedColors: "active", width: 1440 },
  "320 pixels": { colorScheme: "light", forcedColors: "none", width: 320 },
} as const;

for (const { profile, port, types } of PROFILES) {
  test.describe(`the form, ${profile}`, () => {
    // What is read aloud and what the keys do is the same on a phone; the looks are gone through here.
    test.skip(({ isMobile }) => isMobile);
    const questions = CHECKLIST.questions.slice(0, types);
    const server = new Server(port, [{ ...CHECKLIST, questions }], ["--profile", profile]);
    test.use({ baseURL: server.address, locale: "en-GB", timezoneId: "Europe/Tallinn" });
    test.beforeEach(() => server.start());
    test.afterEach(() => server.remove());

    test("is answered from signing in to having saved without a mouse", async ({ page }) => {
      test.setTimeout(180_000);
      await page.goto("/");
      await tabTo(page, page.getByLabel(say("sign_in.username")));
      await page.keyboard.type("alice");
      await tabTo(page, page.getByLabel(say("sign_in.password")));
      await page.keyboard.type("demo");
      await page.keyboard.press("Enter");
      await tabTo(page, page.getByRole("link", { name: LIST }));
      await page.keyboard.press("Enter");
      await tabTo(page, page.getByRole("link", { name: say("account.answer") }));
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1, name: CHECKLIST.name })).toBeFocused();
      await expectRead(page, `${profile}-1-empty`);
      const asked = profile === "current" ? questions : questions.filter((it) => it.question_type !== "text_input");
      for (const { uuid, question_type } of asked) await answerByKeys(page, uuid, question_type);
      await expectRead(page, `${profile}-2-answered`);
      await tabTo(page, page.getByRole("button", { name: say("checklist.check") }));
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1, name: say("check.title") })).toBeFocused();
      await expectRead(page, `${profile}-3-check`);
      await tabTo(page, page.getByRole("button", { name: say("check.save_several", { count: `${asked.length}` }) }));
      await page.keyboard.press("Enter");
      await expect(page.getByText(say("check.saved_several", { count: `${asked.length}` }))).toBeVisible();
      await expect(page.locator(".sheet__summary")).toBeFocused();
      await expectRead(page, `${profile}-4-saved`);
    });

    test("is in order in every state and every look", async ({ page, expectError }) => {
      test.setTimeout(300_000);
      expectError(/400/);
      const elsewhere = await alice(server.address);
      await page.addInitScript((token) => sessionStorage.setItem("purser.token", token), elsewhere.token);
      const question = (type: string) => questions.find((it) => it.question_type === type)!.uuid;
      const input = (type: string) => page.locator(`[id="q-${question(type)}-0"]`);
      const check = () => page.getByRole("button", { name: say("checklist.check") }).click();
      const save = () => page.locator(".sheet__foot").getByRole("button").first().click();
      const back = () => page.getByRole("link", { name: say("check.back") }).click();

      await test.step("empty", async () => {
        await page.goto(`/accounts/${elsewhere.account}/checklist`);
        await expect(input("number")).toBeVisible();
        await inEveryLook(page);
      });
      await test.step("invalid", async () => {
        await input("number").fill("1000");
        await check();
        await expect(page.getByText(say("checklist.problems"))).toBeVisible();
        await inEveryLook(page);
      });
      await test.step("refused", async () => {
        await input("number").fill("10");
        await input("phone_number").fill("+372 5555 1234");
        await page.route("**/submit_answers/", (route) => {
          const sent: { answer_data: unknown }[] = route.request().postDataJSON();
          const refusal = "Answer value '10' is not valid for the question 'Question 6: number' (type: number).";
          const body = sent.map((it) => (it.answer_data === 10 ? { non_field_errors: [refusal] } : {}));
          return route.fulfill({ status: 400, json: body });
        });
        await check();
        await save();
        await expect(page.getByText(say("check.refused"))).toBeVisible();
        await inEveryLook(page);
        await back();
        await expect(input("number")).toHaveAccessibleDescription(new RegExp(say("refusal.not_valid")));
        await inEveryLook(page);
        await page.unroute("**/submit_answers/");
      });
      await test.step("changed elsewhere", async () => {
        await elsewhere.answer(question("number"), 20);
        await check();
        await save();
        await expect(page.getByText(say("check.elsewhere"))).toBeVisible();
        await inEveryLook(page);
        await back();
        await inEveryLook(page);
        await page.getByRole("button", { name: say("elsewhere.keep_yours") }).click();
      });
      if (profile === "current") {
        await test.step("an answer that is no longer asked for", async () => {
          const approved = page.locator(`[id="q-${question("boolean")}-item"]`);
          await approved.getByRole("radio", { name: say("checklist.yes") }).check();
          await input("text_input").fill("A committee");
          await approved.getByRole("radio", { name: say("checklist.no") }).check();
          await check();
          await expect(page.getByRole("region", { name: say("check.hidden") })).toBeVisible();
          await inEveryLook(page);
          await back();
        });
      }
      await test.step("saved", async () => {
        await check();
        await save();
        await expect(page.locator(".sheet__summary [role=status]")).toBeVisible();
        await inEveryLook(page);
        await back();
        await inEveryLook(page);
      });
    });
  });
}

/** Goes on with the tabulator until this has focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 200; presses++) {
    if (await target.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The tabulator does not reach ${target}.`);
}

/** Answers one question as its type asks for it. */
async function answerByKeys(page: Page, uuid: string, type: string): Promise<void> {
  const item = page.locator(`[id="q-${uuid}-item"]`);
  await tabTo(page, page.locator(`[id="q-${uuid}-0"]`));
  switch (type) {
    case "boolean":
    case "single_select":
    case "multi_select":
    case "rating":
    case "likert":
      await page.keyboard.press("Space");
      break;
    case "file":
    case "multiple_files": {
      const chooser = page.waitForEvent("filechooser");
      await page.keyboard.press("Enter");
      await (await chooser).setFiles({ name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("What we plan.") });
      break;
    }
    default:
      await page.keyboard.type(TYPED[type]);
  }
  await expect(item).toHaveAttribute("data-standing", "changed");
}

const TYPED: Record<string, string> = {
  text_input: "Committee for human studies",
  text_area: "Sleep and memory.",
  number: "12.5",
  date: "25/11/2026",
  datetime: "25/11/2026 14:30",
  year: "1998",
  phone_number: "+372 5555 1234",
  email: "pi@ravila.example",
  url: "https://ravila.example/",
  country: "Estonia",
  rich_text: "All of it.",
};

/** What a screen reader has to read, in full. After a change on purpose: `playwright test form --update-snapshots`. */
async function expectRead(page: Page, name: string): Promise<void> {
  await expect(page.locator("main")).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
}

async function inEveryLook(page: Page): Promise<void> {
  for (const [name, { width, ...media }] of Object.entries(LOOKS)) {
    await test.step(name, async () => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia(media);
      await expectAccessible(page);
    });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
}

/** Alice, without the browser. */
async function alice(address: string) {
  const json = { "content-type": "application/json" };
  const signIn = JSON.stringify({ username: "alice", password: "demo" });
  const signedIn = await fetch(`${address}/api-auth/password/`, { method: "POST", headers: json, body: signIn });
  const { token } = (await signedIn.json()) as { token: string };
  const headers = { ...json, authorization: `Token ${token}` };
  const list = `${address}/api/marketplace-offering-users/`;
  const accounts = (await (await fetch(list, { headers })).json()) as { uuid: string; offering_name: string }[];
  const account = accounts.find((it) => it.offering_name === LIST)!.uuid;
  const answer = async (question_uuid: string, answer_data: unknown) => {
    const body = JSON.stringify([{ question_uuid, answer_data }]);
    const stored = await fetch(`${list}${account}/submit_answers/`, { method: "POST", headers, body });
    expect(stored.status).toBe(200);
  };
  return { token, account, answer };
}
