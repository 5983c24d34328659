// After a while without a touch the page is covered and asks who is there. The feed and the alarms go on behind it.
// The server locks too: this cover only hides what the server would no longer answer.
import { activeAlarms } from "./alarms.js";
import { connection } from "./live.js";
import { csrfToken } from "./queue.js";
import { clockTime, word } from "./words.js";

const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];
const channel = globalThis.BroadcastChannel ? new BroadcastChannel("winddown-lock") : null;
let touchedAt = Date.now();
let dialog = null;

function cover() {
  if (dialog.open) return;
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  document.body.classList.add("is-locked");
  dialog.querySelector("form").reset();
  dialog.querySelector("[data-lock-error]").textContent = "";
  dialog.showModal();
  tell();
}

function uncover() {
  document.body.classList.remove("is-locked");
  dialog.close();
  touchedAt = Date.now();
  document.dispatchEvent(new CustomEvent("winddown:unlocked"));
}

/** Covers the page, tells the server and the other tabs. */
export function lock() {
  cover();
  channel?.postMessage("lock");
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  fetch(document.body.dataset.lockUrl, { method: "POST", headers, credentials: "same-origin", keepalive: true }).catch(() => {});
}

async function unlock(form) {
  const error = dialog.querySelector("[data-lock-error]");
  error.textContent = "";
  const body = new URLSearchParams(new FormData(form));
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
  const response = await fetch(form.action, { method: "POST", body, headers, credentials: "same-origin" }).catch(() => null);
  form.elements.secret.value = "";
  if (!response) error.textContent = word("unlock_offline");
  else if (!response.ok) error.textContent = word("unlock_wrong");
  else if (response.redirected) location.assign(response.url);
  else { channel?.postMessage("unlock"); uncover(); return; }
  form.elements.secret.focus();
}

function tell() {
  if (!dialog.open) return;
  const { state, since } = connection();
  const said = state === "stale" ? word("not_live_short", { time: clockTime(since, { seconds: true }) }) : word(state);
  const live = dialog.querySelector("[data-lock-connection]");
  if (document.body.dataset.liveUrl && live.textContent !== said) live.textContent = said;
  const alarms = activeAlarms().map(({ severity, where }) => `${word(`${severity}_alarm`)} ${where}`.trim()).join("\n");
  const tasks = [...document.querySelectorAll("#urgent-tasks .wd-task-banner:not([data-acknowledged]) [data-urgent-words]")].map((line) => line.textContent);
  const told = [...tasks, alarms].filter(Boolean).join("\n");
  const shown = dialog.querySelector("[data-lock-alarms]");
  if (shown.textContent !== told) shown.textContent = told;
}

function watchIdle(afterS) {
  for (const kind of TOUCHES) document.addEventListener(kind, () => { touchedAt = Date.now(); }, { passive: true, capture: true });
  setInterval(() => { if (!dialog.open && Date.now() - touchedAt > afterS * 1000) lock(); }, 1000);
}

export function start() {
  dialog = document.querySelector("#lock");
  if (!dialog) return;
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => { if (document.body.classList.contains("is-locked")) dialog.showModal(); });
  dialog.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); unlock(event.target); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-lock-now]")) lock(); });
  for (const kind of ["winddown:alarms", "winddown:connection", "htmx:after:swap"]) document.addEventListener(kind, tell);
  channel?.addEventListener("message", ({ data }) => { if (data === "lock") cover(); else if (dialog.open) uncover(); });
  if ("locked" in document.body.dataset) cover();
  const afterS = Number(document.body.dataset.lockAfterS);
  if (afterS > 0) watchIdle(afterS);
}
