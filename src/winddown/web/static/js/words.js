// Sentences of the page in the reader's language, times in the reader's manner, and numbers the same for everyone.
const words = new Map();
for (const element of document.querySelector("template#page-words")?.content.querySelectorAll("[data-word]") ?? []) {
  words.set(element.dataset.word, element.textContent);
}

const language = document.documentElement.lang || "en";
const clocks = new Map();

/** The sentence called `key` with its {places} filled. An unknown key is shown as itself, so that it is noticed. */
export function word(key, values = {}) {
  const sentence = words.get(key) ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function hasWord(key) {
  return words.has(key);
}

/** Epoch milliseconds as "14:32", or "14:32:05" with seconds, in the given zone, or the page's. */
export function clockTime(ms, { seconds = false, zone } = {}) {
  const key = `${seconds}${zone}`;
  if (!clocks.has(key)) {
    const style = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone || document.body.dataset.zone || undefined };
    clocks.set(key, new Intl.DateTimeFormat(language, seconds ? { ...style, second: "2-digit" } : style));
  }
  return clocks.get(key).format(ms);
}

/** A number for reading, at most `digits` decimals, with a point in every language: 52,5 mL/h can be read as 525. Null is a dash, never zero. */
export function number(value, digits = 1) {
  if (value === null || value === undefined || value === "" || Number.isNaN(Number(value))) return "–";
  return new Intl.NumberFormat("en", { maximumFractionDigits: digits, useGrouping: false }).format(Number(value));
}

/** A span of milliseconds as "just now", "40 s ago", "2 min ago", "1 h 5 min ago". */
export function ago(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 5) return word("ago_now");
  if (s < 60) return word("ago_s", { n: s });
  const min = Math.floor(s / 60);
  return min < 60 ? word("ago_min", { n: min }) : word("ago_h", { h: Math.floor(min / 60), n: min % 60 });
}

/** A span of milliseconds as "0:42", "25:12" or "1:05:09". */
export function stopwatch(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor(s / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}
