// The visitor's pages. What is typed is kept on the phone; a form that meets no network is sent again by itself, with the same key, until the
// clinic has it: it is taken once. Without this script every form still posts and every link still leads somewhere.
const AGAIN_MS = 4000;
const PREFIX = "winddown.visit.";
const words = new Map([...(document.querySelector("#vs-words")?.content.querySelectorAll("[data-word]") ?? [])].map((one) => [one.dataset.word, one.textContent]));
let waiting = null;

function keyOf(form) {
  return form.dataset.vsKeep ? PREFIX + form.dataset.vsKeep : null;
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !["hidden", "submit", "button"].includes(field.type) && field.name !== "website");
}

function keep(form) {
  const key = keyOf(form);
  if (!key) return;
  const values = fieldsOf(form).filter((field) => field.type !== "radio" || field.checked).map((field) => [field.name, field.value]);
  try { sessionStorage.setItem(key, JSON.stringify(values)); } catch { /* a closed store: the page itself holds the typing */ }
}

function bringBack(form) {
  const key = keyOf(form);
  let values = [];
  try { values = JSON.parse((key && sessionStorage.getItem(key)) ?? "[]"); } catch { /* nothing was kept */ }
  for (const [name, value] of values) {
    for (const field of fieldsOf(form).filter((one) => one.name === name)) {
      if (field.type === "radio") field.checked ||= field.value === value;
      else field.value ||= value;
    }
  }
}

function forgetAll() {
  try { for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key); } catch { /* nothing was kept */ }
}

function tell(form, word) {
  let note = form.querySelector("[data-vs-note]");
  if (!note) {
    note = document.createElement("p");
    note.className = "vs-note";
    note.dataset.vsNote = "";
    note.setAttribute("role", "status");
    form.append(note);
  }
  note.textContent = words.get(word) ?? "";
  note.hidden = !word;
}

async function send({ form, body, action }) {
  clearTimeout(waiting?.timer);
  waiting = { form, body, action };
  form.setAttribute("aria-busy", "true");
  tell(form, "sending");
  let answer;
  try {
    answer = await fetch(action, { method: "POST", body: new URLSearchParams(body), credentials: "same-origin" });
    if (answer.status >= 500) throw new TypeError(String(answer.status));
  } catch {
    tell(form, "offline");
    waiting.timer = setTimeout(() => send(waiting), AGAIN_MS);
    return;
  }
  waiting = null;
  form.removeAttribute("aria-busy");
  if (answer.redirected) { location.assign(answer.url); return; }
  show(await answer.text());
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.title = page.title;
  document.querySelector("[data-vs-main]").replaceWith(page.querySelector("[data-vs-main]"));
  start();
  const main = document.querySelector("[data-vs-main]");
  (main.querySelector("[role=alert]") ?? main).scrollIntoView({ block: "start" });
  main.focus({ preventScroll: true });
}

function submitted(event) {
  const form = event.target.closest("form[data-vs-send]");
  if (!form) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  keep(form);
  send({ form, body: new FormData(form, event.submitter), action: form.getAttribute("action") || location.href });
}

/** A tap that gives the fourth answer goes on; a key never does, so that arrows may wander over the choices. */
function tapped(event) {
  const form = event.target.closest("form[data-vs-four]");
  if (!form || event.detail === 0 || !event.target.matches("input[type=radio]")) return;
  if (form.checkValidity()) form.requestSubmit();
}

function start() {
  for (const form of document.querySelectorAll("form[data-vs-keep]")) bringBack(form);
  if (document.querySelector("[data-vs-forget]")) forgetAll();
  document.body.dataset.ready = "yes";
}

document.addEventListener("submit", submitted);
document.addEventListener("click", tapped);
document.addEventListener("input", (event) => { const form = event.target.closest?.("form[data-vs-keep]"); if (form) keep(form); });
addEventListener("online", () => { if (waiting) send(waiting); });
start();
