// Tells the server which stretches of sound this browser has played, so that what was listened to need not be ticked too. It is what the browser
// played, and it is called that: nobody can know what was heard.

const open = new Map(); // audio -> {from, to}, seconds of its own clock
const kept = new Map(); // recording -> stretches in ms
let timer = 0;

const recording = (audio) => /\/recordings\/([^/]+)\/audio/.exec(audio.getAttribute("src") || "")?.[1];
const ours = (e) => e.target instanceof HTMLAudioElement && e.target.dataset.audio !== undefined && recording(e.target);

function begin(audio) {
  if (!audio.paused && !audio.seeking) open.set(audio, { from: audio.currentTime, to: audio.currentTime });
}

function go(audio) {
  const now = open.get(audio);
  if (!now) { begin(audio); return; }
  // Time passes a little at a time while sound is heard; a jump is none.
  if (audio.currentTime >= now.to && audio.currentTime - now.to < 2) now.to = audio.currentTime;
  else { end(audio, false); begin(audio); }
}

function end(audio, last = true) {
  const now = open.get(audio);
  if (!now) return;
  if (last && !audio.seeking && audio.currentTime >= now.to && audio.currentTime - now.to < 2) now.to = audio.currentTime;
  open.delete(audio);
  const before = Number(audio.dataset.from) || 0;
  const span = { start_ms: Math.round(now.from * 1000) + before, end_ms: Math.round(now.to * 1000) + before };
  if (span.end_ms <= span.start_ms) return;
  const id = recording(audio);
  kept.set(id, [...(kept.get(id) || []), span]);
  clearTimeout(timer);
  timer = setTimeout(send, 800);
}

async function send() {
  clearTimeout(timer);
  const visit = document.getElementById("visit")?.dataset.visit;
  for (const [id, spans] of [...kept]) {
    kept.delete(id);
    try {
      const answer = await fetch(`/api/visits/${encodeURIComponent(visit)}/heard`, {
        method: "POST", headers: { "Content-Type": "application/json" }, credentials: "same-origin", keepalive: true, body: JSON.stringify({ recording: id, spans }),
      });
      if (answer.status >= 500) throw new Error(String(answer.status));
    } catch {
      kept.set(id, [...spans, ...(kept.get(id) || [])].slice(-500)); // with the next that is played
    }
  }
}

for (const [type, act] of Object.entries({ playing: begin, timeupdate: go, seeking: (a) => end(a, false), pause: end, ended: end })) {
  document.addEventListener(type, (e) => { if (ours(e)) act(e.target); }, true);
}
addEventListener("pagehide", () => { for (const audio of [...open.keys()]) end(audio); send(); });
