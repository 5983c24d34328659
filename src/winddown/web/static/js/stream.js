// One event stream with its own way back: resumes after the last number heard, waits longer after each failure, and takes
// silence for a broken line. Runs in a shared worker or in the page.
const SILENCE_MS = 15_000;
const LONGEST_WAIT_MS = 5_000; // a chart that is not live is looked at by a nurse: never long after the line is back

export class Stream {
  /** `tell` is called with {type: "announcement", announcement} and {type: "alive", after}. */
  constructor(url, after, tell) {
    this.url = url;
    this.after = after ?? null;
    this.tell = tell;
    this.failures = 0;
    this.heardAt = Date.now();
    this.open();
    setInterval(() => this.watch(), 1000);
  }

  open() {
    clearTimeout(this.timer);
    this.timer = null;
    this.source?.close();
    this.heardAt = Date.now();
    const url = new URL(this.url);
    if (this.after !== null) url.searchParams.set("after", this.after);
    this.source = new EventSource(url);
    this.source.addEventListener("announcement", (event) => this.take(event));
    for (const kind of ["hello", "alive"]) this.source.addEventListener(kind, (event) => this.hear(event));
    this.source.addEventListener("error", () => this.retry());
  }

  /** The server says that it is there; the first word also says where the numbers stand. */
  hear(event) {
    this.heardAt = Date.now();
    this.failures = 0;
    this.after ??= JSON.parse(event.data).n;
    this.tell({ type: "alive", after: this.after });
  }

  take(event) {
    const announcement = JSON.parse(event.data);
    this.heardAt = Date.now();
    this.failures = 0;
    const n = Number(announcement.n ?? event.lastEventId) || 0;
    if (n && this.after !== null && n <= this.after) return;
    this.after = Math.max(this.after, n);
    this.tell({ type: "announcement", announcement });
  }

  retry() {
    if (this.timer) return;
    this.source.close();
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures += 1;
    this.timer = setTimeout(() => this.open(), wait);
  }

  watch() {
    if (!this.timer && Date.now() - this.heardAt > SILENCE_MS) this.retry();
  }

  hurry() {
    if (this.timer) this.open();
  }
}
