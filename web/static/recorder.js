// The recorder: one button. Each piece of sound is hashed and written to the store before it is sent, so that a reload, a crash
// or a dead network loses nothing but the piece in the making (2 s).

import * as store from "./store.js";
import { Outbox, sha256 } from "./outbox.js";

const slice = 2000; // ms of sound in a chunk

const $ = (id) => document.getElementById(id);
const box = $("recorder");
const user = box?.dataset.user;
const outbox = box && new Outbox(user);

let current = null; // {client, recorder, stream, seq, take, ms, since, writes, stopped}
let lock = null;

const icons = { mic: null, stop: '<svg width="40" height="40" viewBox="0 0 24 24" aria-hidden="true"><rect class="solid" x="6" y="6" width="12" height="12" rx="2"/></svg>' };

function clock(ms) {
  const s = Math.floor(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

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

async function begin(resume = null) {
  $("round").disabled = true;
  where("");
  let stream;
  try {
    stream = await microphone();
  } catch (e) {
    say(e.message);
    $("round").disabled = false;
    return;
  }
  const form = new FormData($("about-form"));
  const client = resume?.client ?? `${Date.now().toString(36)}-${crypto.randomUUID()}`;
  const take = resume ? resume.take + 1 : 1;
  const type = mime();
  try {
    if (resume) {
      await store.change(client, (r) => {
        r.gaps.push({ at: r.ms, lost: Math.max(0, Date.now() - r.beat) });
        r.take = take; r.state = "recording"; r.beat = Date.now();
      });
    } else {
      await store.add({ client, user, visit: box.dataset.visit || "", kind: form.get("kind") || "debrief", date: form.get("date") || "", take, mime: type, ms: 0, state: "recording", server: "", gaps: [], started: Date.now(), beat: Date.now() });
    }
  } catch {
    stream.getTracks().forEach((t) => t.stop());
    say("This browser has no room to keep the recording safe. Free some space, leave private browsing, or use another browser.");
    $("round").disabled = false;
    return;
  }
  navigator.storage?.persist?.().catch(() => {});
  const recorder = new MediaRecorder(stream, { mimeType: type || undefined, audioBitsPerSecond: 32000 });
  current = { client, recorder, stream, take, seq: 0, ms: resume?.ms ?? 0, since: performance.now(), writes: Promise.resolve() };
  recorder.ondataavailable = (e) => { if (e.data.size) keep(current, e.data); };
  recorder.onstop = () => ended(current);
  stream.getAudioTracks()[0].onended = () => { if (recorder.state !== "inactive") recorder.stop(); };
  stream.getAudioTracks()[0].onmute = () => say("The microphone is silent: a call, or another app, has it.");
  stream.getAudioTracks()[0].onunmute = () => say("Recording.");
  // Held as long as this page lives: others see that the recording is not abandoned.
  navigator.locks.request("kerbside-" + client, () => new Promise((resolve) => { current.release = resolve; }));
  recorder.start(slice);
  document.body.classList.add("recording");
  $("kept").hidden = true;
  $("round").disabled = false;
  button("Stop", icons.stop);
  $("pause").hidden = $("time").hidden = false;
  $("other").hidden = $("about").hidden = true;
  if ($("lists")) $("lists").inert = true;
  say("Recording.");
  meter(stream);
  awake();
  tick();
}

// keep writes one piece to the store, in order, then has it sent.
function keep(c, blob) {
  const seq = c.seq++;
  c.writes = c.writes.then(async () => {
    const bytes = await blob.arrayBuffer();
    await store.putChunk({ client: c.client, take: c.take, seq, bytes, sha256: await sha256(bytes), sent: false });
    await store.change(c.client, (r) => { r.ms = elapsed(c); r.beat = Date.now(); });
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
  current.ms = elapsed(current);
  current.since = performance.now();
  $("round").disabled = true;
  current.recorder.stop();
}

async function ended(c) {
  c.stream.getTracks().forEach((t) => t.stop());
  document.body.classList.remove("recording");
  await c.writes;
  await store.change(c.client, (r) => { r.state = "stopped"; r.ms = c.ms; });
  c.release?.();
  current = null;
  lock?.release().catch(() => {});
  lock = null;
  $("pause").hidden = $("time").hidden = true;
  $("bars").classList.remove("live");
  $("other").hidden = $("about").hidden = false;
  if ($("lists")) $("lists").inert = false;
  button("Record", icons.mic);
  $("round").disabled = false;
  say("Thank you. That is all you need to do here.");
  where("Saved on this phone", "Sending it to the server.");
  last = c.client;
  outbox.nudge();
}

let last = "";

outbox?.addEventListener("safe", (e) => {
  if (current) return;
  if (!last || e.detail.client === last || $("kept").dataset.client === e.detail.client) {
    where("Safe on the server", "You can put the phone away.", { tick: true, link: "/visits/" + encodeURIComponent(e.detail.visit), label: "See what was written" });
    $("kept").hidden = true;
    relist();
  }
});

// relist reads the lists beside the recorder again, where there are any.
async function relist() {
  if (!$("lists")) return;
  try {
    const answer = await fetch("/", { credentials: "same-origin", cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("lists");
    if (answer.ok && fresh) $("lists").replaceWith(document.adoptNode(fresh));
  } catch { /* the list is as it was */ }
}

outbox?.addEventListener("waiting", (e) => {
  const { offline, signedOut, detail } = e.detail;
  const hint = offline ? "It will send when there is signal." : signedOut ? "Sign in again to send it. Nothing is lost." : detail || "The server does not take it just now. Kerbside keeps trying.";
  if (current) { if (offline) where("Kept on this phone", hint); return; }
  where("Saved on this phone", hint, signedOut ? { link: "/signin", label: "Sign in" } : {});
});

outbox?.addEventListener("sent", () => { if (current) where("Kept on this phone and sent so far"); });

function tick() {
  if (!current) return;
  $("time").textContent = clock(elapsed(current));
  setTimeout(tick, 250);
}

// meter shows the level; it is quiet when motion is not wanted.
function meter(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const bars = [...$("bars").children];
  const levels = bars.map(() => 0);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  $("bars").classList.add("live");
  let before = 0;
  const draw = (now) => {
    if (!current) { context.close(); $("halo").style.transform = ""; bars.forEach((b) => { b.style.transform = ""; }); return; }
    requestAnimationFrame(draw);
    if (now - before < (still ? 400 : 80)) return;
    before = now;
    analyser.getFloatTimeDomainData(samples);
    const rms = current.recorder.state === "recording" ? Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length) : 0;
    const level = Math.max(0, Math.min(1, 1 + Math.log10(rms + 1e-4) / 2.5));
    levels.push(level);
    levels.shift();
    bars.forEach((b, i) => { b.style.transform = `scaleY(${0.08 + 0.92 * levels[i]})`; });
    if (!still) $("halo").style.transform = `scale(${0.86 + 0.14 * level})`;
  };
  requestAnimationFrame(draw);
}

async function awake() {
  if (!navigator.wakeLock || document.hidden) return;
  try { lock = await navigator.wakeLock.request("screen"); } catch { /* low battery: the phone may sleep, the sound goes on */ }
}

// interrupted offers to go on with, or to finish, a recording that a reload or a crash cut short.
async function interrupted() {
  const held = (await navigator.locks.query()).held.map((l) => l.name);
  for (const r of await store.recordings()) {
    if (r.user !== user) {
      kept("A recording by somebody else is kept on this device. They can send it by signing in here.", []);
      continue;
    }
    if (r.state === "safe") { await store.forget(r.client); continue; }
    if (r.state !== "recording" || held.includes("kerbside-" + r.client)) continue;
    const finish = () => store.change(r.client, (x) => { x.state = "stopped"; }).then(() => { last = r.client; $("kept").hidden = true; where("Saved on this phone", "Sending it to the server."); outbox.nudge(); });
    $("kept").dataset.client = r.client;
    kept(`A recording was interrupted after ${clock(r.ms)}. What was said until then is kept.`, [
      ["Go on recording", () => begin(r), "main"],
      ["Finish it", finish, ""],
    ]);
    return;
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
  at.append(p, row);
  at.hidden = false;
}

if (box) {
  icons.mic = $("round-icon").innerHTML;
  $("round").onclick = () => (current ? stop() : begin());
  $("pause").onclick = pause;
  $("round").disabled = false;
  addEventListener("beforeunload", (e) => { if (current) e.preventDefault(); });
  // A page that goes away hands over what it has; the rest of it is in the store already.
  addEventListener("pagehide", () => { if (current?.recorder.state === "recording") current.recorder.requestData(); });
  document.addEventListener("visibilitychange", () => { if (current && !document.hidden) awake(); });
  try {
    await interrupted();
    outbox.nudge();
  } catch {
    say("This browser keeps nothing between visits, so recording here would not be safe. Leave private browsing, or add a sound file below.");
    $("round").disabled = true;
  }
}
