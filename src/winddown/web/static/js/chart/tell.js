// The chart in words: what lies outside the limits, what the model says, and everything as a table. The canvas is never the only way.
import { clockTime, hasWord, number, stopwatch, word } from "../words.js";
import { levelLine, modelLabel } from "./heads.js";
import { cuffReadings, judgeCuff } from "./pressure-lane.js";
import { farthest, runsOutside } from "./trend-lane.js";

const TRENDS = ["heart_rate", "pulse_rate", "spo2", "respiratory_rate", "etco2"];
const TABLE_ROWS = 400;
const OVER = new Set(["discharged", "abandoned"]);

/** Everything outside a limit, newest first: [{t, to, level, words, key}]. */
export function abnormalities(chart) {
  const { state } = chart;
  const rows = [];
  for (const cuff of cuffReadings(state)) {
    if (["implausible", "artefact"].includes(cuff.label)) continue;
    const verdict = judgeCuff(state, cuff);
    if (verdict.level === "calm") continue;
    const value = `${number(cuff.systolic?.value)}/${number(cuff.diastolic?.value)} mmHg`;
    rows.push({ t: cuff.t, level: verdict.level, value, words: `${word(verdict.kind)} ${verdict.words}`, key: `cuff ${cuff.t}` });
  }
  for (const kind of TRENDS) {
    const readings = state.of(kind).filter((reading) => reading.label === "accepted" || reading.label === "late");
    for (const run of runsOutside(readings, state.data.limits?.[kind])) {
      const first = run.readings[0];
      const last = run.readings.at(-1);
      rows.push({ t: first.t, to: last.t, level: run.level, value: `${word(kind)} ${number(farthest(run).value)}`, words: run.words, key: `${kind} ${first.t}` });
    }
  }
  return rows.sort((one, other) => other.t - one.t);
}

function when(chart, row) {
  const from = clockTime(row.t, { zone: chart.zone() });
  const to = row.to && row.to - row.t > 60_000 ? clockTime(row.to, { zone: chart.zone() }) : null;
  return to && to !== from ? `${from}–${to}` : from;
}

export function updateAbnormal(chart) {
  const rows = abnormalities(chart);
  const list = chart.section.querySelector("[data-abnormal]");
  const key = rows.map((row) => `${row.key}${row.value}${row.to ?? ""}`).join("|");
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  if (!rows.length) {
    const none = document.createElement("li");
    none.className = "wd-abnormal-none";
    none.textContent = word(OVER.has(chart.state.data.session?.status) ? "no_abnormal_then" : "no_abnormal");
    list.replaceChildren(none);
  } else {
    list.replaceChildren(...rows.map((row) => abnormalItem(chart, row)));
  }
  announce(chart, rows);
}

function abnormalItem(chart, row) {
  const item = document.createElement("li");
  item.className = `wd-level-${row.level}`;
  levelLine(item, row.level, "");
  const strong = document.createElement("b");
  strong.textContent = row.value;
  item.lastElementChild.append(`${when(chart, row)} `, strong, ` ${row.words}`);
  return item;
}

/** Speaks only what is new since the last time; the first list is read on the page, not spoken. */
function announce(chart, rows) {
  const fresh = chart.toldAbnormal ? rows.filter((row) => !chart.toldAbnormal.has(row.key)) : [];
  chart.toldAbnormal = new Set(rows.map((row) => row.key));
  if (fresh.length) chart.section.querySelector("[data-announce]").textContent = fresh.map((row) => `${when(chart, row)} ${row.value}, ${row.words}`).join(". ");
}

function paragraph(text, className = "") {
  const element = document.createElement("p");
  element.textContent = text;
  element.className = className;
  return element;
}

function levelled(level, words) {
  if (level === "calm") return paragraph(words);
  const element = paragraph("", `wd-status wd-level-${level}`);
  levelLine(element, level, words);
  return element;
}

export function updateModelWords(chart) {
  const holder = chart.section.querySelector("[data-model-words]");
  const { forecast } = chart.state.data;
  if (!forecast) return holder.replaceChildren(paragraph(word("no_forecast")));
  const zone = chart.zone();
  const parts = [];
  const { clock, model, second } = forecast;
  const mine = forecast.personal && chart.state.patient === "this" ? forecast.personal : null;
  const when = (at, already) => (already ? word("clock_already") : at ? clockTime(at, { zone }) : "–");
  const times = (below) => ({ median: when(below.median_at, below.median_already), ninety: when(below.ninety_at, below.ninety_already) });
  for (const { level, words } of mine?.taught ?? []) parts.push(levelled(level, words));
  if (clock?.median_at) parts.push(paragraph(`${word("clock_level", { level: number(clock.ng_per_ml, 0) })} ${word("clock_times", times(clock))} ${clock.words}`));
  const back = mine?.clock_back;
  if (back) parts.push(paragraph(back.median_at ? word("clock_back", times(back)) : word("clock_back_unknown")));
  if (mine?.clock_score) parts.push(paragraph(mine.clock_score, "wd-note"));
  if (second?.differs) parts.push(paragraph(second.words || word("models_differ", { one: model.name, other: second.name })));
  for (const warning of forecast.warnings ?? []) parts.push(paragraph(typeof warning === "string" ? warning : warning.words));
  parts.push(paragraph(modelLabel(model), "wd-note"));
  return holder.replaceChildren(...parts);
}

function table(caption, heads, rows) {
  const element = document.createElement("table");
  element.className = "table table-sm";
  element.createCaption().textContent = caption;
  const head = element.createTHead().insertRow();
  for (const text of heads) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = text;
    head.append(th);
  }
  const body = element.createTBody();
  for (const cells of rows) {
    const row = body.insertRow();
    for (const text of cells) row.insertCell().textContent = text;
  }
  return element;
}

function readingRows(chart) {
  const rows = [];
  for (const [kind, readings] of chart.state.readings) for (const reading of readings) rows.push({ kind, ...reading });
  rows.sort((one, other) => other.t - one.t);
  return rows.slice(0, TABLE_ROWS).map((row) => [
    clockTime(row.t, { zone: chart.zone(), seconds: true }), word(row.kind), number(row.value), word(row.source), row.label === "accepted" ? "" : `${word(`label_${row.label}`)}. ${row.words}`,
  ]);
}

function forecastRows(chart) {
  const { times, effect_site: site, plasma } = chart.state.data.forecast;
  const course = (values, i) => (values?.p50 ? `${number(values.p50[i], 0)} (${number(values.p05?.[i], 0)}–${number(values.p95?.[i], 0)})` : "–");
  const every = Math.max(1, Math.round(times.length / 24));
  return times.map((t, i) => [clockTime(t, { zone: chart.zone() }), course(plasma, i), course(site, i)]).filter((_, i) => i % every === 0);
}

function markRows(chart) {
  const { scores = [], marks = [], alarms = [] } = chart.state.data;
  const rows = [
    ...scores.map((score) => [score.at, hasWord(score.scale) ? word(score.scale) : score.scale, String(score.value), [score.words, score.late && word("late_word")].filter(Boolean).join(", ")]),
    ...marks.map((mark) => [mark.at, mark.words, "", [mark.by, mark.late && word("late_word")].filter(Boolean).join(", ")]),
    ...alarms.map((alarm) => [alarm.raised_at, alarm.words, word(`${alarm.severity}_alarm`), alarm.acknowledged_at ? word("answered_in", { n: stopwatch(alarm.acknowledged_at - alarm.raised_at) }) : word("not_answered")]),
  ];
  return rows.sort((one, other) => other[0] - one[0]).map(([at, ...rest]) => [clockTime(at, { zone: chart.zone() }), ...rest]);
}

/** The score rows of the page follow the story: the last value pressed, in words with its age. */
export function updateScoreRows(chart) {
  for (const said of document.querySelectorAll("[data-score-last]")) {
    const scores = (chart.state.data.scores ?? []).filter((score) => score.scale === said.dataset.scoreLast);
    const last = scores.reduce((newest, score) => (newest && newest.at > score.at ? newest : score), null);
    if (!last || said.dataset.at === String(last.at)) continue;
    said.dataset.at = last.at;
    const time = document.createElement("time");
    time.dateTime = new Date(last.at).toISOString();
    time.dataset.age = "";
    said.replaceChildren(`${word("last")} ${last.words || last.value}, `, time);
    for (const button of said.closest("form").querySelectorAll("[name=value]")) button.toggleAttribute("aria-pressed", false);
    said.closest("form").querySelector(`[name=value][value="${CSS.escape(String(last.value))}"]`)?.setAttribute("aria-pressed", "true");
  }
}

/** The tables are made only while they are open. */
export function updateTable(chart) {
  const details = chart.section.querySelector("[data-table]");
  if (!details.open) return;
  const [time, what, value, source, note] = ["time", "what", "value", "source", "note"].map((name) => word(`column_${name}`));
  const tables = [table(word("table_marks"), [time, what, value, note], markRows(chart))];
  if (chart.state.data.forecast) tables.push(table(word("table_forecast"), [time, word("plasma"), word("effect_site")], forecastRows(chart)));
  tables.push(table(word("table_readings"), [time, what, value, source, note], readingRows(chart)));
  chart.section.querySelector("[data-table-body]").replaceChildren(...tables);
}
