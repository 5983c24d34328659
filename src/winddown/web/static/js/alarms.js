// Alarms on this screen: banners, sound by severity, a mute that is seen and reported, a test tone with an answer, and a
// heartbeat, so that the server knows whether the screen that should alarm is awake. The monitor's own alarm stays the first.
import { now } from "./clock.js";
import { connection } from "./live.js";
import { csrfToken, post } from "./queue.js";
import { burst, secondsBetween, soundState, wake } from "./tones.js";
import { clockTime, word } from "./words.js";

const HEARTBEAT_MS = 10_000;
const MUTE_MS = 120_000;
const RANK = { high: 3, medium: 2, low: 1 };

let mutedUntil = 0;
let lastBurst = 0;
let lastBeat = Date.now();

function banners() {
  return [...document.querySelectorAll("#alarms [data-alarm]")];
}

function sounding() {
  const open = banners().filter((banner) => !("acknowledged" in banner.dataset || "over" in banner.dataset));
  open.sort((one, other) => (RANK[other.dataset.severity] ?? 2) - (RANK[one.dataset.severity] ?? 2));
  return open[0];
}

/** Alarms shown now, for the lock screen: severity and place only, never a name. */
export function activeAlarms() {
  return banners().map((banner) => ({ severity: banner.dataset.severity, where: banner.querySelector("[data-alarm-where]").textContent }));
}

/** The chair's name as the page already shows it: on its card, or on the chart of this session. */
function placeOf({ chair, session }) {
  const card = chair && document.querySelector(`[data-chair="${CSS.escape(chair)}"] [data-chair-name]`);
  const chart = session && document.querySelector(`#chart[data-session="${CSS.escape(session)}"]`);
  return card?.textContent.trim() || chart?.dataset.chairName || "";
}

function fill(banner, alarm) {
  banner.dataset.alarm = alarm.id;
  banner.dataset.severity = alarm.severity;
  banner.dataset.session = alarm.session ?? "";
  banner.dataset.ofChair = alarm.chair ?? "";
  banner.querySelector("[data-alarm-severity]").textContent = word(`${alarm.severity}_alarm`);
  banner.querySelector("[data-alarm-words]").textContent = alarm.words;
  banner.querySelector("[data-alarm-next]").textContent = alarm.next_step;
  banner.querySelector("[data-elapsed]").dateTime = new Date(alarm.raised_at).toISOString();
  if (alarm.where) banner.querySelector("[data-alarm-where]").textContent = alarm.where;
  banner.querySelector("form").action = document.body.dataset.acknowledgeUrl?.replace("__id__", alarm.id) ?? "";
  if (alarm.acknowledged_at) acknowledged(banner, alarm);
  if (alarm.cleared_at) over(banner, alarm);
}

/** The condition is over and nobody has seen it: the banner stays, quiet, until somebody does. */
function over(banner, alarm) {
  banner.dataset.over = "";
  const said = banner.querySelector("[data-alarm-over]");
  said.hidden = false;
  said.textContent = word("alarm_over", { time: clockTime(alarm.cleared_at, { seconds: true }) });
}

function acknowledged(banner, alarm) {
  banner.dataset.acknowledged = "";
  const said = banner.querySelector("[data-alarm-acknowledged]");
  said.hidden = false;
  said.textContent = word("acknowledged_by", { who: alarm.acknowledged_by ?? "", time: clockTime(alarm.acknowledged_at, { seconds: true }) });
  banner.querySelector("form").hidden = true;
}

/** Shows one alarm as the server tells it: raised, acknowledged, or cleared. */
export function showAlarm(alarm) {
  const region = document.querySelector("#alarms");
  if (!region) return;
  let banner = banners().find((other) => other.dataset.alarm === String(alarm.id));
  if (alarm.status === "cleared") { banner?.remove(); return changed(); }
  if (!banner) {
    banner = document.querySelector("#alarm-template").content.firstElementChild.cloneNode(true);
    banner.setAttribute("role", "alert");
    region.querySelector("[data-alarm-count]").after(banner);
    lastBurst = 0;
  }
  fill(banner, alarm);
  changed();
}

/** The card of a chair with an alarm that nobody has answered stands out. */
function flash() {
  const calling = new Set(banners().filter((banner) => !("acknowledged" in banner.dataset)).map((banner) => banner.dataset.ofChair));
  for (const card of document.querySelectorAll(".wd-chair[data-chair]")) card.classList.toggle("is-flashing", calling.has(card.dataset.chair));
}

/** With many alarms some lie below the edge: their number does not. */
function count() {
  const line = document.querySelector("[data-alarm-count]");
  if (!line) return;
  line.hidden = banners().length < 4;
  line.textContent = line.hidden ? "" : word("alarms_here", { n: banners().length });
}

function changed() {
  flash();
  count();
  document.dispatchEvent(new CustomEvent("winddown:alarms", { detail: activeAlarms() }));
  sound();
}

function sound() {
  const banner = sounding();
  showSound();
  if (!banner || now() < mutedUntil) return;
  if (Date.now() - lastBurst < secondsBetween(banner.dataset.severity) * 1000) return;
  if (burst(banner.dataset.severity)) lastBurst = Date.now();
}

function showSound() {
  const control = document.querySelector("[data-sound]");
  if (!control) return;
  const muted = now() < mutedUntil;
  const blocked = !muted && soundState() !== "running";
  control.classList.toggle("is-muted", muted || blocked);
  control.querySelector("[data-mute]").setAttribute("aria-pressed", String(muted));
  const text = muted ? word("sound_muted", { time: clockTime(mutedUntil, { seconds: true }) }) : word(blocked ? "sound_blocked" : "sound_on");
  const words = control.querySelector("[data-mute-words]");
  if (words.textContent !== text) words.textContent = text;
}

/** A press turns blocked sound on; else it mutes for a while, or ends the mute. Only a mute is news for the server. */
async function pressMute() {
  if (soundState() !== "running") {
    await wake();
    sound();
    return;
  }
  mutedUntil = now() < mutedUntil ? 0 : now() + MUTE_MS;
  report(document.body.dataset.muteUrl, { muted: mutedUntil > 0, muted_until: mutedUntil || null });
  sound();
}

/**
 * The first touch anywhere lets the browser play sound; a touch on the mute button is that button's own business. It waits for
 * the whole press: words that change between down and up would move what is under the finger.
 */
function wakeOnTouch(event) {
  if (!event.target.closest("[data-mute]")) wake().then(showSound);
}

async function report(url, values) {
  if (!url) return false;
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  const body = new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value ?? "")]));
  return fetch(url, { method: "POST", headers, body, credentials: "same-origin", keepalive: true }).then((answer) => answer.ok, () => false);
}

async function testTone() {
  await wake();
  const played = burst("medium");
  const dialog = document.querySelector("[data-tone-dialog]");
  dialog.dataset.played = String(played);
  dialog.showModal();
}

function heard(answer) {
  const dialog = document.querySelector("[data-tone-dialog]");
  report(document.body.dataset.testToneUrl, { heard: answer === "yes", played: dialog.dataset.played === "true", at: now() });
  dialog.close();
}

async function acknowledge(form) {
  const banner = form.closest("[data-alarm]");
  const button = form.querySelector("button");
  button.disabled = true;
  button.textContent = word("acknowledging");
  const response = await post(form.action, {}, banner.querySelector("[data-alarm-words]").textContent);
  if (response && !response.ok) {
    button.disabled = false;
    button.textContent = word("ack_again");
    return;
  }
  banner.dataset.acknowledged = "";
  if (response) form.hidden = true;
  else button.textContent = word("ack_not_sent");
  changed();
}

function beat() {
  const gap = Date.now() - lastBeat;
  lastBeat = Date.now();
  report(document.body.dataset.heartbeatUrl, {
    visible: document.visibilityState === "visible",
    sound: soundState(),
    muted: now() < mutedUntil,
    muted_until: now() < mutedUntil ? mutedUntil : null,
    connection: connection().state,
    slept_ms: gap > HEARTBEAT_MS * 2.5 ? gap : 0,
    locked: document.body.classList.contains("is-locked"),
  });
}

async function stayAwake() {
  if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => {});
}

function listen() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-mute]")) pressMute();
    if (event.target.closest("[data-test-tone]")) testTone();
    const answer = event.target.closest("[data-heard]");
    if (answer) heard(answer.dataset.heard);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-acknowledge]");
    if (!form) return;
    event.preventDefault();
    acknowledge(form);
  });
  document.addEventListener("click", wakeOnTouch);
  document.addEventListener("winddown:announcement", ({ detail }) => { if (detail.kind === "alarm" && detail.body?.id) showAlarm({ session: detail.session, chair: detail.chair, where: placeOf(detail), ...detail.body }); });
  document.addEventListener("visibilitychange", () => { beat(); stayAwake(); });
}

export function start() {
  const { heartbeatUrl } = document.body.dataset;
  if (!document.querySelector("#alarms") || !document.querySelector("[data-sound]")) return;
  listen();
  flash();
  count();
  setInterval(sound, 1000);
  sound();
  if (!heartbeatUrl) return;
  beat();
  setInterval(beat, HEARTBEAT_MS);
  stayAwake();
}
