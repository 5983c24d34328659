// The page of one visit: parts that follow the story, acts that open at once and also without a network, and the way back after one.
import { tick } from "./ages.js";
import * as drafts from "./drafts.js";
import { letGo } from "./press.js";
import { turns } from "./turns.js";
import { watchRates } from "./session/rate.js";
import { shortFields } from "./session/pad.js";
import { swipes } from "./session/swipe.js";

const SOON_MS = 120;
const EVERY_MS = 30_000;
const AGAIN_MS = 500;
const PLAIN = new Set(["score_taken", "note_written", "comfort_given", "toilet_trip", "photo_taken"]);

const page = document.querySelector("#session");
const shown = new Map();
let version = document.querySelector("[data-version]")?.dataset.version ?? "";
let timer = null;
let staleActs = false;

/** The words of a piece of page without what differs at every asking. */
function essence(html) {
  return html.replace(/(name="csrfmiddlewaretoken" value=")[^"]*"/g, "$1\"").replace(/(name="version" value=")\d*"/g, "$1\"");
}

async function fetchPart(url) {
  const response = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true", Accept: "text/html" } });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** A button keeps its focus when its surroundings are drawn anew. */
function focusPath(region) {
  const { activeElement } = document;
  if (!region.contains(activeElement)) return null;
  const name = activeElement.getAttribute("name");
  const form = activeElement.closest("form")?.id;
  if (form && name) return `#${form} [name="${name}"][value="${activeElement.value}"]`;
  return activeElement.getAttribute("href") ? `[href="${activeElement.getAttribute("href")}"]` : null;
}

function renew(region, fresh) {
  const text = essence(fresh.innerHTML);
  if (shown.get(region.dataset.region) === text) return;
  shown.set(region.dataset.region, text);
  if (region.querySelector("details[open]")) return void shown.delete(region.dataset.region);
  const focused = focusPath(region);
  region.replaceChildren(...fresh.childNodes);
  globalThis.htmx?.process(region);
  if (focused) region.querySelector(focused)?.focus();
}

const regionTurn = turns(), actsTurn = turns(), cardTurn = turns();

async function renewAll() {
  timer = null;
  const mayShow = regionTurn();
  let fresh;
  try { fresh = (await fetchPart(page.dataset.nowUrl)).querySelector("[data-now]"); } catch { return; }
  await letGo();
  if (!mayShow()) return;
  for (const region of document.querySelectorAll("[data-region]")) {
    const other = fresh.querySelector(`[data-region="${region.dataset.region}"]`);
    if (other) renew(region, other);
  }
  statusIs(fresh.dataset.status);
  version = fresh.dataset.version;
  tick();
}

/** A rate can be asked about only while there is one to change. */
function statusIs(status) {
  for (const form of document.querySelectorAll("[data-what-if]")) form.hidden = !["running", "held"].includes(status);
}

function renewSoon() {
  timer ??= setTimeout(renewAll, SOON_MS);
}

function openDialog() {
  return document.querySelector("#acts dialog[open]");
}

/** All forms of this status, kept on the page: an act opens at once, and during a network cut too. */
async function fetchActs() {
  if (!page?.dataset.actsUrl) return;
  if (openDialog()) { staleActs = true; return; }
  staleActs = false;
  const mayShow = actsTurn();
  let fresh;
  try { fresh = await fetchPart(page.dataset.actsUrl); } catch { staleActs = true; return; }
  await letGo();
  if (openDialog()) { staleActs = true; return; }
  if (!mayShow()) return;
  const holder = document.querySelector("#acts");
  holder.replaceChildren(...fresh.body.childNodes);
  globalThis.htmx?.process(holder);
  for (const form of holder.querySelectorAll("form[data-keep]")) drafts.bringBack?.(form);
}

function dialogOf(key) {
  return document.querySelector(`#acts [data-act-dialog="${CSS.escape(key)}"]`);
}

/** Opens an act over the chart. False: it is not on the page, and the link leads to its own page. */
function openAct(key) {
  const dialog = dialogOf(key);
  if (!dialog) return false;
  for (const field of dialog.querySelectorAll('input[name="version"]')) field.value = version;
  for (const menu of document.querySelectorAll(".wd-more[open]")) menu.open = false;
  dialog.showModal();
  if (matchMedia("(pointer: fine)").matches) dialog.querySelector("[data-pad-field], textarea:not(details textarea)")?.focus();
  return true;
}

function keyOfLink(link) {
  if (link.dataset.act) return link.dataset.act;
  const own = page && link.pathname.match(/^\/sessions\/([0-9a-f-]{36})\/([a-z-]+)\/$/);
  return own && own[1] === page.dataset.session ? own[2].replaceAll("-", "_") : null;
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.matches("[data-emergency-open]") && openEmergency()) return event.preventDefault();
  const key = keyOfLink(link);
  if (key && openAct(key)) event.preventDefault();
}

function openEmergency() {
  const card = document.querySelector("#emergency");
  if (!card) return false;
  if (!card.open) card.showModal();
  return true;
}

/** What-if, second gesture: the rate form opens with the number in it. */
function orderRate(event) {
  if (event.target.matches("[data-emergency], [data-emergency-act]")) actedAt = performance.now();
  if (event.target.matches("[data-emergency]")) openEmergency();
  const form = event.target.closest("[data-what-if]");
  if (!form || event.defaultPrevented || !dialogOf("rate")) return;
  event.preventDefault();
  const field = dialogOf("rate").querySelector('[name="rate_ml_per_h"]');
  field.value = form.elements.rate_ml_per_h.value;
  openAct("rate");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// The form of an act under way may leave the page with the card that held it, and nobody hears how it ended: then the card is asked once more.
let actedAt = 0;

async function renewCard() {
  if (!document.querySelector("[data-card]")) return;
  const mayShow = cardTurn(), askedAt = performance.now();
  try {
    const fresh = (await fetchPart(page.dataset.cardUrl)).querySelector("[data-card]");
    if (!fresh) return;
    await letGo();
    if (!mayShow()) return;
    document.querySelector("[data-card]").replaceWith(fresh);
    globalThis.htmx?.process(fresh);
    tick();
    if (actedAt > askedAt) setTimeout(renewCard, AGAIN_MS);
  } catch { /* the card on the screen stays; it says as of when it is */ }
}

/** After a form was kept: its dialog closes and starts anew, or its page leads back to the chart. */
function afterKept(form) {
  const dialog = form.closest("dialog");
  if (form.matches("[data-emergency], [data-emergency-act]")) return;
  if (dialog) {
    form.reset();
    dialog.close();
  } else if (form.matches("[data-act-form]")) {
    const back = form.closest("[data-after]")?.dataset.after;
    if (back) location.assign(back);
  }
}

function finished({ detail: { ctx } }) {
  const form = ctx.sourceElement.closest?.("form");
  if (form && ctx.response?.status === 204) afterKept(form);
  if (form?.matches("[data-emergency-act], [data-emergency]") && ctx.response?.status < 300) renewCard();
}

function queued({ target }) {
  const form = target.closest("form");
  if (form?.closest("dialog") && !form.matches("[data-emergency-act]")) { form.reset(); form.closest("dialog").close(); }
}

function heard({ detail }) {
  if (!page || detail.session !== page.dataset.session || detail.kind === "readings") return;
  renewSoon();
  if (detail.kind === "event" && document.querySelector("#emergency")?.open) renewCard();
  if (detail.kind === "event" && !PLAIN.has(detail.body?.event)) fetchActs();
}

/** Alarms of this chair stand large; those of the other chairs in one line each. */
function sortAlarms() {
  for (const banner of document.querySelectorAll("#alarms [data-alarm]")) {
    banner.classList.toggle("is-elsewhere", Boolean(banner.dataset.session) && banner.dataset.session !== page.dataset.session);
  }
}

document.addEventListener("click", follow);
document.addEventListener("submit", orderRate, true);
document.addEventListener("htmx:finally:request", finished);
document.addEventListener("winddown:queued", queued);
document.addEventListener("click", ({ target }) => {
  const seen = target.closest("[data-after-kept]");
  if (!seen) return;
  if (seen.closest("dialog")) fetchActs();
  else location.assign(seen.dataset.afterKept);
});
watchRates();
shortFields();

if (page?.dataset.nowUrl) {
  document.addEventListener("winddown:announcement", heard);
  document.addEventListener("winddown:resync", renewSoon);
  document.addEventListener("winddown:unlocked", renewSoon);
  document.addEventListener("winddown:connection", ({ detail }) => { if (detail.state === "live") { renewSoon(); if (staleActs) fetchActs(); } });
  document.addEventListener("close", () => { if (staleActs) fetchActs(); }, true);
  document.addEventListener("winddown:alarms", sortAlarms);
  sortAlarms();
  setInterval(renewSoon, EVERY_MS);
  fetchActs();
  swipes();
}
