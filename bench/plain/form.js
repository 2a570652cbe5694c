// The least a page can do to show a checklist and to lose nothing: what Purser's form is measured against. It asks the
// same of the server, shows the same questions by the same rules, keeps each change in a journal on the device, and
// counts how far the answers are. An account and its checklist are two views of one page, as in Purser.

const account = new URLSearchParams(location.search).get("account");
const token = sessionStorage.getItem("purser.token");
const main = document.querySelector("main");
const journal = await openJournal();

async function ask(url) {
  const answer = await fetch(url, { headers: { authorization: `Token ${token}` } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

const element = (tag, properties = {}, ...children) => {
  const it = Object.assign(document.createElement(tag), properties);
  it.append(...children);
  return it;
};

function draw() {
  return location.pathname.endsWith("/account") ? drawAccount() : drawForm();
}

function linkTo(view, className, text) {
  const link = element("a", { className, href: `/bench-plain/${view}?account=${account}` }, text);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    history.pushState(undefined, "", link.href);
    draw();
  });
  return link;
}

async function drawAccount() {
  const it = await ask(`/api/marketplace-offering-users/${account}/`);
  main.replaceChildren(element("h1", {}, it.offering_name), element("p", {}, it.state), linkTo("form", "open", "Answer"));
}

async function drawForm() {
  const { checklist, questions } = await ask(`/api/marketplace-offering-users/${account}/checklist/?include_all=true`);
  const form = new Form(questions, await journal.all());
  main.replaceChildren(
    linkTo("account", "close", "Back to the account"),
    element("h1", {}, checklist.name),
    element("p", { className: "soft" }, checklist.description),
    form.progress,
    form.list,
    form.changes,
  );
}

/** The questions, what is answered, and what depends on what. */
class Form {
  constructor(questions, changes) {
    this.progress = element("p", { className: "soft" });
    this.changes = element("p", { className: "soft", role: "status" });
    this.changed = new Set(changes.keys());
    this.values = new Map(questions.map((it) => [it.uuid, it.existing_answer?.answer_data]));
    for (const [uuid, value] of changes) if (this.values.has(uuid)) this.values.set(uuid, value);
    const byText = new Map(questions.map((it) => [it.description, it]));
    this.dependents = new Map();
    for (const it of questions) {
      for (const condition of it.dependencies_info?.conditions ?? []) {
        condition.parent = byText.get(condition.question_description).uuid;
        this.dependents.set(condition.parent, [...(this.dependents.get(condition.parent) ?? []), it]);
      }
    }
    this.items = new Map(questions.map((it) => [it.uuid, this.item(it)]));
    this.list = element("ol", { className: "questions" }, ...this.items.values());
    this.count();
  }

  item(question) {
    const set = (value) => this.set(question, value);
    const label = element("p", { className: "question__text", id: `${question.uuid}-label` }, question.description);
    const standing = element("span", { className: "standing" }, this.standing(question));
    const item = element("li", { className: "question", hidden: !this.isShown(question) });
    item.append(element("div", { className: "question__head" }, label, standing));
    if (question.required) label.append(" (required)");
    if (question.user_guidance) item.append(element("p", { className: "soft" }, question.user_guidance));
    const inputs = input(question, this.values.get(question.uuid), set);
    for (const it of inputs) it.setAttribute("aria-labelledby", label.id);
    item.append(...inputs);
    return item;
  }

  set(question, value) {
    this.values.set(question.uuid, value);
    this.changed.add(question.uuid);
    journal.put(question.uuid, value);
    this.items.get(question.uuid).querySelector(".standing").textContent = this.standing(question);
    for (const it of this.dependents.get(question.uuid) ?? []) this.items.get(it.uuid).hidden = !this.isShown(it);
    this.count();
  }

  standing({ uuid }) {
    if (this.changed.has(uuid)) return "On this device";
    return isAnswer(this.values.get(uuid)) ? "Saved" : "";
  }

  isShown({ dependencies_info }) {
    if (!dependencies_info) return true;
    const holds = ({ parent, operator, required_value }) => {
      const value = this.values.get(parent);
      if (!isAnswer(value)) return false;
      return same(value, required_value) === (operator === "equals");
    };
    const { logic, conditions } = dependencies_info;
    return logic === "or" ? conditions.some(holds) : conditions.every(holds);
  }

  count() {
    let [shown, answered] = [0, 0];
    for (const [uuid, item] of this.items) {
      if (item.hidden) continue;
      shown++;
      if (isAnswer(this.values.get(uuid))) answered++;
    }
    this.progress.textContent = `${answered} of ${shown} answered`;
    this.changes.textContent = `${this.changed.size} changed`;
  }
}

const isAnswer = (value) => value !== undefined && value !== null;

const same = (one, other) => one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));

/** What a question is answered with. */
function input(question, value, set) {
  const { question_type, question_options: options } = question;
  const bounds = [question.min_value, question.max_value].map(Number);
  switch (question_type) {
    case "boolean":
      return [radios(question, [[true, "Yes"], [false, "No"]], value, set)];
    case "single_select":
      return [radios(question, options.map((it) => [[it.uuid], it.label]), value, set)];
    case "multi_select":
      return [checkboxes(options, value, set)];
    case "rating":
      return [radios(question, range(bounds[0], bounds[1]).map((it) => [it, `${it}`]), value, set)];
    case "likert":
      return [radios(question, [...range(0, question.likert_scale_length - 1).map((it) => [it, `${it + 1}`]), ["na", "Not applicable"]], value, set)];
    case "country":
      return [countries(value, set)];
    case "rich_text":
      return [rich(value, set)];
    case "text_area":
      return [typed(element("textarea", { className: "input", rows: 4 }), value, (text) => set(text || null))];
    case "number":
    case "year":
      return [typed(element("input", { className: "input", inputMode: "decimal" }), value, (text) => set(text === "" ? null : Number(text)))];
    case "file":
    case "multiple_files":
      return files(question_type === "multiple_files", value, set);
    default:
      return [typed(element("input", { className: "input", type: INPUT_TYPES[question_type] ?? "text" }), value, (text) => set(text || null))];
  }
}

const INPUT_TYPES = { date: "date", datetime: "datetime-local", email: "email", url: "url", phone_number: "tel" };

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

function typed(it, value, set) {
  it.value = value ?? "";
  it.addEventListener("input", () => set(it.value));
  return it;
}

function radios({ uuid }, choices, value, set) {
  const group = element("div", { className: "options", role: "radiogroup" });
  for (const [choice, text] of choices) {
    const radio = element("input", { type: "radio", name: uuid, checked: same(choice, value) });
    radio.addEventListener("change", () => set(choice));
    group.append(element("label", {}, radio, " ", text));
  }
  return group;
}

function checkboxes(options, value = [], set) {
  const group = element("div", { className: "options", role: "group" });
  const boxes = options.map((it) => element("input", { type: "checkbox", checked: value.includes(it.uuid) }));
  group.addEventListener("change", () => set(options.filter((_, at) => boxes[at].checked).map((it) => it.uuid)));
  group.append(...boxes.map((box, at) => element("label", {}, box, " ", options[at].label)));
  return group;
}

// The names are the same for each question, and typing narrows them: one list serves all.
function countries(value, set) {
  if (!document.getElementById("countries")) {
    const names = new Intl.DisplayNames("en", { type: "region" });
    const list = element("datalist", { id: "countries" });
    for (const code of regions(names)) list.append(element("option", { value: code }, names.of(code)));
    document.body.append(list);
  }
  const it = typed(element("input", { className: "input" }), value, (text) => set(text || null));
  it.setAttribute("list", "countries");
  return it;
}

function regions(names) {
  const letters = range(65, 90).map((it) => String.fromCharCode(it));
  return letters.flatMap((one) => letters.map((other) => one + other)).filter((code) => names.of(code) !== code);
}

function rich(value, set) {
  const it = element("div", { className: "input rich", contentEditable: "true", role: "textbox", textContent: value ?? "" });
  it.addEventListener("input", () => set(it.textContent === "" ? null : it.innerHTML));
  return it;
}

function files(multiple, value, set) {
  const names = (value) => [value ?? []].flat().map((it) => it.name).join(", ");
  const chosen = element("p", { className: "soft" }, names(value));
  const it = element("input", { type: "file", multiple });
  it.addEventListener("change", () => {
    // The journal takes files as they are.
    set(multiple ? [...it.files] : it.files[0]);
    chosen.textContent = names([...it.files]);
  });
  return [chosen, it];
}

/** What is changed and not saved, on this device. */
async function openJournal() {
  const asDone = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const opening = indexedDB.open("bench-plain", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("changes");
  const database = await asDone(opening);
  const store = (mode) => database.transaction("changes", mode).objectStore("changes");
  return {
    put: (uuid, value) => store("readwrite").put(value, uuid),
    async all() {
      const changes = store("readonly");
      const [keys, values] = await Promise.all([asDone(changes.getAllKeys()), asDone(changes.getAll())]);
      return new Map(keys.map((key, at) => [key, values[at]]));
    },
  };
}

addEventListener("popstate", draw);
await ask("/api/users/me/");
await ask("/api/roles/");
await draw();
