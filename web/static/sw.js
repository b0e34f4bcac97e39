// The service worker: the recorder opens without signal and without a session, and what waits is sent when there is signal. The server puts
// VERSION and FILES before this text.

const shell = "/record?offline";
const cacheName = "kerbside-" + VERSION;

async function refill() {
  const cache = await caches.open(cacheName);
  const fresh = await fetch(shell, { credentials: "same-origin", cache: "no-store" });
  if (fresh.ok && !fresh.redirected) await cache.put(shell, fresh);
}

self.addEventListener("install", (e) => {
  self.skipWaiting();
  e.waitUntil(Promise.all([caches.open(cacheName).then((c) => c.addAll(FILES)), refill()]));
});

self.addEventListener("activate", (e) => {
  e.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("kerbside-") && name !== cacheName) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("message", (e) => { if (e.data === "refill") e.waitUntil(refill().catch(() => {})); });

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (url.origin !== location.origin) return;
  if (e.request.method === "POST" && url.pathname === "/signout") {
    e.respondWith(fetch(e.request));
    e.waitUntil(new Promise((r) => setTimeout(r, 500)).then(refill).catch(() => {})); // the next person is not this one
    return;
  }
  if (e.request.method !== "GET") return;
  if (url.pathname.startsWith("/static/")) {
    e.respondWith(caches.match(e.request).then((kept) => kept || fetch(e.request)));
    return;
  }
  if (e.request.mode === "navigate") e.respondWith(page(e.request, url));
});

// page asks the network, and gives the recorder when there is none. The recorder itself does not wait long: someone sits in a car.
async function page(request, url) {
  const network = fetch(request);
  if (url.pathname === "/record" && !url.search) {
    const kept = await caches.match(shell);
    if (kept) return Promise.race([network.catch(() => kept), new Promise((resolve) => setTimeout(resolve, 2500, kept))]);
  }
  try {
    return await network;
  } catch (e) {
    const kept = await caches.match(shell);
    if (kept) return kept;
    throw e;
  }
}
