// What this browser keeps until the server has confirmed it: recordings and their pieces, in IndexedDB. The sound in it is sealed to
// the server's key, so that nobody who holds the phone can open it, this page neither.
//
// recording: {client, user, visit, case, kind, date, name, take, mime, ms, state, server, breaks, started, beat}
//   user: "" when nobody was signed in; state: "recording" -> "stopped" -> "safe"; beat: when the recorder last wrote (ms since 1970)
//   breaks: [{take, at_ms, missing_ms, silent_ms}], as the server takes them
//   consents: [{seq, sealed, sent}]: who agreed to be recorded, sealed like a piece of take 0
// piece: {client, take, seq, sealed, sha256, sent}, keyed by [client, take, seq]; sha256 is of the sound

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("kerbside", 2);
    request.onupgradeneeded = () => {
      for (const name of request.result.objectStoreNames) request.result.deleteObjectStore(name); // version 1 was never released
      request.result.createObjectStore("recordings", { keyPath: "client" });
      request.result.createObjectStore("pieces", { keyPath: ["client", "take", "seq"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run(stores, mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    // "strict": the write is on the disk before it counts.
    const tx = db.transaction(stores, mode, { durability: "strict" });
    let result;
    const request = work(tx);
    if (request) request.onsuccess = () => { result = request.result; };
    tx.oncomplete = () => resolve(result);
    tx.onerror = tx.onabort = () => reject(tx.error);
  });
}

const piecesOf = (client) => IDBKeyRange.bound([client, 0, 0], [client, Infinity, Infinity]);

export const recordings = () => run(["recordings"], "readonly", (tx) => tx.objectStore("recordings").getAll());
export const recording = (client) => run(["recordings"], "readonly", (tx) => tx.objectStore("recordings").get(client));
export const putPiece = (piece) => run(["pieces"], "readwrite", (tx) => tx.objectStore("pieces").put(piece));
export const piece = (client, take, seq) => run(["pieces"], "readonly", (tx) => tx.objectStore("pieces").get([client, take, seq]));
export const pieceKeys = (client) => run(["pieces"], "readonly", (tx) => tx.objectStore("pieces").getAllKeys(piecesOf(client)));

// change reads a recording, lets f alter it and writes it, in one transaction; gone recordings stay gone.
export function change(client, f) {
  return run(["recordings"], "readwrite", (tx) => {
    const store = tx.objectStore("recordings");
    const request = store.get(client);
    request.addEventListener("success", () => {
      if (request.result) {
        f(request.result);
        store.put(request.result);
      }
    });
    return request;
  });
}

export const add = (recording) => run(["recordings"], "readwrite", (tx) => tx.objectStore("recordings").add(recording));

// keep writes a piece and what changed of its recording, in one transaction.
export function keep(piece, f) {
  return run(["recordings", "pieces"], "readwrite", (tx) => {
    tx.objectStore("pieces").put(piece);
    const store = tx.objectStore("recordings");
    const request = store.get(piece.client);
    request.onsuccess = () => { if (request.result) { f(request.result); store.put(request.result); } };
  });
}

// forgetSent drops a recording whose consents were all sent, and reports whether nothing of it is left.
export async function forgetSent(client) {
  const r = await run(["recordings", "pieces"], "readwrite", (tx) => {
    const request = tx.objectStore("recordings").get(client);
    request.addEventListener("success", () => {
      if (request.result?.consents?.some((c) => !c.sent)) return;
      tx.objectStore("recordings").delete(client);
      tx.objectStore("pieces").delete(piecesOf(client));
    });
    return request;
  });
  return !r?.consents?.some((c) => !c.sent);
}

// forget drops a recording and its pieces: only after the server's confirmation, or when a person says so.
export function forget(client) {
  return run(["recordings", "pieces"], "readwrite", (tx) => {
    tx.objectStore("recordings").delete(client);
    tx.objectStore("pieces").delete(piecesOf(client));
  });
}
