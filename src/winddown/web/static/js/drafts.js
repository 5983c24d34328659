// Typing is never lost: forms with data-keep="name" are kept on this device while they are being filled, and brought back.
// Passwords, files, hidden fields and fields with data-no-keep are never kept.
import { word } from "./words.js";

const WAIT_MS = 300;
const SUBMITTED = "winddown.submitted";
const timers = new WeakMap();

function keyOf(form) {
  return `winddown.draft.${document.body.dataset.user ?? ""}.${location.pathname}.${form.dataset.keep}`;
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type) && !("noKeep" in field.dataset));
}

function valueOf(field) {
  return ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
}

function keep(form) {
  const values = fieldsOf(form).map((field) => [field.name, field.type === "radio" ? field.value : "", valueOf(field)]);
  try { localStorage.setItem(keyOf(form), JSON.stringify(values)); } catch { /* a full or closed store: the page itself still holds the typing */ }
}

export function forget(form) {
  clearTimeout(timers.get(form));
  try { localStorage.removeItem(keyOf(form)); } catch { /* nothing was kept */ }
}

export function bringBack(form) {
  let values = null;
  try { values = JSON.parse(localStorage.getItem(keyOf(form))); } catch { return; }
  if (!values) return;
  let changed = false;
  for (const [name, choice, value] of values) {
    const field = fieldsOf(form).find((other) => other.name === name && (other.type !== "radio" || other.value === choice));
    if (!field || valueOf(field) === value) continue;
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
    changed = true;
  }
  if (changed) say(form);
}

function say(form) {
  const note = document.createElement("p");
  note.className = "wd-note";
  note.setAttribute("role", "status");
  note.textContent = word("draft_back");
  form.append(note);
}

function soon(form) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), WAIT_MS));
}

/** A plain form leaves the page; only a page that the server has answered with afterwards may drop its draft. */
function dropAnswered() {
  const key = sessionStorage.getItem(SUBMITTED);
  const came = performance.getEntriesByType("navigation")[0]?.type;
  if (!key || came !== "navigate") return;
  sessionStorage.removeItem(SUBMITTED);
  localStorage.removeItem(key);
}

export function start() {
  try { dropAnswered(); } catch { /* no store, no drafts */ }
  for (const form of document.querySelectorAll("form[data-keep]")) bringBack(form);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-keep]");
    if (form && !("noKeep" in event.target.dataset)) soon(form);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement.closest("form[data-keep]");
    if (form && ctx.response && ctx.response.status < 400) { forget(form); form.reset(); }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form && !form.hasAttribute("hx-post")) sessionStorage.setItem(SUBMITTED, keyOf(form));
  });
}
