// Who agreed that a visit is recorded: one tap on a role, before, while or after it is recorded. Nothing waits for it. What is noted is sealed like the sound, lies
// beside it and is sent with it.

import * as store from "./store.js";
import { sealPiece } from "./seal.js";

const $ = (id) => document.getElementById(id);
const bytes = (text) => new TextEncoder().encode(text);
const words = { before: "before", at: "while recording", after: "afterwards", spoken: "said so", recorded: "on the recording", written: "in writing" };

export class Consent {
  #key;
  #nudge;
  #noted = []; // [{who, how, when, at}], before there is a recording
  #client = "";
  #recording = ""; // on the server, once the phone has forgotten it
  #seq = 0;
  #turn = Promise.resolve(); // one after the other

  constructor(key, nudge) {
    this.#key = key;
    this.#nudge = nudge;
    $("about-form").addEventListener("change", () => this.#show());
    for (const b of this.#buttons()) b.onclick = () => this.#tap(b.dataset.who, b);
    $("agreed-add").onclick = () => this.#other();
    $("agreed-other").onkeydown = (e) => { if (e.key === "Enter") { e.preventDefault(); this.#other(); } };
    this.moment("before");
  }

  #buttons() { return $("agreed-who").querySelectorAll("button"); }

  #show() { $("agreed").hidden = new FormData($("about-form")).get("kind") !== "visit"; }

  // moment says how far the recording is. What is tapped then was agreed then, unless somebody says otherwise; afterwards nobody can tell.
  moment(when) {
    for (const i of document.getElementsByName("agreed-when")) i.checked = i.value === when && when !== "after";
    for (const i of document.getElementsByName("agreed-how")) i.checked = i.value === (when === "at" ? "recorded" : "spoken");
    this.#show();
  }

  // begin gives what was noted before a recording, sealed for it.
  async begin(client) {
    if (this.#client) this.#clear();
    const noted = this.#noted;
    this.#noted = [];
    this.#client = client;
    this.#recording = "";
    this.#seq = noted.length;
    return Promise.all(noted.map((c, n) => this.#seal(n, c)));
  }

  // resume goes on with a recording that was cut short.
  async resume(client, kind) {
    const had = (await store.recording(client))?.consents ?? [];
    this.#client = client;
    this.#seq = had.length;
    for (const i of $("about-form").elements.kind) i.checked = i.value === kind;
    if (had.length) $("agreed-said").textContent = "What you noted before is kept.";
  }

  // safe says that a recording is on the server: what is noted from now on goes there at once.
  safe(client, recording) { if (client === this.#client) this.#recording = recording; }

  #clear() {
    for (const b of this.#buttons()) { b.setAttribute("aria-pressed", "false"); b.disabled = false; }
    $("agreed-said").textContent = "You can go on without: it can be noted later.";
  }

  async #seal(n, c) {
    const p = await sealPiece(this.#key, this.#client, 0, n, bytes(JSON.stringify(c)));
    return { seq: n, sealed: p.sealed, sent: false };
  }

  #chosen(name) { return [...document.getElementsByName(name)].find((i) => i.checked)?.value ?? ""; }

  #other() {
    const who = $("agreed-other").value.trim();
    if (who) this.#tap(who, null);
    else $("agreed-other").focus();
  }

  #tap(who, b) {
    const when = this.#chosen("agreed-when");
    if (!when) {
      $("agreed-said").textContent = "Choose when they agreed, then tap who.";
      document.getElementsByName("agreed-when")[0].focus();
      return;
    }
    if (b?.getAttribute("aria-pressed") === "true") { // by mistake, and still only here
      this.#noted = this.#noted.filter((c) => c.who !== who);
      b.setAttribute("aria-pressed", "false");
      $("agreed-said").textContent = `${who} is not noted any more.`;
      return;
    }
    const c = { who, how: this.#chosen("agreed-how"), when, at: new Date().toISOString() };
    b?.setAttribute("aria-pressed", "true");
    if (!b) $("agreed-other").value = "";
    if (!this.#client) {
      this.#noted = [...this.#noted.filter((x) => x.who !== who), c];
      this.#tell(c);
      return;
    }
    if (b) b.disabled = true;
    this.#turn = this.#turn.then(() => this.#keep(c)).then(() => this.#tell(c), () => {
      if (b) { b.setAttribute("aria-pressed", "false"); b.disabled = false; } else $("agreed-other").value = who;
      $("agreed-said").textContent = "That was not kept. Try again, or note it on the visit.";
    });
  }

  #tell(c) { $("agreed-said").textContent = `Noted: ${c.who} agreed, ${words[c.how]}, ${words[c.when]}.`; }

  // keep puts one beside the sound on the phone; of sound that is on the server already it goes there.
  async #keep(c) {
    const n = this.#seq++;
    const sealed = await this.#seal(n, c);
    await store.change(this.#client, (r) => { (r.consents ??= []).push(sealed); });
    if ((await store.recording(this.#client))?.consents?.some((x) => x.seq === n)) { this.#nudge(); return; }
    if (!this.#recording) throw new Error("gone");
    const answer = await fetch(`/api/recordings/${encodeURIComponent(this.#recording)}/consents/${n}`, { method: "PUT", credentials: "same-origin",
      headers: { "Content-Type": "application/octet-stream", "X-Kerbside-Seal": "hpke-1" }, body: sealed.sealed });
    if (!answer.ok) throw new Error(String(answer.status));
  }
}
