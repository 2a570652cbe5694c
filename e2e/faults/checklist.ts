// A small checklist with the types that differ in how they are typed, kept and sent.

import type { Random } from "./random.ts";

export type Kind = "boolean" | "text_input" | "number" | "single_select" | "date" | "text_area" | "file";

/** A file is known by its name and what is in it. */
export type Content = { name: string; text: string };

/** What a person answers. `null`: nothing. */
export type Answer = boolean | number | string | Content | null;

export type Question = { id: string; kind: Kind };

const id = (number: number) => number.toString(16).padStart(32, "0");

export const LIST = id(0xfa0175);
export const OPTIONS = [1, 2, 3].map((number) => id(0xc0000 + number));

const KINDS: Kind[] = ["boolean", "text_input", "number", "single_select", "date", "text_area", "file"];

export const QUESTIONS: Question[] = KINDS.map((kind, at) => ({ id: id(at + 1), kind }));

/** In the form that `purser demo --load` reads. */
export const CHECKLIST = {
  uuid: LIST,
  name: "Seven answers",
  checklist_type: "offering_compliance",
  questions: QUESTIONS.map((question, at) => ({
    uuid: question.id,
    description: `Question ${at + 1}, a ${question.kind}`,
    question_type: question.kind,
    order: at + 1,
    required: at === 1,
    question_options: question.kind === "single_select" ? OPTIONS.map((uuid, order) => ({ uuid, label: `Choice ${order + 1}`, order })) : [],
  })),
};

/** What somebody could answer, different from `before`. */
export function answerTo({ kind }: Question, random: Random, before: Answer): Answer {
  for (;;) {
    const answer = anyAnswer(kind, random);
    if (!isSame(answer, before)) return answer;
  }
}

function anyAnswer(kind: Kind, random: Random): Answer {
  switch (kind) {
    case "boolean":
      return random.chance(0.5);
    case "number":
      return random.pick([0, -3, 12.5, random.whole(1, 9999)]);
    case "single_select":
      return random.pick(OPTIONS);
    case "date":
      return `20${random.whole(10, 30)}-${random.pick(["01", "06", "12"])}-${random.whole(10, 28)}`;
    case "text_input":
      return words(random, 3);
    case "text_area":
      return `${words(random, 4)}\n${words(random, 2)}`;
    case "file":
      return { name: `${random.pick(["plan", "õigus", "a b"])}-${random.whole(1, 999)}.txt`, text: words(random, random.whole(1, 400)) };
  }
}

function words(random: Random, count: number): string {
  const known = ["sleep", "memory", "õhtu", "<b>", "“quoted”", "日本", "it's", "12", "&amp;", "\\"];
  return Array.from({ length: count }, () => random.pick(known)).join(" ") + ` ${random.whole(100, 999)}`;
}

export function isSame(one: Answer, other: Answer): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
