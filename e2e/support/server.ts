import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server of its own, for a test that changes what it finds or stops the server on the way. */
export class Server {
  private data: string | undefined;
  private running: ChildProcess | undefined;

  /** `checklists` are loaded beside those of the demo, in the form of `purser demo --load`. */
  constructor(
    private readonly port: number,
    private readonly checklists: object[] = [],
    private readonly options: string[] = [],
  ) {}

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it and waits until it says where it is. */
  async start(): Promise<void> {
    this.data ??= mkdtempSync(join(tmpdir(), "purser-e2e-"));
    const listen = `127.0.0.1:${this.port}`;
    const load = join(this.data, "load.json");
    writeFileSync(load, JSON.stringify(this.checklists));
    const running = spawn(process.env.PURSER_BINARY!, ["demo", "--listen", listen, "--data", this.data, "--load", load, ...this.options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.running = running;
    await new Promise<void>((ready, failed) => {
      running.once("exit", (code) => failed(new Error(`the server ended with ${code}`)));
      running.stdout.on("data", (text: Buffer) => text.toString().includes(this.address) && ready());
    });
    running.removeAllListeners("exit");
  }

  /** Presses Ctrl-C and waits for a clean end. */
  async stop(): Promise<void> {
    const running = this.running;
    if (!running) return;
    this.running = undefined;
    const end = once(running, "exit");
    running.kill("SIGINT");
    const [code] = await end;
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  }

  /** Stops it and throws its data away. */
  async remove(): Promise<void> {
    await this.stop();
    if (this.data) rmSync(this.data, { recursive: true, force: true });
    this.data = undefined;
  }
}
