// The least a page can do to show the table of accounts: what Purser is measured against. It asks the same of the
// server as Purser does, in the same order: who is here and what they may do, then the list.

const token = sessionStorage.getItem("purser.token") ?? (await signIn());

async function signIn() {
  const credentials = { username: "stella", password: "demo" };
  const answer = await fetch("/api-auth/password/", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  return (await answer.json()).token;
}

async function ask(url) {
  const answer = await fetch(url, { headers: { authorization: `Token ${token}` } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

await ask("/api/users/me/");
await ask("/api/roles/");
const accounts = await ask(new URLSearchParams(location.search).get("list"));

const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const element = (tag, ...children) => {
  const it = document.createElement(tag);
  it.append(...children);
  return it;
};
const row = (account) => {
  const link = element("a", account.user_full_name);
  link.href = `/accounts/${account.uuid}`;
  const person = element("th", link, element("small", account.user_email ?? ""));
  person.scope = "row";
  const offering = element("td", account.offering_name, element("small", account.customer_name));
  const others = [account.username, account.state, day.format(new Date(account.modified))];
  return element("tr", person, offering, ...others.map((text) => element("td", text ?? "")));
};
const heads = ["Person", "Offering", "Username", "State", "Changed"].map((text) => element("th", text));
const table = element("table", element("thead", element("tr", ...heads)), element("tbody", ...accounts.map(row)));
document.querySelector("main").replaceChildren(table);
