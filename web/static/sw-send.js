// The service worker where the browser can send in the background: the same, and the outbox.

import "/sw.js";
import { sendAll } from "./send.js";

self.addEventListener("sync", (e) => { if (e.tag === "kerbside-outbox") e.waitUntil(sendAll()); });
