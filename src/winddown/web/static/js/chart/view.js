// The stretch of time that all lanes share: the line of now stands two thirds across, and the future is the last third.
const MINUTE_MS = 60_000;

export class View {
  constructor(minutes) {
    this.minutes = minutes;
    this.nowMs = Date.now();
  }

  get spanMs() {
    return this.minutes * MINUTE_MS;
  }

  get from() {
    return this.nowMs - (this.spanMs * 2) / 3;
  }

  get to() {
    return this.nowMs + this.spanMs / 3;
  }

  /** Moves the view; false when the move is too small to be seen on `pixels`. */
  moveTo(nowMs, pixels) {
    if (Math.abs(nowMs - this.nowMs) < this.spanMs / Math.max(pixels, 1)) return false;
    this.nowMs = nowMs;
    return true;
  }
}
