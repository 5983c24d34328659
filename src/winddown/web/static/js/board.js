// The board and the wall: a reading is written into its card at once, anything else asks the server for the card again.
// Nothing is judged here: a number that leaves or enters its limits makes the card be asked for.
import { tick } from "./ages.js";
import { learn } from "./clock.js";
import { letGo } from "./press.js";
import { turns } from "./turns.js";
import { hasWord, word } from "./words.js";

const CARD_WAIT_MS = 250;
const PARTS_WAIT_MS = 800;
const PARTS_EVERY_MS = 60_000;
const USABLE = new Set(["accepted", "not_verified", "late"]);

const board = document.querySelector("[data-board]");
const waiting = new Map();
let partsTimer = null;
let askedAt = Date.now();

function cardOf(chair) {
  return chair ? board.querySelector(`[data-chair="${CSS.escape(chair)}"]`) : null;
}

async function ask(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  if (!response?.ok || response.redirected) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html").body;
}

/** Puts the fresh element in the place of the old one; whoever stood on a link or button there stands on the same one after. */
function replace(old, fresh) {
  if (!old || !fresh) return;
  const focusable = "a[href], button, input, select";
  const place = [...old.querySelectorAll(focusable)].indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (place >= 0) fresh.querySelectorAll(focusable)[place]?.focus();
}

function learnTime(root) {
  const seconds = Number(root.querySelector("[data-as-of]")?.dataset.asOf);
  if (seconds) learn(seconds * 1000);
}

const partsTurn = turns(), cardTurns = new Map();

async function refreshCard(chair) {
  if (!cardTurns.has(chair)) cardTurns.set(chair, turns());
  const mayShow = cardTurns.get(chair)();
  const on = board.dataset.on ? `?on=${board.dataset.on}` : "";
  const fresh = await ask(`${board.dataset.cardsUrl}${chair}/${on}`);
  await letGo();
  if (!mayShow()) return;
  replace(cardOf(chair), fresh?.querySelector("[data-chair]"));
  tick();
}

async function refreshParts() {
  askedAt = Date.now();
  const mayShow = partsTurn();
  const fresh = await ask(board.dataset.partsUrl);
  if (!fresh) return;
  await letGo();
  if (!mayShow()) return;
  for (const id of ["board-status", "board-cards", "board-today"]) replace(document.getElementById(id), fresh.querySelector(`#${id}`));
  learnTime(document);
  tick();
}

function cardSoon(chair) {
  if (waiting.has(chair)) return;
  waiting.set(chair, setTimeout(() => { waiting.delete(chair); refreshCard(chair); }, CARD_WAIT_MS));
}

function partsSoon() {
  partsTimer ??= setTimeout(() => { partsTimer = null; refreshParts(); }, PARTS_WAIT_MS);
}

function isOutside(part) {
  const value = Number(part.textContent);
  return value <= Number(part.dataset.low ?? -Infinity) || value >= Number(part.dataset.high ?? Infinity);
}

function write(card, [kind, at, value, label, source]) {
  if (!USABLE.has(label) || value === null) return;
  const part = card.querySelector(`[data-reading="${CSS.escape(kind)}"]`);
  if (!part) { if (kind !== "heart_rate" && kind !== "mean_pressure") card.dataset.lacks = ""; return; }
  const line = part.closest("[data-number]");
  const time = line.querySelector("time");
  if (at < Date.parse(time.dateTime)) return;
  const before = isOutside(part);
  part.textContent = value.toFixed(0);
  time.dateTime = new Date(at).toISOString();
  const said = line.querySelector("[data-source]");
  if (said && hasWord(source)) said.textContent = word(source);
  if (before !== isOutside(part) || kind === "systolic") card.dataset.lacks = "";
}

function takeReadings(card, readings) {
  for (const reading of readings) write(card, reading);
  if ("lacks" in card.dataset) { delete card.dataset.lacks; cardSoon(card.dataset.chair); }
  tick();
}

function hear({ detail }) {
  const card = cardOf(detail.chair);
  if (detail.kind === "readings") { if (card && card.dataset.session === detail.session) takeReadings(card, detail.body.readings); return; }
  if (detail.kind === "heartbeat") return;
  const phase = card?.querySelector("[data-phase]")?.dataset.phase;
  const moved = detail.body?.status && detail.body.status !== (phase ?? "");
  if (detail.kind === "status" || moved) partsSoon();
  else if (card) cardSoon(detail.chair);
}

/** An alarm of another location belongs to that location's board. */
function keepOthersOut(event) {
  const { kind, body } = event.detail;
  if (kind === "alarm" && board.dataset.place && body?.location && body.location !== board.dataset.place) event.stopImmediatePropagation();
}

function start() {
  learnTime(document);
  tick();
  document.addEventListener("winddown:announcement", keepOthersOut, { capture: true });
  document.addEventListener("winddown:announcement", hear);
  for (const kind of ["winddown:resync", "winddown:unlocked"]) document.addEventListener(kind, partsSoon);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-heard]")) partsSoon(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - askedAt > PARTS_EVERY_MS / 2) partsSoon(); });
  setInterval(() => { if (!document.hidden) refreshParts(); }, PARTS_EVERY_MS);
}

start();
