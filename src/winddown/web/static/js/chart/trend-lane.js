// Lane 4 and its neighbours: pulse, SpO2, breaths, EtCO2. A line where the monitor sends often, points where it does not.
import { number } from "../words.js";
import { judge, limitLines } from "./judge.js";
import { thin } from "./palette.js";

const DENSE_MS = 30_000;
const DENSE_GAP_MS = 90_000;
const SPARSE_GAP_MS = 16 * 60_000;

function usual(readings) {
  if (readings.length < 3) return Infinity;
  const steps = readings.slice(-30).map((reading, i, list) => (i ? reading.t - list[i - 1].t : null)).filter((step) => step !== null);
  return steps.sort((one, other) => one - other)[Math.floor(steps.length / 2)];
}

/** Stretches of consecutive readings past the same limit: [{readings, level, side, words}]. */
export function runsOutside(readings, limits) {
  const runs = [];
  let open = null;
  for (const reading of readings) {
    const verdict = judge(reading.value, limits);
    if (verdict.level === "calm") { open = null; continue; }
    if (open && open.words === verdict.words) open.readings.push(reading);
    else runs.push((open = { ...verdict, kind: reading.kind, readings: [reading] }));
  }
  return runs;
}

/** The reading of a run that lies farthest outside. */
export function farthest(run) {
  return run.readings.reduce((most, reading) => ((run.side === "high" ? reading.value > most.value : reading.value < most.value) ? reading : most));
}

/** A line with more points than pixels, drawn the same with fewer: of each pixel's column the first, lowest, highest and last. */
function thinned(points, brush) {
  if (points.length < brush.box.width) return points;
  const kept = [];
  let column = [];
  const close = () => {
    const values = column.map(([, value]) => value);
    const chosen = [0, values.indexOf(Math.min(...values)), values.indexOf(Math.max(...values)), column.length - 1];
    for (const i of [...new Set(chosen)].sort((one, other) => one - other)) kept.push(column[i]);
  };
  let at = null;
  for (const point of points) {
    const x = Math.floor(brush.x(point[0]) / brush.ratio);
    if (at !== null && x !== at) { close(); column = []; }
    at = x;
    column.push(point);
  }
  if (column.length) close();
  return kept;
}

export function trendLane(chart, { key, kinds, colour, least, most, height = 50, splits }) {
  const used = (kind) => chart.state.of(kind).filter((reading) => reading.label === "accepted" || reading.label === "late");

  function range() {
    const values = kinds.flatMap((kind) => used(kind).map((reading) => reading.value));
    return [Math.min(least, ...values.map((value) => value - 2)), Math.max(most, ...values.map((value) => value + 2))];
  }

  function odd(brush, kind, tone) {
    for (const reading of chart.state.of(kind)) {
      if (reading.t < chart.view.from) continue;
      if (["implausible", "artefact"].includes(reading.label)) brush.cross(reading.t, reading.value, { colour: brush.palette.ink_2, radius: 3.5 });
      else if (["late", "not_verified", "demo"].includes(reading.label)) brush.dot(reading.t, reading.value, { colour: tone, radius: 3.25, hollow: true });
    }
  }

  function one(brush, kind, { dim }) {
    const tone = dim ? brush.palette.ink_2 : brush.palette[colour];
    const visible = chart.state.of(kind).filter((reading) => reading.label === "accepted" && reading.t >= chart.view.from - SPARSE_GAP_MS);
    const dense = usual(visible) < DENSE_MS;
    brush.line(thinned(visible.map((reading) => [reading.t, reading.value]), brush), { colour: tone, width: dim ? 1 : 1.75 }, { gapMs: dense ? DENSE_GAP_MS : SPARSE_GAP_MS });
    if (!dense) for (const reading of visible) brush.dot(reading.t, reading.value, { colour: tone, radius: 2.75 });
    odd(brush, kind, tone);
    for (const run of runsOutside(visible, chart.state.data.limits?.[kind])) outside(brush, run);
  }

  function outside(brush, run) {
    const tone = brush.palette[run.level];
    brush.line(run.readings.map((reading) => [reading.t, reading.value]), { colour: tone, width: 4 }, { gapMs: DENSE_GAP_MS });
    const most = farthest(run);
    brush.dot(most.t, most.value, { colour: tone, radius: 3.5 });
    const y = brush.sign(most.t, most.value, run.level, { above: run.side === "low" ? brush.y(most.value) > brush.bottom - brush.px(20) : true });
    brush.text(number(most.value), brush.x(most.t) + brush.px(10), y, { colour: tone, weight: 700, size: 12 });
  }

  function draw(brush) {
    for (const kind of kinds) {
      for (const limit of limitLines(chart.state.data.limits?.[kind])) {
        const [low, high] = range();
        if (limit.at > low && limit.at < high) brush.level(limit.at, { colour: thin(brush.palette[limit.level], 0.7), width: 1, dash: [5, 4] });
      }
    }
    const filled = kinds.filter((kind) => chart.state.of(kind).length);
    filled.forEach((kind, place) => one(brush, kind, { dim: place > 0 }));
  }

  return { key, height, range, draw, splits: splits && (() => splits) };
}
