// Pieces of a page that follow the news: data-refresh-url="address of the piece", data-refresh-on="event alarm status" (kinds),
// data-session or data-chair to follow one only. The piece is morphed, so that focus and typing stay where they are.
const WAIT_MS = 300;
const timers = new WeakMap();

function concerns(piece, { kind, session, chair }) {
  if (!(piece.dataset.refreshOn ?? "event alarm status").split(/\s+/).includes(kind)) return false;
  if (piece.dataset.session && session && piece.dataset.session !== session) return false;
  return !(piece.dataset.chair && chair && piece.dataset.chair !== chair);
}

function soon(piece) {
  if (timers.has(piece)) return;
  timers.set(piece, setTimeout(() => {
    timers.delete(piece);
    if (piece.isConnected) globalThis.htmx.ajax("GET", piece.dataset.refreshUrl, { target: piece, source: piece, swap: "innerMorph" });
  }, WAIT_MS));
}

function pieces() {
  return document.querySelectorAll("[data-refresh-url]");
}

export function start() {
  document.addEventListener("winddown:announcement", ({ detail }) => { for (const piece of pieces()) if (concerns(piece, detail)) soon(piece); });
  for (const kind of ["winddown:resync", "winddown:unlocked"]) document.addEventListener(kind, () => pieces().forEach(soon));
  document.addEventListener("winddown:connection", ({ detail }) => { if (detail.state === "live" && detail.before === "stale") pieces().forEach(soon); });
}
