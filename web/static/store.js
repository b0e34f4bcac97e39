// What this browser keeps until the server has confirmed it: recordings and their chunks, in IndexedDB.
//
// recording: {client, user, visit, kind, date, take, mime, ms, state, server, gaps, started, beat}
//   state: "recording" | "paused" -> "stopped" -> "safe"; beat: when the recorder last wrote (ms since 1970)
// chunk: {client, take, seq, bytes, sha256, sent}, keyed by [client, take, seq]

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("kerbside", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("recordings", { keyPath: "client" });
      request.result.createObjectStore("chunks", { keyPath: ["client", "take", "seq"] });
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

const chunksOf = (client) => IDBKeyRange.bound([client, 0, 0], [client, Infinity, Infinity]);

export const recordings = () => run(["recordings"], "readonly", (tx) => tx.objectStore("recordings").getAll());
export const recording = (client) => run(["recordings"], "readonly", (tx) => tx.objectStore("recordings").get(client));
export const putChunk = (chunk) => run(["chunks"], "readwrite", (tx) => tx.objectStore("chunks").put(chunk));
export const chunk = (client, take, seq) => run(["chunks"], "readonly", (tx) => tx.objectStore("chunks").get([client, take, seq]));
export const chunkKeys = (client) => run(["chunks"], "readonly", (tx) => tx.objectStore("chunks").getAllKeys(chunksOf(client)));

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

// forget drops a recording and its chunks: only after the server's confirmation, or when a person says so.
export function forget(client) {
  return run(["recordings", "chunks"], "readwrite", (tx) => {
    tx.objectStore("recordings").delete(client);
    tx.objectStore("chunks").delete(chunksOf(client));
  });
}
