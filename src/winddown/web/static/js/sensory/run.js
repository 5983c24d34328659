// The guided pinprick test: what to take, where, when, and one tap for the answer. Every tap is kept on the device first and sent second,
// so a lost connection or a reload in the middle of a test loses nothing. Without this script the same page works form by form.
import { now } from "../clock.js";
import * as queue from "../queue.js";
import * as store from "../queue-store.js";
import { train } from "./metronome.js";
import * as steps from "./steps.js";

const page = document.querySelector("[data-run]");
const state = JSON.parse(page.dataset.state);
const words = new Map([...document.querySelector("#run-words").content.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent]));
const waiting = new Set();
let told = null;
let current = null;
let beating = null;
let clock = null;
let screen = "";

const spot = (name) => page.querySelector(`[data-spot="${name}"]`);
const say = (key, values = {}) => (words.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function put(name, text) {
  for (const one of page.querySelectorAll(`[data-spot="${name}"]`)) if (one.textContent !== text) one.textContent = text;
}

function panel(name) {
  for (const one of page.querySelectorAll("[data-panel]")) one.hidden = one.dataset.panel !== name;
}

/** Entries of this test that were tapped before a reload and have not reached the server yet. */
async function takeInWaiting() {
  const known = new Set(state.entries.map(({ id }) => id));
  for (const kept of await store.all()) {
    if (kept.url !== state.url || known.has(kept.id) || !["waiting", "sign_in"].includes(kept.state)) continue;
    const { kind, step, takes_back: takesBack, happened_at: at, ...data } = Object.fromEntries(kept.fields);
    state.entries.push({ id: kept.id, kind, step: Number(step), data, takes_back: takesBack || null, at: Date.parse(at) });
    waiting.add(kept.id);
  }
}

async function enter(kind, step, data = {}, takesBack = null) {
  const key = queue.newKey();
  const at = now();
  const entry = { id: key, kind, step, data, takes_back: takesBack, at };
  state.entries.push(entry);
  waiting.add(key);
  draw();
  const fields = Object.entries({ kind, step, ...data, takes_back: takesBack ?? "", happened_at: new Date(at).toISOString(), key });
  const response = await queue.send({ url: state.url, what: say("entry", { step }), key, fields: fields.map(([name, value]) => [name, String(value)]) });
  if (response && !response.ok) {
    state.entries = state.entries.filter((other) => other !== entry);
    const { refused = "", way_out: wayOut = "" } = await response.json().catch(() => ({}));
    put("refusal", `${refused} ${wayOut}`.trim() || say("refused"));
    spot("refusal").hidden = false;
  }
  if (response) waiting.delete(key);
  draw();
  return response;
}

function answer(data) {
  if (!current) return;
  spot("refusal").hidden = true;
  stopTrain();
  enter("answer", current.number, data);
}

function back() {
  if (told.last) enter("taken_back", told.last.step, {}, told.last.id);
}

function siteIs(step) {
  page.dataset.site = step.site;
  put("site", say(step.site));
  put("place", state.places[step.site]);
}

function stimulus(step) {
  if (step.kind === "series") {
    const series = steps.seriesOf(state, told, step);
    put("force", String(series.force));
    put("unit", "mN");
    put("how", say(series.up ? "how_series_up" : "how_series_down", { n: Math.min(series.turns + 1, 2 * state.series), of: 2 * state.series }));
    return;
  }
  put("force", step.kind === "spoke" ? say("line", { n: step.spoke }) : step.tool ? say(step.tool) : String(step.force_mn));
  put("unit", step.kind === "spoke" || step.tool ? "" : "mN");
  put("how", say(step.kind === "spoke" && step.tool ? "how_spoke_brush" : `how_${step.kind}`));
}

function compass(step) {
  for (const line of page.querySelectorAll("[data-spoke]")) line.classList.toggle("is-now", Number(line.dataset.spoke) === step.spoke);
}

const PANELS = { pinprick: "rating", touch: "rating", single: "rating", train: "rating", series: "felt", spoke: "distance" };

function draw() {
  told = steps.standing(state);
  const before = current;
  current = told.status === "running" ? steps.nextStep(state, told) : null;
  const done = state.steps.filter((step) => steps.isDone(state, told, step)).length;
  put("done", String(done));
  spot("bar").value = done;
  put("kept", waiting.size ? say("kept_here", { n: waiting.size }) : say("all_sent"));
  spot("kept").dataset.waiting = String(waiting.size);
  for (const one of page.querySelectorAll("[data-back]")) one.disabled = !told.last || told.status !== "running";
  const next = current ? PANELS[current.kind] : told.status === "running" ? "done" : told.status === "paused" ? "paused" : "ended";
  panel(next);
  page.querySelector("[data-now]").hidden = !current;
  if (current) step(before);
  if (screen !== next && next !== "rating") page.querySelector(`[data-panel="${next}"]`)?.querySelector("[data-first]")?.focus({ preventScroll: true });
  screen = next;
  page.dataset.ready = "";
}

function step(before) {
  siteIs(current);
  stimulus(current);
  if (current.kind === "spoke") compass(current);
  page.querySelector("[data-train]").hidden = current.kind !== "train";
  const changed = before?.number !== current.number;
  if (changed) {
    stopTrain();
    put("beat", "");
    if (current.kind === "spoke") distanceIs(4);
    const edge = page.querySelector("[name=to_the_edge]");
    if (edge) edge.checked = false;
    put("moved", before && before.site !== current.site ? say("other_site") : "");
  }
  startClock();
}

/** How long ago the last touch was: the next one waits ten seconds. It only counts; it never holds anybody up. */
function startClock() {
  clearInterval(clock);
  const since = told.last?.at ?? 0;
  const waits = ["pinprick", "touch"].includes(current.kind);
  const show = () => {
    const left = waits ? Math.ceil(state.interval_s - (now() - since) / 1000) : 0;
    const ready = left <= 0 || left > state.interval_s;
    put("wait", ready ? say("touch_now") : say("wait", { n: left }));
    spot("wait").classList.toggle("is-ready", ready);
    if (ready) clearInterval(clock);
  };
  clock = setInterval(show, 250);
  show();
}

function startTrain() {
  if (beating) return stopTrain();
  put("train_word", say("stop_train"));
  beating = train({ beats: state.train_length, everyMs: 1000 / state.train_rate_per_s, onBeat: (n) => put("beat", String(n)) });
  beating.done.then((whole) => {
    beating = null;
    put("train_word", say("start_train"));
    if (whole) put("how", say("how_after_train"));
  });
}

function stopTrain() {
  beating?.stop();
  beating = null;
  put("train_word", say("start_train"));
}

function distanceIs(cm) {
  const field = page.querySelector('[name="distance_cm"]');
  field.value = String(Math.min(Math.max(cm, 0), Number(field.max)));
  put("distance", field.value);
}

function submitted(event) {
  const form = event.target.closest("form[data-enter]");
  if (!form) return;
  event.preventDefault();
  const kind = form.dataset.enter;
  const sent = new FormData(form, event.submitter);
  if (kind === "answer") return answer(Object.fromEntries([...sent].filter(([name]) => ["rating", "way", "felt", "distance_cm", "to_the_edge"].includes(name)).concat(extras())));
  if (kind === "taken_back") return back();
  if (kind === "skipped") return enter(kind, current?.number ?? 0, { because: sent.get("because") }), form.closest("details")?.removeAttribute("open");
  if (kind === "finished") return finish(form);
  enter(kind, 0, sent.has("because") ? { because: sent.get("because") } : {});
  form.closest("details")?.removeAttribute("open");
}

function extras() {
  if (current.kind !== "series") return [];
  return [["force_mn", String(steps.seriesOf(state, told, current).force)]];
}

async function finish(form) {
  const response = await enter("finished", 0);
  if (response?.ok) location.assign(form.dataset.after);
}

function slid({ target }) {
  if (target.matches('[name="distance_cm"]')) put("distance", target.value);
  if (target.matches("[data-slider]")) put("slider", target.value);
}

function clicked({ target }) {
  const button = target.closest("button[data-by], button[data-train-go]");
  if (button?.matches("[data-train-go]")) startTrain();
  else if (button) distanceIs(Number(page.querySelector('[name="distance_cm"]').value) + Number(button.dataset.by));
}

page.addEventListener("submit", submitted);
page.addEventListener("click", clicked);
page.addEventListener("input", slid);
/** An entry that left the store after the server drew this page and before this script looked is on neither: ask the server again. */
function reloadIfSentUnseen() {
  const known = new Set(state.entries.map(({ id }) => id));
  const unseen = queue.sentSinceLoad.some(({ id, url }) => url === state.url && !known.has(id));
  if (unseen) location.reload();
  return unseen;
}

document.addEventListener("winddown:sent", ({ detail }) => {
  if (!waiting.delete(detail.id)) {
    if (told) reloadIfSentUnseen();
    return;
  }
  if (!detail.ok) state.entries = state.entries.filter(({ id }) => id !== detail.id);
  draw();
});
/** A page that is loaded again may have been drawn while the page before it was still sending: ask once more what the server has. */
async function askAgain() {
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload") return;
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-run]");
  const known = new Set(state.entries.map(({ id }) => id));
  const missed = fresh ? JSON.parse(fresh.dataset.state).entries.filter(({ id }) => !known.has(id)) : [];
  if (missed.length) state.entries = [...state.entries, ...missed].sort((one, other) => one.at - other.at);
}

takeInWaiting().then(askAgain).then(() => reloadIfSentUnseen() || draw());
