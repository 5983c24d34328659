// The server's clock as this page knows it. Devices on a trolley have wrong clocks; drawn times must not.
let offsetMs = 0;

export function now() {
  return Date.now() + offsetMs;
}

/** Called with the server's "now" of an answer that has just arrived. */
export function learn(serverNowMs) {
  offsetMs = serverNowMs - Date.now();
}
