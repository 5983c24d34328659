// What the chart knows: the server's answer plus every announcement since. Says which lanes have something new.
const LANE_OF_KIND = {
  systolic: "pressure", diastolic: "pressure", heart_rate: "pulse", pulse_rate: "pulse", spo2: "spo2", respiratory_rate: "breaths", etco2: "etco2",
};

/** What may teach this patient's lines: the forecast is asked for again. */
const TEACHES = new Set(["systolic", "cadss6", "moaas", "pain"]);

function asReading(kind, [t, value, label, source, words]) {
  return { kind, t, value, label: label ?? "accepted", source, words: words ?? "" };
}

export class ChartState {
  constructor(data) {
    this.patient = "this";
    this.replace(data);
  }

  replace(data) {
    this.data = data;
    this.readings = new Map();
    for (const kind of Object.keys(LANE_OF_KIND)) {
      const rows = (data.readings?.[kind] ?? []).map((row) => asReading(kind, row));
      this.readings.set(kind, rows.sort((one, other) => one.t - other.t));
    }
    this.upTo = data.announcement ?? 0;
    this.takeForecast(data.forecast);
  }

  /** The forecast as it is drawn: this patient's lines in the places of the typical patient's, unless the typical one is asked for. */
  shown(forecast) {
    return forecast?.personal && this.patient === "this" ? { ...forecast, ...forecast.personal } : forecast;
  }

  takeForecast(forecast) {
    this.whole = forecast;
    this.data.forecast = this.shown(forecast);
  }

  /** "this" or "typical". */
  choosePatient(patient) {
    this.patient = patient;
    this.takeForecast(this.whole);
  }

  of(kind) {
    return this.readings.get(kind) ?? [];
  }

  /** The newest accepted reading of a kind, or undefined. */
  latest(kind) {
    return this.of(kind).findLast((reading) => reading.label === "accepted");
  }

  /** Puts a reading in its place by observed time: late ones arrive after newer ones. */
  insert(reading) {
    const rows = this.readings.get(reading.kind);
    if (!rows || rows.some((other) => other.t === reading.t && other.value === reading.value && other.label === reading.label)) return null;
    let place = rows.length;
    while (place > 0 && rows[place - 1].t > reading.t) place -= 1;
    rows.splice(place, 0, reading);
    return reading;
  }

  /**
   * Applies one announcement. Returns {lanes: Set of lanes to draw again, fresh: new readings, refetch, reforecast}.
   */
  apply(announcement) {
    const change = { lanes: new Set(), fresh: [], refetch: false, reforecast: false };
    const { n, kind, body = {} } = announcement;
    if (n && n <= this.upTo) return change;
    this.upTo = Math.max(this.upTo, n ?? 0);
    if (kind === "readings") this.takeReadings(body.readings ?? [], change);
    if (kind === "alarm") this.takeAlarm(body, change);
    if (kind === "event" || kind === "status") this.takeEvent(body, change);
    return change;
  }

  takeReadings(rows, change) {
    for (const [kind, ...row] of rows) {
      const reading = this.insert(asReading(kind, row));
      if (!reading) continue;
      change.fresh.push(reading);
      change.lanes.add(LANE_OF_KIND[kind]);
      if (TEACHES.has(kind)) change.reforecast = true;
    }
  }

  takeAlarm(alarm, change) {
    if (!alarm.id) { change.refetch = true; return; }
    this.data.alarms = [...(this.data.alarms ?? []).filter((other) => other.id !== alarm.id), alarm];
    change.lanes.add("marks");
  }

  /** An event that brings its own drawing is drawn at once; any other says: ask for everything again. */
  takeEvent(body, change) {
    const { mark, score, dose } = body;
    if (mark?.id) { this.data.marks = [...(this.data.marks ?? []).filter((other) => other.id !== mark.id), mark]; change.lanes.add("marks"); change.reforecast ||= mark.kind === "rescue_given"; }
    if (score?.scale) { this.data.scores = [...(this.data.scores ?? []).filter((other) => !score.id || other.id !== score.id), score]; change.lanes.add("scores"); change.lanes.add("feeling"); change.reforecast ||= TEACHES.has(score.scale); }
    if (dose?.segments) { this.data.dose = dose; change.lanes.add("dose"); change.reforecast = true; }
    if (!change.lanes.size) change.refetch = true;
  }
}
