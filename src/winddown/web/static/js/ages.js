// Once a second: "2 min ago" on readings, minutes to the next duty, time since a start; old values turn stale and say so.
import { now } from "./clock.js";
import { ago, stopwatch, word } from "./words.js";

const AMBER_AFTER_S = 120;
const RED_AFTER_S = 300;

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function at(element) {
  return Date.parse(element.dateTime);
}

function dueWords(minutes) {
  if (minutes === 0) return word("due_now");
  const n = Math.abs(minutes);
  const late = minutes < 0;
  if (n < 60) return word(late ? "late_min" : "due_min", { n });
  return word(late ? "late_h" : "due_h", { h: Math.floor(n / 60), n: n % 60 });
}

function due(element, nowMs) {
  const s = (at(element) - nowMs) / 1000;
  write(element, dueWords(s > 0 ? Math.ceil(s / 60) : -Math.floor(-s / 60)));
  const amber = Number(element.dataset.amberAfterS ?? AMBER_AFTER_S);
  const red = Number(element.dataset.redAfterS ?? RED_AFTER_S);
  const level = -s >= red ? "act" : -s >= amber ? "watch" : "";
  if ((element.dataset.dueLevel ?? "") !== level) element.dataset.dueLevel = level;
}

function age(element, nowMs) {
  write(element, ago(nowMs - at(element)));
  const holder = element.closest("[data-stale-after-s]");
  if (!holder) return;
  const stale = nowMs - at(element) > Number(holder.dataset.staleAfterS) * 1000;
  holder.classList.toggle("is-stale", stale);
  const said = holder.querySelector(".wd-stale-words");
  if (said) said.hidden = !stale;
}

export function tick() {
  const nowMs = now();
  for (const element of document.querySelectorAll("time[data-age][datetime]")) age(element, nowMs);
  for (const element of document.querySelectorAll("time[data-due][datetime]")) due(element, nowMs);
  for (const element of document.querySelectorAll("time[data-elapsed][datetime]")) write(element, stopwatch(nowMs - at(element)));
}

export function start() {
  tick();
  setInterval(tick, 1000);
}
