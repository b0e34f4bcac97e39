// Sealing to the server's public key: RFC 9180 (HPKE), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Each piece has a key
// of its own, which is forgotten at once.

const bytes = (text) => new TextEncoder().encode(text);

function concat(...parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) { out.set(p, at); at += p.length; }
  return out;
}

const kem = concat(bytes("KEM"), [0x00, 0x10]);
const suite = concat(bytes("HPKE"), [0x00, 0x10, 0x00, 0x01, 0x00, 0x02]);
const none = new Uint8Array(0);

async function hmac(key, data) {
  // Some browsers refuse an empty key; zeros are the same key.
  const k = await crypto.subtle.importKey("raw", key.length ? key : new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", k, data));
}

const extract = (id, salt, label, ikm) => hmac(salt, concat(bytes("HPKE-v1"), id, bytes(label), ikm));

// expand gives at most 32 bytes: one round of HKDF-Expand.
async function expand(id, prk, label, info, length) {
  const labelled = concat([0, length], bytes("HPKE-v1"), id, bytes(label), info);
  return (await hmac(prk, concat(labelled, [1]))).slice(0, length);
}

const curve = { name: "ECDH", namedCurve: "P-256" };

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

// seal gives the encapsulated key and the ciphertext behind it. publicKey are the 65 bytes of the server's key.
export async function seal(publicKey, info, plain) {
  const theirs = await crypto.subtle.importKey("raw", publicKey, curve, false, []);
  const mine = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", mine.publicKey));
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256));
  const shared = await expand(kem, await extract(kem, none, "eae_prk", dh), "shared_secret", concat(enc, publicKey), 32);
  const context = concat([0], await extract(suite, none, "psk_id_hash", none), await extract(suite, none, "info_hash", bytes(info)));
  const secret = await extract(suite, shared, "secret", none);
  const key = await crypto.subtle.importKey("raw", await expand(suite, secret, "key", context, 32), "AES-GCM", false, ["encrypt"]);
  const iv = await expand(suite, secret, "base_nonce", context, 12);
  return concat(enc, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain)));
}

const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");

export async function sha256(data) {
  return hex(await crypto.subtle.digest("SHA-256", typeof data === "string" ? bytes(data) : data));
}

// sealPiece gives a piece as the store keeps it. What it is bound to is what the server expects.
export async function sealPiece(publicKey, client, take, seq, sound) {
  const info = `kerbside sound 1\n${client}\n${take}\n${seq}`;
  return { client, take, seq, sealed: (await seal(publicKey, info, sound)).buffer, sha256: await sha256(sound), sent: false };
}
