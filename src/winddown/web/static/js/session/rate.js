// While a rate is typed, the server says what it would do and what the limits say: reasons are asked for, a stop is shown.
import { clockTime, number, word } from "../words.js";

const WAIT_MS = 150;
const timers = new WeakMap();

function zoneOf() {
  return document.querySelector("#session")?.dataset.zone || undefined;
}

function reasonField(finding, before) {
  const holder = document.createElement("div");
  holder.className = "wd-field";
  const label = document.createElement("label");
  label.className = "form-label";
  label.textContent = finding.words;
  const text = document.createElement("textarea");
  text.className = "form-control";
  text.rows = 1;
  text.name = `reason_${finding.code}`;
  text.id = `rate_reason_${finding.code}`;
  text.value = before ?? "";
  label.htmlFor = text.id;
  holder.append(label, text);
  return holder;
}

function stopLine(finding) {
  const line = document.createElement("p");
  line.className = "wd-field-error";
  line.textContent = `${word(finding.severity)}: ${finding.words}`;
  return line;
}

function outcome({ rate, finish_at: finishAt }) {
  const line = document.createElement("p");
  line.className = "wd-act-note";
  const perKg = rate?.mg_per_kg_h;
  const parts = [perKg === undefined || perKg === null ? "" : `${number(perKg, 2)} mg/kg/h`, finishAt ? word("finish_at", { time: clockTime(finishAt, { zone: zoneOf() }) }) : ""];
  line.textContent = parts.filter(Boolean).join(", ");
  return line;
}

function show(form, holder, answer) {
  const typed = new Map([...holder.querySelectorAll("textarea")].map((field) => [field.name, field.value]));
  const findings = answer.findings ?? [];
  const lines = findings.map((finding) => (finding.severity === "ask" ? reasonField(finding, typed.get(`reason_${finding.code}`)) : stopLine(finding)));
  holder.replaceChildren(outcome(answer), ...lines);
  holder.dataset.stops = String(findings.some((finding) => finding.severity !== "ask"));
  allow(form, holder);
}

/** A rate that the limits stop is not sent as a request; as a fact it is always kept. */
function allow(form, holder) {
  const save = form.querySelector(".wd-pad-save");
  save.disabled = holder.dataset.stops === "true" && !form.elements.as_fact?.checked;
}

async function ask(form, holder) {
  const rate = form.elements.rate_ml_per_h.value;
  if (!/^\d+(\.\d+)?$/.test(rate)) { holder.replaceChildren(); holder.dataset.stops = "false"; return allow(form, holder); }
  const url = new URL(holder.dataset.whatIfUrl, location.href);
  url.searchParams.set("rate_ml_per_h", rate);
  const seen = new URL(document.querySelector("#session")?.dataset.nowUrl ?? location.href, location.href).searchParams.get("seen");
  if (seen) url.searchParams.set("seen", seen);
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
  if (response?.ok && form.elements.rate_ml_per_h.value === rate) show(form, holder, await response.json());
  return null;
}

export function watchRates() {
  document.addEventListener("input", ({ target }) => {
    const form = target.form;
    const holder = form?.querySelector("[data-what-if-url]");
    if (!holder || !["rate_ml_per_h", "as_fact"].includes(target.name)) return;
    if (target.name === "as_fact") { allow(form, holder); return; }
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => ask(form, holder), WAIT_MS));
  });
}
