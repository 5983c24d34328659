// What if the rate were another: one debounced question to the server, its answer drawn as a ghost. Nothing is ordered here;
// a second gesture opens the rate change with the number filled in.
import { clockTime, number, word } from "./words.js";
import { levelLine } from "./chart/heads.js";

const WAIT_MS = 60;
const FINDING_LEVEL = { stop: "act", two_signatures: "watch", ask: "watch" };

class WhatIf {
  constructor(chart, form) {
    this.chart = chart;
    this.form = form;
    this.slider = form.elements.rate_ml_per_h;
    this.orderWords = form.querySelector("[data-order]").textContent;
    this.slider.addEventListener("input", () => this.moved());
    form.addEventListener("submit", (event) => { if (!this.asked) event.preventDefault(); });
    form.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.asked) this.clear(); });
    chart.section.addEventListener("winddown:drawn", ({ detail }) => { if (detail.lanes.includes("dose")) this.follow(); });
    chart.section.addEventListener("winddown:patient", () => { if (this.asked && chart.ghost) this.results(chart.ghost); });
    this.dragLane(chart.lanes.get("dose"));
  }

  /** While nothing is asked, the slider stands at the rate that runs. */
  follow() {
    const running = (this.chart.state.data.dose?.segments ?? []).findLast((segment) => segment.kind === "running");
    if (this.asked || !running || this.slider.dataset.rateNow === String(running.ml_per_h)) return;
    this.slider.dataset.rateNow = running.ml_per_h;
    this.slider.value = running.ml_per_h;
    this.form.querySelector("[data-rate-words]").textContent = `${number(running.ml_per_h)} mL/h`;
  }

  get rate() { return this.slider.value; }

  moved() {
    this.asked = true;
    this.form.classList.add("is-asking");
    this.form.querySelector("[data-rate-words]").textContent = `${number(this.rate)} mL/h`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  /** The newest question wins; an older answer that is still on its way is dropped. */
  async ask() {
    this.flight?.abort();
    const flight = (this.flight = new AbortController());
    const url = new URL(this.chart.section.dataset.whatIfUrl, location.href);
    url.searchParams.set("rate_ml_per_h", this.rate);
    const asked = performance.now();
    try {
      const response = await fetch(url, { signal: flight.signal, credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      if (flight.signal.aborted) return;
      this.show(answer, performance.now() - asked);
    } catch (error) {
      if (error.name !== "AbortError") this.failed();
    }
  }

  failed() {
    this.chart.setGhost(null);
    this.form.querySelector("[data-took]").textContent = word("what_if_failed");
  }

  show(answer, tookMs) {
    this.chart.setGhost(answer);
    const { form } = this;
    const perKg = answer.rate?.mg_per_kg_h;
    form.querySelector("[data-rate-words]").textContent = `${number(answer.rate?.ml_per_h ?? this.rate)} mL/h`;
    form.querySelector("[data-rate-per-kg]").textContent = perKg === undefined || perKg === null ? "" : `${number(perKg, 2)} mg/kg/h`;
    form.querySelector("[data-took]").textContent = word("what_if_took", { ms: number(Math.round(tookMs), 0) });
    const order = form.querySelector("[data-order]");
    order.disabled = !this.chart.section.dataset.rateChangeUrl;
    order.textContent = word("what_if_order", { rate: number(this.rate) });
    form.querySelector("[data-clear]").disabled = false;
    this.results(this.chart.ghost);
    this.findings(answer.findings ?? []);
    form.dispatchEvent(new CustomEvent("winddown:what-if", { bubbles: true, detail: { tookMs } }));
  }

  results({ forecast, finish_at: finishAt }) {
    const write = (name, main, band, unit) => {
      this.form.querySelector(`[data-what="${name}"]`).textContent = main;
      const small = this.form.querySelector(`[data-band="${name}"]`);
      if (small) small.textContent = band ? `${band} ${unit ?? small.dataset.unit}` : "";
    };
    const ahead = (values) => highest(values, forecast.times, this.chart.view.nowMs);
    const [site, systolic, feeling] = [forecast?.effect_site, forecast?.systolic_rise, forecast?.dissociation].map((values) => (values ? ahead(values) : null));
    write("effect", site ? number(site.p50, 0) : "–", site && `${number(site.p05, 0)}–${number(site.p95, 0)}`);
    write("systolic", systolic ? `+${number(systolic.p50, 0)}` : "–", systolic && `${number(systolic.p05, 0)}–${number(systolic.p95, 0)}`);
    write("dissociation", feeling ? number(feeling.p50, 0) : "–", feeling && `${number(feeling.p05, 0)}–${number(feeling.p95, 0)}`, forecast?.dissociation?.unit);
    write("finish", finishAt ? clockTime(finishAt, { zone: this.chart.zone() }) : "–");
  }

  findings(findings) {
    const items = findings.map(({ severity, words }) => {
      const item = document.createElement("li");
      const level = FINDING_LEVEL[severity] ?? "watch";
      item.className = `wd-level-${level}`;
      levelLine(item, level, `${word(severity)}: ${words}`);
      return item;
    });
    this.form.querySelector("[data-findings]").replaceChildren(...items);
  }

  clear() {
    this.flight?.abort();
    clearTimeout(this.timer);
    this.asked = false;
    const { form } = this;
    form.classList.remove("is-asking");
    this.slider.value = this.slider.dataset.rateNow;
    form.querySelector("[data-rate-words]").textContent = `${number(this.rate)} mL/h`;
    for (const name of ["took", "rate-per-kg"]) form.querySelector(`[data-${name}]`).textContent = "";
    for (const small of form.querySelectorAll("[data-band]")) small.textContent = "";
    form.querySelector("[data-order]").disabled = true;
    form.querySelector("[data-order]").textContent = this.orderWords;
    form.querySelector("[data-clear]").disabled = true;
    for (const holder of form.querySelectorAll("[data-what]")) holder.textContent = "–";
    form.querySelector("[data-findings]").replaceChildren();
    this.chart.setGhost(null);
  }

  /** Dragging in the dose lane moves the slider; by finger the slider is used, so that the page can still be scrolled. */
  dragLane(lane) {
    let dragging = false;
    const toSlider = (event) => {
      const { over } = lane.u;
      const rate = lane.u.posToVal(event.clientY - over.getBoundingClientRect().top, "y");
      const before = this.slider.value;
      this.slider.value = rate;
      if (this.slider.value !== before) this.moved();
    };
    lane.plot.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      dragging = true;
      lane.plot.setPointerCapture(event.pointerId);
      toSlider(event);
    });
    lane.plot.addEventListener("pointermove", (event) => { if (dragging) toSlider(event); });
    for (const kind of ["pointerup", "pointercancel"]) lane.plot.addEventListener(kind, () => { dragging = false; });
  }
}

/** The highest middle value from now on, with its band. */
function highest({ p05, p50, p95 }, times, fromMs) {
  let best = null;
  (p50 ?? []).forEach((value, i) => {
    if (times[i] >= fromMs && value !== null && (best === null || value > p50[best])) best = i;
  });
  return best === null ? null : { p05: p05?.[best], p50: p50[best], p95: p95?.[best] };
}

export function mountWhatIf(chart) {
  const form = chart.section.querySelector("[data-what-if]");
  return form && chart.section.dataset.whatIfUrl ? new WhatIf(chart, form) : null;
}
