// Lane 2: plasma thin, effect site thick, norketamine dotted, hydroxynorketamine on request, 50 and 90 % bands, a second model, thresholds, and the what-if ghost.
import { clockTime, word } from "../words.js";
import { thin } from "./palette.js";

function course(times, values) {
  return (values ?? []).map((value, i) => [times[i], value]);
}

function top(...lists) {
  return Math.max(0, ...lists.flat().filter((value) => value !== null && value !== undefined));
}

export function concentrationLane(chart) {
  const button = chart.section.querySelector("[data-further] button");
  const further = () => (button?.getAttribute("aria-pressed") === "true" ? forecast()?.hydroxynorketamine?.p50 ?? [] : []);
  button?.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    chart.touch(["concentration"]);
  });
  const forecast = () => chart.state.data.forecast;

  function highest() {
    const main = forecast();
    const ghost = chart.ghost?.forecast;
    const thresholds = (main?.thresholds ?? []).map((threshold) => threshold.ng_per_ml);
    const peak = top(main?.plasma?.p95 ?? [], main?.effect_site?.p95 ?? [], main?.norketamine?.p50 ?? [], further(), ghost?.effect_site?.p95 ?? []);
    return Math.max(20, Math.max(peak, ...thresholds.filter((at) => at < peak * 1.4)) * 1.12);
  }

  function behind(brush) {
    const from = forecast()?.unknown_from;
    if (!from) return;
    brush.fillTime(from, chart.view.to, thin(brush.palette.unknown, 0.12));
    brush.hatch(from, chart.view.to, thin(brush.palette.unknown, 0.35));
  }

  function bands(brush, main) {
    const { palette } = brush;
    if (main.plasma?.p05) brush.band(main.times, main.plasma.p05, main.plasma.p95, palette.plasma, 0.09);
    if (main.effect_site?.p05) brush.band(main.times, main.effect_site.p05, main.effect_site.p95, palette.effect, 0.14);
    if (main.effect_site?.p25) brush.band(main.times, main.effect_site.p25, main.effect_site.p75, palette.effect, 0.22);
  }

  function lines(brush, main) {
    const { palette } = brush;
    if (main.second?.plasma_p50) brush.line(course(main.times, main.second.plasma_p50), { colour: palette.second, width: 1.5, dash: [8, 4] });
    brush.line(course(main.times, further()), { colour: palette.norketamine, width: 1.5, dash: [8, 3, 2, 3] });
    brush.line(course(main.times, main.norketamine?.p50), { colour: palette.norketamine, width: 2.25, dash: [0.1, 5], round: true });
    brush.line(course(main.times, main.plasma?.p50), { colour: palette.plasma, width: 1.25 });
    brush.line(course(main.times, main.effect_site?.p50), { colour: palette.effect, width: 3.5, round: true });
  }

  function thresholds(brush, main) {
    for (const { ng_per_ml: at, words } of main.thresholds ?? []) {
      if (at > highest()) continue;
      brush.level(at, { colour: brush.palette.edge, width: 1, dash: [2, 3] });
      brush.text(words, brush.left + brush.px(6), brush.y(at) - brush.px(8), { size: 10.5 });
    }
  }

  function ghost(brush) {
    const { palette } = brush;
    const drawn = chart.ghost.forecast;
    if (drawn?.effect_site) {
      brush.line(course(drawn.times, drawn.effect_site.p95), { colour: palette.ghost, width: 1, dash: [2, 4] });
      brush.line(course(drawn.times, drawn.effect_site.p05), { colour: palette.ghost, width: 1, dash: [2, 4] });
      brush.line(course(drawn.times, drawn.effect_site.p50).filter(([t]) => t >= chart.view.nowMs), { colour: palette.ghost, width: 3, dash: [7, 5] });
    }
    if (chart.ghost.finish_at) finish(brush, chart.ghost.finish_at, palette.ghost, word("what_if"));
  }

  function finish(brush, at, colour, prefix = "") {
    if (at < chart.view.nowMs || at > chart.view.to) return;
    brush.upright(at, { colour, width: 1.25, dash: [4, 3] });
    const words = `${prefix} ${word("finish_at", { time: clockTime(at, { zone: chart.zone() }) })}`.trim();
    const fits = brush.x(at) + brush.wide(words) + brush.px(8) < brush.right;
    const y = brush.top + brush.px(prefix ? 24 : 9);
    brush.text(words, brush.x(at) + brush.px(fits ? 5 : -5), y, { colour, weight: 600, align: fits ? "left" : "right" });
  }

  function draw(brush) {
    const main = forecast();
    if (!main) {
      brush.text(word("no_forecast"), brush.left + brush.px(8), (brush.top + brush.bottom) / 2);
      return;
    }
    bands(brush, main);
    lines(brush, main);
    thresholds(brush, main);
    if (main.unknown_from) brush.text(word("model_unknown"), brush.x(main.unknown_from) + brush.px(5), brush.bottom - brush.px(9), { weight: 650 });
    if (chart.state.data.session?.finish_at && !chart.ghost) finish(brush, chart.state.data.session.finish_at, brush.palette.ink_2);
    if (chart.ghost) ghost(brush);
  }

  return { key: "concentration", height: 126, draw, behind, range: () => [0, highest()] };
}
