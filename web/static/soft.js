// Forms marked data-soft are sent without leaving the page: the visit is read again in place, so that nothing else moves. What
// the server refuses is said beside the form. Without this module they are ordinary forms.

import { forget, keyOf, restore } from "./typed.js";

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

let swaps = 0;
let shown = ""; // the visit as the server last gave it

// swap puts a newer version of the visit in place, keeping what was open, the tab, the focus and the place on the page.
export function swap(page) {
  const fresh = page.getElementById("visit");
  const old = document.getElementById("visit");
  if (!fresh || !old) return false;
  const html = fresh.outerHTML;
  const openOnes = [...old.querySelectorAll("details[open][id]")].map((d) => d.id);
  // Only a tab that somebody chose: while drafts are being written, the facts stand there alone.
  const tab = new URLSearchParams(location.search).get("audience");
  const focused = document.activeElement?.id;
  const typing = keyOf(document.activeElement);
  const ticked = [...old.querySelectorAll("input[name=confirm]:checked")].map((i) => i.value);
  const comment = old.querySelector("textarea[name=comment]")?.value;
  // A player goes on when it is moved as it is.
  for (const audio of fresh.querySelectorAll("audio")) {
    const playing = old.querySelector(`audio[src="${CSS.escape(audio.getAttribute("src"))}"]`) || [...old.querySelectorAll("audio")].find((a) => a.getAttribute("src") === audio.getAttribute("src"));
    if (playing) audio.replaceWith(playing);
  }
  const said = old.querySelector("#on-sentences");
  swaps++;
  shown = html;
  old.replaceWith(document.adoptNode(fresh));
  if (said) fresh.querySelector("#on-sentences")?.replaceWith(said);
  for (const id of openOnes) document.getElementById(id)?.setAttribute("open", "");
  for (const value of ticked) {
    const box = fresh.querySelector(`input[name=confirm][value="${CSS.escape(value)}"]`);
    if (box) box.checked = true;
  }
  const area = fresh.querySelector("textarea[name=comment]");
  if (area && comment) area.value = comment;
  restore(document.getElementById("visit"), typing);
  if (focused && !typing) document.getElementById(focused)?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("visit:changed", { detail: { tab } }));
  return true;
}

// refresh reads the visit again. An answer that was asked for before something newer was put in place is older than that, and is asked for once more; one that says
// what stands there already, where nothing more is to come, changes nothing under somebody's hand.
export async function refresh() {
  const before = swaps;
  const answer = await fetch(location.pathname + location.search, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  const page = parse(await answer.text());
  const fresh = page.getElementById("visit");
  if (fresh && !fresh.hasAttribute("data-live") && fresh.outerHTML === shown) return;
  if (swaps === before) swap(page);
  else await refresh();
}

function trouble(form, text, signedOut = false) {
  const at = form.querySelector("[data-trouble]") || document.getElementById("trouble");
  at.textContent = text;
  if (signedOut) {
    const link = document.createElement("a");
    link.href = "/signin";
    link.textContent = "Sign in";
    at.append(" What you typed is kept in this tab. ", link);
  }
  at.hidden = false;
  if (!form.contains(at)) at.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", async (e) => {
  const form = e.target.closest("form[data-soft]");
  if (!form) return;
  e.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const fields = new URLSearchParams(new FormData(form, e.submitter));
  const tab = document.querySelector("[data-tab][aria-current]")?.dataset.tab;
  if (tab) fields.set("audience", tab);
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields, credentials: "same-origin" });
    const page = parse(await answer.text());
    if (!answer.ok) {
      trouble(form, page.querySelector("[data-message]")?.textContent || "That did not work. Nothing was changed; try again.", answer.status === 401);
      return;
    }
    forget(form);
    form.closest("dialog")?.close();
    if (!swap(page)) location.assign(answer.url);
  } catch {
    trouble(form, "There is no connection. Nothing was changed; try again when there is signal.");
  } finally {
    delete form.dataset.busy;
  }
});
