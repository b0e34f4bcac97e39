// Copies a section of a draft, or all of it, as plain text: for the boxes of a case system.

const lines = (block) => {
  const items = [...block.querySelectorAll(".sentence")];
  const prose = items.every((i) => i.classList.contains("frame"));
  return items.map((i) => (prose ? "" : "- ") + i.querySelector(".said").textContent.trim()).join("\n");
};

function textOf(button) {
  const block = button.closest("[data-block]");
  if (button.dataset.copy === "block") return lines(block);
  const panel = button.closest("[data-panel]");
  const parts = [...panel.querySelectorAll("[data-block]")].map((b) => {
    const heading = b.querySelector("h3")?.textContent.trim();
    return (heading ? heading + "\n" : "") + lines(b);
  });
  const title = panel.querySelector("h2");
  return title.textContent.trim() + (title.dataset.mark ? "\n" + title.dataset.mark : "") + "\n\n" + parts.join("\n\n") + "\n";
}

// offer shows the buttons where they can do something: browsers give no clipboard to pages that are not secure.
function offer() {
  if (!navigator.clipboard) return;
  for (const b of document.querySelectorAll("[data-copy]")) b.hidden = false;
}

document.addEventListener("click", async (e) => {
  const button = e.target.closest("[data-copy]");
  if (!button) return;
  const before = button.innerHTML;
  try {
    await navigator.clipboard.writeText(textOf(button));
    button.textContent = "Copied";
  } catch {
    button.textContent = "Could not copy";
  }
  button.classList.add("says");
  setTimeout(() => { button.innerHTML = before; button.classList.remove("says"); }, 2000);
});
document.addEventListener("visit:changed", offer);
offer();
