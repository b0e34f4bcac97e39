// The button that prints the page, for browsers that have one.
for (const b of document.querySelectorAll("[data-print]")) { b.hidden = false; b.onclick = () => print(); }
