// What saving does when it does not simply work: somebody else was faster, the server refuses, or its answer is lost.

import type { Page } from "@playwright/test";

import { expectAccessible } from "../support/accessible.ts";
import { Server } from "../support/server.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const OFFERING = "Secure analysis environment";
const say = words("en");
const server = new Server(18083);

test.use({ baseURL: server.address });
test.beforeEach(() => server.start());
test.afterEach(() => server.remove());

/** Alice, without the browser: what she does in another place. */
async function alice() {
  const json = { "content-type": "application/json" };
  const signIn = JSON.stringify({ username: "alice", password: "demo" });
  const answer = await fetch(`${server.address}/api-auth/password/`, { method: "POST", headers: json, body: signIn });
  const { token } = await answer.json();
  const headers = { ...json, authorization: `Token ${token}` };
  const list = `${server.address}/api/marketplace-offering-users/`;
  const accounts: { uuid: string; offering_name: string }[] = await (await fetch(list, { headers })).json();
  const account = accounts.find((it) => it.offering_name === OFFERING)!.uuid;
  const checklist = async () => (await (await fetch(`${list}${account}/checklist/?include_all=true`, { headers })).json()).questions;
  const find = async (text: RegExp) => (await checklist()).find((it: { description: string }) => text.test(it.description));
  return {
    token,
    account,
    answerTo: async (text: RegExp) => (await find(text)).existing_answer?.answer_data,
    submit: async (text: RegExp, value: unknown) => {
      const body = JSON.stringify([{ question_uuid: (await find(text)).uuid, answer_data: value }]);
      const answer = await fetch(`${list}${account}/submit_answers/`, { method: "POST", headers, body });
      expect(answer.status).toBe(200);
    },
  };
}

async function openForm(page: Page, token: string, account: string): Promise<void> {
  await page.addInitScript((it) => sessionStorage.setItem("purser.token", it), token);
  await page.goto(`/accounts/${account}/checklist`);
  await expect(page.getByRole("heading", { level: 1, name: "Access to sensitive data" })).toBeVisible();
}

const year = (page: Page) => page.getByRole("textbox", { name: /oldest records/ });
const toCheck = (page: Page) => page.getByRole("button", { name: say("checklist.check") }).click();
const save = (page: Page, count: number) =>
  page.getByRole("button", { name: count === 1 ? say("check.save_single", { count: "1" }) : say("check.save_several", { count: `${count}` }) });

test("an answer that was changed elsewhere is shown beside one's own, and the person chooses", async ({ page }) => {
  const elsewhere = await alice();
  await openForm(page, elsewhere.token, elsewhere.account);
  await year(page).fill("1999");
  await elsewhere.submit(/oldest records/, 2001);
  await toCheck(page);
  await save(page, 1).click();
  await expect(page.getByText(say("check.elsewhere"))).toBeVisible();
  const conflict = page.getByRole("region", { name: say("checklist.elsewhere") });
  await expect(conflict.getByText("1999")).toBeVisible();
  await expect(conflict.getByText("2001")).toBeVisible();
  await expectAccessible(page);
  expect(await elsewhere.answerTo(/oldest records/)).toBe(2001);
  await conflict.getByRole("button", { name: say("elsewhere.keep_yours") }).click();
  await expect(conflict).toHaveCount(0);
  await save(page, 1).click();
  await expect(page.getByText(say("check.saved_single", { count: "1" }))).toBeVisible();
  expect(await elsewhere.answerTo(/oldest records/)).toBe(1999);
});

test("the other answer can be taken instead", async ({ page }) => {
  const elsewhere = await alice();
  await openForm(page, elsewhere.token, elsewhere.account);
  await year(page).fill("1999");
  await elsewhere.submit(/oldest records/, 2001);
  await toCheck(page);
  await save(page, 1).click();
  await page.getByRole("button", { name: say("elsewhere.take_theirs") }).click();
  await page.getByRole("link", { name: say("check.back") }).click();
  await expect(year(page)).toHaveValue("2001");
  await expect(page.getByText(say("checklist.nothing_changed"))).toBeVisible();
});

test("a refusal stands beside its question, and nothing typed is lost", async ({ page, expectError }) => {
  expectError(/400/);
  const { token, account } = await alice();
  await openForm(page, token, account);
  await year(page).fill("1999");
  await page.getByRole("textbox", { name: /How much data/ }).fill("2.5");
  await page.route("**/submit_answers/", (route) => {
    const sent: { answer_data: unknown }[] = route.request().postDataJSON();
    // Of each pair, the second is the answer; the server says which one it refuses by its place.
    const refusal = "Answer value '1999' is not valid for the question 'In which year were the oldest records...' (type: year).";
    const body = sent.map((it) => (it.answer_data === 1999 ? { non_field_errors: [refusal] } : {}));
    return route.fulfill({ status: 400, json: body });
  });
  await toCheck(page);
  await save(page, 2).click();
  await expect(page.getByText(say("check.refused"))).toBeVisible();
  const refused = page.getByRole("listitem").filter({ hasText: say("refusal.not_valid") });
  await expect(refused).toHaveCount(1);
  await expect(refused).toContainText("oldest records");
  await expectAccessible(page);
  await page.getByRole("link", { name: say("check.back") }).click();
  await expect(year(page)).toHaveValue("1999");
  await expect(year(page)).toHaveAccessibleDescription(new RegExp(say("refusal.not_valid")));
  await expectAccessible(page);
  await page.unroute("**/submit_answers/");
  await toCheck(page);
  await save(page, 2).click();
  await expect(page.getByText(say("check.saved_several", { count: "2" }))).toBeVisible();
});

test("an answer of the server that was lost does not make one save twice", async ({ page, expectError }) => {
  expectError(/ERR_FAILED|submit_answers/);
  const { token, account, answerTo } = await alice();
  await openForm(page, token, account);
  await year(page).fill("1999");
  let sent = 0;
  await page.route("**/submit_answers/", async (route) => {
    sent += 1;
    await route.fetch();
    await route.abort();
  });
  await toCheck(page);
  await save(page, 1).dblclick();
  await expect(page.getByText(say("check.saved_single", { count: "1" }))).toBeVisible();
  expect(await answerTo(/oldest records/)).toBe(1999);
  expect(sent).toBe(1);
});

test("what is not known to be saved is said to be so, and the next save looks first", async ({ page, expectError }) => {
  expectError(/ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to fetch|submit_answers/);
  const { token, account, answerTo } = await alice();
  await openForm(page, token, account);
  await year(page).fill("1999");
  let sent = 0;
  await page.route("**/submit_answers/", async (route) => {
    sent += 1;
    await route.fetch();
    await page.route("**/checklist/**", (route) => route.abort());
    await route.abort();
  });
  await toCheck(page);
  await save(page, 1).click();
  await expect(page.getByText(say("check.unknown"))).toBeVisible();
  await expectAccessible(page);
  await page.unroute("**/checklist/**");
  await save(page, 1).click();
  await expect(page.getByText(say("check.saved_all"))).toBeVisible();
  expect(await answerTo(/oldest records/)).toBe(1999);
  expect(sent).toBe(1);
});

test("answers that are no longer asked for are kept or removed, as the person says", async ({ page }) => {
  const { token, account, answerTo } = await alice();
  expect(await answerTo(/Which kinds of personal data/)).toHaveLength(2);
  await openForm(page, token, account);
  const personal = page.getByRole("radiogroup", { name: /Will you process personal data/ });
  await personal.getByRole("radio", { name: say("checklist.no") }).check();
  await expect(page.getByRole("group", { name: /Which kinds of personal data/ })).toHaveCount(0);
  await toCheck(page);
  const hidden = page.getByRole("region", { name: say("check.hidden") });
  const kinds = hidden.getByRole("radiogroup", { name: /Which kinds of personal data/ });
  await expect(kinds.getByRole("radio", { name: say("check.keep_hidden") })).toBeChecked();
  await kinds.getByRole("radio", { name: say("check.remove_hidden") }).check();
  await expect(hidden.getByText("Health data")).toBeVisible();
  await expectAccessible(page);
  await save(page, 2).click();
  await expect(page.getByText(say("check.saved_several", { count: "2" }))).toBeVisible();
  expect(await answerTo(/Which kinds of personal data/)).toBeUndefined();
  expect(await answerTo(/Will you process personal data/)).toBe(false);
});

test("an answer comes back when its question does", async ({ page }) => {
  const { token, account } = await alice();
  await openForm(page, token, account);
  const personal = page.getByRole("radiogroup", { name: /Will you process personal data/ });
  const kinds = page.getByRole("group", { name: /Which kinds of personal data/ });
  await kinds.getByRole("checkbox", { name: "Genetic data" }).check();
  await personal.getByRole("radio", { name: say("checklist.no") }).check();
  await expect(kinds).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: /no longer asked/ })).toHaveCount(1);
  await personal.getByRole("radio", { name: say("checklist.yes") }).check();
  await expect(kinds.getByRole("checkbox", { name: "Genetic data" })).toBeChecked();
});
