// The desk: tabs, progress, sentences that light and play their words, correction, keys.

import { refresh } from "./soft.js";
import { forget, halfDone, halfSaid, restore, typedIn } from "./typed.js";
import * as words from "./words.js";

const $ = (id) => document.getElementById(id);
export const player = new words.Player();
let chosen = []; // the stretches that the dock is about

/* Tabs */

function choose(key) {
  if (!document.querySelector(`[data-panel="${CSS.escape(key)}"]`)) return;
  for (const a of document.querySelectorAll("[data-tab]")) {
    if (a.dataset.tab === key) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  }
  for (const p of document.querySelectorAll("[data-panel]")) p.hidden = p.dataset.panel !== key;
  const url = new URL(location.href);
  url.searchParams.set("audience", key);
  url.hash = "";
  history.replaceState(null, "", url);
}

/* The dock: what is chosen, to hear, to see or to correct */

export function dock(list, said = "") {
  chosen = list;
  words.pick(list);
  const at = $("dock");
  at.hidden = list.length === 0;
  if (!list.length) { player.stop(); return; }
  $("dock-words").textContent = "“" + (said || list.map(words.textOf).join(" … ")) + "”";
  $("dock-play").hidden = !list.some(words.hasSound);
}

const playIcon = '<path class="solid" d="M8 5.5v13a1 1 0 0 0 1.5.86l10.500-6.500a1 1 0 0 0 0-1.720L9.500 4.640A1 1 0 0 0 8 5.500z"/>';
const pauseIcon = '<path d="M8.500 5v14M15.500 5v14"/>';

player.addEventListener("state", () => {
  $("dock-play").querySelector("svg").innerHTML = player.playing ? pauseIcon : playIcon;
  $("dock-play-text").textContent = player.playing ? "Pause" : "Play";
});
player.addEventListener("trouble", () => {
  $("trouble").textContent = "The sound could not be played. It is kept; reload the page and try again.";
  $("trouble").hidden = false;
});

// hear plays what a claim rests on; a critical claim that was heard to the end is ticked as heard.
function hear(link) {
  const list = words.stretches(link.dataset.spec);
  words.light(list);
  dock(list);
  if (list.length) words.show(list[0]);
  const box = link.parentElement.querySelector("input[name=confirm]");
  player.play(list, () => {
    if (box) { box.checked = true; box.dispatchEvent(new Event("change", { bubbles: true })); }
    if (link.closest("#critical")) { link.closest(".found").dataset.settled = ""; clips(); }
  });
}

// clips tells a reviewer what was listened to of what matters.
function clips() {
  const all = [...document.querySelectorAll("#critical .found")];
  const at = $("heard-clips");
  if (!at || !all.length) return;
  at.textContent = `You have listened to ${all.filter((x) => "settled" in x.dataset).length} of ${all.length}.`;
  at.hidden = false;
}

// comment opens a field about the sentence that is lit, or begins a line of the comment with the words that are chosen.
function comment() {
  const sentence = document.querySelector(".sentence.lit[data-about]");
  if (sentence) { on(sentence); return; }
  const area = $("comment");
  if (!area) return;
  area.value = `${area.value.trim()}${area.value.trim() ? "\n" : ""}“${chosen.map(words.textOf).join(" … ")}”: `;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  dock([]);
  area.focus();
  area.scrollIntoView({ block: "center" });
}

// on gives a sentence a field of its own in the review, or goes to the one that it has.
function on(sentence) {
  const list = $("on-sentences");
  const key = sentence.dataset.about;
  let field = [...list.querySelectorAll("input[name=on]")].find((i) => i.value === key)?.closest("li").querySelector("textarea");
  if (!field) {
    const item = document.createElement("li");
    item.innerHTML = '<input type="hidden" name="on"><label class="field"><span class="about"></span><textarea name="said" rows="2"></textarea></label><button class="link" type="button">Drop it</button>';
    item.querySelector("input").value = key;
    item.querySelector(".about").textContent = "On “" + sentence.querySelector(".said").textContent + "”";
    field = item.querySelector("textarea");
    item.querySelector("button").onclick = () => { field.value = ""; field.dispatchEvent(new Event("input", { bubbles: true })); item.remove(); };
    list.append(item);
  }
  dock([]);
  field.focus();
  field.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (e) => {
  const tab = e.target.closest("[data-tab]");
  if (tab) { e.preventDefault(); choose(tab.dataset.tab); return; }
  const link = e.target.closest("a.evidence");
  if (link?.dataset.spec) { e.preventDefault(); hear(link); return; }
  if (e.target.closest("[data-close]")) {
    const form = e.target.closest("form");
    if (form) forget(form);
    e.target.closest("dialog").close();
    return;
  }
  const word = e.target.closest("[data-words] span");
  if (word) { clicked(word, e); return; }
  const sentence = e.target.closest(".sentence");
  if (sentence && !e.target.closest("a, button, summary, details")) {
    lightSentence(sentence);
    const list = words.stretches(sentence.dataset.spec);
    if ($("dock-comment") && list.length) dock(list, sentence.querySelector(".said").textContent);
  }
});

function clicked(word, e) {
  const drawn = words.selected();
  if (drawn) { dock([drawn]); return; }
  const one = words.stretchAt(word);
  if (e.shiftKey && chosen.length === 1 && chosen[0].index === one.index) {
    dock([{ index: one.index, first: Math.min(chosen[0].first, one.first), last: Math.max(chosen[0].last, one.last) }]);
    return;
  }
  focusWord(word);
  dock([one]);
  player.play([words.stretchFrom(one)]);
}

/* Sentences */

function lightSentence(sentence) {
  for (const s of document.querySelectorAll(".sentence.lit")) s.classList.remove("lit");
  if (!sentence?.dataset.spec) { words.light([]); return; }
  sentence.classList.add("lit");
  const list = words.stretches(sentence.dataset.spec);
  words.light(list);
  if (list.length) follow(list);
}

// follow has the transcript's own pane show the words; the page stays where it is.
export function follow(list) {
  if (matchMedia("(min-width: 62rem)").matches) {
    const box = $("transcript");
    const first = words.elements(list[0])[0].getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (first.top < frame.top + 40 || first.bottom > frame.bottom - 40) box.scrollTop += first.top - frame.top - frame.height / 3;
  }
}

document.addEventListener("pointerover", (e) => {
  if (e.pointerType !== "mouse") return;
  const sentence = e.target.closest?.(".sentence");
  if (sentence && !sentence.classList.contains("lit")) lightSentence(sentence);
});
document.addEventListener("focusin", (e) => {
  const sentence = e.target.closest?.(".sentence");
  if (sentence) lightSentence(sentence);
});

/* Words by keyboard */

function focusWord(word) {
  for (const w of document.querySelectorAll("[data-words] span[tabindex]")) w.removeAttribute("tabindex");
  word.tabIndex = 0;
  word.focus({ preventScroll: true });
}

function reachable() {
  for (const box of document.querySelectorAll("[data-words]")) {
    const first = box.querySelector("span");
    if (first && !box.querySelector("span[tabindex]")) first.tabIndex = 0;
  }
  if ($("how")) $("how").hidden = false;
}

function step(word, by, extend) {
  const s = words.stretchAt(word);
  const all = words.wordsOf(s.index);
  const next = all[Math.max(0, Math.min(all.length - 1, s.first + by))];
  focusWord(next);
  next.scrollIntoView({ block: "nearest" });
  const at = words.stretchAt(next);
  if (extend && chosen.length === 1) dock([{ index: s.index, first: Math.min(chosen[0].first, at.first), last: Math.max(chosen[0].last, at.last) }]);
  else dock([at]);
}

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, dialog[open], summary")) return;
  const word = e.target.closest?.("[data-words] span");
  const sentence = e.target.closest?.(".sentence") || document.querySelector(".sentence.lit");
  switch (e.key) {
    case "ArrowRight": case "ArrowLeft":
      if (word) { e.preventDefault(); step(word, e.key === "ArrowRight" ? 1 : -1, e.shiftKey); }
      break;
    case "Enter":
      if (word) { e.preventDefault(); clicked(word, {}); }
      break;
    case " ": {
      if (e.target.closest("button")) return;
      e.preventDefault();
      if (player.toggle()) return;
      const link = sentence?.querySelector("a.evidence[data-sound]");
      if (word) clicked(word, {});
      else if (link) hear(link);
      break;
    }
    case "b": player.back(3); break;
    case "j": case "k": nextSentence(e.key === "j" ? 1 : -1); break;
    case "c": correct(); break;
    case "u": document.querySelector("[data-undo]")?.click(); break;
    case "Escape": dock([]); break;
    case "?": $("keys").showModal(); break;
  }
});

// nextSentence goes through the open draft.
function nextSentence(by) {
  const all = [...document.querySelectorAll(".panel:not([hidden]) .sentence")];
  const now = all.findIndex((x) => x.classList.contains("lit"));
  const next = all[Math.max(0, Math.min(all.length - 1, now + by))];
  if (!next) return;
  lightSentence(next);
  next.querySelector("a.evidence")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/* Correcting */

const marks = /^([.,;:!?…"'“”‘’()]*)(.*?)([.,;:!?…"'“”‘’()]*)$/s;

// correctWords opens the form for a stretch.
export function correctWords(s) {
  chosen = [s];
  correct();
}

function correct() {
  const dialog = $("correct");
  if (!dialog || chosen.length === 0) return;
  player.stop();
  fill(chosen[0]);
  if (!dialog.open) dialog.showModal();
  $("correct-new").select();
}

function fill(s) {
  chosen = [s];
  words.pick(chosen);
  const form = $("correct").querySelector("form");
  const ids = words.elements(s).map((w) => w.id.replace(/^w\d+-/, ""));
  const old = words.textOf(s);
  form.transcript.value = document.querySelector(`[data-words="${s.index}"]`).dataset.id;
  form.first.value = ids[0];
  form.last.value = ids.at(-1);
  form.old.value = old;
  $("correct-old").textContent = old;
  $("correct-new").value = typedIn($("correct-new")) || marks.exec(old)[2];
  form.reason.value = typedIn(form.reason) || "";
  form.querySelector("[data-trouble]").hidden = true;
  $("correct-play").hidden = !words.hasSound(s);
  const at = $("correct-alternatives");
  at.replaceChildren();
  for (const text of (s.first === s.last && words.elements(s)[0].dataset.alt || "").split("|").filter(Boolean).slice(0, 4)) {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "button";
    b.textContent = text;
    b.onclick = () => { $("correct-new").value = text; $("correct-new").dispatchEvent(new Event("input", { bubbles: true })); $("correct-new").focus(); };
    at.append(b);
  }
}

function wire() {
  const dialog = $("correct");
  if (dialog) {
    const form = dialog.querySelector("form");
    dialog.addEventListener("cancel", () => forget(form));
    $("correct-play").onclick = () => player.play(chosen);
    $("correct-more").onclick = () => { const [s] = chosen; forget(form); fill({ ...s, last: Math.min(words.wordsOf(s.index).length - 1, s.last + 1) }); };
    $("correct-less").onclick = () => { const [s] = chosen; forget(form); fill({ ...s, last: Math.max(s.first, s.last - 1) }); };
    // The marks around the words stay, unless other ones were typed.
    form.addEventListener("formdata", (e) => {
      const [, before, , after] = marks.exec(e.formData.get("old"));
      const typed = marks.exec(e.formData.get("new").trim());
      if (typed[2]) e.formData.set("new", (typed[1] || before) + typed[2] + (typed[3] || after));
    });
    dialog.addEventListener("close", () => player.stop());
  }
  $("dock-play").onclick = () => { if (!player.toggle()) player.play(chosen); };
  $("dock-show").onclick = () => chosen.length && words.show(chosen[0]);
  if ($("dock-correct")) $("dock-correct").onclick = correct;
  if ($("dock-comment")) $("dock-comment").onclick = comment;
  clips();
  $("dock-close").onclick = () => { dock([]); words.light([]); };
}

/* Progress */

let source = null;

function live() {
  source?.close();
  source = null;
  const visit = $("visit");
  if (!visit?.hasAttribute("data-live")) return;
  source = new EventSource(`/visits/${encodeURIComponent(visit.dataset.visit)}/events`);
  source.addEventListener("end", () => { source.close(); refresh(); });
  source.onmessage = (e) => {
    const p = JSON.parse(e.data);
    if (p.state !== visit.dataset.state) { source.close(); refresh(); return; }
    if (visit.dataset.state !== "processing") { // a language model reads beside the drafts
      if (p.stage === "propose") { reading = true; read(p); }
      else if (reading) { reading = false; refresh(); }
      else if ($("reading")) setTimeout(() => $("reading") && !reading && refresh(), 5000); // it waits its turn, or was done before this page listened
      return;
    }
    if (p.stage === "propose") return;
    const bar = $("bar");
    if (bar && p.stage === "transcribe" && p.total_ms > 0) { bar.max = p.total_ms; bar.value = p.done_ms; }
    else bar?.removeAttribute("value");
    if (p.stage !== stage) { if (stage) refresh(); stage = p.stage; }
    $("line-text").textContent = doing(p);
  };
}

let stage = "";
let reading = false;

function read(p) {
  if (p.parts > 1 && $("reading")) $("reading").textContent = `A language model is reading this too, part ${p.part} of ${p.parts}.`;
}

function doing(p) {
  switch (p.stage) {
    case "transcribe": return p.words ? `Your words are safe. Writing them down: ${p.words} words so far.` : "Your words are safe. Listening to the recording.";
    case "extract": return "The words are written down. Finding what they say.";
    case "draft": return "Writing the drafts.";
  }
  return "Your words are safe on the server. The drafts are being written.";
}

document.addEventListener("visit:changed", (e) => {
  if (e.detail.tab) choose(e.detail.tab);
  dock([]);
  reachable();
  live();
});

// Who comes from another page for certain words finds them lit, one tap from their sound.
function arrive() {
  const list = words.stretches($("visit")?.dataset.shown);
  if (!list.length) return;
  words.light(list);
  dock(list);
  words.show(list[0]);
}

// goOn opens the correction, and the comments, that were being typed when the page was left.
function goOn() {
  for (const about of halfSaid()) { const s = document.querySelector(`.sentence[data-about="${CSS.escape(about)}"]`); if (s && $("on-sentences")) on(s); }
  restore();
  const half = $("correct") && halfDone();
  const box = half && document.querySelector(`[data-words][data-id="${CSS.escape(half.transcript)}"]`);
  if (!box) return;
  const [s] = words.stretches(`${box.dataset.words}:${half.first}:${half.last}`);
  if (s) { words.show(s); correctWords(s); }
}

addEventListener("pagehide", () => source?.close());
reachable();
wire();
live();
arrive();
goOn();
