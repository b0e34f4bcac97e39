// Sends what the store keeps: pieces as they come, at the end what the whole consists of. It runs in a page and in the service worker; whatever
// was not confirmed stays in the store.

import * as store from "./store.js";
import { sha256 } from "./seal.js";

export class Refused extends Error {
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

const sent = new Map(); // client -> Set of "take/seq" that were confirmed since this script was loaded

// sendAll sends what is due for whoever is signed in, as one sender at a time. tell(type, detail) hears of "sent", "heard" and "safe". It throws the first
// failure when it is through. It resolves to true when there is more to send at once.
export function sendAll(tell = () => {}) {
  return navigator.locks.request("kerbside-outbox", async () => {
    const due = [];
    for (const r of await store.recordings()) if (r.state !== "safe" && await hasWork(r)) due.push(r);
    if (!due.length) return false;
    const me = await call("GET", "/api/me"); // the page may be older than the session
    let failed = null, more = false;
    for (const r of due) {
      if (r.user !== me.id) continue;
      // One recording that is refused must not keep the others here.
      try { more = await send(r, tell) || more; } catch (e) { failed ??= e; }
    }
    if (failed) throw failed;
    return more;
  });
}

async function hasWork(r) {
  if (r.state === "stopped") return true;
  const done = sent.get(r.client);
  return (await store.pieceKeys(r.client)).some(([, take, seq]) => !done?.has(`${take}/${seq}`));
}

async function send(r, tell) {
  const keys = await store.pieceKeys(r.client);
  if (keys.length === 0) {
    if (r.state === "stopped") await store.forget(r.client);
    return false;
  }
  if (!r.server) {
    const made = await json("/api/recordings", { client_id: r.client, visit: r.visit, kind: r.kind, name: r.name || "", date: r.date, ...(r.case && !r.visit ? { case: r.case } : {}) });
    await store.change(r.client, (x) => { x.server = made.id; x.visit = made.visit; });
    r.server = made.id;
    r.visit = made.visit;
  }
  const base = "/api/recordings/" + encodeURIComponent(r.server);
  let done = sent.get(r.client);
  if (!done) sent.set(r.client, done = new Set());
  const sums = [];
  for (const [i, [, take, seq]] of keys.entries()) {
    const name = `${take}/${seq}`;
    const p = await store.piece(r.client, take, seq);
    sums.push(`${take} ${seq} ${p.sha256}\n`);
    if (done.has(name)) continue;
    if (!p.sent) {
      const kept = await call("PUT", `${base}/takes/${take}/chunks/${seq}`, p.sealed,
        { "Content-Type": "application/octet-stream", "X-Content-SHA256": p.sha256, "X-Kerbside-Seal": "hpke-1" });
      await store.putPiece({ ...p, sent: true });
      tell("heard", { client: r.client, take, words: kept.heard });
    }
    done.add(name);
    tell("sent", { client: r.client, done: i + 1, of: keys.length });
  }
  await sendConsents(r.client, base);
  const now = await store.recording(r.client);
  if (now?.state !== "stopped") return false;
  if ((await store.pieceKeys(r.client)).length !== keys.length) return true;
  const pieces = await sha256(sums.join(""));
  let kept;
  try {
    kept = await json(base + "/finish", { pieces, interruptions: now.breaks });
  } catch (e) {
    if (e instanceof Refused && e.status === 409) { // something did not arrive after all: next time everything is sent again, which is harmless
      done.clear();
      for (const [, take, seq] of keys) await store.putPiece({ ...await store.piece(r.client, take, seq), sent: false });
    }
    throw e;
  }
  if (kept.state !== "safe" || !/^[0-9a-f]{64}$/.test(kept.sha256)) throw new Refused(503, "The server has not confirmed the recording yet.");
  await store.change(r.client, (x) => { x.state = "safe"; });
  tell("safe", { client: r.client, visit: kept.visit, recording: kept.id });
  sent.delete(r.client);
  while (!await store.forgetSent(r.client)) await sendConsents(r.client, base); // one more may have been noted meanwhile
  return false;
}

// sendConsents sends what was noted of consent and is not sent yet. What the server will not have, as consent was taken back since, is not sent again.
async function sendConsents(client, base) {
  for (const c of (await store.recording(client))?.consents ?? []) {
    if (c.sent) continue;
    try {
      await call("PUT", `${base}/consents/${c.seq}`, c.sealed, { "Content-Type": "application/octet-stream", "X-Kerbside-Seal": "hpke-1" });
    } catch (e) {
      if (!(e instanceof Refused) || ![400, 404, 409].includes(e.status)) throw e;
    }
    await store.change(client, (x) => { for (const y of x.consents) if (y.seq === c.seq) y.sent = true; });
  }
}
