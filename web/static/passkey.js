// Passkeys: signing in with one, and adding one to an account. Without this module, or in a browser without passkeys, the other ways remain.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}), credentials: "same-origin" });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(json.detail || "That did not work. Try again.");
  return json;
}

function trouble(error) {
  const at = document.getElementById("trouble");
  // The device's own errors are for programmers; that somebody closed its question is none.
  at.textContent = error instanceof DOMException ? "The device did not answer, or the question was closed. Try again, or use another way." : error.message;
  at.hidden = false;
}

async function signIn() {
  const { ceremony, options } = await post("/api/signin/passkey/begin");
  const ask = options.publicKey;
  ask.challenge = bytes(ask.challenge);
  for (const c of ask.allowCredentials ?? []) c.id = bytes(c.id);
  const key = await navigator.credentials.get({ publicKey: ask });
  const r = key.response;
  await post("/api/signin/passkey/finish", {
    ceremony,
    answer: {
      id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: key.getClientExtensionResults(), authenticatorAttachment: key.authenticatorAttachment ?? undefined,
      response: { clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: r.userHandle ? text(r.userHandle) : undefined },
    },
  });
  location.assign("/");
}

async function add(name) {
  const { ceremony, options } = await post("/api/account/passkeys/begin");
  const ask = options.publicKey;
  ask.challenge = bytes(ask.challenge);
  ask.user.id = bytes(ask.user.id);
  for (const c of ask.excludeCredentials ?? []) c.id = bytes(c.id);
  const key = await navigator.credentials.create({ publicKey: ask });
  const r = key.response;
  await post("/api/account/passkeys/finish", {
    ceremony, name,
    answer: {
      id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: key.getClientExtensionResults(), authenticatorAttachment: key.authenticatorAttachment ?? undefined,
      response: { clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports?.() ?? [] },
    },
  });
  location.reload();
}

if (window.PublicKeyCredential) {
  const button = document.getElementById("passkey-sign-in");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => signIn().catch(trouble));
  }
  const form = document.getElementById("passkey-add");
  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      add(form.elements.name.value).catch(trouble);
    });
  }
}
