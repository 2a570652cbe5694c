// Schedules in which something goes wrong while somebody answers. What each does is decided by its number alone:
//   FAULT_SEED=17 repeats one, FAULTS=2000 runs that many. `cargo xtask test --faults 2000` does the latter.

import { test as base } from "@playwright/test";

import { Server } from "../support/server.ts";
import { CHECKLIST, LIST } from "./checklist.ts";
import { Line } from "./line.ts";
import { Schedule, faultOf, type World } from "./schedule.ts";

const SEEDS = process.env.FAULT_SEED
  ? [Number(process.env.FAULT_SEED)]
  : Array.from({ length: Number(process.env.FAULTS ?? 200) }, (_, at) => at + 1);

/** One server and one browser for all. */
const test = base.extend<object, { world: World }>({
  world: [
    async ({ browser }, use) => {
      const server = new Server(18084, [CHECKLIST]);
      await server.start();
      const line = new Line(server.address);
      await line.open();
      const token = await signIn(server.address);
      const stage = { address: line.address, account: await accountOf(server.address, token), token };
      const signInAnew = async () => {
        stage.token = await signIn(server.address);
      };
      await use({ browser, server: server.address, line, stage, signInAnew });
      line.close();
      await server.remove();
    },
    { scope: "worker" },
  ],
});

for (const seed of SEEDS) {
  test(`${seed}: ${faultOf(seed)}`, async ({ world }, info) => {
    const schedule = new Schedule(world, seed);
    try {
      await schedule.run();
    } catch (error) {
      await info.attach("what happened", { body: schedule.story.join("\n"), contentType: "text/plain" });
      throw new Error(`FAULT_SEED=${seed}\n  ${schedule.story.join("\n  ")}`, { cause: error });
    }
  });
}

async function signIn(address: string): Promise<string> {
  const answer = await fetch(`${address}/api-auth/password/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "alice", password: "demo" }),
  });
  const { token } = (await answer.json()) as { token: string };
  return token;
}

/** The account of alice that is there for the checklist. */
async function accountOf(address: string, token: string): Promise<string> {
  const headers = { authorization: `Token ${token}` };
  const answer = await fetch(`${address}/api/marketplace-offering-users/?page_size=100`, { headers });
  const accounts = (await answer.json()) as { uuid: string; offering_name: string }[];
  return accounts.find((it) => it.offering_name === LIST)!.uuid;
}
