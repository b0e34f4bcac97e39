// Speak instead of type: a button beside a field records, and the server's words are put at the end of what stands there. Nothing is kept until the
// form is saved. Without a microphone or this module, the fields are typed into.

const visit = () => document.getElementById("visit")?.dataset.visit;
let recorder = null;

function wire() {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return;
  for (const row of document.querySelectorAll("[data-say]")) {
    row.hidden = false;
    row.querySelector("button").onclick = () => (recorder ? recorder.stop() : start(row));
  }
}

async function start(row) {
  const button = row.querySelector("button");
  const status = row.querySelector("[role=status]");
  let sound;
  try {
    sound = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    status.textContent = "The microphone may not be used here. Type it instead.";
    return;
  }
  const parts = [];
  recorder = new MediaRecorder(sound);
  recorder.ondataavailable = (e) => parts.push(e.data);
  recorder.onstop = async () => {
    const type = recorder.mimeType;
    recorder = null;
    for (const track of sound.getTracks()) track.stop();
    button.setAttribute("aria-pressed", "false");
    button.textContent = "Say it";
    button.disabled = true;
    status.textContent = "Writing it down.";
    status.textContent = await write(row.dataset.say, new Blob(parts, { type }));
    button.disabled = false;
  };
  recorder.start();
  button.setAttribute("aria-pressed", "true");
  button.textContent = "Stop";
  status.textContent = "Listening.";
}

// write has the sound turned into words, and says what came of it.
async function write(field, sound) {
  try {
    const answer = await fetch(`/api/visits/${encodeURIComponent(visit())}/dictation`, { method: "POST", body: sound, credentials: "same-origin" });
    const said = await answer.json();
    if (!answer.ok) return said.detail;
    const area = document.getElementById(field);
    area.value = `${area.value.trim()} ${said.text}`.trim();
    area.focus();
    return "Read it, then add the entry.";
  } catch {
    return "There is no connection. Say it again when there is signal, or type it.";
  }
}

addEventListener("pagehide", () => recorder?.stop());
document.addEventListener("visit:changed", wire);
wire();
