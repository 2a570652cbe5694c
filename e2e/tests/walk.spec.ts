// The main job, from the first answer to the provider's decision, in each language and on each screen size: an account
// holder answers, a provider comments and moves the account on, a reviewer looks, and a restart loses nothing.

import type { Page } from "@playwright/test";

import { expectAccessible } from "../support/accessible.ts";
import { Server } from "../support/server.ts";
import { expect, test } from "../support/test.ts";
import { words, type Language } from "../support/words.ts";

const OFFERING = "Secure analysis environment";

for (const language of ["en", "et"] satisfies Language[]) {
  test.describe(`the walk in ${language}`, () => {
    const say = words(language);
    const server = new Server(language === "en" ? 18081 : 18082);

    test.use({ locale: language, baseURL: server.address });
    test.beforeAll(() => server.start());
    test.afterAll(() => server.remove());

    async function signIn(page: Page, name: string): Promise<void> {
      await page.goto("/");
      await page.getByLabel(say("sign_in.username")).fill(name);
      await page.getByLabel(say("sign_in.password")).fill("demo");
      await page.getByRole("button", { name: say("sign_in.submit"), exact: true }).click();
      await expect(page.getByRole("button", { name: say("shell.sign_out") })).toBeVisible();
    }

    async function signOut(page: Page): Promise<void> {
      await page.getByRole("button", { name: say("shell.sign_out") }).click();
      await expect(page.getByRole("heading", { name: say("sign_in.title") })).toBeVisible();
    }

    async function openAccountOfAlice(page: Page): Promise<void> {
      await page.getByRole("link", { name: say("shell.all_accounts") }).click();
      await page.getByRole("searchbox").fill("Tamm");
      await expect(page.getByRole("status").filter({ hasText: /\d/ }).first()).not.toHaveText(/\d{3}/);
      await page.getByRole("row", { name: OFFERING }).getByRole("link", { name: "Alice Tamm" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Alice Tamm" })).toBeVisible();
    }

    test("an account is answered for, moved on and reviewed, and survives a restart", async ({ page }) => {
      test.setTimeout(180_000);
      await page.goto("/");
      await expect(page.getByRole("heading", { name: say("sign_in.title") })).toBeVisible();
      await expect(page.getByRole("button", { name: /stella/ })).toBeVisible();
      await expectAccessible(page);

      await test.step("the account holder sees what to do", async () => {
        await signIn(page, "alice");
        await expect(page.getByRole("heading", { level: 1, name: say("accounts.mine") })).toBeVisible();
        await expect(page.getByRole("row")).toHaveCount(5);
        await expectAccessible(page);
        await page.getByRole("link", { name: OFFERING }).click();
        await expect(page.getByRole("heading", { level: 1, name: OFFERING })).toBeVisible();
        await expect(page.getByText(say("state.pending_additional_validation")).first()).toBeVisible();
        await expect(page.getByText("Please fill in the compliance checklist")).toBeVisible();
        await expect(page.getByText(say("consent.given"), { exact: true })).toBeVisible();
        await expectAccessible(page);
      });

      await test.step("answers, and a question appears while answering", async () => {
        await page.getByRole("link", { name: say("account.answer") }).click();
        await expect(page.getByRole("heading", { level: 1, name: "Access to sensitive data" })).toBeVisible();
        await expectAccessible(page);
        const committee = page.getByRole("textbox", { name: /Name of the ethics committee/ });
        await expect(committee).toHaveCount(0);
        const approved = page.getByRole("radiogroup", { name: /Has an ethics committee approved/ });
        await approved.getByRole("radio", { name: say("checklist.yes") }).check();
        await committee.fill("Committee for human studies, 12/2026");
        await page.getByRole("textbox", { name: /E-mail address of the person/ }).fill("pi@ravila.example");
        const study = page.getByRole("textbox", { name: /Describe your study/ });
        await study.click();
        await page.keyboard.type("Sleep and memory in shift workers.");
        await page.getByRole("textbox", { name: /oldest records/ }).fill("1850");
        await page.getByRole("button", { name: say("checklist.check") }).click();
        await expect(page.getByRole("link", { name: /oldest records/ })).toBeVisible();
        await page.getByRole("link", { name: /oldest records/ }).click();
        await expect(page.getByRole("textbox", { name: /oldest records/ })).toBeFocused();
        await page.keyboard.press("ControlOrMeta+A");
        await page.keyboard.type("1998");
        await page.getByRole("button", { name: say("checklist.check") }).click();
      });

      await test.step("saves, and sees what came of it", async () => {
        await expect(page.getByRole("heading", { level: 1, name: say("check.title") })).toBeVisible();
        await expect(page.getByText("Committee for human studies, 12/2026")).toBeVisible();
        await expectAccessible(page);
        await page.getByRole("button", { name: say("check.save_several", { count: "5" }) }).click();
        await expect(page.getByText(say("check.saved_several", { count: "5" }))).toBeVisible();
        await page.getByRole("link", { name: say("check.to_account") }).click();
        await expect(page.getByText(say("account.required_open_single", { count: "1" }))).toBeVisible();
        await signOut(page);
      });

      await test.step("the provider comments and moves the account on", async () => {
        await signIn(page, "pavel");
        await page.getByRole("link", { name: say("shell.all_accounts") }).click();
        await expect(page.getByRole("row")).toHaveCount(26);
        await expectAccessible(page);
        await openAccountOfAlice(page);
        await expectAccessible(page);
        await page.getByRole("button", { name: say("comment.edit") }).click();
        const dialog = page.getByRole("dialog", { name: say("comment.title") });
        await dialog.getByLabel(say("comment.text"), { exact: true }).fill("Almost there: tell your <b>group</b>.");
        await dialog.getByLabel(say("comment.url"), { exact: true }).fill("https://docs.example.org/group");
        await expectAccessible(page);
        await dialog.getByRole("button", { name: say("comment.save") }).click();
        await expect(page.getByText("Almost there: tell your group.")).toBeVisible();
        await page.getByRole("button", { name: say("action.set_pending_account_linking") }).click();
        const linking = page.getByRole("dialog", { name: say("action.set_pending_account_linking") });
        await linking.getByLabel(say("comment.text"), { exact: true }).fill("Please link your university account.");
        await linking.getByRole("button", { name: say("action.set_pending_account_linking") }).click();
        await expect(page.getByText(say("state.pending_account_linking")).first()).toBeVisible();
        await signOut(page);
      });

      await test.step("the reviewer sees what needs a look, and why", async () => {
        await signIn(page, "rita");
        await openAccountOfAlice(page);
        await page.getByRole("link", { name: say("account.review") }).click();
        await expect(page.getByRole("heading", { level: 1, name: say("review.title", { person: "Alice Tamm" }) })).toBeVisible();
        const flagged = page.getByRole("region", { name: say("review.flagged") });
        await expect(flagged.getByText("Will you process personal data?")).toBeVisible();
        const rule = say("rule.equals", { value: say("checklist.yes") });
        await expect(flagged.getByText(say("review.because", { rule }))).toBeVisible();
        await expectAccessible(page);
        await signOut(page);
      });

      await test.step("a restart loses nothing", async () => {
        await server.stop();
        await server.start();
        await signIn(page, "alice");
        await page.getByRole("link", { name: OFFERING }).click();
        await expect(page.getByText(say("state.pending_account_linking")).first()).toBeVisible();
        await expect(page.getByText("Please link your university account.")).toBeVisible();
        await page.getByRole("link", { name: say("account.answer") }).click();
        await expect(page.getByRole("textbox", { name: /E-mail address of the person/ })).toHaveValue("pi@ravila.example");
        await expect(page.getByRole("textbox", { name: /oldest records/ })).toHaveValue("1998");
        await expect(page.getByRole("textbox", { name: /Describe your study/ })).toHaveText("Sleep and memory in shift workers.");
      });
    });
  });
}
