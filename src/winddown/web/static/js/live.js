// The live feed of this page: announcements become `winddown:announcement` events, and the page knows whether it is live.
import { Stream } from "./stream.js";
import { clockTime, word } from "./words.js";

const STALE_AFTER_MS = 10_000;

let state = "connecting";
let heardAt = Date.now();
let heardUpTo = null;
const recent = [];
const RECENT = 300;
let hurry = () => {};

/** {state: "connecting" | "live" | "stale", since: when something was last heard (epoch ms of this device)}. */
export function connection() {
  return { state, since: heardAt };
}

/** Announcements after number `n` that were already heard, for a part of the page that came late. */
export function heardSince(n) {
  return recent.filter((announcement) => announcement.n > n);
}

function become(next) {
  if (next === state) return;
  const before = state;
  state = next;
  show();
  document.dispatchEvent(new CustomEvent("winddown:connection", { detail: { ...connection(), before } }));
}

function show() {
  const text = { live: word("live"), connecting: word("connecting") }[state] ?? word("not_live_short", { time: clockTime(heardAt, { seconds: true }) });
  for (const element of document.querySelectorAll(".wd-connection")) {
    element.dataset.connection = state;
    element.querySelector("[data-connection-words]").textContent = text;
  }
}

function take(message) {
  if (message.type === "resync") {
    document.dispatchEvent(new CustomEvent("winddown:resync"));
    return;
  }
  heardAt = Date.now();
  become("live");
  if (message.type === "alive") { heardUpTo ??= message.after; return; }
  const { n } = message.announcement;
  if (n && heardUpTo !== null && n <= heardUpTo) return;
  heardUpTo = n ?? heardUpTo;
  recent.push(message.announcement);
  if (recent.length > RECENT) recent.shift();
  document.dispatchEvent(new CustomEvent("winddown:announcement", { detail: message.announcement }));
}

function inWorker(url) {
  const name = `winddown-live-${document.body.dataset.user}-${url}`;
  const worker = new SharedWorker(new URL("./live-worker.js", import.meta.url), { type: "module", name });
  worker.addEventListener("error", () => inPage(url), { once: true });
  worker.port.addEventListener("message", ({ data }) => take(data));
  worker.port.start();
  const join = () => worker.port.postMessage({ type: "join", url, after: heardUpTo });
  join();
  addEventListener("pagehide", () => worker.port.postMessage({ type: "leave" }));
  addEventListener("pageshow", (event) => { if (event.persisted) join(); });
  hurry = () => worker.port.postMessage({ type: "hurry" });
}

function inPage(url) {
  const stream = new Stream(url, heardUpTo, take);
  hurry = () => stream.hurry();
}

function check() {
  if (Date.now() - heardAt > STALE_AFTER_MS) become("stale");
}

export function start() {
  const { liveUrl, liveAfter } = document.body.dataset;
  if (!liveUrl) return;
  const url = new URL(liveUrl, location.href).href;
  heardUpTo = liveAfter ? Number(liveAfter) : null;
  if (globalThis.SharedWorker) inWorker(url);
  else inPage(url);
  setInterval(check, 500);
  addEventListener("offline", () => become("stale"));
  addEventListener("online", () => hurry());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) hurry(); });
}
