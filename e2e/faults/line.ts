// The line between the browser and the server, on which things go wrong when they are told to.

import { once } from "node:events";
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to one request. */
export type Trouble =
  /** It is answered with a status, before the server hears of it or afterwards. */
  | { kind: "status"; status: number; heard: boolean }
  /** The connection breaks: on the way there, or in the middle of the answer. */
  | { kind: "cut"; heard: boolean }
  /** The server does its work; what comes back is no JSON. */
  | { kind: "invalid" }
  /** It waits until it is let go: on the way there, or with its answer. */
  | { kind: "held"; heard: boolean }
  /** Nothing: what is said next is for the request after this one. */
  | { kind: "none" };

/** What is asked of the server, as far as trouble is concerned. */
export type Target = "person" | "checklist" | "answers";

const TARGETS: Record<Target, (method: string, path: string) => boolean> = {
  person: (_, path) => path === "/api/users/me/",
  checklist: (method, path) => method === "GET" && path.endsWith("/checklist/"),
  answers: (method, path) => method === "POST" && path.endsWith("/submit_answers/"),
};

/** A request that trouble has been told to wait for. */
export class Expected {
  /** When the request has come, and for one that is held after it was heard, when the server has answered. */
  readonly arrived: Promise<void>;
  readonly released: Promise<void>;
  meet!: () => void;
  /** Lets a request go that is held. */
  release!: () => void;

  constructor(
    readonly target: Target,
    readonly trouble: Trouble,
  ) {
    this.arrived = new Promise((resolve) => (this.meet = resolve));
    this.released = new Promise((resolve) => (this.release = resolve));
  }
}

export class Line {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly front: Server;
  private expected: Expected[] = [];

  constructor(private readonly server: string) {
    this.front = createServer((asked, answer) => void this.carry(asked, answer).catch(() => answer.destroy()));
  }

  async open(): Promise<void> {
    this.front.listen(0, "127.0.0.1");
    await once(this.front, "listening");
  }

  get address(): string {
    return `http://127.0.0.1:${(this.front.address() as AddressInfo).port}`;
  }

  /** The next request to `target` meets this trouble; one after the other, if it is said several times. */
  expect(target: Target, trouble: Trouble): Expected {
    const expected = new Expected(target, trouble);
    this.expected.push(expected);
    return expected;
  }

  /** From now on nothing goes wrong any more. */
  mend(): void {
    for (const it of this.expected) it.release();
    this.expected = [];
  }

  close(): void {
    this.mend();
    this.front.close();
    this.front.closeAllConnections();
    this.agent.destroy();
  }

  private async carry(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const [path] = asked.url!.split("?");
    const at = this.expected.findIndex((it) => TARGETS[it.target](asked.method!, path));
    const [expected] = at < 0 ? [] : this.expected.splice(at, 1);
    const trouble = expected?.trouble;
    const body = await read(asked);
    if (trouble && "heard" in trouble && !trouble.heard) {
      expected.meet();
      if (trouble.kind === "status") return refuse(answer, trouble.status);
      if (trouble.kind === "cut") return void asked.socket.destroy();
      await expected.released;
      // Whoever asked may be gone by now.
      if (asked.socket.destroyed) return;
    }
    const heard = await this.pass(asked, body);
    if (trouble && trouble.kind === "held" && trouble.heard) {
      expected.meet();
      await expected.released;
    }
    if (trouble?.kind !== "held") expected?.meet();
    if (trouble?.kind === "status" && trouble.heard) return refuse(answer, trouble.status);
    if (trouble?.kind === "invalid") return void answer.writeHead(200, { "content-type": "application/json" }).end('{"detail": "Answ');
    answer.writeHead(heard.status, heard.headers);
    if (trouble?.kind !== "cut") return void answer.end(heard.body);
    answer.write(heard.body.subarray(0, heard.body.length >> 1), () => asked.socket.destroy());
  }

  private async pass(asked: IncomingMessage, body: Buffer): Promise<{ status: number; headers: string[]; body: Buffer }> {
    const { method, headers, url } = asked;
    const outgoing = request(this.server + url, { method, headers, agent: this.agent });
    outgoing.end(body);
    const [back] = (await once(outgoing, "response")) as [IncomingMessage];
    return { status: back.statusCode!, headers: back.rawHeaders, body: await read(back) };
  }
}

async function read(from: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await from.toArray());
}

/** As Waldur says it, or the proxy before it. */
function refuse(answer: ServerResponse, status: number): void {
  const details: Record<number, string> = {
    401: "Invalid token.",
    403: "You do not have permission to perform this action.",
    404: "No OfferingUser matches the given query.",
    409: "Conflict.",
    429: "Request was throttled. Expected available in 1 second.",
  };
  const detail = details[status];
  answer.statusCode = status;
  if (status === 429) answer.setHeader("retry-after", "1");
  answer.setHeader("content-type", detail ? "application/json" : "text/html");
  answer.end(detail ? JSON.stringify({ detail }) : `<html><body><h1>${status}</h1><hr>nginx</body></html>`);
}
