// Keeps sending while a page is open, with back-off after failures, and asks the browser to go on when it is closed.

import { Refused, sendAll } from "./send.js";

export class Outbox extends EventTarget {
  #wake = null;
  #again = false;
  #running = false;
  #wait = 0;

  constructor() {
    super();
    addEventListener("online", () => { this.#wait = 0; this.nudge(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.nudge(); });
  }

  // nudge starts sending, or has it go round once more.
  nudge() {
    this.#again = true;
    this.#wake?.();
    if (!this.#running) this.#loop();
  }

  #tell = (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail }));

  async #loop() {
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        try {
          this.#again = await sendAll(this.#tell) || this.#again;
          this.#wait = 0;
        } catch (e) {
          const signedOut = e instanceof Refused && e.status === 401;
          const refused = e instanceof Refused && e.status >= 400 && e.status < 500 && ![401, 408, 409, 429, 499].includes(e.status);
          this.#tell("waiting", { offline: !(e instanceof Refused), signedOut, detail: e instanceof Refused ? e.message : "" });
          later();
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
}

// later has the browser send when there is signal, even if the page is closed by then. Not all browsers can.
async function later() {
  try {
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register("kerbside-outbox");
  } catch { /* the next time the page is open, then */ }
}
