// The live infusion chart: one time axis, now two thirds across, the past solid, the future as bands. Data in, lanes out.
import { learn, now } from "./clock.js";
import { connection, heardSince } from "./live.js";
import { turns } from "./turns.js";
import { clockTime, word } from "./words.js";
import { concentrationLane } from "./chart/concentration-lane.js";
import { doseLane } from "./chart/dose-lane.js";
import { feelingLane } from "./chart/feeling-lane.js";
import { momentWords, updateHeads } from "./chart/heads.js";
import { Lane } from "./chart/lane.js";
import { marksLane, scoreLane } from "./chart/layers.js";
import { readPalette } from "./chart/palette.js";
import { pressureLane } from "./chart/pressure-lane.js";
import { ChartState } from "./chart/state.js";
import { updateAbnormal, updateModelWords, updateScoreRows, updateTable } from "./chart/tell.js";
import { trendLane } from "./chart/trend-lane.js";
import { View } from "./chart/view.js";
import { mountWhatIf } from "./whatif.js";

const REFETCH_MS = 250;
const REFORECAST_MS = 40;
const NARROW_PX = 620;
const MINUTE_MS = 60_000;
const PRINT_PX = 700;
const LEAD_MS = 8 * MINUTE_MS;
const OVER = ["discharged", "abandoned"];

class Chart {
  constructor(section, data) {
    this.section = section;
    this.state = new ChartState(data);
    this.view = new View(60);
    this.view.nowMs = this.present();
    this.view.minutes = this.fittingSpan();
    this.ghost = null;
    this.dirty = new Set();
    this.dataTurn = turns();
    this.forecastTurn = turns();
    this.colours = readPalette(section);
    this.narrow = section.clientWidth < NARROW_PX;
    this.lanes = new Map();
    this.build();
    this.words();
    this.listen();
  }

  zone() { return this.state.data.session?.zone; }
  palette() { return this.colours; }
  gutter() { return this.narrow ? { left: 32, right: 34 } : { left: 38, right: 42 }; }

  /** Now; for a visit that is over, the moment of its last fact. */
  present() {
    const { data } = this.state;
    if (!OVER.includes(data.session?.status)) return now();
    const times = [...this.state.readings.values()].map((rows) => rows.at(-1)?.t ?? 0);
    for (const row of [...(data.scores ?? []), ...(data.marks ?? [])]) times.push(row.at);
    for (const segment of data.dose?.segments ?? []) times.push(segment.to ?? segment.from);
    return Math.max(...times, data.session.started_at ?? 0) || now();
  }

  /** The shortest of the offered spans that still shows the start. */
  fittingSpan() {
    const spans = [...this.section.querySelectorAll("[data-span]")];
    const past = this.view.nowMs - (this.state.data.session?.started_at ?? this.view.nowMs) + LEAD_MS;
    const fitting = spans.find((button) => (Number(button.dataset.span) * MINUTE_MS * 2) / 3 >= past) ?? spans.at(-1);
    for (const button of spans) button.setAttribute("aria-pressed", String(button === fitting));
    return Number(fitting.dataset.span);
  }

  specs() {
    return [
      doseLane(this), concentrationLane(this), pressureLane(this),
      trendLane(this, { key: "pulse", kinds: ["heart_rate", "pulse_rate"], colour: "pulse", least: 45, most: 125, splits: [60, 90, 120] }),
      trendLane(this, { key: "spo2", kinds: ["spo2"], colour: "spo2", least: 86, most: 101, splits: [90, 95, 100] }),
      trendLane(this, { key: "breaths", kinds: ["respiratory_rate"], colour: "breaths", least: 4, most: 26, splits: [8, 16, 24] }),
      trendLane(this, { key: "etco2", kinds: ["etco2"], colour: "breaths", least: 25, most: 55, splits: [30, 40, 50] }),
      feelingLane(this), scoreLane(this), marksLane(this),
    ];
  }

  build() {
    this.hideEmpty();
    const shared = { view: this.view, palette: () => this.colours, zone: () => this.zone(), gutter: () => this.gutter(), cursor: (t) => this.inspect(t) };
    for (const spec of this.specs()) {
      const element = this.section.querySelector(`[data-lane="${spec.key}"]`);
      if (!element) continue;
      this.lanes.set(spec.key, new Lane(element, spec, shared));
    }
  }

  /** This patient or the typical one, drawn in the same places. */
  choosePatient(patient) {
    this.state.choosePatient(patient);
    if (this.answer) this.setGhost(this.answer);
    this.hideEmpty();
    this.touchAll();
    this.words();
    this.section.dispatchEvent(new CustomEvent("winddown:patient", { detail: { patient } }));
  }

  hideEmpty() {
    const show = (key, shown) => {
      const element = this.section.querySelector(`[data-lane="${key}"]`);
      if (!element || element.hidden === !shown) return;
      element.hidden = !shown;
      this.lanes.get(key)?.rebuild();
    };
    show("etco2", this.state.of("etco2").length > 0);
    show("feeling", Boolean(this.state.data.forecast?.dissociation));
    const choice = this.section.querySelector("[data-patients]");
    choice.hidden = !this.state.whole?.personal;
    for (const button of choice.querySelectorAll("[data-patient]")) button.setAttribute("aria-pressed", String(button.dataset.patient === this.state.patient));
  }

  words() {
    updateHeads(this);
    updateAbnormal(this);
    updateModelWords(this);
    updateScoreRows(this);
    updateTable(this);
  }

  /** Marks lanes for drawing; they are drawn together in the next frame, the others not at all. */
  touch(keys) {
    for (const key of keys) this.dirty.add(key);
    this.frame ??= requestAnimationFrame(() => this.paint());
    if (document.hidden) { cancelAnimationFrame(this.frame); this.paint(); }
  }

  touchAll() { this.touch(this.lanes.keys()); }

  paint() {
    this.frame = null;
    const drawn = [...this.dirty];
    this.dirty.clear();
    for (const key of drawn) this.lanes.get(key)?.redraw();
    this.section.dispatchEvent(new CustomEvent("winddown:drawn", { detail: { lanes: drawn } }));
  }

  resize() {
    const narrow = this.section.clientWidth < NARROW_PX;
    if (narrow !== this.narrow) {
      this.narrow = narrow;
      for (const lane of this.lanes.values()) lane.rebuild();
    }
    for (const lane of this.lanes.values()) lane.resize();
  }

  repaint() {
    this.colours = readPalette(this.section);
    for (const lane of this.lanes.values()) lane.rebuild();
  }

  setGhost(answer) {
    this.answer = answer;
    this.ghost = answer && { ...answer, forecast: this.state.shown(answer.forecast) };
    this.touch(["dose", "concentration", "pressure", "feeling"]);
  }

  take(announcement) {
    if (announcement.session && announcement.session !== this.state.data.session.ref && announcement.session !== this.section.dataset.session) return;
    const change = this.state.apply(announcement);
    if (change.refetch) this.refetchSoon();
    if (change.reforecast) this.reforecastSoon();
    if (!change.lanes.size) return;
    this.hideEmpty();
    if (change.lanes.has("scores")) this.lanes.get("scores").resize();
    this.touch(change.lanes);
    updateHeads(this);
    updateAbnormal(this);
    updateScoreRows(this);
    updateTable(this);
  }

  refetchSoon() {
    this.refetchTimer ??= setTimeout(() => { this.refetchTimer = null; this.refetch(); }, REFETCH_MS);
  }

  /** What was heard while the answer was on its way is not in it: it is taken once more, so that nothing shown goes away again. */
  async refetch() {
    const mayShow = this.dataTurn();
    const data = await fetchJson(this.section.dataset.url).catch(() => null);
    if (!data || !mayShow()) return;
    learn(data.now);
    this.state.replace(data);
    for (const announcement of heardSince(data.announcement ?? 0)) this.take(announcement);
    this.hideEmpty();
    this.touchAll();
    this.words();
  }

  reforecastSoon() {
    this.reforecastTimer ??= setTimeout(() => { this.reforecastTimer = null; this.reforecast(); }, REFORECAST_MS);
  }

  async reforecast() {
    const url = this.section.dataset.forecastUrl;
    if (!url) return this.refetchSoon();
    const mayShow = this.forecastTurn();
    const forecast = await fetchJson(url).catch(() => null);
    if (!forecast || !mayShow()) return null;
    this.state.takeForecast(forecast);
    this.hideEmpty();
    this.touch(["dose", "concentration", "pressure", "feeling"]);
    return this.words();
  }

  /** Once a second: ages of values; the time axis moves when that can be seen. A chart that is not live does not move. */
  tick() {
    if (connection().state === "stale" && document.body.dataset.liveUrl) return;
    updateHeads(this);
    if (this.view.moveTo(this.present(), this.lanes.get("dose").u.over.clientWidth)) this.touchAll();
  }

  inspect(t, words = null) {
    this.inspected = t;
    const [time, ...rest] = words ?? momentWords(this, t);
    const bold = document.createElement("b");
    bold.textContent = time;
    this.section.querySelector("[data-inspector]").replaceChildren(bold, rest.length ? ` · ${rest.join(" · ")}` : "");
  }

  step(minutes) {
    const t = Math.min(Math.max((this.inspected ?? this.view.nowMs) + minutes * MINUTE_MS, this.view.from), this.view.to);
    const { u } = this.lanes.get("dose");
    u.setCursor({ left: u.valToPos(t, "x"), top: 0 });
    this.inspect(t);
    this.section.querySelector("[data-announce]").textContent = momentWords(this, t).join(", ");
  }

  showConnection({ state, since }) {
    const stale = state === "stale";
    this.section.classList.toggle("is-stale", stale);
    const said = this.section.querySelector("[data-stale]");
    said.hidden = !stale;
    if (stale) said.querySelector("[data-stale-words]").textContent = word("not_live", { time: clockTime(since, { seconds: true, zone: this.zone() }) });
    else this.tick();
  }

  /** The feed begins where the page was drawn, so its first word brings nothing that is missing; after a silence everything is asked again. */
  reconnect(told) {
    this.showConnection(told);
    if (told.state === "live" && told.before === "stale") this.refetchSoon();
  }

  span(button) {
    for (const other of this.section.querySelectorAll("[data-span]")) other.setAttribute("aria-pressed", String(other === button));
    this.view.minutes = Number(button.dataset.span);
    this.touchAll();
  }

  listen() {
    const { section } = this;
    document.addEventListener("winddown:announcement", ({ detail }) => this.take(detail));
    document.addEventListener("winddown:resync", () => this.refetchSoon());
    document.addEventListener("winddown:unlocked", () => this.refetchSoon());
    document.addEventListener("winddown:connection", ({ detail }) => this.reconnect(detail));
    document.addEventListener("winddown:theme", () => this.repaint());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.tick(); });
    section.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-span]");
      if (button) this.span(button);
      const patient = target.closest("[data-patient]");
      if (patient) this.choosePatient(patient.dataset.patient);
    });
    for (const kind of ["click", "focusin", "pointerover"]) section.addEventListener(kind, ({ target }) => this.point(target));
    section.querySelector("[data-lanes]").addEventListener("keydown", (event) => this.key(event));
    section.querySelector("[data-table]").addEventListener("toggle", () => updateTable(this));
    new ResizeObserver(() => this.resize()).observe(section);
    addEventListener("beforeprint", () => this.printing(true));
    addEventListener("afterprint", () => this.printing(false));
    setInterval(() => this.tick(), 1000);
  }

  point(target) {
    const marked = target.closest?.("[data-inspect]");
    if (!marked) return;
    const [time, ...rest] = marked.dataset.inspect.split(/ (.*)/s);
    this.inspect(null, [time, ...rest.filter(Boolean)]);
  }

  key(event) {
    if (event.target !== event.currentTarget) return;
    const minutes = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!minutes) return;
    event.preventDefault();
    this.step(minutes);
  }

  /** On paper: ink on white, and no wider than the sheet. */
  printing(on) {
    const { dataset } = document.documentElement;
    if (on) {
      this.screenTheme = dataset.bsTheme;
      dataset.bsTheme = "light";
      this.section.style.width = `${PRINT_PX}px`;
      this.screenMinutes = this.view.minutes;
      this.view.minutes = this.fittingSpan();
    } else {
      dataset.bsTheme = this.screenTheme;
      this.section.style.width = "";
      this.view.minutes = this.screenMinutes;
    }
    this.narrow = false;
    this.repaint();
    for (const lane of this.lanes.values()) lane.resize();
  }
}

async function fetchJson(url) {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response.json();
}

/** Draws the chart into its section; without an answer the section says so, and tries again when the feed is back. */
export async function mount(section) {
  let data;
  try {
    data = await fetchJson(section.dataset.url);
  } catch {
    section.querySelector("[data-inspector]").textContent = word("chart_failed");
    section.querySelector("[data-abnormal]").replaceChildren();
    document.addEventListener("winddown:connection", ({ detail }) => { if (detail.state === "live") mount(section); }, { once: true });
    return null;
  }
  learn(data.now);
  const chart = new Chart(section, data);
  mountWhatIf(chart);
  chart.showConnection(connection());
  for (const announcement of heardSince(data.announcement ?? 0)) chart.take(announcement);
  return chart;
}
