// Every kind of person opens every screen they have; nothing is out of place in light or dark.

import { expectAccessible } from "../support/accessible.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const say = words("en");

for (const person of ["alice", "pavel", "rita", "sam", "stella"]) {
  test(`${person} finds a screen for everything`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto("/accounts");
    await page.getByRole("button", { name: new RegExp(person) }).click();
    await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(person === "alice" ? /./ : say("accounts.all"));
    await expect(page.getByRole("table")).toBeVisible();
    await expectAccessible(page);
  });
}

test("the table is filtered, sorted and paged by its address", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /stella/ }).click();
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await expect(page.getByRole("row")).toHaveCount(26);
  await page.getByText(say("column.state"), { exact: true }).first().click();
  // On the word and not on the box, as people do.
  await page.getByRole("group", { name: say("column.state") }).getByText(say("state.requested_deletion"), { exact: true }).click();
  await expect(page).toHaveURL(/state=Requested%20deletion/);
  const rows = page.getByRole("row").filter({ hasText: "@" });
  await expect(rows.filter({ hasNotText: say("state.requested_deletion") })).toHaveCount(0);
  await expect(rows).not.toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("group", { name: say("column.state") })).toBeHidden();
  await page.getByLabel(say("column.offering"), { exact: true }).selectOption("Group storage");
  await expect(page).toHaveURL(/offering_uuid=/);
  await expect(rows.filter({ hasNotText: "Group storage" })).toHaveCount(0);
  await page.getByRole("link", { name: say("accounts.clear_filters") }).click();
  const person = page.getByRole("columnheader", { name: say("column.person") });
  await person.getByRole("link").click();
  await expect(page).toHaveURL(/o=user_first_name/);
  await expect(person).toHaveAttribute("aria-sort", "ascending");
  await page.getByRole("link", { name: say("accounts.next") }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.getByText(say("accounts.position", { first: "26", last: "50", total: "400" }))).toBeVisible();
  await page.goBack();
  await expect(page.getByText(say("accounts.position", { first: "1", last: "25", total: "400" }))).toBeVisible();
});

test("the form fits the narrowest screen", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/");
  await page.getByRole("button", { name: /alice/ }).click();
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await page.getByRole("link", { name: "Secure analysis environment" }).click();
  await expectAccessible(page);
  await page.getByRole("link", { name: say("account.answer") }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Access to sensitive data" })).toBeVisible();
  await expectAccessible(page);
});

test("an address that leads nowhere says so", async ({ page }) => {
  await page.goto("/nowhere");
  await page.getByRole("button", { name: /alice/ }).click();
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: say("not_found.title") })).toBeVisible();
  await expectAccessible(page);
});

test("an account that nobody has says so", async ({ page, expectError }) => {
  expectError(/404/);
  await page.goto("/accounts/00000000000000000000000000000001");
  await page.getByRole("button", { name: /alice/ }).click();
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: say("error.page") })).toBeVisible();
  await expect(page.getByText(say("error.not_found"))).toBeVisible();
  await expectAccessible(page);
});

test("a wrong password is said, and nothing typed is lost", async ({ page, expectError }) => {
  expectError(/401/);
  await page.goto("/");
  await page.getByLabel(say("sign_in.username")).fill("alice");
  await page.getByLabel(say("sign_in.password")).fill("wrong");
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await expect(page.getByText(say("sign_in.bad_password"))).toBeVisible();
  await expect(page.getByLabel(say("sign_in.username"))).toHaveValue("alice");
  await expectAccessible(page);
});

test("a part of the app that does not come is asked for again", async ({ page, expectError }) => {
  expectError(/split_later/);
  expectError(/Failed to fetch/);
  await page.route("**/split_later-*.wasm", (route) => route.abort());
  await page.goto("/");
  await page.getByRole("button", { name: /alice/ }).click();
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await page.getByRole("link", { name: "Secure analysis environment" }).click();
  await expect(page.getByText(say("error.later"))).toBeVisible();
  await expectAccessible(page);
  await page.unroute("**/split_later-*.wasm");
  await page.getByRole("button", { name: say("common.try_again") }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Secure analysis environment" })).toBeVisible();
});
