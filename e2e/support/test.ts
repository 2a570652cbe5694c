// What every test in the browser starts from: `import { test, expect } from "../support/test.ts"`.

import { test as base, expect, type BrowserContext } from "@playwright/test";

export { expect };

type Watch = {
  /** Names an error that the test provokes on purpose, such as a refused request. It then has to come. */
  expectError: (pattern: RegExp) => void;
};

/**
 * A test that fails when anything goes wrong unseen: an error or a warning in the console, an exception nobody caught,
 * or a breach of the Content-Security-Policy, on any page the test opens.
 */
export const test = base.extend<Watch>({
  expectError: [
    async ({ context }, use) => {
      const problems = await watch(context);
      const expected: RegExp[] = [];
      await use((pattern) => expected.push(pattern));
      const isExpected = (problem: string) => expected.some((pattern) => pattern.test(problem));
      const unexpected = problems.filter((problem) => !isExpected(problem));
      expect(unexpected, "what went wrong unseen").toEqual([]);
      const missing = expected.filter((pattern) => !problems.some((problem) => pattern.test(problem)));
      expect(missing.map(String), "errors that were expected and did not come").toEqual([]);
    },
    { auto: true },
  ],
});

async function watch(context: BrowserContext): Promise<string[]> {
  const problems: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => problems.push(`exception: ${error.error().message}`));
  // Chromium logs a breach, but not in every case; said here, it always reaches the listener above.
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`Content-Security-Policy: ${event.violatedDirective} forbids ${event.blockedURI || "this"}`);
    });
  });
  return problems;
}
