// The two minutes at the desk: everything that is open, one at a time, in the order of importance. Enter goes on, a figure settles. What was looked
// at and found right is remembered in this browser by its id and confirmed with the approval.

import { restore } from "./typed.js";
import * as words from "./words.js";
import { player, follow, correctWords } from "./visit.js";

const $ = (id) => document.getElementById(id);
const key = () => "kerbside-settled-" + $("visit").dataset.visit;

let settled = new Set();
let queue = []; // {kind, id, node}
let at = -1; // in queue; -1: closed
let skipped = new Set();

const kinds = {
  critical: (n) => `${n} to hear or check`,
  no_speech: () => "no speech was heard",
  warning: (n) => (n === 1 ? "1 thing to look at" : `${n} things to look at`),
  proposal: (n) => (n === 1 ? "1 suggestion" : `${n} suggestions`),
  gap: (n) => (n === 1 ? "1 gap in the sound" : `${n} gaps in the sound`),
  doubt: (n) => (n === 1 ? "1 word we are unsure of" : `${n} words we are unsure of`),
  omission: (n) => `${n} left out of a draft`,
  missing: (n) => `${n} not said`,
};

const titles = { critical: "Hear or check this", proposal: "A language model suggests this", gap: "A gap in the sound", doubt: "A word we are unsure of", omission: "Left out of a draft", missing: "Not said" };

function load() {
  try { settled = new Set(JSON.parse(localStorage.getItem(key()) || "[]")); } catch { settled = new Set(); }
}

function settle(item) {
  settled.add(item.id);
  try { localStorage.setItem(key(), JSON.stringify([...settled])); } catch { /* it is asked again next time */ }
}

// gather reads what is open from the page: each thing stands there once for those without this module.
function gather() {
  queue = [];
  for (const box of document.querySelectorAll("input[name=confirm][type=checkbox]")) { // doubtful words come first: what is put right there is heard right after
    if (!box.checked && settled.has(box.value)) box.checked = true;
    const node = box.closest(".found");
    queue.push({ kind: node.dataset.kind || "critical", id: box.value, node, box });
  }
  for (const node of document.querySelectorAll("#open [data-open], #questions [data-open]")) queue.push({ kind: node.dataset.kind, id: node.dataset.open, node });
}

const open = (item) => (item.box ? !item.box.checked : !settled.has(item.id));
const editable = () => Boolean($("correct"));

// line says what is left, as the page did when it came.
function line() {
  const visit = $("visit");
  if (!editable() || !["drafted", "returned"].includes(visit.dataset.state)) return;
  const left = new Map();
  for (const item of queue) if (open(item)) left.set(item.kind, (left.get(item.kind) || 0) + 1);
  const parts = Object.keys(kinds).filter((k) => left.has(k)).map((k) => kinds[k](left.get(k)));
  const before = visit.dataset.state === "returned" ? "Returned to you. " : "";
  $("line-text").textContent = before + (parts.length ? parts.join(", ") + ", then approve." : "Nothing is left to look at. Approve when you are ready.");
  const next = $("next");
  if (next) next.textContent = parts.length ? "Next" : "Approve";
  for (const item of queue) item.node.toggleAttribute("data-settled", !open(item));
}

function refresh() {
  load();
  gather();
  line();
  if (!$("step").hidden) go(0);
}

// go opens the next thing that is open and was not skipped, from an index on.
function go(from) {
  at = queue.findIndex((item, i) => i >= from && open(item) && !skipped.has(item.id));
  if (at < 0 && from > 0) at = queue.findIndex((item) => open(item) && !skipped.has(item.id));
  player.stop();
  $("step").hidden = false;
  document.body.classList.add("stepping");
  if (at < 0) { end(); return; }
  show(queue[at]);
}

function close() {
  at = -1;
  skipped = new Set();
  $("step").hidden = true;
  document.body.classList.remove("stepping");
  player.stop();
  words.light([]);
}

function el(tag, text, name = "") {
  const e = document.createElement(tag);
  e.textContent = text;
  if (name) e.className = name;
  return e;
}

// sentence is the words' own sentence with the words marked.
function sentence(s) {
  const all = words.wordsOf(s.index);
  let first = s.first;
  while (first > 0 && s.first - first < 25 && !/[.!?]["”’)]*$/.test(all[first - 1].textContent)) first--;
  const { last } = words.stretchFrom({ ...s, first: s.last });
  const p = el("p", "", "quote");
  const text = (a, b) => all.slice(a, b).map((w) => w.textContent).join(" ");
  p.append(text(first, s.first) + " ", el("mark", text(s.first, s.last + 1)), " " + text(s.last + 1, last + 1));
  return p;
}

function show(item) {
  const left = queue.filter(open).length;
  $("step-count").textContent = `${titles[item.kind] || "To look at"} · ${left} left`;
  const body = $("step-body");
  body.replaceChildren();
  const spec = item.node.dataset.spec || item.node.querySelector("a.evidence")?.dataset.spec || "";
  const list = words.stretches(spec);
  words.light(list);
  if (list.length) follow(list);
  const row = el("div", "", "row choices");
  const choice = (text, act) => {
    const b = el("button", text, "button");
    b.type = "button";
    b.onclick = act;
    row.append(b);
    return b;
  };
  const done = () => { if (item.box) item.box.checked = true; settle(item); line(); go(at + 1); };
  const fix = list.length && editable() ? () => correctWords(list[0]) : null;
  if (item.kind === "doubt" && list.length) {
    body.append(sentence(list[0]));
    choice(`“${words.textOf(list[0])}” is right`, done);
    for (const form of item.node.querySelectorAll("form")) row.append(form.cloneNode(true));
  } else if (item.kind === "missing") {
    const ask = item.node.cloneNode(true);
    for (const d of ask.querySelectorAll("details")) d.open = true;
    ask.removeAttribute("data-open");
    body.append(ask);
    restore(body);
  } else {
    const text = (item.node.querySelector(".choice span") || item.node.querySelector(".body") || item.node).textContent.trim();
    const heard = list.length && item.kind === "critical" ? sentence(list[0]) : null;
    if (item.kind === "proposal") {
      const what = item.node.querySelector(".body").cloneNode(true);
      what.className = "what";
      body.append(what);
    } else if (!heard || !heard.textContent.toLowerCase().includes(text.toLowerCase())) body.append(el("p", text, "what"));
    if (heard) body.append(heard);
    if (item.kind !== "proposal") choice(item.kind === "critical" ? "It is right" : item.kind === "omission" ? "Leave it out" : "I have seen it", done);
    for (const form of item.node.querySelectorAll("form")) row.append(form.cloneNode(true));
  }
  if (row.children.length) body.append(row);
  let n = 0;
  for (const b of body.querySelectorAll(".row.choices button, .ask > form button")) if (++n <= 9) b.prepend(el("kbd", String(n)));
  const more = el("div", "", "row");
  const also = (text, k, act) => { const b = el("button", text, "link"); b.type = "button"; b.onclick = act; b.prepend(el("kbd", k)); more.append(b); };
  if (list.some(words.hasSound)) also("Play", "Space", () => player.play(list));
  if (fix && item.kind !== "missing") also("Type it", "T", fix);
  also("Later", "Enter", skip);
  body.append(more);
  body.focus({ preventScroll: true });
  if (["doubt", "critical"].includes(item.kind) && list.some(words.hasSound)) player.play([context(list[0])]);
}

// context is a little more than the words, so that an ear knows where it is.
function context(s) {
  return { ...s, first: Math.max(0, s.first - 3), last: Math.min(words.wordsOf(s.index).length - 1, s.last + 2) };
}

function skip() {
  if (queue[at]) skipped.add(queue[at].id);
  go(at + 1);
}

function end() {
  words.light([]);
  const body = $("step-body");
  const left = queue.filter(open).length;
  $("step-count").textContent = left ? `${left} put off` : "";
  const busy = $("visit").dataset.state === "processing";
  body.replaceChildren(el("p", busy ? "The drafts are being written anew." : left ? "That is all but what you put off." : "That is all.", "what"));
  const row = el("div", "", "row");
  const approve = $("approve");
  if (approve && !approve.disabled) {
    const b = el("button", "Approve", "button main");
    b.type = "button";
    b.onclick = () => { close(); $("decide").scrollIntoView({ block: "start" }); approve.focus({ preventScroll: true }); };
    row.append(b);
    body.append(row);
    b.focus({ preventScroll: true });
  } else body.focus({ preventScroll: true });
}

document.addEventListener("click", (e) => {
  if (e.target.closest("#next") && queue.length && editable()) { e.preventDefault(); skipped = new Set(); go(0); if (at < 0) { close(); $("decide")?.scrollIntoView({ block: "start" }); $("approve")?.focus({ preventScroll: true }); } }
});
$("step-close").onclick = close;

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]") || e.target.closest("input, textarea, select")) return;
  const stepping = !$("step").hidden;
  if (e.key === "Enter" && !e.target.closest("button, a, summary, [data-words] span")) {
    if (stepping) { e.preventDefault(); skip(); } else if (editable() && queue.some(open)) { e.preventDefault(); go(0); }
    return;
  }
  if (!stepping) return;
  if (/^[1-9]$/.test(e.key)) {
    const b = [...$("step-body").querySelectorAll(".row.choices button, .ask > form button")][Number(e.key) - 1];
    if (b) { e.preventDefault(); b.click(); }
  } else if (e.key === " " && !e.target.closest("button, a, summary")) {
    e.preventDefault();
    e.stopImmediatePropagation();
    if (!player.toggle()) [...$("step-body").querySelectorAll("button.link")].find((b) => b.textContent.includes("Play"))?.click();
  } else if (e.key === "t") {
    [...$("step-body").querySelectorAll("button.link")].find((b) => b.textContent.includes("Type it"))?.click();
    e.preventDefault();
  } else if (e.key === "Escape") close();
}, true);

/* A few seconds to take an approval back */

const grace = 5;
let waiting = 0;

document.addEventListener("submit", (e) => {
  const form = e.target.closest("#approve-form");
  if (!form || form.dataset.sure) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  if (waiting) return;
  form.querySelectorAll("[data-confirmed]").forEach((i) => i.remove());
  for (const id of settled) {
    const i = document.createElement("input");
    i.type = "hidden"; i.name = "confirm"; i.value = id; i.dataset.confirmed = "";
    form.append(i);
  }
  close();
  let left = grace;
  const tick = () => {
    if (left <= 0) { over(); form.dataset.sure = "1"; form.requestSubmit($("approve")); delete form.dataset.sure; return; }
    $("undo-text").textContent = `Approving in ${left} s.`;
    left--;
    waiting = setTimeout(tick, 1000);
  };
  $("undo").hidden = false;
  tick();
  $("undo-stop").focus({ preventScroll: true });
}, true);

function over() {
  clearTimeout(waiting);
  waiting = 0;
  $("undo").hidden = true;
}

$("undo-stop").onclick = () => { over(); $("approve")?.focus(); };

document.addEventListener("change", (e) => { if (e.target.matches("input[name=confirm]")) line(); });
document.addEventListener("visit:changed", refresh);
refresh();
