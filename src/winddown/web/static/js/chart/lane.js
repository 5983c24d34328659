// One lane: a uPlot with its own value axis on the shared time axis. A lane draws itself again only when it has something new.
import { clockTime } from "../words.js";
import { Brush } from "./paint.js";

const STEPS_MS = [5, 10, 15, 30, 60, 120].map((minutes) => minutes * 60_000);
const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const TIME_AXIS = 22;

export class Lane {
  /**
   * `spec`: {key, height, range(): [low, high], splits?(): values, draw(brush), behind?(brush), times?: "top" | "bottom", values?: bool,
   * right?: {range, label}}. `shared`: {view, palette(), zone(), gutter(), cursor(t)}.
   */
  constructor(element, spec, shared) {
    this.element = element;
    this.plot = element.querySelector("[data-plot]");
    this.spec = spec;
    this.shared = shared;
    this.build();
  }

  build() {
    const width = Math.max(this.plot.clientWidth, 120);
    this.width = width;
    this.high = this.spec.height;
    this.u = new globalThis.uPlot(this.options(width), this.data(), this.plot);
    for (const canvas of this.plot.querySelectorAll("canvas")) canvas.setAttribute("aria-hidden", "true");
  }

  data() {
    const { view } = this.shared;
    return [[view.from, view.to], [null, null]];
  }

  options(width) {
    const { spec, shared } = this;
    const { left, right } = shared.gutter();
    const high = spec.height + (spec.times ? TIME_AXIS : 0);
    return {
      width, height: high, ms: 1, legend: { show: false }, select: { show: false },
      padding: [spec.times === "top" ? 0 : 4, spec.right ? 0 : right, spec.times === "bottom" ? 0 : 4, 0],
      cursor: { sync: { key: "winddown-chart" }, y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
      scales: {
        x: { time: true, range: () => [shared.view.from, shared.view.to] },
        y: { range: () => spec.range() },
        ...(spec.right ? { r: { range: () => spec.right.range() } } : {}),
      },
      axes: [this.timeAxis(), this.valueAxis(left), ...(spec.right ? [this.rightAxis(right)] : [])],
      series: [{}, { scale: "y", paths: () => null, points: { show: false } }],
      hooks: {
        drawClear: [() => this.behind()],
        draw: [() => this.inFront()],
        setCursor: [(u) => this.pointed(u)],
      },
    };
  }

  timeAxis() {
    const { spec, shared } = this;
    const shown = Boolean(spec.times);
    return {
      side: spec.times === "top" ? 0 : 2, size: shown ? TIME_AXIS : 0, incrs: STEPS_MS, space: 64, gap: 2, font: FONT,
      stroke: () => shared.palette().ink_2, grid: { stroke: () => shared.palette().grid, width: 1 }, ticks: { show: false },
      values: (_, splits) => splits.map((t) => (shown ? clockTime(t, { zone: shared.zone() }) : "")),
    };
  }

  valueAxis(size) {
    const { spec, shared } = this;
    return {
      side: 3, scale: "y", size, gap: 4, font: FONT, show: true,
      stroke: () => shared.palette().ink_2, grid: { show: spec.values !== false, stroke: () => shared.palette().grid, width: 1 }, ticks: { show: false },
      ...(spec.values === false ? { values: (_, splits) => splits.map(() => "") } : {}),
      ...(spec.splits ? { splits: () => spec.splits() } : { space: 26 }),
    };
  }

  rightAxis(size) {
    const { spec, shared } = this;
    return {
      side: 1, scale: "r", size, gap: 4, font: FONT, stroke: () => shared.palette().ink_2, grid: { show: false }, ticks: { show: false },
      splits: () => spec.right.splits(), values: (_, splits) => splits.map((value) => spec.right.label(value)),
    };
  }

  behind() {
    const brush = new Brush(this.u, this.shared.palette());
    brush.clipped(() => {
      brush.fillTime(this.shared.view.nowMs, this.shared.view.to, brush.palette.veil);
      this.spec.behind?.(brush);
    });
  }

  inFront() {
    const brush = new Brush(this.u, this.shared.palette());
    brush.clipped(() => {
      this.spec.draw?.(brush);
      brush.upright(this.shared.view.nowMs, { colour: brush.palette.now, width: 1.5 });
    });
    brush.apart(() => this.spec.after?.(brush));
    this.spec.layer?.(this);
  }

  pointed(u) {
    if (u.cursor.left >= 0 && u.cursor.event) this.shared.cursor(u.posToVal(u.cursor.left, "x"));
  }

  redraw() {
    if (this.element.hidden) return;
    this.u.setData(this.data());
  }

  resize() {
    if (this.element.hidden || !this.plot.clientWidth) return;
    if (this.plot.clientWidth === this.width && this.high === this.spec.height) return;
    this.rebuild();
  }

  /** A new canvas, for a new width, height or theme. */
  rebuild() {
    this.u.destroy();
    this.build();
  }
}
