// A button drawn anew between down and up loses its press, and the person believes it was heard. What replaces pieces of a page
// waits here until no finger and no mouse button is down.
const LONGEST_MS = 3_000; // a release outside the window is never told
let up = Promise.resolve();

document.addEventListener("pointerdown", () => {
  up = new Promise((done) => {
    // The click comes after "up": a turn later both are over.
    const over = () => setTimeout(done);
    setTimeout(over, LONGEST_MS);
    for (const end of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(end, over, { once: true, capture: true });
  });
}, true);

/** Resolves when nothing is pressed; at once where nothing is. */
export function letGo() {
  return up;
}
