// What the server really has, asked past the line on which things go wrong.

import { QUESTIONS, isSame, type Answer, type Content, type Question } from "./checklist.ts";
import type { Stage } from "./person.ts";

export class Truth {
  constructor(
    private readonly server: string,
    private readonly stage: Stage,
  ) {}

  /** Makes the server have these answers. */
  async set(answers: Answer[]): Promise<void> {
    await this.submit(QUESTIONS.flatMap((question, at) => items(question, answers[at])));
  }

  /** Makes the server have another answer to one question. */
  async change(question: Question, answer: Answer): Promise<void> {
    await this.submit(items(question, answer));
  }

  private async submit(items: Item[]): Promise<void> {
    await this.ask(`/api/marketplace-offering-users/${this.stage.account}/submit_answers/`, JSON.stringify(items));
  }

  /** The answers that the server has, files with what is in them. */
  async get(): Promise<Answer[]> {
    const path = `/api/marketplace-offering-users/${this.stage.account}/checklist/?include_all=true`;
    const { questions } = await (await this.ask(path)).json();
    return Promise.all(QUESTIONS.map(({ id, kind }) => {
      const data = questions.find((it: { uuid: string }) => it.uuid === id).existing_answer?.answer_data ?? null;
      if (data === null) return null;
      if (kind === "single_select") return data[0];
      return kind === "file" ? this.file(data) : data;
    }));
  }

  private async file({ name, stored_file_id }: { name: string; stored_file_id: string }): Promise<Content> {
    const answer = await this.ask(`/api/media/${stored_file_id}/`);
    return { name, text: await answer.text() };
  }

  private async ask(path: string, body?: string): Promise<Response> {
    const headers = { authorization: `Token ${this.stage.token}`, "content-type": "application/json" };
    const answer = await fetch(this.server + path, { method: body ? "POST" : "GET", headers, body });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

type Item = { question_uuid: string; answer_data: unknown };

/** Deletes the answer that is there, and gives this one. */
function items({ id, kind }: Question, answer: Answer): Item[] {
  const gone = { question_uuid: id, answer_data: null };
  return answer === null ? [gone] : [gone, { question_uuid: id, answer_data: toSend(kind, answer) }];
}

function toSend(kind: string, answer: Answer): unknown {
  if (kind === "single_select") return [answer];
  if (kind !== "file") return answer;
  const { name, text } = answer as Content;
  return { name, content: Buffer.from(text).toString("base64") };
}

/** Whether what is on screen is this answer; of a file the screen shows the name. */
export function isShown(seen: Answer, answer: Answer): boolean {
  const expected = answer !== null && typeof answer === "object" ? answer.name : answer;
  return isSame(seen, expected);
}
