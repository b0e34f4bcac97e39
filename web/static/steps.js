// The two minutes at the desk: everything that is open, one at a time, in the order of importance. Enter goes on, a figure settles. What was looked
// at and found right is remembered in this browser by its id and confirmed with the approval.

import { restore } from "./typed.js";
import * as words from "./words.js";
import { player, follow, correctWords } from "./visit.js";

const $ = (id) => document.getElementById(id);
const key = () => "kerbside-settled-" + $("visit").dataset.visit;

let settled = new Set();
let queue = []; // steps: lists of {kind, id, node, box}; what must be heard of one sentence is one step, and so are up to three questions
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
  const sentences = new Map();
  for (const box of document.querySelectorAll("input[name=confirm][type=checkbox]")) { // doubtful words come first: what is put right there is heard right after
    if (!box.checked && settled.has(box.value)) box.checked = true;
    const node = box.closest(".found");
    const { kind, sentence } = node.dataset;
    const item = { kind, id: box.value, node, box };
    const step = sentence && sentences.get(sentence);
    if (step) { step.push(item); continue; }
    queue.push([item]);
    if (sentence) sentences.set(sentence, queue.at(-1));
  }
  for (const node of document.querySelectorAll("#open [data-open], #questions [data-open]")) {
    const item = { kind: node.dataset.kind, id: node.dataset.open, node };
    const step = queue.at(-1);
    if (item.kind === "missing" && step?.[0].kind === "missing" && step.length < 3) step.push(item); // as right after the recording
    else queue.push([item]);
  }
}

const isOpen = (item) => (item.box ? !item.box.checked : !settled.has(item.id));
const open = (step) => step.some(isOpen);
const next = (step) => step.some((item) => isOpen(item) && !skipped.has(item.id));
const editable = () => Boolean($("correct"));

// line says what is left, as the page did when it came.
function line() {
  const visit = $("visit");
  if (!editable() || !["drafted", "returned"].includes(visit.dataset.state)) return;
  const left = new Map();
  for (const item of queue.flat()) if (isOpen(item)) left.set(item.kind, (left.get(item.kind) || 0) + 1);
  const parts = Object.keys(kinds).filter((k) => left.has(k)).map((k) => kinds[k](left.get(k)));
  const before = visit.dataset.state === "returned" ? "Returned to you. " : "";
  $("line-text").textContent = before + (parts.length ? parts.join(", ") + ", then approve." : "Nothing is left to look at. Approve when you are ready.");
  if ($("next")) $("next").textContent = parts.length ? "Next" : "Approve";
  for (const item of queue.flat()) item.node.toggleAttribute("data-settled", !isOpen(item));
}

function refresh() {
  load();
  gather();
  line();
  if (!$("step").hidden) go(0);
}

// go opens the next thing that is open and was not skipped, from an index on.
function go(from) {
  at = queue.findIndex((step, i) => i >= from && next(step));
  if (at < 0 && from > 0) at = queue.findIndex(next);
  player.stop();
  $("step").hidden = false;
  document.body.classList.add("stepping");
  if (at < 0) { end(); return; }
  show(queue[at].filter(isOpen));
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

// quote is the sentence around some stretches of it, with their words in elements of a kind.
function quote(list, tag) {
  const all = words.wordsOf(list[0].index);
  const p = el("p", "", "quote");
  const text = (a, b) => all.slice(a, b).map((w) => w.textContent).join(" ");
  const { first, last } = words.sentenceOf(span(list));
  let from = first;
  for (const s of list) {
    p.append(text(from, s.first) + " ", el(tag, text(s.first, s.last + 1)), " ");
    from = s.last + 1;
  }
  p.append(text(from, last + 1));
  return p;
}

// span is from the first of some stretches of one transcript to the last.
function span(list) {
  return { index: list[0].index, first: Math.min(...list.map((s) => s.first)), last: Math.max(...list.map((s) => s.last)) };
}

const specOf = ({ node }) => node.dataset.spec || node.querySelector("a.evidence")?.dataset.spec || "";

// textOf is what an item says; that it was played is no part of it.
function textOf({ node }) {
  const choice = node.querySelector(".choice span")?.cloneNode(true);
  choice?.querySelector(".tag")?.remove();
  return (choice || node.querySelector(".body") || node).textContent.trim();
}

// show shows a step: what is open of it.
function show(step) {
  const [item] = step;
  const critical = step.filter((i) => i.kind === "critical");
  const placed = step.map((i) => ({ kind: i.kind, list: words.stretches(specOf(i)) })).filter((i) => i.list.length);
  const lists = placed.map((i) => i.list);
  const unsure = placed.filter((i) => i.kind === "doubt").map((i) => i.list[0]).sort((a, b) => a.first - b.first);
  const left = queue.filter(open).length;
  $("step-count").textContent = `${titles[critical.length ? "critical" : item.kind] || "To look at"} · ${left} left`;
  const body = $("step-body");
  body.replaceChildren();
  words.light(lists.flat());
  if (lists.length) follow(lists[0]);
  const row = el("div", "", "row choices");
  const choice = (text, act) => {
    const b = el("button", text, "button");
    b.type = "button";
    b.onclick = act;
    row.append(b);
    return b;
  };
  const done = () => { for (const i of step) { if (i.box) i.box.checked = true; settle(i); } line(); go(at + 1); };
  const checks = unsure.length || critical.length;
  const heard = checks ? lists.map((l) => l[0]) : []; // the first words are what was said; others tell who it is about
  if (checks) {
    const said = unsure.length ? quote(unsure, "mark") : heard.length ? quote([span(heard)], "strong") : null;
    for (const text of new Set(critical.map(textOf))) if (!said?.textContent.toLowerCase().includes(text.toLowerCase())) body.append(el("p", text, "what"));
    if (said) body.append(said);
    choice(critical.length ? "It is right" : `${unsure.map((s) => `“${words.textOf(s)}”`).join(" and ")} ${unsure.length > 1 ? "are" : "is"} right`, done);
    for (const i of step) for (const form of i.node.querySelectorAll("form")) row.append(form.cloneNode(true));
  } else if (item.kind === "missing") {
    for (const { node } of step) {
      const ask = node.cloneNode(true);
      for (const d of ask.querySelectorAll("details")) d.open = true;
      ask.removeAttribute("data-open");
      body.append(ask);
    }
    restore(body);
  } else {
    if (item.kind === "proposal") {
      const what = item.node.querySelector(".body").cloneNode(true);
      what.className = "what";
      body.append(what);
    } else body.append(el("p", textOf(item), "what"));
    if (item.kind !== "proposal") choice(item.kind === "omission" ? "Leave it out" : "I have seen it", done);
    for (const form of item.node.querySelectorAll("form")) row.append(form.cloneNode(true));
  }
  if (row.children.length) body.append(row);
  let n = 0;
  for (const b of body.querySelectorAll(".row.choices button, .ask > form button")) if (++n <= 9) b.prepend(el("kbd", String(n)));
  const more = el("div", "", "row");
  const also = (text, k, act) => { const b = el("button", text, "link"); b.type = "button"; b.onclick = act; b.prepend(el("kbd", k)); more.append(b); };
  const clip = heard.length ? [context(span(heard))] : lists[0] || [];
  if (clip.some(words.hasSound)) also("Play", "Space", () => player.play(clip));
  if (lists.length && editable() && item.kind !== "missing") also("Type it", "T", () => correctWords(unsure.length ? span(unsure) : lists[0][0]));
  also("Later", "Enter", skip);
  body.append(more);
  body.focus({ preventScroll: true });
  if (heard.some(words.hasSound)) player.play(clip);
}

// context is a little more than the words, so that an ear knows where it is.
function context(s) {
  const { first, last } = words.sentenceOf(s);
  return { ...s, first: Math.max(first, s.first - 3), last: Math.min(last, s.last + 2) };
}

function skip() {
  for (const item of queue[at] || []) skipped.add(item.id);
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
  close();
  const seen = covers(form);
  let left = grace;
  const tick = () => {
    if (left <= 0) { over(); approve(seen); return; }
    $("undo-text").textContent = `Approving in ${left} s.`;
    left--;
    waiting = setTimeout(tick, 1000);
  };
  $("undo").hidden = false;
  tick();
  $("undo-stop").focus({ preventScroll: true });
}, true);

// covers are the versions that an approval is of.
const covers = (form) => [...form.querySelectorAll("input[name=cover]")].map((i) => i.value).join(" ");

// approve sends the approval of what was seen. The visit may have been read again since the tap: its form is another one then, and what is new must be seen first.
function approve(seen) {
  const form = $("approve-form");
  if (!form || covers(form) !== seen || $("approve").disabled) {
    $("trouble").textContent = "Something changed meanwhile, so nothing was approved. Look at what is new, and approve again.";
    $("trouble").hidden = false;
    $("trouble").scrollIntoView({ block: "center" });
    return;
  }
  form.querySelectorAll("[data-confirmed]").forEach((i) => i.remove());
  for (const id of settled) {
    const i = document.createElement("input");
    i.type = "hidden"; i.name = "confirm"; i.value = id; i.dataset.confirmed = "";
    form.append(i);
  }
  form.dataset.sure = "1";
  form.requestSubmit($("approve"));
  delete form.dataset.sure;
}

function over() {
  clearTimeout(waiting);
  waiting = 0;
  $("undo").hidden = true;
}

$("undo-stop").onclick = () => { over(); $("approve")?.focus(); };

document.addEventListener("change", (e) => { if (e.target.matches("input[name=confirm]")) line(); });
document.addEventListener("visit:changed", refresh);
refresh();
