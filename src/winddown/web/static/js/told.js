// A red answer on a patient's phone. After sending: whether a person at the clinic has acknowledged a red answer. Asked every few seconds while the page is looked at.
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

// A red answer is told when it is tapped: a person who stops in the middle of the form is not lost. Without a network the form itself tells.
const signaled = new Set();

function early({ target }) {
  const question = target.closest?.("[data-crisis-from]");
  const form = target.closest?.("form[data-early-url]");
  if (!question || !form || !target.checked || Number(target.value) < Number(question.dataset.crisisFrom)) return;
  const told = `${target.name}=${target.value}`;
  if (signaled.has(told)) return;
  const body = new URLSearchParams({ question: target.name, value: target.value });
  fetch(form.dataset.earlyUrl, { method: "POST", body, keepalive: true }).then(({ ok }) => { if (ok) signaled.add(told); }, () => {});
}

document.addEventListener("change", early);
setTimeout(look, FIRST_MS);
