// The checklists that the form is measured with, in the form that `purser demo --load` reads, and alice's answers.

/** An id that is the same in each run. */
const uuid = (list, question, option = 0) => [list, question, option].map((part, at) => part.toString(16).padStart([8, 12, 12][at], "0")).join("");

/** One of each type: what describes it besides the type, an answer, and the condition by which the next one is asked. */
const TYPES = {
  boolean: { answer: true },
  text_input: { answer: "Sleep", unless: "nothing" },
  single_select: { options: 4, answer: ([first]) => [first] },
  number: { min_value: "0", max_value: "1000000", answer: 12 },
  text_area: { answer: "In shift workers.", unless: "nothing" },
  date: { answer: "2026-11-24" },
  multi_select: { options: 5, answer: (ids) => ids.slice(0, 2) },
  year: { min_value: "1900", max_value: "2100", answer: 1998 },
  rating: { min_value: "1", max_value: "5", answer: 4 },
  email: { answer: "pi@ravila.example" },
  file: { allowed_file_types: [".pdf", ".txt"], max_file_size_mb: 10 },
  datetime: { answer: "2026-11-24T12:30" },
  phone_number: { answer: "+372 5555 1234" },
  url: { answer: "https://ravila.example/" },
  country: { answer: "EE" },
  likert: { likert_scale_length: 5, likert_low_label: "Not at all", likert_high_label: "Fully", likert_allow_na: true, answer: 3 },
  rich_text: { rich_text_toolbar_level: "standard" },
  multiple_files: { max_files_count: 3 },
};

/** Questions of all types in a chain: each is asked because of the one before it that has an answer. */
export function chain(length) {
  const answers = [];
  let parent;
  const questions = questionsOf(1, length, ({ unless, answer }, question, ids) => {
    question.dependencies = parent ? [parent] : [];
    if (answer === undefined) return;
    const value = typeof answer === "function" ? answer(ids) : answer;
    answers.push({ question_uuid: question.uuid, answer_data: value });
    parent = { depends_on_question: question.uuid, operator: unless ? "not_equals" : "equals", required_answer_value: unless ?? value };
  });
  return { list: listOf(1, "A chain", questions), answers };
}

/** Questions of all types that are all asked because of the first. */
export function fan(length) {
  const first = uuid(2, 1);
  const questions = questionsOf(2, length, (_, question) => {
    if (question.uuid === first) return;
    question.dependencies = [{ depends_on_question: first, operator: "equals", required_answer_value: true }];
  });
  return { list: listOf(2, "A fan", questions), answers: [] };
}

function questionsOf(list, length, connect) {
  const types = Object.entries(TYPES);
  return Array.from({ length }, (_, at) => {
    const [question_type, { options = 0, answer, unless, ...config }] = types[at % types.length];
    const question_options = Array.from({ length: options }, (_, option) => ({
      uuid: uuid(list, at + 1, option + 1),
      label: `Choice ${option + 1}`,
      order: option,
    }));
    const question = {
      uuid: uuid(list, at + 1),
      description: `Question ${at + 1}: what is to be known about this part of the study?`,
      user_guidance: at % 3 === 0 ? "As it stands in the application to the committee." : "",
      question_type,
      required: at % 4 === 0,
      order: at + 1,
      question_options,
      ...config,
    };
    connect({ answer, unless }, question, question_options.map((it) => it.uuid));
    return question;
  });
}

function listOf(number, name, questions) {
  return { uuid: uuid(number, 0), name, description: "Made for a measurement.", checklist_type: "offering_compliance", questions };
}
