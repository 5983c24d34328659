// The words at the left of each lane: newest value, how old, from where, and whether it lies outside a limit.
import { now } from "../clock.js";
import { ago, clockTime, number, word } from "../words.js";
import { judge } from "./judge.js";
import { cuffReadings, judgeCuff } from "./pressure-lane.js";

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function sourceWords(chart, reading) {
  const { chairName } = chart.section.dataset;
  return reading.source === "monitor" && chairName ? `${word("monitor")} ${chairName}` : word(reading.source);
}

function shapeFor(level) {
  return document.querySelector("#chart-shapes")?.content.querySelector(`[data-shape="${level}"]`)?.firstElementChild.cloneNode(true);
}

/** Words with the shape of their level before them; levels differ in colour, shape and words. */
export function levelLine(element, level, words) {
  const text = document.createElement("span");
  text.textContent = words;
  const shape = shapeFor(level);
  element.replaceChildren(...(shape ? [shape] : []), text);
}

function setLevel(lane, verdict) {
  const key = `${verdict.level}${verdict.words ?? ""}`;
  if (lane.dataset.levelKey === key) return;
  lane.dataset.levelKey = key;
  for (const level of ["watch", "act"]) lane.classList.toggle(`wd-level-${level}`, verdict.level === level);
  const said = lane.querySelector("[data-level]");
  if (!said) return;
  said.hidden = verdict.level === "calm";
  if (verdict.level !== "calm") levelLine(said, verdict.level, verdict.words);
}

function fill(chart, lane, text, reading, verdict) {
  write(lane.querySelector("[data-value] span"), text);
  const age = now() - reading.t;
  const stale = age > Number(lane.dataset.staleAfterS) * 1000;
  lane.classList.toggle("is-stale", stale);
  write(lane.querySelector("[data-when]"), `${ago(age)}, ${sourceWords(chart, reading)}${stale ? ` · ${word("stale_word")}` : ""}`);
  setLevel(lane, verdict);
}

function vitalHead(chart, lane, kinds) {
  const kind = kinds.find((one) => chart.state.latest(one));
  if (!kind) return;
  const reading = chart.state.latest(kind);
  fill(chart, lane, number(reading.value), reading, judge(reading.value, chart.state.data.limits?.[kind]));
}

function pressureHead(chart, lane) {
  const cuff = cuffReadings(chart.state).findLast((one) => one.label === "accepted");
  if (!cuff) return;
  fill(chart, lane, `${number(cuff.systolic?.value)}/${number(cuff.diastolic?.value)}`, cuff.systolic ?? cuff.diastolic, judgeCuff(chart.state, cuff));
}

function doseHead(chart, lane) {
  const { dose, session } = chart.state.data;
  const segments = (dose?.segments ?? []).filter((segment) => segment.kind !== "bolus");
  const last = segments.at(-1);
  const rate = !last || last.kind === "held" || session.status !== "running" ? "0" : last.kind === "unknown" ? "?" : number(last.ml_per_h);
  write(lane.querySelector("[data-value] span"), rate);
  const lines = [word("pumped", { n: number(dose?.pumped_mg) }), word("reached", { n: number(dose?.reached_mg) })];
  const held = lane.querySelector("[data-when]");
  if (held.dataset.key === lines.join()) return;
  held.dataset.key = lines.join();
  held.replaceChildren(lines[0], document.createElement("br"), lines[1]);
  for (const element of document.querySelectorAll("[data-dose-pumped]")) write(element, number(dose?.pumped_mg));
  for (const element of document.querySelectorAll("[data-dose-per-kg]")) write(element, number(dose?.mg_per_kg, 2));
  for (const element of document.querySelectorAll("[data-dose-reached]")) write(element, number(dose?.reached_mg));
}

/** Which model drew the lines, on which side of the circulation, and how far it may be trusted. */
export function modelLabel(model) {
  return `${[model.name, model.site].filter(Boolean).join(", ")}; ${model.words || word("simulated_only")}`;
}

function modelHead(chart, lane) {
  const { forecast } = chart.state.data;
  const { model, second } = forecast ?? {};
  const whose = forecast?.personal && chart.state.patient === "this" ? learnedLabel(forecast.personal.learned) : word("typical_patient");
  write(lane.querySelector("[data-model]"), model ? `${whose}. ${modelLabel(model)}` : "");
  const other = lane.querySelector("[data-second]");
  other.hidden = !second?.plasma_p50;
  write(other, second?.name ?? "");
  lane.querySelector("[data-further]").hidden = !forecast?.hydroxynorketamine;
  const guesses = lane.querySelector("[data-guesses]");
  guesses.hidden = !forecast?.guesses;
  if (!forecast?.guesses) return;
  write(guesses, forecast.guesses.words);
  guesses.href = forecast.guesses.url;
}

function learnedLabel({ count, odd }) {
  return [word("this_patient_from", { n: number(count, 0) }), count ? word("hardly_level") : "", odd ? word("odd_entries", { n: number(odd, 0) }) : ""].filter(Boolean).join(", ");
}

/** Brings the heads of all lanes up to this second. */
export function updateHeads(chart) {
  for (const lane of chart.section.querySelectorAll(".wd-lane")) {
    const { lane: key } = lane.dataset;
    if (key === "dose") doseHead(chart, lane);
    else if (key === "concentration") modelHead(chart, lane);
    else if (key === "pressure") pressureHead(chart, lane);
    else if (key === "pulse") vitalHead(chart, lane, ["heart_rate", "pulse_rate"]);
    else if (key === "spo2") vitalHead(chart, lane, ["spo2"]);
    else if (key === "breaths") vitalHead(chart, lane, ["respiratory_rate"]);
    else if (key === "etco2") vitalHead(chart, lane, ["etco2"]);
  }
}

/** What stood on the chart at one moment, in one line. */
export function momentWords(chart, t) {
  const { data } = chart.state;
  const parts = [];
  const segment = (data.dose?.segments ?? []).findLast((one) => one.kind !== "bolus" && one.from <= t && (one.to === null || one.to >= t || t > data.now));
  if (segment && t <= chart.view.nowMs) parts.push(segment.kind === "running" ? `${number(segment.ml_per_h)} mL/h` : word(segment.kind === "held" ? "held" : "unknown_rate"));
  const { forecast } = data;
  if (forecast?.times?.length) {
    const i = forecast.times.findLastIndex((at) => at <= t);
    const site = forecast.effect_site;
    if (i >= 0 && site?.p50?.[i] !== null && site?.p50) parts.push(`${word("effect_site")} ${number(site.p50[i], 0)} (${number(site.p05?.[i], 0)}–${number(site.p95?.[i], 0)}) ng/mL`);
  }
  if (t <= chart.view.nowMs) parts.push(...vitalsAt(chart, t));
  return [clockTime(t, { zone: chart.zone() }), ...parts];
}

function vitalsAt(chart, t) {
  const parts = [];
  const cuff = cuffReadings(chart.state).findLast((one) => one.t <= t && one.label === "accepted");
  if (cuff) parts.push(`${number(cuff.systolic?.value)}/${number(cuff.diastolic?.value)} mmHg (${clockTime(cuff.t, { zone: chart.zone() })})`);
  for (const kind of ["heart_rate", "pulse_rate", "spo2", "respiratory_rate"]) {
    const reading = chart.state.of(kind).findLast((one) => one.t <= t && one.label === "accepted" && t - one.t < 16 * 60_000);
    if (reading && !(kind === "pulse_rate" && chart.state.of("heart_rate").length)) parts.push(`${word(kind)} ${number(reading.value)}`);
  }
  return parts;
}
