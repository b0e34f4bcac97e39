// What is being typed survives a reload, a page that is read anew and a session that ends. It is kept in this tab only (sessionStorage), since it
// speaks of a family: it goes with the tab, with the sign-out, when it has arrived, and when somebody else signs in. Forms marked data-soft only:
// of those it is known whether they arrived.

const prefix = "kerbside-typed ";
const typed = "form[data-soft] :is(input[type=text][name], textarea[name])";
const who = () => document.querySelector("main")?.dataset.user || "";

// keyOf names a field by its form and what the form is about, so that it is known again when the page was read anew.
export function keyOf(field) {
  if (!field?.matches?.(typed) || !who()) return "";
  const about = ["transcript", "first", "last", "question", "item", "visit"].map((n) => field.form.elements.namedItem(n)?.value || "");
  const on = field.closest("li")?.querySelector("input[name=on]")?.value || "";
  return prefix + JSON.stringify([who(), field.form.getAttribute("action"), ...about, field.name, on]);
}

// Without storage nothing is kept, and the page works as before.
function read(key) {
  try { return sessionStorage.getItem(key) || ""; } catch { return ""; }
}

function write(key, text) {
  try { if (text) sessionStorage.setItem(key, text); else sessionStorage.removeItem(key); } catch { /* full, or not allowed */ }
}

function keys() {
  try { return Object.keys(sessionStorage).filter((k) => k.startsWith(prefix)); } catch { return []; }
}

// restore puts what was typed back into the fields below root, opens what they stand in, and gives the focus back to the one with the key.
export function restore(root = document, focus = "") {
  for (const field of root.querySelectorAll(typed)) {
    const key = keyOf(field);
    const text = key && read(key);
    if (text && field.value === field.defaultValue) {
      field.value = text;
      for (let d = field.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    }
    if (key && key === focus) {
      field.focus({ preventScroll: true });
      field.setSelectionRange(field.value.length, field.value.length);
    }
  }
}

// typedIn is what was typed into a field before; "" for nothing.
export const typedIn = (field) => { const key = keyOf(field); return key ? read(key) : ""; };

// halfDone gives what the correction that was not sent yet is about: {transcript, first, last}; null for none.
export function halfDone() {
  for (const k of keys()) {
    const [user, action, transcript, first, last] = JSON.parse(k.slice(prefix.length));
    if (user === who() && first && action?.startsWith(location.pathname + "/")) return { transcript, first, last };
  }
  return null;
}

// halfSaid gives the sentences that a review's comments, not sent yet, are on.
export function halfSaid() {
  const all = keys().map((k) => JSON.parse(k.slice(prefix.length))).filter(([user, action]) => user === who() && action?.startsWith(location.pathname + "/"));
  return all.map((parts) => parts.at(-1)).filter(Boolean);
}

// forget drops what a form held: it has arrived, or was put away on purpose.
export function forget(form) {
  for (const field of form.elements) { const key = keyOf(field); if (key) write(key, ""); }
}

document.addEventListener("input", (e) => {
  const key = keyOf(e.target);
  if (key) write(key, e.target.value === e.target.defaultValue ? "" : e.target.value);
});

document.addEventListener("submit", (e) => {
  if (e.target.getAttribute("action") === "/signout") for (const k of keys()) write(k, "");
});

for (const k of keys()) if (who() && JSON.parse(k.slice(prefix.length))[0] !== who()) write(k, "");
restore();
