// What a person may rely on: what they answered, and since when.

import { QUESTIONS, isSame, type Answer, type Question } from "./checklist.ts";
import { isShown } from "./truth.ts";

/** What is answered and then left alone for this long has to be there after anything, in milliseconds. */
export const KEPT_AFTER = 250;

type Given = { answer: Answer; at: number };

export class Model {
  private readonly given: Given[][];

  /** Begins with what the server has. */
  constructor(answers: Answer[]) {
    this.given = answers.map((answer) => [{ answer, at: 0 }]);
  }

  /** The person has just answered. */
  note(question: Question, answer: Answer): void {
    this.given[QUESTIONS.indexOf(question)].push({ answer, at: Date.now() });
  }

  /** What was answered last. */
  now(): Answer[] {
    return this.given.map((given) => given.at(-1)!.answer);
  }

  of(question: Question): Answer {
    return this.now()[QUESTIONS.indexOf(question)];
  }

  /** The page was lost: what was answered just before may be lost with it, and nothing else. */
  lose(): void {
    const certain = Date.now() - KEPT_AFTER;
    this.open = this.given.map((given) => {
      const last = given.findLastIndex(({ at }) => at <= certain);
      const [kept, ...later] = given.slice(last).map(({ answer }) => answer);
      return [kept, ...later.flatMap((answer) => [...beginnings(answer), answer])];
    });
  }

  private open: Answer[][] | undefined;

  /** What may be on screen as the answer to the question at this place. */
  may(at: number): Answer[] {
    return this.open?.[at] ?? [this.given[at].at(-1)!.answer];
  }

  /** Goes on from what is on screen. */
  settle(shown: Answer[]): void {
    for (const [at, seen] of shown.entries()) {
      const answer = this.may(at).findLast((it) => isShown(seen, it))!;
      if (!isSame(answer, this.given[at].at(-1)!.answer)) this.given[at].push({ answer, at: 0 });
    }
    this.open = undefined;
  }

  /** Only what the server has is left. */
  begin(answers: Answer[]): void {
    for (const [at, answer] of answers.entries()) this.given[at] = [{ answer, at: 0 }];
    this.open = undefined;
  }
}

/** What is there of an answer while it is typed: nothing, and each of its beginnings. */
function beginnings(answer: Answer): Answer[] {
  if (typeof answer !== "string" && typeof answer !== "number") return [];
  const letters = [...String(answer)];
  const texts = letters.map((_, at) => letters.slice(0, at).join("")).filter((text) => text !== "");
  // "-" is no number yet.
  const numbers = texts.map(Number).filter((it) => !Number.isNaN(it));
  return [null, ...(typeof answer === "number" ? numbers : texts)];
}
