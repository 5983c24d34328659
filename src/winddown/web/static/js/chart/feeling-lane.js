// The predicted course of dissociation, a strip above the scores: a share of the scale for the typical patient; for this patient the
// points that are entered at the chair, with the entered ones as dots. Exploratory: it never ranks or gates a dose.
import { word } from "../words.js";

export function feelingLane(chart) {
  const predicted = () => chart.state.data.forecast?.dissociation;

  function highest() {
    const lists = [predicted()?.p95, chart.ghost?.forecast?.dissociation?.p95].filter(Boolean).flat().filter((value) => value !== null);
    const top = predicted()?.top ?? 1;
    return Math.max(...(points().map((score) => score.value + 1)), top > 24 ? top : Math.min(top, Math.max(8, ...lists)), 1) * 1.08;
  }

  /** CADSS-6 as entered, where the line is in its points. */
  function points() {
    return predicted()?.unit === "CADSS-6" ? (chart.state.data.scores ?? []).filter((score) => score.scale === "cadss6" && score.value !== null) : [];
  }

  function draw(brush) {
    const forecast = chart.state.data.forecast;
    if (!predicted()) return;
    const { palette } = brush;
    brush.band(forecast.times, predicted().p05, predicted().p95, palette.pulse, 0.13);
    brush.line(predicted().p50.map((value, i) => [forecast.times[i], value]), { colour: palette.pulse, width: 1.75 });
    const ghost = chart.ghost?.forecast;
    if (ghost?.dissociation) brush.line(ghost.dissociation.p50.map((value, i) => [ghost.times[i], value]).filter(([t]) => t >= chart.view.nowMs), { colour: palette.ghost, width: 2.5, dash: [7, 5] });
    for (const { at, value } of points()) brush.dot(at, value, { colour: palette.ink_2, radius: 3.5 });
    brush.text(word(chart.narrow ? "exploratory" : "predicted_pressure"), brush.x(chart.view.nowMs) + brush.px(6), brush.top + brush.px(8), { size: 10.5, colour: palette.pulse, halo: palette.veil });
  }

  return { key: "feeling", height: 52, draw, range: () => [0, highest()] };
}
