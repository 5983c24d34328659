// A form that a patient fills on a phone: one screen at a time, every answer kept on the phone as it is given, sent when there is a
// network, once. <form data-kept="key">; a screen is [data-screen]; a question is [data-question]. A questionnaire is sent as soon as its
// last screen is passed, with the time it was answered and a key of its own: a red answer does not wait for the rest.
import { now } from "./clock.js";
import * as queue from "./queue.js";
import * as store from "./queue-store.js";

const AFTER_TAP_MS = 220;
const form = document.querySelector("form[data-kept]");
const words = new Map([...(document.querySelector("#kept-words")?.content.querySelectorAll("[data-word]") ?? [])].map((one) => [one.dataset.word, one.textContent]));
const daily = form && "keptDaily" in form.dataset;
const ownKeys = `winddown.kept.${form?.dataset.kept}`;
const draftKey = daily ? `${ownKeys}-${dayOf(new Date())}` : ownKeys;
const lastKey = `winddown.kept-last.${form?.dataset.kept}`;
const screens = [...(form?.querySelectorAll("[data-screen]") ?? [])];
const part = (name) => form.querySelector(`[data-${name}]`);

let draft = { values: {}, keys: {}, at: {}, sent: {}, here: "" };
let place = 0;
let keeps = true;
let refusal = "";
let needsHelp = false;
const flying = new Set();

function word(key, values = {}) {
  return (words.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

function keep() {
  try { localStorage.setItem(draftKey, JSON.stringify(draft)); } catch { keeps = false; }
  part("kept-note").textContent = keeps ? word("kept_here") : word("kept_not");
}

/** The phone's own calendar day: a form that was kept yesterday begins anew today. */
function dayOf(moment) {
  return [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** All has arrived: no draft stays, of whatever day. Of the diary only stays that this day was answered, without what. */
function forget() {
  try {
    for (const key of Object.keys(localStorage)) if (key === draftKey || (daily && key.startsWith(`${ownKeys}-`))) localStorage.removeItem(key);
    if (daily) localStorage.setItem(lastKey, dayOf(new Date()));
  } catch { /* nothing was kept */ }
}

/** A form that comes from the phone cannot know that today was answered; the phone does. */
function answeredToday() {
  if (!daily || !("fromPhone" in document.documentElement.dataset)) return false;
  try { return localStorage.getItem(lastKey) === dayOf(new Date()); } catch { return false; }
}

function bringBack() {
  try { draft = { ...draft, ...JSON.parse(localStorage.getItem(draftKey) ?? "{}") }; } catch { keeps = false; }
  for (const [name, value] of Object.entries(draft.values)) write(name, value);
  for (const field of form.querySelectorAll('input[type="hidden"][name^="key:"]')) {
    const sheet = field.name.slice(4);
    // A key of this draft's own: the page may come from the phone and carry those of a day that has long been sent.
    draft.keys[sheet] ??= queue.newKey();
    field.value = draft.keys[sheet];
  }
  return Object.keys(draft.values).length > 0;
}

function fieldsOf(name) {
  return [...form.elements].filter((field) => field.name === name);
}

function read(name) {
  const fields = fieldsOf(name);
  if (fields[0]?.type === "radio") return fields.find((field) => field.checked)?.value ?? "";
  return fields[0]?.value.trim() ?? "";
}

function write(name, value) {
  for (const field of fieldsOf(name)) {
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}

function isAsked(question) {
  const { asked, askedFrom } = question.dataset;
  if (!asked) return true;
  const told = read(asked);
  return told !== "" && Number(told) >= Number(askedFrom);
}

function isRed() {
  return [...form.querySelectorAll("[data-crisis-from]")].some((question) => {
    const told = read(question.dataset.question);
    return told !== "" && isAsked(question) && Number(told) >= Number(question.dataset.crisisFrom);
  });
}

function questionsOf(screen) {
  return [...screen.querySelectorAll("[data-question]")];
}

function sheetOf(question) {
  const { question: name } = question.dataset;
  return name.slice(0, name.indexOf("."));
}

function sheetsOf(screen) {
  return [...new Set(questionsOf(screen).map(sheetOf))];
}

function isOpen(screen) {
  if (sheetsOf(screen).every((sheet) => draft.sent[sheet])) return false;
  if (screen.dataset.after && !isRed()) return false;
  return questionsOf(screen).some(isAsked);
}

function next(from, step) {
  let at = from + step;
  while (at >= 0 && at < screens.length && !isOpen(screens[at])) at += step;
  return at;
}

function isAnswered(screen) {
  return questionsOf(screen).some((question) => isAsked(question) && read(question.dataset.question) !== "");
}

function show({ focus = false } = {}) {
  screens.forEach((screen, number) => { screen.hidden = number !== place; });
  const here = screens[place];
  for (const question of questionsOf(here)) question.hidden = !isAsked(question);
  part("back").hidden = next(place, -1) < 0;
  label();
  const open = screens.filter((screen, number) => number === place || isOpen(screen));
  const n = open.indexOf(here) + 1;
  part("progress-words").textContent = word("kept_step", { n, count: open.length });
  part("progress").hidden = open.length < 2;
  part("progress-bar").style.setProperty("--done", `${Math.round((100 * (n - 1)) / open.length)}%`);
  part("crisis").hidden = !isRed();
  if (!focus) return;
  scrollTo({ top: 0 });
  const target = here.querySelector("input:checked, input:not([hidden]), textarea");
  target?.focus({ preventScroll: true });
}

function label() {
  const button = part("next");
  const last = next(place, 1) >= screens.length;
  button.textContent = last ? button.dataset.wordsSend : isAnswered(screens[place]) ? button.dataset.wordsNext : button.dataset.wordsSkip;
}

/** The questionnaires whose last open screen is behind us. */
function finished(at) {
  const ahead = new Set(screens.slice(at).filter(isOpen).flatMap(sheetsOf));
  const all = new Set(screens.filter((screen) => !screen.dataset.after || isRed()).flatMap(sheetsOf));
  return [...all].filter((sheet) => !draft.sent[sheet] && !ahead.has(sheet));
}

function answersOf(sheet) {
  return [...form.querySelectorAll("[data-question]")]
    .filter((question) => sheetOf(question) === sheet && isAsked(question) && read(question.dataset.question) !== "")
    .map((question) => [question.dataset.question, read(question.dataset.question)]);
}

function send(sheet) {
  const told = answersOf(sheet);
  draft.sent[sheet] = true;
  keep();
  if (!told.length) return;
  const hidden = ["version", "language"].map((name) => [`${name}:${sheet}`, fieldsOf(`${name}:${sheet}`)[0]?.value ?? ""]);
  const fields = [...told, ...hidden, [`key:${sheet}`, draft.keys[sheet]], [`at:${sheet}`, draft.at[sheet] ?? new Date(now()).toISOString()]];
  const flight = queue.send({ url: location.pathname, what: form.dataset.keptWhat, fields, key: draft.keys[sheet] });
  flying.add(flight);
  flight.then((response) => landed(flight, sheet, response));
}

/** What became of one sending: taken in, waiting (no response), or refused, and then the answers stay in the draft. */
async function landed(flight, sheet, response) {
  flying.delete(flight);
  if (response && !response.ok) {
    draft.sent[sheet] = false;
    keep();
    refusal = await response.clone().json().then((told) => [told.refused, told.way_out].filter(Boolean).join(" "), () => String(response.status));
  }
  if (response?.ok) needsHelp ||= await response.clone().json().then((told) => Boolean(told.crisis), () => false);
  tellHowItStands();
}

function go(step) {
  const at = next(place, step);
  if (at < 0) return;
  if (step > 0) finished(at).forEach(send);
  if (at >= screens.length) return finish();
  place = at;
  draft.here = nameOf(screens[place]);
  keep();
  show({ focus: true });
}

function finish() {
  form.hidden = true;
  const panel = document.querySelector("[data-done]");
  panel.hidden = false;
  document.querySelector("[data-from-phone-note]")?.remove();
  panel.querySelector("[data-done-crisis]").hidden = !isRed();
  panel.focus();
  tellHowItStands();
}

async function tellHowItStands() {
  const panel = document.querySelector("[data-done]");
  if (panel.hidden) return;
  panel.querySelector("[data-done-crisis]").hidden = !(isRed() || needsHelp);
  const mine = (await store.all()).filter((entry) => entry.owner === document.body.dataset.user);
  const why = refusal || mine.find((entry) => ["refused", "conflict"].includes(entry.state))?.why || "";
  const waits = flying.size > 0 || mine.length > 0;
  panel.querySelector("[data-done-title]").textContent = word(why || waits ? "kept_waiting" : "kept_sent");
  panel.querySelector("[data-done-words]").textContent = why ? word("kept_refused", { why }) : waits ? word(navigator.onLine ? "kept_sending" : "kept_waiting_more") : "";
  panel.querySelector("[data-done-next]").hidden = Boolean(why) || waits;
  if (why || waits) return;
  forget();
  await showOwnCurve(panel);
}

/** The patient's own curve with the answer that has just arrived. Without a network there is none; nothing of it is kept. */
async function showOwnCurve(panel) {
  const place = panel.querySelector("[data-own-curve]");
  if (!place || place.childElementCount || isRed() || needsHelp) return;
  const answer = await fetch(place.dataset.ownCurve).catch(() => null);
  if (answer?.ok) place.innerHTML = await answer.text();
}

function answered(event) {
  const question = event.target.closest("[data-question]");
  if (!question) return;
  const { question: name } = question.dataset;
  draft.values[name] = read(name);
  draft.at[sheetOf(question)] = new Date(now()).toISOString();
  keep();
  for (const other of questionsOf(screens[place])) other.hidden = !isAsked(other);
  part("crisis").hidden = !isRed();
  label();
}

/** A tap on the only question of a screen goes on by itself; a key or a screen of two does not. */
function tapped(event) {
  const choice = event.target.closest(".wd-choice, .wd-step");
  const screen = event.target.closest("[data-screen]");
  if (!choice || !screen || event.detail === 0 || questionsOf(screen).length > 1) return;
  if (isRed() && part("crisis").dataset.seen !== "yes") { part("crisis").dataset.seen = "yes"; part("crisis").scrollIntoView({ block: "center" }); return; }
  const from = place;
  setTimeout(() => { if (place === from && isAnswered(screen) && next(place, 1) < screens.length) go(1); }, AFTER_TAP_MS);
}

function lines() {
  for (const line of form.querySelectorAll("[data-line]")) {
    const slide = line.querySelector("[data-line-slide]");
    const number = line.querySelector("[data-line-number]");
    slide.hidden = false;
    const follow = () => { line.classList.toggle("is-untouched", number.value === ""); if (number.value !== "") slide.value = number.value; };
    const take = () => { number.value = slide.value; number.dispatchEvent(new Event("input", { bubbles: true })); follow(); };
    slide.addEventListener("input", take);
    // A tap where the thumb already stands moves nothing and is an answer all the same.
    for (const deed of ["pointerup", "click"]) slide.addEventListener(deed, () => { if (number.value === "") take(); });
    slide.addEventListener("keydown", (event) => { if (number.value === "" && (event.key === " " || event.key === "Enter")) { event.preventDefault(); take(); } });
    number.addEventListener("input", follow);
    follow();
  }
}

function nameOf(screen) {
  return screen.querySelector("[data-question]").dataset.question;
}

/** The screen where the person was, or the next one when that was answered. The server may meanwhile have dropped what it has. */
function whereLeft() {
  const found = Math.max(0, screens.findIndex((screen) => nameOf(screen) === draft.here));
  const open = isOpen(screens[found]) ? found : next(draft.here ? found : -1, 1);
  return open < screens.length && isAnswered(screens[open]) && next(open, 1) < screens.length ? next(open, 1) : open;
}

function start() {
  const cameBack = bringBack();
  keep();
  lines();
  form.dataset.stepping = "";
  part("next").hidden = false;
  part("plain-send").hidden = true;
  form.addEventListener("input", answered);
  form.addEventListener("click", tapped);
  form.addEventListener("submit", (event) => { event.preventDefault(); go(1); });
  part("next").addEventListener("click", () => go(1));
  part("back").addEventListener("click", () => go(-1));
  for (const news of ["winddown:queue", "winddown:sent"]) document.addEventListener(news, tellHowItStands);
  for (const change of ["online", "offline"]) addEventListener(change, tellHowItStands);
  place = whereLeft();
  if (place >= screens.length || answeredToday()) return finish();
  show();
  if (cameBack) part("kept-note").textContent = word("kept_back");
}

if (form && screens.length) start();
