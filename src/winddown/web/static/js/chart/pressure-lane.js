// Lane 3: cuff readings as bars from systolic to diastolic, own baseline and limits as lines, the predicted course behind.
import { number, word } from "../words.js";
import { judge, LIMIT_NAMES, limitLines } from "./judge.js";
import { thin } from "./palette.js";

const PAIR_MS = 20_000;

/** Systolic and diastolic of one cuff reading together: [{t, systolic, diastolic, label}]; either may be missing. */
export function cuffReadings(state) {
  const pairs = state.of("systolic").filter(shown).map((reading) => ({ t: reading.t, systolic: reading, diastolic: null, label: reading.label }));
  for (const reading of state.of("diastolic").filter(shown)) {
    const pair = pairs.find((other) => !other.diastolic && Math.abs(other.t - reading.t) <= PAIR_MS && (other.label === "implausible") === (reading.label === "implausible"));
    if (pair) pair.diastolic = reading;
    else pairs.push({ t: reading.t, systolic: null, diastolic: reading, label: reading.label });
  }
  return pairs.sort((one, other) => one.t - other.t);
}

function shown(reading) {
  return reading.label !== "duplicate";
}

export function pressureLane(chart) {
  const limits = () => chart.state.data.limits?.systolic;
  const baseline = () => chart.state.data.baseline ?? {};

  function range() {
    const values = [...chart.state.of("systolic"), ...chart.state.of("diastolic")].filter((reading) => !["implausible", "artefact"].includes(reading.label)).map((reading) => reading.value);
    const high = Math.max(150, ...values.map((value) => value + 16), ...limitLines(limits()).map((limit) => limit.at + 14));
    return [Math.min(50, ...values.map((value) => value - 8)), high];
  }

  function predicted(brush, forecast, colour, { ghost = false } = {}) {
    const rise = forecast?.systolic_rise;
    const start = baseline().systolic;
    if (!rise || !start) return;
    const above = (list) => (list ?? []).map((value) => (value === null ? null : start + value));
    const middle = above(rise.p50).map((value, i) => [forecast.times[i], value]);
    if (!ghost) {
      brush.band(forecast.times, above(rise.p05), above(rise.p95), colour, 0.13);
      brush.line(middle, { colour, width: 1.25, dash: [3, 3] });
      return;
    }
    brush.line(middle.filter(([t]) => t >= chart.view.nowMs), { colour, width: 2.5, dash: [7, 5] });
  }

  function lines(brush) {
    const { palette } = brush;
    if (baseline().systolic) brush.level(baseline().systolic, { colour: palette.ink_2, width: 1, dash: [1, 3] });
    if (baseline().diastolic) brush.level(baseline().diastolic, { colour: palette.ink_2, width: 1, dash: [1, 3] });
    for (const limit of limitLines(limits())) {
      const own = limit.kind === "relative";
      brush.level(limit.at, { colour: palette[limit.level], width: own ? 1.75 : 1, dash: own ? [] : [5, 4] });
    }
  }

  function names(brush) {
    const { palette } = brush;
    const rows = limitLines(limits()).map((limit) => ({ at: limit.at, colour: palette[limit.level], words: chart.narrow ? number(limit.at) : word(LIMIT_NAMES[limit.kind] ?? "limit_plain", { n: number(limit.at) }) }));
    if (baseline().systolic && !chart.narrow) rows.push({ at: baseline().systolic, colour: palette.ink_2, words: word("baseline", { n: `${number(baseline().systolic)}/${number(baseline().diastolic)}` }) });
    rows.sort((one, other) => other.at - one.at);
    let below = -Infinity;
    for (const row of rows) {
      const y = Math.max(brush.y(row.at), below + brush.px(13));
      brush.tag(row.words, brush.right - brush.px(4), y, { colour: row.colour, weight: 600, align: "right", ground: palette.veil });
      below = y;
    }
  }

  function bar(brush, cuff, last) {
    const { ctx, palette } = brush;
    const main = cuff.systolic ?? cuff.diastolic;
    const verdict = judgeCuff(chart.state, cuff);
    const colour = verdict.level === "calm" ? palette.pressure : palette[verdict.level];
    if (["implausible", "artefact"].includes(cuff.label)) return brush.cross(main.t, main.value, { colour: palette.ink_2 });
    const x = Math.round(brush.x(cuff.t));
    const ends = [cuff.systolic, cuff.diastolic].filter(Boolean).map((reading) => brush.y(reading.value));
    const hollow = cuff.label !== "accepted";
    const half = brush.px(hollow ? 3.5 : 2.5);
    const [from, to] = [Math.min(...ends), Math.max(...ends, Math.min(...ends) + brush.px(3))];
    ctx.beginPath();
    ctx.rect(x - half, from, half * 2, to - from);
    ctx.fillStyle = hollow ? palette.card : colour;
    ctx.fill();
    if (hollow) brush.stroke({ colour, width: 1.75 });
    const marked = verdict.level !== "calm";
    if (marked) brush.sign(cuff.t, main.value, verdict.level);
    if (!(marked || last) || !cuff.systolic) return null;
    return { words: number(cuff.systolic.value), x: x + brush.px(marked ? 9 : 6), y: from - brush.px(marked ? 11 : 2), colour, grave: RANK[verdict.level] * 1000 + cuff.systolic.value + (last ? 500 : 0) };
  }

  /** Values beside the bars, the gravest first; one that would cover another stays unwritten, it stands in words below. */
  function values(brush, labels) {
    const written = [];
    for (const label of labels.filter(Boolean).sort((one, other) => other.grave - one.grave)) {
      const width = brush.wide(label.words, 12, 700) + brush.px(12);
      if (written.some((other) => Math.abs(other.x - label.x) < width && Math.abs(other.y - label.y) < brush.px(16))) continue;
      brush.text(label.words, label.x, label.y, { colour: label.colour, weight: 700, size: 12 });
      written.push(label);
    }
  }

  function draw(brush) {
    const { data } = chart.state;
    lines(brush);
    if (chart.ghost) predicted(brush, chart.ghost.forecast, brush.palette.ghost, { ghost: true });
    names(brush);
    const cuffs = cuffReadings(chart.state).filter((cuff) => cuff.t >= chart.view.from - 60_000);
    const newest = cuffs.findLast((cuff) => cuff.label === "accepted");
    values(brush, cuffs.map((cuff) => bar(brush, cuff, cuff === newest)));
    if (data.forecast?.systolic_rise && baseline().systolic) brush.text(word(chart.narrow ? "exploratory" : "predicted_pressure"), brush.x(chart.view.nowMs) + brush.px(6), brush.bottom - brush.px(9), { size: 10.5, colour: brush.palette.effect, halo: brush.palette.veil });
  }

  return {
    key: "pressure", height: 140, range, draw,
    behind: (brush) => predicted(brush, chart.state.data.forecast, brush.palette.effect),
  };
}

const RANK = { calm: 0, watch: 1, act: 2 };

/** The graver of the two verdicts on one cuff reading. */
export function judgeCuff(state, cuff) {
  const verdicts = [cuff.systolic, cuff.diastolic].filter(Boolean).map((reading) => ({ ...judge(reading.value, state.data.limits?.[reading.kind]), kind: reading.kind }));
  return verdicts.reduce((worst, verdict) => (RANK[verdict.level] > RANK[worst.level] ? verdict : worst));
}
