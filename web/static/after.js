// Still in the car: once the drafts are there, at most three questions about what was not said. An answer is the worker's own statement.

const $ = (id) => document.getElementById(id);

const json = { credentials: "same-origin", cache: "no-store" };

async function read(visit) {
  const answer = await fetch("/api/visits/" + encodeURIComponent(visit), json);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// after waits for the drafts and asks; say(visit) begins a recording that is added to the visit.
export async function after(visit, began, say) {
  const box = $("after");
  const state = document.createElement("p");
  state.className = "quiet";
  state.setAttribute("role", "status");
  state.textContent = "Writing it down. You need not wait.";
  box.replaceChildren(state);
  box.hidden = false;
  for (let i = 0; i < 240; i++) {
    if (box.dataset.visit !== visit) return;
    let v;
    try { v = await read(visit); } catch { v = null; }
    if (v && v.state === "drafted") { ask(box, v, say); box.dataset.seconds = ((performance.now() - began) / 1000).toFixed(1); return; }
    if (v && v.state === "failed") { state.textContent = v.reason || "A step did not work out. What you recorded is safe."; return; }
    await new Promise((resolve) => setTimeout(resolve, i < 20 ? 300 : 1500));
  }
}

function ask(box, v, say) {
  const asks = v.asks.slice(0, 3);
  box.replaceChildren();
  if (!asks.length) { box.append(line("p", "Nothing is missing that we ask for.", "quiet")); return; }
  box.append(line("h3", asks.length === 1 ? "One thing you did not say" : `${asks.length} things you did not say`));
  for (const a of asks) {
    const item = document.createElement("div");
    item.className = "ask";
    item.setAttribute("role", "group");
    item.setAttribute("aria-label", a.text);
    const row = document.createElement("div");
    row.className = "row";
    const button = (text, act, title = "") => {
      const b = line("button", text, "button");
      b.type = "button";
      if (title) b.title = title;
      b.onclick = act;
      row.append(b);
    };
    if (a.yes) {
      button("Yes", () => tap(item, v, a, "yes"), a.yes);
      button("No", () => tap(item, v, a, "no"), a.no);
    }
    button("Say it", () => say(v.id));
    item.append(line("p", a.text), row);
    box.append(item);
  }
  box.append(line("p", "Skip them if you like. They wait at your desk.", "quiet small"));
}

// send answers a question on the visit as it was read; when that changed meanwhile and the question is still open, on the visit as it is.
async function send(v, a, answer) {
  for (let again = true; ; again = false) {
    const sent = await fetch(`/api/visits/${encodeURIComponent(v.id)}/statements`, { ...json, method: "POST",
      headers: { "Content-Type": "application/json", "If-Match": `"${v.revision}"` }, body: JSON.stringify({ question: a.id, answer, text: "" }) });
    if (sent.ok) { v.revision = (await sent.json()).revision; return; }
    if (sent.status !== 412 || !again) throw new Error(String(sent.status));
    const now = await read(v.id);
    if (!now.asks.some((x) => x.id === a.id)) throw new Error("answered");
    v.revision = now.revision;
  }
}

async function tap(item, v, a, answer) {
  const row = item.querySelector(".row");
  row.inert = true;
  try {
    await send(v, a, answer);
    row.replaceWith(line("p", answer === "yes" ? a.yes : a.no, "said-after"));
  } catch {
    row.inert = false;
    item.querySelector("[data-trouble]")?.remove();
    const p = line("p", "That was not kept. Try again when there is signal.", "doubt-text small");
    p.dataset.trouble = "";
    p.setAttribute("role", "alert");
    item.append(p);
  }
}

function line(tag, text, name = "") {
  const p = document.createElement(tag);
  p.textContent = text;
  if (name) p.className = name;
  return p;
}
