// Lane 1: the pump's rate as steps in mL/h and mg/kg/h, boluses as pins, pauses hatched, what is not known shaded.
import { number, word } from "../words.js";
import { thin } from "./palette.js";

const HEADROOM = 1.45;

function rateOf(segment) {
  return segment.ml_per_h === null || segment.ml_per_h === undefined ? null : Number(segment.ml_per_h);
}

/** The same step in more and in fewer words; the longest that fits is written. */
function stepWords(segment) {
  const rate = number(segment.ml_per_h);
  const full = segment.mg_per_kg_h === null || segment.mg_per_kg_h === undefined ? [] : [`${rate} mL/h · ${number(segment.mg_per_kg_h, 2)} mg/kg/h`];
  return [...full, `${rate} mL/h`, rate];
}

export function doseLane(chart) {
  const all = () => [...(chart.state.data.dose?.segments ?? []), ...(chart.state.data.dose?.planned ?? [])];
  const steps = () => all().filter((segment) => segment.kind !== "bolus" && rateOf(segment) !== null);
  const highest = () => Math.max(10, Number(chart.ghost?.rate?.ml_per_h ?? 0), ...steps().map(rateOf)) * HEADROOM;
  // The second axis shows the same height in mg/kg/h, by the proportion the server gave for a step.
  const proportion = () => {
    const known = all().find((segment) => Number(segment.ml_per_h) > 0 && segment.mg_per_kg_h !== null && segment.mg_per_kg_h !== undefined);
    return known ? Number(known.mg_per_kg_h) / Number(known.ml_per_h) : null;
  };
  // What runs now runs until now, also between two answers of the server.
  const end = (segment, last) => (segment.open || (segment.open === undefined && last && chart.state.data.session?.status === "running") ? chart.view.nowMs : segment.to ?? chart.view.nowMs);

  function step(brush, segment, to, { planned = false } = {}) {
    const { ctx, palette } = brush;
    const y = brush.y(rateOf(segment));
    const [left, right] = [brush.x(segment.from), brush.x(to)];
    ctx.fillStyle = planned ? thin(palette.dose, 0.12) : palette.dose_fill;
    ctx.fillRect(left, y, right - left, brush.bottom - y);
    brush.line([[segment.from, rateOf(segment)], [to, rateOf(segment)]], { colour: palette.dose, width: planned ? 1.5 : 2.5, dash: planned ? [5, 4] : [] });
    const room = Math.min(right, brush.right) - Math.max(left, brush.left) - brush.px(10);
    const words = (planned ? [`${word("planned")} ${number(segment.ml_per_h)} mL/h`, number(segment.ml_per_h)] : stepWords(segment)).find((one) => brush.wide(one, 11, 600) < room);
    if (rateOf(segment) > 0 && words) brush.text(words, Math.max(left, brush.left) + brush.px(6), y - brush.px(9), { colour: palette.ink, weight: 600 });
  }

  function joins(brush, segments) {
    segments.forEach((segment, i) => {
      const before = segments[i - 1];
      const from = before && before.to >= segment.from - 1000 ? rateOf(before) : 0;
      brush.line([[segment.from, from], [segment.from + 1, rateOf(segment)]], { colour: brush.palette.dose, width: 2.5 });
    });
  }

  function bolus(brush, segment) {
    const { palette, ctx } = brush;
    const x = brush.x(segment.from);
    ctx.beginPath();
    ctx.moveTo(x, brush.bottom);
    ctx.lineTo(x, brush.top + brush.px(12));
    brush.stroke({ colour: palette.dose, width: 2 });
    ctx.beginPath();
    ctx.arc(x, brush.top + brush.px(10), brush.px(5), 0, 2 * Math.PI);
    ctx.fillStyle = palette.dose;
    ctx.fill();
    brush.text(segment.words ?? word("bolus"), x + brush.px(9), brush.top + brush.px(10), { colour: palette.ink, weight: 600 });
  }

  function paused(brush, segment, to, words, colour) {
    brush.fillTime(segment.from, to, thin(colour, 0.1));
    brush.hatch(segment.from, to, thin(colour, 0.45));
    const [left, right] = [brush.x(segment.from), Math.min(brush.x(to), brush.right)];
    if (right - left > brush.wide(words, 11, 650) + brush.px(4)) brush.text(words, (left + right) / 2, (brush.top + brush.bottom) / 2, { colour, weight: 650, align: "center" });
  }

  function draw(brush) {
    const { palette } = brush;
    const segments = chart.state.data.dose?.segments ?? [];
    const running = segments.filter((segment) => segment.kind === "running" && rateOf(segment) !== null);
    segments.forEach((segment, i) => {
      const to = end(segment, i === segments.length - 1);
      if (segment.kind === "unknown" || (segment.kind === "running" && rateOf(segment) === null)) paused(brush, segment, to, word("unknown_rate"), palette.act);
      else if (segment.kind === "held") paused(brush, segment, to, word("held"), palette.watch);
      else if (segment.kind === "running") step(brush, segment, to);
    });
    joins(brush, running);
    for (const segment of segments) if (segment.kind === "bolus") bolus(brush, segment);
    for (const segment of chart.state.data.dose?.planned ?? []) step(brush, { ...segment, from: Math.max(segment.from, chart.view.nowMs) }, segment.to, { planned: true });
    if (chart.ghost?.rate) ghost(brush);
  }

  function ghost(brush) {
    const rate = Number(chart.ghost.rate.ml_per_h);
    const to = chart.ghost.finish_at ?? chart.view.to;
    brush.line([[chart.view.nowMs, rate], [to, rate], [to + 1, 0]], { colour: brush.palette.ghost, width: 2.5, dash: [6, 4] });
    brush.text(`${word("what_if")} ${number(rate)} mL/h`, brush.x(chart.view.nowMs) + brush.px(8), brush.y(rate) - brush.px(9), { colour: brush.palette.ghost, weight: 650 });
  }

  function units(brush) {
    const y = brush.top - brush.px(11);
    if (chart.narrow) return;
    brush.text("mL/h", brush.left - brush.px(4), y, { align: "right", size: 10.5 });
    if (proportion()) brush.text("mg/kg/h", brush.right + brush.px(chart.gutter().right), y, { align: "right", size: 10.5 });
  }

  return {
    key: "dose", height: 74, times: "top", draw, after: units, range: () => [0, highest()],
    right: {
      range: () => [0, highest() * (proportion() ?? 1)],
      splits: () => (proportion() ? niceSplits(highest() * proportion()) : []),
      label: (value) => number(value, 2),
    },
  };
}

function niceSplits(top) {
  const raw = top / 3;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const unit = [1, 2, 2.5, 5, 10].find((n) => n * ten >= raw) * ten;
  return [0, unit, unit * 2, unit * 3].filter((value) => value <= top);
}
