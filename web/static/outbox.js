// Sends what the store keeps: chunks as they come, the hash of the whole at the end. One tab sends at a time; a failure is
// tried again with back-off, and whatever was not confirmed stays in the store.

import * as store from "./store.js";

const encoder = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");

export async function sha256(bytes) {
  return encoder(await crypto.subtle.digest("SHA-256", bytes));
}

class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function call(method, url, body, headers = {}) {
  const answer = await fetch(url, { method, body, headers, credentials: "same-origin", cache: "no-store" });
  const text = await answer.text();
  let value = {};
  try { value = JSON.parse(text); } catch { /* a proxy's page: the status says enough */ }
  if (!answer.ok) throw new Refused(answer.status, value.detail || "");
  return value;
}

const json = (url, value) => call("POST", url, JSON.stringify(value), { "Content-Type": "application/json" });

export class Outbox extends EventTarget {
  #user;
  #wake = null;
  #again = false;
  #running = false;
  #wait = 0;
  #sent = new Map(); // client -> Set of "take/seq" that were confirmed while this page is open

  constructor(user) {
    super();
    this.#user = user;
    addEventListener("online", () => { this.#wait = 0; this.nudge(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.nudge(); });
  }

  // nudge starts sending, or has it go round once more.
  nudge() {
    this.#again = true;
    this.#wake?.();
    if (!this.#running) this.#loop();
  }

  #tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  async #loop() {
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        try {
          await navigator.locks.request("kerbside-outbox", () => this.#round());
          this.#wait = 0;
        } catch (e) {
          const signedOut = e instanceof Refused && e.status === 401;
          const refused = e instanceof Refused && e.status >= 400 && e.status < 500 && ![401, 408, 429, 499].includes(e.status);
          this.#tell("waiting", { offline: !(e instanceof Refused), signedOut, refused, detail: e instanceof Refused ? e.message : "" });
          this.#wait = Math.min(this.#wait ? this.#wait * 2 : 1000, refused || signedOut ? 60000 : 15000);
          this.#again = true;
          await new Promise((resolve) => { this.#wake = resolve; setTimeout(resolve, this.#wait * (0.75 + Math.random() / 2)); });
          this.#wake = null;
        }
      }
    } finally {
      this.#running = false;
    }
  }

  async #round() {
    let failed = null;
    for (const r of await store.recordings()) {
      if (r.user !== this.#user || r.state === "safe") continue;
      // One recording that is refused must not keep the others here.
      try { await this.#send(r); } catch (e) { failed ??= e; }
    }
    if (failed) throw failed;
  }

  async #send(r) {
    const keys = await store.chunkKeys(r.client);
    if (keys.length === 0 && r.state !== "stopped") return;
    if (keys.length === 0) { await store.forget(r.client); return; }
    if (!r.server) {
      const made = await json("/api/recordings", { client_id: r.client, visit: r.visit, kind: r.kind, name: "", date: r.date });
      await store.change(r.client, (x) => { x.server = made.id; x.visit = made.visit; });
      r.server = made.id;
      r.visit = made.visit;
    }
    const base = "/api/recordings/" + encodeURIComponent(r.server);
    let done = this.#sent.get(r.client);
    if (!done) this.#sent.set(r.client, done = new Set());
    for (const [, take, seq] of keys) {
      const name = `${take}/${seq}`;
      if (done.has(name)) continue;
      const c = await store.chunk(r.client, take, seq);
      if (!c.sent) {
        await call("PUT", `${base}/takes/${take}/chunks/${seq}`, c.bytes, { "Content-Type": "application/octet-stream", "X-Content-SHA256": c.sha256 });
        await store.putChunk({ ...c, sent: true });
      }
      done.add(name);
    }
    this.#tell("sent", { client: r.client, chunks: keys.length });
    const now = await store.recording(r.client);
    if (now?.state !== "stopped") return;
    if ((await store.chunkKeys(r.client)).length !== keys.length) { this.#again = true; return; }
    const whole = await this.#whole(r.client, keys);
    const kept = await json(base + "/finish", { sha256: whole });
    if (kept.state !== "safe" || kept.sha256 !== whole) throw new Refused(503, "The server has not confirmed the recording yet.");
    await store.change(r.client, (x) => { x.state = "safe"; });
    this.#tell("safe", { client: r.client, visit: kept.visit });
    await store.forget(r.client);
    this.#sent.delete(r.client);
  }

  async #whole(client, keys) {
    const parts = [];
    for (const [, take, seq] of keys) parts.push((await store.chunk(client, take, seq)).bytes);
    return sha256(await new Blob(parts).arrayBuffer());
  }
}
