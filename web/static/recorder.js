// The recorder: one button. Each piece of sound is hashed, sealed to the server's key and written to the store before it is sent, so that
// a reload, a crash or a dead network loses nothing but the piece in the making.

import * as store from "./store.js";
import { Outbox } from "./outbox.js";
import { fromBase64, sealPiece } from "./seal.js";
import { meter } from "./meter.js";
import { after } from "./after.js";
import { Consent } from "./consent.js";

const slice = 2000; // ms of sound in a piece
const part = 1 << 20; // bytes of a file in a piece
const largest = 200 << 20; // of a file that is kept here; a larger one goes straight to the server

const $ = (id) => document.getElementById(id);
const box = $("recorder");
const user = box.dataset.user;
const serverKey = fromBase64(box.dataset.key);
const outbox = new Outbox();
const consent = new Consent(serverKey, () => outbox.nudge());

let current = null; // {client, recorder, stream, seq, take, ms, since, writes, muted}
let lock = null;
let last = ""; // the recording that this page speaks of after its end
let stopped = 0; // when the button was tapped

const icons = { mic: $("round-icon").innerHTML, stop: '<svg width="40" height="40" viewBox="0 0 24 24" aria-hidden="true"><rect class="solid" x="6" y="6" width="12" height="12" rx="2"/></svg>' };

function clock(ms) {
  const s = Math.floor(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

function missing(ms) {
  const s = Math.max(1, Math.round(ms / 1000));
  return s < 120 ? `${s}\u00a0s` : s < 7200 ? `${Math.round(s / 60)} minutes` : `${Math.round(s / 3600)} hours`;
}

// aside keeps fingers off what would lead away while it records.
function aside(inert) { for (const x of document.querySelectorAll("[data-aside]")) x.inert = inert; }

function say(text) { $("say").textContent = text; }

// where shows how far the sound is: on this phone, then safe on the server. Only the server's confirmation shows the tick.
function where(title, hint = "", { tick = false, link = "", label = "" } = {}) {
  const at = $("where");
  at.replaceChildren();
  if (!title) return;
  const strong = document.createElement("strong");
  if (tick) strong.insertAdjacentHTML("beforeend", '<svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12.500 4.500 4.500L19 7.500"/></svg>');
  strong.append(title);
  at.append(strong);
  if (hint) {
    const small = document.createElement("span");
    small.className = "quiet";
    small.textContent = hint;
    at.append(small);
  }
  if (link) {
    const a = document.createElement("a");
    a.className = "button main large";
    a.href = link;
    a.id = "open-visit";
    a.textContent = label;
    at.append(a);
  }
}

function button(text, icon) {
  $("round-text").textContent = text;
  $("round-icon").innerHTML = icon;
}

function mime() {
  const wanted = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus"];
  return wanted.find((m) => MediaRecorder.isTypeSupported(m)) || "";
}

// today is the phone's own day: the page may be of yesterday.
function today() {
  const d = new Date();
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
}

const refusals = {
  NotAllowedError: "The microphone is not allowed here. Open the padlock or the settings beside the address, allow the microphone, then tap again.",
  NotFoundError: "No microphone was found. Plug one in or choose one in the system's settings, then tap again.",
  NotReadableError: "Another app is using the microphone. Close it, then tap again.",
};

async function microphone() {
  if (!window.isSecureContext) throw new Error("Browsers only open the microphone at a safe address. Open Kerbside by https, or add a sound file below.");
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) throw new Error("This browser cannot record. Add a sound file or type a note below.");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true } });
  } catch (e) {
    throw new Error(refusals[e.name] || "The microphone could not be opened. Check the phone's settings, then tap again.");
  }
}

const newClient = () => `${Date.now().toString(36)}-${crypto.randomUUID()}`;

// chosenDay is the day that a person set, "" when nobody did.
function chosenDay() {
  const day = $("about-form").elements.date;
  return day && day.value !== day.defaultValue ? day.value : "";
}

function entry(client, more) {
  const form = new FormData($("about-form"));
  return { client, user, visit: box.dataset.visit || "", case: new URLSearchParams(location.search).get("case") || "", kind: form.get("kind") || "debrief", date: chosenDay() || today(), name: "", take: 1, mime: "", ms: 0, state: "recording", server: "", breaks: [], consents: [], started: Date.now(), beat: Date.now(), ...more };
}

const noRoom = "This browser has no room to keep the recording safe. Free some space, leave private browsing, or use another browser.";

async function begin(resume = null) {
  $("round").disabled = true;
  where("");
  $("after").hidden = true;
  let stream;
  try {
    stream = await microphone();
  } catch (e) {
    say(e.message);
    $("round").disabled = false;
    return;
  }
  const client = resume?.client ?? newClient();
  const take = resume ? resume.take + 1 : 1;
  const type = mime();
  try {
    if (resume) {
      await store.change(client, (r) => {
        r.breaks.push({ take, at_ms: 0, missing_ms: Math.max(0, Date.now() - r.beat), silent_ms: 0 });
        r.take = take; r.state = "recording"; r.beat = Date.now();
      });
      await consent.resume(client, resume.kind);
    } else {
      await store.add(entry(client, { mime: type, consents: await consent.begin(client) }));
    }
  } catch {
    stream.getTracks().forEach((t) => t.stop());
    say(noRoom);
    $("round").disabled = false;
    return;
  }
  navigator.storage?.persist?.().catch(() => {});
  const recorder = new MediaRecorder(stream, { mimeType: type || undefined, audioBitsPerSecond: 32000 });
  const c = current = { client, recorder, stream, take, seq: 0, ms: resume?.ms ?? 0, before: resume?.ms ?? 0, since: performance.now(), writes: Promise.resolve(), muted: 0, byHand: false };
  recorder.ondataavailable = (e) => { if (e.data.size) keep(c, e.data); };
  recorder.onstop = () => ended(c);
  const [track] = stream.getAudioTracks();
  track.onended = () => { if (recorder.state !== "inactive") recorder.stop(); };
  track.onmute = () => { c.muted = elapsed(c); say("The microphone is silent: a call, or another app, has it."); };
  track.onunmute = () => heardAgain(c);
  // Held as long as this page lives: others see that the recording is not abandoned.
  navigator.locks.request("kerbside-" + client, () => new Promise((resolve) => { c.release = resolve; }));
  recorder.start(slice);
  document.body.classList.add("recording");
  box.classList.remove("over");
  $("kept").hidden = true;
  $("round").disabled = false;
  button("Stop", icons.stop);
  $("pause").textContent = "Pause";
  $("pause").hidden = $("time").hidden = $("heard").hidden = false;
  $("heard").textContent = "";
  $("other").hidden = $("about").hidden = true;
  consent.moment("at");
  aside(true);
  const lost = resume ? Math.max(0, Date.now() - resume.beat) : 0;
  say(resume ? `Recording again. ${missing(lost)} missing at ${clock(resume.ms)}.` : "Recording.");
  meter(stream, () => recorder.state === "recording", () => current !== c);
  awake();
  tick();
}

// heardAgain notes for how long the microphone gave nothing: the sound holds silence there.
function heardAgain(c) {
  const silent = elapsed(c) - c.muted;
  if (silent > 500) {
    c.writes = c.writes.then(() => store.change(c.client, (r) => { r.breaks.push({ take: c.take, at_ms: c.muted - c.before, missing_ms: 0, silent_ms: silent }); }));
    say(`Recording. ${missing(silent)} missing at ${clock(c.muted)}.`);
  } else say("Recording.");
  c.muted = 0;
}

// keep writes one piece to the store, in order, then has it sent.
function keep(c, blob) {
  const seq = c.seq++;
  const ms = elapsed(c);
  c.writes = c.writes.then(async () => {
    const piece = await sealPiece(serverKey, c.client, c.take, seq, await blob.arrayBuffer());
    await store.keep(piece, (r) => { r.ms = ms; r.beat = Date.now(); });
    box.dataset.kept = String(ms);
    outbox.nudge();
  }).catch(() => {
    say("This phone has no room left to keep the recording. Stop now: what was said until here is kept.");
  });
}

function elapsed(c) {
  return Math.round(c.ms + (c.recorder.state === "recording" ? performance.now() - c.since : 0));
}

function pause() {
  const c = current;
  if (c.recorder.state === "recording") {
    c.ms = elapsed(c);
    c.recorder.requestData();
    c.recorder.pause();
    $("pause").textContent = "Go on";
    say("Paused. Nothing is being recorded.");
  } else {
    c.since = performance.now();
    c.recorder.resume();
    $("pause").textContent = "Pause";
    say("Recording.");
  }
}

function stop() {
  const c = current;
  if (c.muted) heardAgain(c);
  c.ms = elapsed(c);
  c.since = performance.now();
  c.byHand = true;
  stopped = performance.now();
  $("round").disabled = true;
  c.recorder.stop();
}

async function ended(c) {
  c.stream.getTracks().forEach((t) => t.stop());
  document.body.classList.remove("recording");
  if (!c.byHand) c.ms = elapsed(c) || c.ms;
  await c.writes;
  await store.change(c.client, (r) => { if (c.byHand) r.state = "stopped"; r.ms = Math.max(r.ms, c.ms); });
  c.release?.();
  current = null;
  lock?.release().catch(() => {});
  lock = null;
  $("pause").hidden = $("time").hidden = $("heard").hidden = true;
  $("other").hidden = $("about").hidden = false;
  aside(false);
  button(c.byHand ? "Another" : "Record", icons.mic);
  $("round").disabled = false;
  if (!c.byHand) { // a call, or the phone itself
    say("Something took the microphone away.");
    await offer(await store.recording(c.client));
    return;
  }
  say("Thank you. That is all you need to do here.");
  consent.moment("after");
  stays(c.client);
}

// stays shows that a recording is on this phone and has it sent.
function stays(client) {
  box.classList.add("over");
  where("Saved on this phone", navigator.onLine ? "Sending it to the server." : "It will send when there is signal.");
  last = client;
  outbox.nudge();
}

outbox.addEventListener("safe", (e) => {
  if (current || last && e.detail.client !== last) { relist(); return; }
  const { visit } = e.detail;
  consent.safe(e.detail.client, e.detail.recording);
  where("Safe on the server", "You can put the phone away.", { tick: true, link: "/visits/" + encodeURIComponent(visit), label: "See what was written" });
  $("kept").hidden = true;
  $("after").dataset.visit = visit;
  after(visit, stopped, (v) => { box.dataset.visit = v; begin(); });
  relist();
});

outbox.addEventListener("heard", (e) => {
  if (current?.client === e.detail.client && current.take === e.detail.take && e.detail.words) $("heard").textContent = e.detail.words;
});

outbox.addEventListener("waiting", (e) => {
  const { offline, signedOut, detail } = e.detail;
  const hint = offline ? "It will send when there is signal." : signedOut ? "Sign in again to send it. Nothing is lost." : detail || "The server does not take it just now. Kerbside keeps trying.";
  if (current) { where("Kept on this phone", hint); return; }
  where("Saved on this phone", hint, signedOut ? { link: "/signin", label: "Sign in" } : {});
});

outbox.addEventListener("sent", (e) => {
  if (current) where("Kept on this phone and sent so far");
  else if (e.detail.client === last && e.detail.of > 20) where("Saved on this phone", `Sending it to the server: ${Math.floor(100 * e.detail.done / e.detail.of)} %`);
});

// relist reads the lists beside the recorder again, where there are any.
async function relist() {
  if (!$("lists")) return;
  try {
    const answer = await fetch("/", { credentials: "same-origin", cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("lists");
    if (answer.ok && fresh) { fresh.inert = Boolean(current); $("lists").replaceWith(document.adoptNode(fresh)); }
  } catch { /* the list is as it was */ }
}

function tick() {
  if (!current) return;
  $("time").textContent = clock(elapsed(current));
  setTimeout(tick, 250);
}

async function awake() {
  if (!navigator.wakeLock || document.hidden) return;
  try { lock = await navigator.wakeLock.request("screen"); } catch { /* low battery: the phone may sleep, the sound goes on */ }
}

// offer lets a person go on with a recording that was cut short, or finish it.
function offer(r) {
  kept(`A recording was interrupted after ${clock(r.ms)}. What was said until then is kept.`, [
    ["Go on recording", async () => begin(await store.recording(r.client)), "main"],
    ["Finish it", async () => { await store.change(r.client, (x) => { x.state = "stopped"; }); $("kept").hidden = true; stays(r.client); }, ""],
  ]);
}

// unfinished looks for what a reload, a crash or a sign-out left here.
async function unfinished() {
  const held = (await navigator.locks.query()).held.map((l) => l.name);
  for (const r of await store.recordings()) {
    if (r.state === "safe") { await store.forget(r.client); continue; }
    if (held.includes("kerbside-" + r.client)) continue;
    if (r.user === "" && user) {
      kept(`${clock(r.ms)} were recorded on this device before anybody signed in, ${new Date(r.started).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}. Is it yours?`, [
        ["It is mine: send it", async () => { await store.change(r.client, (x) => { x.user = user; x.state = "stopped"; }); $("kept").hidden = true; stays(r.client); }, "main"],
        ["Not mine", () => { $("kept").hidden = true; }, ""],
      ]);
      return;
    }
    if (r.user !== user) {
      kept("A recording by somebody else is kept on this device, sealed. They can send it by signing in here.", []);
      continue;
    }
    if (r.state === "recording") { offer(r); return; }
    stays(r.client);
  }
}

function kept(text, actions) {
  const at = $("kept");
  at.replaceChildren();
  at.className = "kept note stack";
  const p = document.createElement("p");
  p.textContent = text;
  const row = document.createElement("div");
  row.className = "row";
  for (const [label, act, extra] of actions) {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "button " + extra;
    b.textContent = label;
    b.onclick = act;
    row.append(b);
  }
  at.append(p);
  if (actions.length) at.append(row);
  at.hidden = false;
}

// addFile keeps a voice memo like a recording: sealed, in pieces, sent when there is signal.
async function addFile(file) {
  if (file.size > largest) { location.assign("/upload" + (box.dataset.visit ? "?visit=" + encodeURIComponent(box.dataset.visit) : "")); return; }
  const client = newClient();
  $("round").disabled = true;
  say(`Keeping “${file.name}” on this phone.`);
  try {
    await store.add(entry(client, { name: file.name, date: chosenDay(), consents: await consent.begin(client) }));
    for (let at = 0, seq = 0; at < file.size; at += part, seq++) {
      const piece = await sealPiece(serverKey, client, 1, seq, await file.slice(at, at + part).arrayBuffer());
      await store.keep(piece, (r) => { r.beat = Date.now(); });
    }
    await store.change(client, (r) => { r.state = "stopped"; });
    stopped = performance.now();
    say("Thank you. That is all you need to do here.");
    consent.moment("after");
    stays(client);
  } catch {
    await store.forget(client).catch(() => {});
    say(noRoom);
  }
  $("round").disabled = false;
}

$("round").onclick = () => (current ? stop() : begin());
$("pause").onclick = pause;
$("round").disabled = false;
performance.mark("ready");
$("file-label").hidden = false;
$("file-link").hidden = true;
$("file").onchange = () => { const [f] = $("file").files; if (f) addFile(f); $("file").value = ""; };
addEventListener("beforeunload", (e) => { if (current) e.preventDefault(); });
// A page that goes away hands over what it has; the rest of it is in the store already.
addEventListener("pagehide", () => { if (current?.recorder.state === "recording") current.recorder.requestData(); });
document.addEventListener("visibilitychange", () => {
  if (!current) return;
  if (!document.hidden) awake();
  else if (current.recorder.state === "recording") current.recorder.requestData();
});
if (box.hasAttribute("data-offline")) say(user ? "No signal. Record all the same: it is kept here and sent later." : "You are signed out. Record all the same: it is kept here, sealed, until you sign in.");

const background = "SyncManager" in window;
navigator.serviceWorker?.register(background ? "/sw-send.js" : "/sw.js", background ? { type: "module" } : undefined)
  .then((r) => r.active?.postMessage("refill")).catch(() => {});

try {
  await unfinished();
  outbox.nudge();
} catch {
  say("This browser keeps nothing between visits, so recording here would not be safe. Leave private browsing, or add a sound file below.");
  $("round").disabled = true;
}
