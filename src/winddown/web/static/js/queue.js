// Entries are kept on the device first and sent second, in their order, with a key of their own, so that a network cut loses
// nothing and nothing is written twice. htmx forms with data-queue="what it is" and posts of scripts go through here.
import { now } from "./clock.js";
import * as store from "./queue-store.js";
import { clockTime, word } from "./words.js";

const ATTEMPT_MS = 8_000;
const LONGEST_WAIT_MS = 30_000;
const SAME_TAP_MS = 1_500;
const SERVER_ERRORS_BEFORE_ASIDE = 5;

const waiters = new Map();
const taps = new Map();
let failures = 0;
let timer = null;
let draining = null;
let needed = false;

/** A random UUID, also where the page is served without TLS and crypto.randomUUID is missing. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What the server took since this page was loaded: a page that was drawn before it may not know it yet. */
export const sentSinceLoad = [];

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

function owner() {
  return document.body.dataset.user ?? "";
}

/**
 * Keeps one entry and tries to send it after all older ones. Resolves to the server's Response, or to null when it waits.
 * `fields` is a list of [name, value] pairs; a File is allowed.
 */
export async function send({ url, what, fields, headers = {}, key = newKey() }) {
  const entry = { id: key, owner: owner(), url, what, fields, headers, at: now(), state: "waiting", errors: 0, why: "" };
  const earlier = waiters.get(key);
  const answered = new Promise((resolve) => waiters.set(key, (response) => { earlier?.(response?.clone() ?? null); resolve(response); }));
  await store.add(entry);
  await show();
  drain();
  return answered;
}

/** A post of an object's fields through the queue, with its key and the time it happened. */
export function post(url, values, what) {
  const key = newKey();
  const fields = Object.entries({ happened_at: new Date(now()).toISOString(), ...values, key }).map(([name, value]) => [name, String(value)]);
  return send({ url, what, fields, key });
}

function settle(entry, response) {
  const waiter = waiters.get(entry.id);
  waiters.delete(entry.id);
  waiter?.(response);
  return Boolean(waiter);
}

function bodyOf(entry) {
  const form = entry.fields.some(([, value]) => value instanceof Blob) ? new FormData() : new URLSearchParams();
  for (const [name, value] of entry.fields) form.append(name, value);
  return form;
}

function attempt(entry) {
  const headers = { Accept: "application/json", ...entry.headers, "Idempotency-Key": entry.id, "X-CSRFToken": csrfToken() };
  return fetch(entry.url, { method: "POST", body: bodyOf(entry), headers, credentials: "same-origin", signal: AbortSignal.timeout(ATTEMPT_MS) });
}

function wantsSignIn(response) {
  const signIn = document.body.dataset.signInUrl || "/accounts/login";
  return [401, 423].includes(response.status) || (response.redirected && new URL(response.url).pathname.startsWith(signIn));
}

/** The words of a refusal, whether it came as JSON or as a piece of a page. */
async function reason(response) {
  const text = await response.text();
  try {
    const { refused, way_out: wayOut } = JSON.parse(text);
    return [refused, wayOut].filter(Boolean).join(" ");
  } catch {
    const words = new DOMParser().parseFromString(text, "text/html").body.textContent.replace(/\s+/g, " ").trim();
    return words.slice(0, 300) || String(response.status);
  }
}

async function setAside(entry, state, why) {
  await store.put({ ...entry, state, why });
}

/** What the server's answer means for the entry. True: go on with the next; false: wait and try again from this one. */
async function judge(entry, response) {
  if (wantsSignIn(response)) {
    await setAside(entry, "sign_in", "");
    settle(entry, null);
    return false;
  }
  if ([408, 425, 429].includes(response.status) || response.status >= 500) {
    const errors = entry.errors + 1;
    const aside = errors >= SERVER_ERRORS_BEFORE_ASIDE;
    await store.put({ ...entry, errors, state: aside ? "refused" : "waiting", why: aside ? String(response.status) : "" });
    settle(entry, null);
    return aside;
  }
  const watched = waiters.has(entry.id);
  const why = response.ok ? "" : await reason(response.clone());
  if (response.ok) sentSinceLoad.push({ id: entry.id, url: entry.url });
  if (response.ok || watched) await store.remove(entry);
  else await setAside(entry, response.status === 409 ? "conflict" : "refused", why);
  settle(entry, response);
  document.dispatchEvent(new CustomEvent("winddown:sent", { detail: { id: entry.id, what: entry.what, ok: response.ok, why, later: !watched } }));
  return true;
}

async function sendNext() {
  const mine = (await store.all()).filter((entry) => entry.owner === owner() && ["waiting", "sign_in"].includes(entry.state));
  if (!mine.length) return false;
  let response;
  try {
    response = await attempt(mine[0]);
  } catch {
    failures += 1;
    return false;
  }
  if (!(await judge(mine[0], response))) {
    failures += 1;
    return false;
  }
  failures = 0;
  return true;
}

async function sendAll() {
  needed = false;
  while (await sendNext()) await show();
  await show();
  const waiting = (await store.all()).filter((entry) => entry.owner === owner() && ["waiting", "sign_in"].includes(entry.state));
  if (needed) return;
  for (const [id, resolve] of waiters) {
    waiters.delete(id);
    resolve(null);
  }
  await show();
  if (waiting.length) timer = setTimeout(drain, Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(failures, 6)));
}

/** Sends what waits, one tab at a time. */
export function drain() {
  clearTimeout(timer);
  needed = true;
  draining ??= (async () => {
    while (needed) await (navigator.locks ? navigator.locks.request("winddown-queue", sendAll) : sendAll());
    draining = null;
  })();
  return draining;
}

function line(entry) {
  const item = document.createElement("li");
  const foreign = entry.owner !== owner();
  const state = foreign ? word("queue_other_user") : word({ waiting: "queue_waiting", sign_in: "queue_sign_in", refused: "queue_refused", conflict: "queue_conflict" }[entry.state], { why: entry.why });
  item.dataset.state = entry.state;
  item.textContent = `${clockTime(entry.at)} ${foreign ? "" : entry.what} (${state})`;
  if (!foreign && ["refused", "conflict"].includes(entry.state)) item.append(" ", removal(entry));
  return item;
}

function removal(entry) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-primary";
  button.textContent = word("queue_remove");
  button.addEventListener("click", async () => {
    if (!confirm(word("queue_remove_ask"))) return;
    await store.remove(entry);
    await show();
  });
  return button;
}

async function show() {
  const list = document.querySelector("[data-queue-list]");
  if (!list) return;
  const entries = (await store.all()).filter((entry) => !waiters.has(entry.id) || failures > 0);
  list.hidden = entries.length === 0;
  list.querySelector("[data-queue-words]").textContent = store.isKept() ? word("queued", { n: entries.length }) : word("queue_not_kept");
  list.querySelector("[data-queue-items]").replaceChildren(...entries.map(line));
  document.dispatchEvent(new CustomEvent("winddown:queue", { detail: { waiting: entries.length } }));
}

async function again() {
  for (const entry of await store.all()) {
    if (entry.owner === owner() && entry.state === "refused") await store.put({ ...entry, state: "waiting", errors: 0 });
  }
  failures = 0;
  drain();
}

/** The same form with the same content within a moment is the same tap: gloves bounce. */
function keyOfTap(url, fields) {
  const content = JSON.stringify([url, fields.map(([name, value]) => [name, value instanceof Blob ? `${value.name} ${value.size}` : value])]);
  const before = taps.get(content);
  const key = before && Date.now() - before.at < SAME_TAP_MS ? before.key : newKey();
  taps.clear();
  taps.set(content, { key, at: Date.now() });
  return key;
}

function overHtmx(event) {
  const { ctx } = event.detail;
  if (ctx.request.method === "GET") return;
  ctx.request.headers["X-CSRFToken"] = csrfToken();
  const form = ctx.sourceElement.closest("[data-queue]");
  if (!form) return;
  const written = ctx.request.body;
  written.delete("csrfmiddlewaretoken");
  written.delete("key");
  const key = keyOfTap(ctx.request.action, [...written.entries()]);
  written.set("key", key);
  if (!written.get("happened_at")) written.set("happened_at", new Date(now()).toISOString());
  ctx.fetch = async (url, request) => {
    const response = await send({ url, what: form.dataset.queue, fields: [...request.body.entries()], headers: { ...request.headers }, key });
    if (!response) form.dispatchEvent(new CustomEvent("winddown:queued", { bubbles: true }));
    return response ?? new Response(null, { status: 204 });
  };
}

/** Says what became of an entry: kept, or refused and why. The words stay until the next ones. */
function say({ what, ok, why }) {
  const region = document.querySelector(".wd-messages");
  if (!region) return;
  const line = document.createElement("p");
  line.className = `wd-message wd-level-${ok ? "calm" : "act"}`;
  line.textContent = ok ? word("queue_sent", { what }) : `${what}: ${why}`;
  region.replaceChildren(line);
  if (ok) setTimeout(() => line.remove(), 4000);
}

export function start() {
  document.addEventListener("htmx:config:request", overHtmx);
  document.addEventListener("winddown:sent", ({ detail }) => say(detail));
  document.addEventListener("click", (event) => { if (event.target.closest("[data-queue-send]")) again(); });
  document.addEventListener("winddown:unlocked", again);
  document.addEventListener("winddown:connection", (event) => { if (event.detail.state === "live") drain(); });
  addEventListener("online", drain);
  show().then(drain);
}
