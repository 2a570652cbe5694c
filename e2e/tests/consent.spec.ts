import { expectAccessible } from "../support/accessible.ts";
import { Server } from "../support/server.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const say = words("en");
const server = new Server(18083);

test.use({ baseURL: server.address });
test.beforeAll(() => server.start());
test.afterAll(() => server.remove());

test("changed terms are read and accepted, and consent can be taken back", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /alice/ }).click();
  await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
  await page.getByRole("link", { name: "Vaskiluoto supercomputer" }).click();
  const terms = page.getByRole("region", { name: say("consent.title") });
  await expect(terms.getByText(say("consent.outdated"))).toBeVisible();
  await terms.getByRole("button", { name: say("consent.read_and_accept") }).click();
  await expect(page.getByRole("region", { name: say("consent.text") })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: say("consent.accept", { version: "2026.1" }) }).click();
  await expect(terms.getByText(say("consent.given"), { exact: true })).toBeVisible();
  await terms.getByRole("button", { name: say("consent.revoke") }).click();
  await page.getByRole("dialog").getByRole("button", { name: say("consent.revoke_yes") }).click();
  await expect(terms.getByText(say("consent.missing"))).toBeVisible();
});
