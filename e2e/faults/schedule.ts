// One schedule: somebody answers, something goes wrong, they go on as a person would, and nothing is lost.

import { expect, type Browser, type BrowserContext } from "@playwright/test";

import { words } from "../support/words.ts";
import { QUESTIONS, answerTo, isSame, type Answer, type Question } from "./checklist.ts";
import type { Expected, Line, Target, Trouble } from "./line.ts";
import { KEPT_AFTER, Model } from "./model.ts";
import { Person, type Outcome, type Stage } from "./person.ts";
import { Random } from "./random.ts";
import { Truth, isShown } from "./truth.ts";

const say = words("en");

const STATUSES = [401, 403, 404, 409, 413, 429, 500, 502] as const;

export const FAULTS = [
  "tab killed",
  "renderer crashed",
  "reload",
  "offline",
  ...STATUSES.map((status) => `${status}` as const),
  "cut body",
  "invalid JSON",
  "late answer",
  "reordered answers",
  "quota",
  "second tab",
  "sign-out",
] as const;

export type Fault = (typeof FAULTS)[number];

/** What goes wrong in the schedule of a seed: each in turn. */
export function faultOf(seed: number): Fault {
  return FAULTS[seed % FAULTS.length];
}

/** What every schedule works with. */
export type World = {
  browser: Browser;
  /** The server's own address, past the line. */
  server: string;
  line: Line;
  stage: Stage;
  /** Signing out ended the token; gets another. */
  signInAnew: () => Promise<void>;
};

export class Schedule {
  private readonly random: Random;
  private readonly truth: Truth;
  /** What happened, to be read when it failed. */
  readonly story: string[] = [];
  private context!: BrowserContext;
  private person!: Person;
  private model!: Model;

  constructor(
    private readonly world: World,
    private readonly seed: number,
  ) {
    this.random = new Random(seed);
    this.truth = new Truth(world.server, world.stage);
  }

  async run(): Promise<void> {
    const { random, world } = this;
    const start = QUESTIONS.map((it) => (random.chance(0.4) ? answerTo(it, random, null) : null));
    await this.truth.set(start);
    this.model = new Model(start);
    this.context = await world.browser.newContext({ reducedMotion: "reduce" });
    const broken: string[] = [];
    this.context.on("weberror", (error) => broken.push(error.error().message));
    try {
      // A blank page has no storage.
      const signIn = (token: string) => void (location.protocol === "http:" && sessionStorage.setItem("purser.token", token));
      await this.context.addInitScript(signIn, world.stage.token);
      this.person = await Person.open(this.context, world.stage);
      await this.person.reachForm();
      await this.work(QUESTIONS, random.whole(1, 4));
      await this.goWrong(faultOf(this.seed));
      world.line.mend();
      await this.person.reachForm();
      await this.lookAround("afterwards");
      await this.work(QUESTIONS, random.whole(0, 1));
      await this.finish();
      expect(broken, "exceptions that nobody caught").toEqual([]);
    } finally {
      world.line.mend();
      await this.context.close();
    }
  }

  /** Answers some questions, and sometimes saves on the way. */
  private async work(questions: Question[], times: number, saves = true, person = this.person): Promise<void> {
    const { random } = this;
    for (let time = 0; time < times; time++) {
      const question = random.pick(questions);
      const before = this.model.of(question);
      const clears = before !== null && random.chance(0.2);
      const answer = clears ? null : answerTo(question, random, before);
      await this.answer(person, question, answer);
      if (saves && random.chance(0.1)) await this.saveOnTheWay();
    }
  }

  private async answer(person: Person, question: Question, answer: Answer): Promise<void> {
    this.tell(`answers ${question.kind} with ${JSON.stringify(answer)}`);
    await person.answer(question, answer, this.random.chance(0.5));
    this.model.note(question, answer);
  }

  private async saveOnTheWay(): Promise<void> {
    this.tell("saves on the way");
    await this.person.goToCheck();
    await this.saveUntilDone();
    await this.person.reachForm();
  }

  /** Waits until all that was answered has to be kept; sometimes not, so that the last answer may be lost. */
  private async wait(): Promise<void> {
    if (this.random.chance(0.3)) return this.tell("does not wait");
    await new Promise((resolve) => setTimeout(resolve, KEPT_AFTER));
  }

  private async goWrong(fault: Fault): Promise<void> {
    const status = STATUSES.find((it) => `${it}` === fault);
    const heard = this.random.chance(0.5);
    if (status) {
      // What refuses does so before anything is stored; what fails may have stored it.
      return this.trouble({ kind: "status", status, heard: status >= 500 && heard });
    }
    switch (fault) {
      case "tab killed":
        return this.losePage(async () => {
          await this.person.page.close({ runBeforeUnload: false });
          this.person = await Person.open(this.context, this.world.stage);
        });
      case "renderer crashed":
        return this.losePage(async () => {
          const { page } = this.person;
          const crashed = page.waitForEvent("crash");
          const session = await this.context.newCDPSession(page);
          // It never answers.
          void session.send("Page.crash").catch(() => {});
          await crashed;
          this.person = await Person.open(this.context, this.world.stage);
          await page.close();
        });
      case "reload":
        return this.losePage(async () => void (await this.person.page.reload()));
      case "offline":
        return this.offline();
      case "cut body":
        return this.trouble({ kind: "cut", heard });
      case "invalid JSON":
        return this.trouble({ kind: "invalid" });
      case "late answer":
        return this.late(heard);
      case "reordered answers":
        return this.reordered();
      case "quota":
        return this.quota();
      case "second tab":
        return this.secondTab();
      case "sign-out":
        return this.signOut();
    }
  }

  /** The page goes, in the middle of nothing or of a save. */
  private async losePage(lose: () => Promise<void>): Promise<void> {
    if (this.random.chance(0.4)) {
      const heard = this.random.chance(0.5);
      this.tell(`saves, and the page is lost ${heard ? "after" : "before"} the server heard of it`);
      await this.pressSaveHeld("answers", heard);
    } else {
      await this.wait();
      this.tell("the page is lost");
    }
    this.model.lose();
    await lose();
  }

  /** One request fails: while the form opens, or at some point of a save. */
  private async trouble(trouble: Trouble): Promise<void> {
    const { random, world, person } = this;
    const where = random.pick(["opening", "reading first", "storing", "storing", "reading again"] as const);
    this.tell(`${JSON.stringify(trouble)} while ${where}`);
    if (where === "opening") {
      await this.wait();
      this.model.lose();
      world.line.expect(random.pick<Target>(["person", "checklist"]), trouble);
      await person.page.reload();
      return;
    }
    await person.goToCheck();
    if (where === "reading again") world.line.expect("checklist", { kind: "none" });
    world.line.expect(where === "storing" ? "answers" : "checklist", trouble);
    await this.save();
  }

  private async offline(): Promise<void> {
    const { random, person } = this;
    if (random.chance(0.5)) {
      this.tell("goes offline, and on");
      await this.context.setOffline(true);
      await this.work(QUESTIONS, random.whole(1, 2), false);
      await person.goToCheck();
      await this.save();
    } else {
      const heard = random.chance(0.5);
      this.tell(`goes offline while saving, ${heard ? "after" : "before"} the server heard of it`);
      const held = await this.pressSaveHeld("answers", heard);
      await this.context.setOffline(true);
      held.release();
      await this.expectHonest(await person.outcome());
    }
    await this.context.setOffline(false);
  }

  /** The answer to a save takes its time, and the person goes on meanwhile. */
  private async late(heard: boolean): Promise<void> {
    const { person, random } = this;
    const target = random.pick<Target>(["answers", "checklist"]);
    this.tell(`saves, and the answer about the ${target} is late`);
    const held = await this.pressSaveHeld(target, heard);
    await person.reachForm();
    await this.work(QUESTIONS, random.whole(1, 2), false);
    // The save goes on by itself; sometimes the person sees its end.
    const waits = random.chance(0.5);
    if (waits) await person.goToCheck();
    held.release();
    if (waits) await this.expectHonest(await person.outcome());
  }

  /** What was asked first is answered last, when it is no longer true. */
  private async reordered(): Promise<void> {
    const { person, random, world } = this;
    this.tell("opens the form twice, and the first answer comes last");
    const first = world.line.expect("checklist", { kind: "held", heard: true });
    const untouched = (await person.see()).findIndex((it) => it.standing === "saved" || it.standing === "open");
    await person.leave();
    await person.comeBack();
    await first.arrived;
    await person.leave();
    if (untouched >= 0) {
      const question = QUESTIONS[untouched];
      const answer = answerTo(question, random, this.model.of(question));
      this.tell(`${question.kind} is answered elsewhere with ${JSON.stringify(answer)}`);
      await this.truth.change(question, answer);
      this.model.note(question, answer);
    }
    await person.comeBack();
    await person.reachForm();
    first.release();
    await this.work(QUESTIONS, 1, false);
  }

  /** The device has no room any more: that is said once, typing goes on, and saving works. */
  private async quota(): Promise<void> {
    const { person, random } = this;
    this.tell("the device is full");
    await person.page.evaluate(() => {
      const full = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      };
      IDBObjectStore.prototype.put = full;
      IDBObjectStore.prototype.add = full;
    });
    await this.work(QUESTIONS, random.whole(1, 3), false);
    await expect(person.page.getByText(say("journal.full"))).toHaveCount(1);
    await this.lookAround("while the device is full");
    await person.goToCheck();
    await this.saveUntilDone();
  }

  /** Two tabs have the form open, and each is answered in. */
  private async secondTab(): Promise<void> {
    const { random, context, world, person } = this;
    await this.wait();
    const [mine, theirs] = [0, 1].map((half) => QUESTIONS.filter((_, at) => at % 2 === half));
    // What was changed before is in both tabs now, and belongs to neither.
    const before = (await person.see()).map((it) => it.standing);
    const untouched = mine.filter((it) => isSettled(before[QUESTIONS.indexOf(it)]));
    const other = await Person.open(context, world.stage);
    await other.reachForm();
    this.tell("a second tab");
    if (untouched.length > 0) await this.work(untouched, random.whole(1, 2), false);
    await this.work(theirs, random.whole(1, 2), false, other);
    if (random.chance(0.5)) {
      this.tell("both tabs are lost");
      await this.wait();
      this.model.lose();
      await Promise.all([other, person].map(({ page }) => page.close({ runBeforeUnload: false })));
      this.person = await Person.open(context, world.stage);
    } else {
      this.tell("the second tab saves");
      await other.goToCheck();
      expect(await other.save(), "what the second tab says").toBe("saved");
      const [server, now] = [await this.truth.get(), this.model.now()];
      for (const at of theirs.map((it) => QUESTIONS.indexOf(it))) expect(server[at]).toEqual(now[at]);
      await other.page.close();
      // A tab learns what the server has when it asks.
      await person.leave();
      await person.comeBack();
    }
  }

  /** The person signs out: nothing of theirs stays on the device. */
  private async signOut(): Promise<void> {
    const { person, truth, world } = this;
    await this.wait();
    this.tell("signs out");
    await person.signOut();
    await expect.poll(() => person.kept(), "what is on the device after signing out").toEqual([]);
    await world.signInAnew();
    this.model.begin(await truth.get());
    await person.reachForm();
    const standings = (await person.see()).map((it) => it.standing);
    expect(standings.filter((it) => !isSettled(it)), "changes after signing out").toEqual([]);
  }

  /** Presses *Save* on the check page, and a request of it is held on the line. */
  private async pressSaveHeld(target: Target, heard: boolean): Promise<Expected> {
    await this.person.goToCheck();
    const held = this.world.line.expect(target, { kind: "held", heard });
    await this.person.pressSave();
    await held.arrived;
    return held;
  }

  /** Presses *Save* on the check page once, and holds the page to what it says then. */
  private async save(): Promise<Outcome> {
    const outcome = await this.person.save();
    await this.expectHonest(outcome);
    return outcome;
  }

  private async saveUntilDone(): Promise<void> {
    for (let tries = 0; tries < 3; tries++) {
      const outcome = await this.save();
      // A save that was under way has not taken what was answered since.
      if (outcome === "saved" && (await this.person.standings()).every(isSettled)) return;
      await this.person.reachForm();
      await this.person.goToCheck();
    }
    throw new Error("Saving does not succeed although nothing goes wrong.");
  }

  /** Whether everything that the check page calls saved is. */
  private async expectHonest(outcome: Outcome): Promise<void> {
    this.tell(`the page says: ${outcome}`);
    const standings = await this.person.standings();
    const [server, now] = [await this.truth.get(), this.model.now()];
    const complaints = standings.flatMap((standing, at) => this.complaint(at, standing, now[at], server[at]));
    expect(complaints, "what the check page claims").toEqual([]);
    if (outcome === "saved" && standings.every(isSettled)) {
      expect(server, "what is saved").toEqual(now);
    }
  }

  /** Compares the form with the server and with what was answered, and goes on from there. */
  private async lookAround(when: string): Promise<void> {
    const [seen, server] = [await this.person.see(), await this.truth.get()];
    const complaints = seen.flatMap(({ standing, value }, at) => {
      const may = this.model.may(at);
      const lost = may.some((it) => isShown(value, it)) ? [] : [`${QUESTIONS[at].kind}: ${JSON.stringify(value)} instead of ${JSON.stringify(may)}`];
      return [...lost, ...this.complaint(at, standing, value, server[at])];
    });
    expect(complaints, `what the form shows ${when}`).toEqual([]);
    this.model.settle(seen.map((it) => it.value));
  }

  private complaint(at: number, standing: string, value: Answer, server: Answer): string[] {
    const says = `${QUESTIONS[at].kind}: ${standing}, ${JSON.stringify(value)}, and the server has ${JSON.stringify(server)}`;
    const saved = server !== null && (isShown(value, server) || isSame(value, server));
    if (standing === "saved") return saved ? [] : [says];
    if (standing === "open") return server === null && value === null ? [] : [says];
    return [];
  }

  /** Saves what is left; then the server has all that was answered. */
  private async finish(): Promise<void> {
    const { person } = this;
    await person.insist();
    await person.goToCheck();
    await this.saveUntilDone();
    expect(await this.truth.get(), "what the server has in the end").toEqual(this.model.now());
  }

  private tell(what: string): void {
    this.story.push(what);
  }
}

/** Whether nothing is left to be saved. */
function isSettled(standing: string): boolean {
  return standing === "saved" || standing === "open";
}
