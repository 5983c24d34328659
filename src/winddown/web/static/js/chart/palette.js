// The stylesheet's colours, resolved for the canvas in the theme of the moment.
const NAMES = ["ink", "ink-2", "line", "edge", "card", "paper", "veil", "grid", "calm", "watch", "act", "watch-soft", "act-soft", "unknown", "unknown-soft", "dose", "dose-fill",
  "effect", "plasma", "norketamine", "second", "pressure", "pulse", "spo2", "breaths", "ghost", "now"];

/** {effect: "rgb(...)", ...} with dashes turned into underscores. */
export function readPalette(holder) {
  const probe = document.createElement("span");
  probe.hidden = true;
  holder.append(probe);
  const palette = {};
  for (const name of NAMES) {
    probe.style.color = `var(--wd-${name})`;
    palette[name.replace(/-/g, "_")] = getComputedStyle(probe).color;
  }
  probe.remove();
  return palette;
}

/** The same colour, thinner. */
export function thin(colour, alpha) {
  return colour.replace(/^rgb\(/, "rgba(").replace(/\)$/, `, ${alpha})`);
}
