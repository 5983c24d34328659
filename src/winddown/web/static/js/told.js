// After sending: whether a person at the clinic has acknowledged a red answer. Asked every few seconds while the page is looked at.
const EVERY_MS = 5000;
const FIRST_MS = 1500;

function show(panel, { open, acknowledged, words }) {
  const crisis = panel.querySelector("[data-done-crisis]");
  if (open && crisis) crisis.hidden = false;
  const line = panel.querySelector("[data-told]");
  if (!line) return;
  line.dataset.acknowledged = String(acknowledged);
  if (line.textContent !== words) line.textContent = words;
}

async function look() {
  const panel = document.querySelector("[data-told-url]");
  if (panel && !panel.hidden && !document.hidden) {
    const answer = await fetch(panel.dataset.toldUrl, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) show(panel, await answer.json());
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, FIRST_MS);
