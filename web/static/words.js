// Words, and the sound under them: lighting, picking and playing stretches of the transcript.
// A stretch is {index, first, last}: transcript on the page, and indices of its words.

const boxes = () => [...document.querySelectorAll("[data-words]")];
export const wordsOf = (index) => [...document.querySelectorAll(`[data-words="${index}"] span`)];

// audioOf gives the player that has a time of the recording's clock; a recording that was broken off has several.
function audioOf(index, ms = 0) {
  return [...document.querySelectorAll(`[data-audio="${index}"]`)].filter((a, i) => i === 0 || Number(a.dataset.from) <= ms).at(-1);
}

// stretches reads a spec, "0:w12:w19 0:w30:w31".
export function stretches(spec) {
  const out = [];
  for (const part of (spec || "").split(" ").filter(Boolean)) {
    const [index, a, b] = part.split(":");
    const words = wordsOf(index);
    const first = words.findIndex((w) => w.id === `w${index}-${a}`);
    const last = words.findIndex((w) => w.id === `w${index}-${b}`);
    if (first >= 0 && last >= first) out.push({ index: Number(index), first, last });
  }
  return out;
}

export const textOf = (s) => wordsOf(s.index).slice(s.first, s.last + 1).map((w) => w.textContent).join(" ");
export const elements = (s) => wordsOf(s.index).slice(s.first, s.last + 1);
export const hasSound = (s) => Boolean(audioOf(s.index)) && elements(s).some((w) => w.dataset.s);

function mark(name, list) {
  for (const w of document.querySelectorAll(`[data-words] span.${name}`)) w.classList.remove(name);
  for (const s of list) for (const w of elements(s)) w.classList.add(name);
}

export const light = (list) => mark("lit", list);
export const pick = (list) => mark("picked", list);

// show brings the words into view without moving the page when they can be seen already.
export function show(s) {
  elements(s)[0]?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

// stretchAt is the stretch of one word.
export function stretchAt(word) {
  const index = Number(word.closest("[data-words]").dataset.words);
  const at = wordsOf(index).indexOf(word);
  return { index, first: at, last: at };
}

const endsSentence = (word) => /[.!?]["”’)]*$/.test(word.textContent);

// stretchFrom is from a word to the end of its sentence, as a listener would want it.
export function stretchFrom(s) {
  const words = wordsOf(s.index);
  let last = s.first;
  while (last < words.length - 1 && last - s.first < 40 && !endsSentence(words[last])) last++;
  return { ...s, last };
}

// sentenceOf is the sentence, or the sentences, in which a stretch lies.
export function sentenceOf(s) {
  const words = wordsOf(s.index);
  let { first } = s;
  while (first > 0 && s.first - first < 25 && !endsSentence(words[first - 1])) first--;
  return { index: s.index, first, last: stretchFrom({ ...s, first: s.last }).last };
}

export function selected() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  for (const box of boxes()) {
    if (!range.intersectsNode(box)) continue;
    const words = wordsOf(box.dataset.words);
    const inside = words.map((w, i) => (range.intersectsNode(w) ? i : -1)).filter((i) => i >= 0);
    if (inside.length > 1) return { index: Number(box.dataset.words), first: inside[0], last: inside.at(-1) };
  }
  return null;
}

// Player plays stretches one after the other and lights the word that is heard.
export class Player extends EventTarget {
  #queue = [];
  #audio = null;
  #end = 0;
  #from = 0; // ms of the recording's clock at which the part begins
  #timed = [];
  #frame = 0;

  get playing() { return Boolean(this.#audio && !this.#audio.paused); }

  // play plays the list from its start; done is called when all of it was heard.
  play(list, done = () => {}) {
    this.stop();
    this.#queue = list.filter(hasSound);
    this.done = done;
    this.#next();
  }

  async #next() {
    const s = this.#queue.shift();
    if (!s) { this.stop(); this.done?.(); return; }
    this.#timed = elements(s).filter((w) => w.dataset.s);
    const audio = this.#audio = audioOf(s.index, Number(this.#timed[0].dataset.s));
    this.#from = Number(audio.dataset.from);
    // Words behind a break lie in another part; it is played after this one.
    const over = this.#timed.findIndex((w) => audioOf(s.index, Number(w.dataset.s)) !== audio);
    if (over > 0) {
      this.#queue.unshift({ ...s, first: s.first + elements(s).indexOf(this.#timed[over]) });
      this.#timed = this.#timed.slice(0, over);
    }
    const start = Math.max(0, (Number(this.#timed[0].dataset.s) - this.#from) / 1000 - 0.12);
    this.#end = (Number(this.#timed.at(-1).dataset.e) - this.#from) / 1000 + 0.18;
    try {
      await ready(audio, start);
      if (audio !== this.#audio) return;
      await audio.play();
    } catch {
      this.dispatchEvent(new CustomEvent("trouble"));
      return;
    }
    this.dispatchEvent(new CustomEvent("state"));
    clearTimeout(this.#frame);
    this.#follow(audio);
  }

  #follow(audio) {
    if (audio !== this.#audio) return;
    const ms = audio.currentTime * 1000 + this.#from;
    for (const w of document.querySelectorAll("[data-words] span.now")) if (!(ms >= w.dataset.s && ms < w.dataset.e)) w.classList.remove("now");
    this.#timed.find((w) => ms >= w.dataset.s && ms < w.dataset.e)?.classList.add("now");
    if (audio.currentTime >= this.#end || audio.ended) { audio.pause(); this.#next(); return; }
    if (audio.paused) { this.dispatchEvent(new CustomEvent("state")); return; }
    // Not every frame: a hidden page has none, and the end must be kept all the same.
    this.#frame = setTimeout(() => this.#follow(audio), 40);
  }

  toggle() {
    if (!this.#audio) return false;
    if (this.#audio.paused) { this.#audio.play().then(() => { this.dispatchEvent(new CustomEvent("state")); this.#follow(this.#audio); }, () => {}); } else this.#audio.pause();
    this.dispatchEvent(new CustomEvent("state"));
    return true;
  }

  back(seconds) {
    if (this.#audio) this.#audio.currentTime = Math.max(0, this.#audio.currentTime - seconds);
  }

  stop() {
    clearTimeout(this.#frame);
    this.#audio?.pause();
    this.#audio = null;
    this.#queue = [];
    for (const w of document.querySelectorAll("[data-words] span.now")) w.classList.remove("now");
    this.dispatchEvent(new CustomEvent("state"));
  }
}

// ready has the element know the sound and stand at a time. A line that breaks off, or a server that goes away meanwhile, costs a moment and no second tap.
async function ready(audio, seconds) {
  for (let tries = 1; ; tries += 1) {
    try {
      await stand(audio, seconds);
      return;
    } catch (error) {
      if (tries === 4) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 500 * tries); });
      audio.load();
    }
  }
}

// stand is one try. What a browser recorded has no length in its header, so it cannot be sought until the length is known: asking for a far end makes
// the browser find it.
async function stand(audio, seconds) {
  if (audio.readyState < 1 || audio.error) {
    audio.preload = "auto";
    audio.load();
    await once(audio, "loadedmetadata");
  }
  if (!Number.isFinite(audio.duration)) {
    audio.currentTime = 1e7;
    await once(audio, "seeked");
  }
  audio.currentTime = seconds;
  await once(audio, "seeked");
}

function once(target, type) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(reject), 5000);
    const finish = (f) => { clearTimeout(timer); target.removeEventListener(type, good); target.removeEventListener("error", bad); f(); };
    const good = () => finish(resolve);
    const bad = () => finish(reject);
    target.addEventListener(type, good);
    target.addEventListener("error", bad);
  });
}
