// Lanes 5 and 6: scores as coloured cells, and marks and alarms, as elements over the canvas, so that they can be read and pressed.
import { clockTime, hasWord, stopwatch, word } from "../words.js";

const ROW = 26;
const NARROW_ROW = 42;
const LEAST = 26;
const MOST = 168;
const SVG = "http://www.w3.org/2000/svg";
const LOOKS = {
  rescue_given: "rescue", iv_site_checked: "iv_check", iv_removed: "iv_check", extravasation_seen: "alarm", note_written: "note", photo_taken: "photo", comfort_given: "comfort",
  adverse_event: "alarm", emergency_opened: "alarm", emergency_closed: "alarm", fall: "alarm", help: "help", help_pressed: "help", device_alarm_reported: "alarm",
};
const PATHS = {
  rescue: "M8 2.5v11M2.5 8h11", iv_check: "M8 1.5c3 4 4.5 6 4.5 8.2A4.5 4.5 0 0 1 3.5 9.7C3.5 7.5 5 5.5 8 1.5z",
  note: "M3 3.5h10M3 7h10M3 10.5h6", photo: "M2 4.5h3l1.2-2h3.6l1.2 2h3v8.5H2zM8 11a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  help: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v4M8 11.2v.3", comfort: "M8 13S2.5 9.8 2.5 6.2A2.9 2.9 0 0 1 8 5a2.9 2.9 0 0 1 5.5 1.2C13.5 9.8 8 13 8 13z",
  alarm: "M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5zM8 4.5v4.5M8 11.3v.3", other: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
};

function icon(kind) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "wd-shape");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", "o");
  path.setAttribute("d", PATHS[LOOKS[kind] ?? kind] ?? PATHS.other);
  svg.append(path);
  return svg;
}

function layerOf(lane) {
  let layer = lane.u.over.querySelector(".wd-layer");
  if (!layer) {
    layer = document.createElement("div");
    layer.className = "wd-layer";
    lane.u.over.append(layer);
  }
  return layer;
}

function place(element, left, top) {
  element.style.left = `${Math.round(left)}px`;
  element.style.top = `${Math.round(top)}px`;
}

/** Names of the score rows, in the order of the page; a scale that the page did not foresee gets a row of its own. */
export function scoreRows(chart) {
  const list = chart.section.querySelector("[data-score-names]");
  const rows = [...list.children].map((item) => item.dataset.scale);
  for (const { scale } of chart.state.data.scores ?? []) {
    if (rows.includes(scale)) continue;
    const item = document.createElement("li");
    item.dataset.scale = scale;
    item.textContent = hasWord(scale) ? word(scale) : scale;
    list.append(item);
    rows.push(scale);
  }
  return rows;
}

function cell(chart, score) {
  const element = document.createElement("span");
  element.className = `wd-cell wd-level-${score.level ?? "calm"}${score.late ? " is-late" : ""}`;
  element.textContent = score.value;
  const late = score.late ? `, ${word("late_word")}` : "";
  element.title = `${clockTime(score.at, { zone: chart.zone() })} ${score.words || `${word(score.scale)} ${score.value}`}${late}`;
  element.dataset.t = score.at;
  element.dataset.inspect = element.title;
  return element;
}

function addLink(chart, scale) {
  const link = document.createElement("a");
  link.className = "wd-cell-add";
  link.href = `#${chart.section.dataset.scoreAnchor}${scale}`;
  link.textContent = "+";
  link.setAttribute("aria-label", word("score_now", { what: word(scale) }));
  return link;
}

export function scoreLane(chart) {
  // On a narrow screen the name of a scale stands above its cells instead of beside them.
  const row = () => (chart.narrow ? NARROW_ROW : ROW);
  const top = (rows, scale) => rows.indexOf(scale) * row() + (chart.narrow ? 16 : 1);

  function layer(lane) {
    const layerElement = layerOf(lane);
    const rows = scoreRows(chart);
    const cells = [];
    for (const score of chart.state.data.scores ?? []) {
      if (score.at < chart.view.from || score.at > chart.view.to) continue;
      const element = cell(chart, score);
      place(element, lane.u.valToPos(score.at, "x"), top(rows, score.scale));
      cells.push(element);
    }
    for (const scale of rows) {
      if (!document.getElementById(`${chart.section.dataset.scoreAnchor}${scale}`)) continue;
      const link = addLink(chart, scale);
      place(link, lane.u.valToPos(chart.view.nowMs, "x") + 26, top(rows, scale));
      cells.push(link);
    }
    layerElement.replaceChildren(...cells);
  }

  function named(brush) {
    if (!chart.narrow) return;
    scoreRows(chart).forEach((scale, place) => brush.text(word(scale), brush.left + brush.px(2), brush.top + brush.px(place * row() + 8), { size: 11 }));
  }

  return {
    key: "scores", values: false, splits: () => [], layer, draw: named, range: () => [0, 1],
    get height() { return scoreRows(chart).length * row() + 10; },
  };
}

function alarmItem(chart, alarm) {
  const answer = alarm.acknowledged_at ? word("answered_in", { n: stopwatch(alarm.acknowledged_at - alarm.raised_at) }) : word("not_answered");
  return { id: alarm.id, kind: "alarm", at: alarm.raised_at, words: `${alarm.words}, ${answer}`, short: alarm.acknowledged_at ? stopwatch(alarm.acknowledged_at - alarm.raised_at) : word("not_answered"), severity: alarm.severity, zone: chart.zone() };
}

function inspectWords(item, zone) {
  const written = item.late && item.written_at ? `, ${word("late_word")} (${clockTime(item.written_at, { zone })})` : "";
  return `${clockTime(item.at, { zone })} ${item.words}${item.by ? `, ${item.by}` : ""}${written}`;
}

/** Marks nearer than a finger's width become one, with their number; the words of all stay readable. */
function gathered(items, position) {
  const groups = [];
  for (const item of items.toSorted((one, other) => one.at - other.at)) {
    const last = groups.at(-1);
    if (last && position(item.at) - position(last[0].at) < LEAST) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function markElement(chart, group, room) {
  const element = document.createElement("button");
  const [first] = group;
  element.type = "button";
  element.className = `wd-mark${group.some((item) => item.late) ? " is-late" : ""}${first.kind === "alarm" ? " wd-mark-alarm" : ""}${group.some((item) => item.severity === "high") ? " is-high" : ""}`;
  const all = group.map((item) => inspectWords(item, chart.zone())).join("; ");
  element.dataset.inspect = all;
  element.title = all;
  element.setAttribute("aria-label", group.length > 1 ? `${word("several_marks", { n: group.length })}: ${all}` : all);
  if (group.length === 1) element.append(icon(first.kind));
  const text = group.length > 1 ? String(group.length) : room > 52 ? first.short ?? first.words : "";
  const label = document.createElement("span");
  label.className = "wd-mark-words";
  label.textContent = text;
  if (text) element.append(label);
  element.style.maxWidth = `${Math.max(LEAST - 2, Math.min(room - 4, MOST))}px`;
  return element;
}

export function marksLane(chart) {
  function row(lane, items, top) {
    const position = (t) => lane.u.valToPos(t, "x");
    const groups = gathered(items.filter((item) => item.at >= chart.view.from && item.at <= chart.view.to), position);
    return groups.map((group, i) => {
      const left = position(group[0].at);
      const room = (groups[i + 1] ? position(groups[i + 1][0].at) : lane.u.over.clientWidth) - left;
      const element = markElement(chart, group, room);
      place(element, left, top);
      return element;
    });
  }

  function layer(lane) {
    const { data } = chart.state;
    const alarms = (data.alarms ?? []).map((alarm) => alarmItem(chart, alarm));
    layerOf(lane).replaceChildren(...row(lane, data.marks ?? [], 3), ...row(lane, alarms, 31));
  }

  return { key: "marks", values: false, splits: () => [], layer, range: () => [0, 1], height: 62, times: "bottom" };
}
