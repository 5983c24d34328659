// Pencil and brush: shapes in the coordinates of a lane. Nothing here knows what is drawn.
import { thin } from "./palette.js";

/** A small helper bound to one uPlot drawing: times and values in, canvas pixels out. */
export class Brush {
  constructor(u, palette) {
    this.u = u;
    this.ctx = u.ctx;
    this.palette = palette;
    this.ratio = devicePixelRatio || 1;
    this.box = u.bbox;
  }

  x(t) { return this.u.valToPos(t, "x", true); }
  y(value, scale = "y") { return this.u.valToPos(value, scale, true); }
  px(n) { return n * this.ratio; }
  get left() { return this.box.left; }
  get right() { return this.box.left + this.box.width; }
  get top() { return this.box.top; }
  get bottom() { return this.box.top + this.box.height; }

  /** uPlot remembers what it last set on the canvas, so every change of ours is undone. */
  apart(work) {
    this.ctx.save();
    work();
    this.ctx.restore();
  }

  clipped(work) {
    this.apart(() => {
      this.ctx.beginPath();
      this.ctx.rect(this.left, this.top, this.box.width, this.box.height);
      this.ctx.clip();
      work();
    });
  }

  stroke({ colour, width = 1, dash = [] }) {
    const { ctx } = this;
    ctx.strokeStyle = colour;
    ctx.lineWidth = this.px(width);
    ctx.setLineDash(dash.map((n) => this.px(n)));
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /** A line through [time, value] pairs; a null value or a gap wider than `gapMs` lifts the pencil. */
  line(points, style, { gapMs = Infinity } = {}) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.lineJoin = "round";
    ctx.lineCap = style.round ? "round" : "butt";
    let before = null;
    for (const [t, value] of points) {
      if (value === null || value === undefined) { before = null; continue; }
      if (before === null || t - before > gapMs) ctx.moveTo(this.x(t), this.y(value));
      else ctx.lineTo(this.x(t), this.y(value));
      before = t;
    }
    this.stroke(style);
  }

  /** The area between two courses over the same times; where either is null there is no area. */
  band(times, low, high, colour, alpha) {
    const { ctx } = this;
    ctx.fillStyle = thin(colour, alpha);
    let run = [];
    const close = () => {
      if (run.length > 1) {
        ctx.beginPath();
        run.forEach((i, place) => (place ? ctx.lineTo(this.x(times[i]), this.y(high[i])) : ctx.moveTo(this.x(times[i]), this.y(high[i]))));
        for (const i of run.toReversed()) ctx.lineTo(this.x(times[i]), this.y(low[i]));
        ctx.fill();
      }
      run = [];
    };
    times.forEach((_, i) => (low[i] === null || high[i] === null || low[i] === undefined ? close() : run.push(i)));
    close();
  }

  level(value, style) {
    const y = Math.round(this.y(value));
    this.ctx.beginPath();
    this.ctx.moveTo(this.left, y);
    this.ctx.lineTo(this.right, y);
    this.stroke(style);
  }

  upright(t, style) {
    const x = Math.round(this.x(t));
    this.ctx.beginPath();
    this.ctx.moveTo(x, this.top);
    this.ctx.lineTo(x, this.bottom);
    this.stroke(style);
  }

  fillTime(from, to, colour) {
    const x = Math.max(this.x(from), this.left);
    this.ctx.fillStyle = colour;
    this.ctx.fillRect(x, this.top, Math.min(this.x(to), this.right) - x, this.box.height);
  }

  /** Slanted lines over a stretch of time: something is paused or not known. */
  hatch(from, to, colour) {
    const { ctx } = this;
    const left = Math.max(this.x(from), this.left);
    const right = Math.min(this.x(to), this.right);
    if (right <= left) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, this.top, right - left, this.box.height);
    ctx.clip();
    ctx.beginPath();
    for (let x = left - this.box.height; x < right; x += this.px(7)) {
      ctx.moveTo(x, this.bottom);
      ctx.lineTo(x + this.box.height, this.top);
    }
    this.stroke({ colour, width: 1.25 });
    ctx.restore();
  }

  dot(t, value, { colour, radius = 3, hollow = false }) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.arc(this.x(t), this.y(value), this.px(radius), 0, 2 * Math.PI);
    ctx.fillStyle = hollow ? this.palette.card : colour;
    ctx.fill();
    if (hollow) this.stroke({ colour, width: 1.5 });
  }

  cross(t, value, { colour, radius = 4 }) {
    const { ctx } = this;
    const x = this.x(t);
    const y = Math.min(Math.max(this.y(value), this.top + this.px(radius + 1)), this.bottom - this.px(radius + 1));
    const r = this.px(radius);
    ctx.beginPath();
    ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r);
    ctx.moveTo(x + r, y - r); ctx.lineTo(x - r, y + r);
    this.stroke({ colour, width: 1.75 });
  }

  /** The sign of a level beside an abnormal value: a triangle for watch, an octagon for act. */
  sign(t, value, level, { above = true } = {}) {
    const { ctx } = this;
    const r = this.px(6);
    const x = this.x(t);
    const wanted = this.y(value) + (above ? -1 : 1) * this.px(11);
    const y = Math.min(Math.max(wanted, this.top + r + 1), this.bottom - r - 1);
    const corners = level === "act" ? 8 : 3;
    const turn = level === "act" ? Math.PI / 8 : -Math.PI / 2;
    ctx.beginPath();
    for (let i = 0; i < corners; i += 1) ctx.lineTo(x + r * Math.cos(turn + (i * 2 * Math.PI) / corners), y + r * Math.sin(turn + (i * 2 * Math.PI) / corners));
    ctx.closePath();
    ctx.fillStyle = this.palette[level];
    ctx.fill();
    this.stroke({ colour: this.palette.card, width: 1 });
    return y;
  }

  /** Words on the canvas, with a halo in the ground's colour so that they stay readable on lines. */
  text(words, x, y, { colour = this.palette.ink_2, size = 11, weight = 500, align = "left", baseline = "middle", halo = this.palette.card } = {}) {
    const { ctx } = this;
    ctx.font = `${weight} ${this.px(size)}px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif`;
    ctx.textAlign = align;
    ctx.textBaseline = baseline;
    ctx.lineJoin = "round";
    ctx.strokeStyle = halo;
    ctx.lineWidth = this.px(3);
    ctx.strokeText(words, x, y);
    ctx.fillStyle = colour;
    ctx.fillText(words, x, y);
    return ctx.measureText(words).width;
  }

  /** Words on a small card of the ground's colour, for places where lines cross. */
  tag(words, x, y, { ground = this.palette.card, align = "left", size = 10.5, ...style }) {
    const width = this.wide(words, size, style.weight) + this.px(6);
    this.ctx.fillStyle = ground;
    this.ctx.fillRect(align === "right" ? x - width + this.px(3) : x - this.px(3), y - this.px(6.5), width, this.px(13));
    this.text(words, x, y, { ...style, size, align, halo: ground });
  }

  wide(words, size = 11, weight = 500) {
    this.ctx.font = `${weight} ${this.px(size)}px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif`;
    return this.ctx.measureText(words).width;
  }
}
