// Which given limit a value has passed: a comparison for drawing. The alarms themselves are raised by the server alone.
import { number, word } from "../words.js";

const LEVELS = { hold: "act", stop: "act", emergency: "act" };

function readLimit(name) {
  const parts = name.split("_");
  const side = parts.includes("low") ? "low" : parts.includes("high") ? "high" : null;
  const kind = parts.find((part) => part !== "low" && part !== "high") ?? "plain";
  return { side, kind, level: LEVELS[kind] ?? "watch" };
}

function passed(value, side, limit) {
  return side === "high" ? value >= limit : value < limit;
}

function farther(side, one, other) {
  return side === "high" ? one > other : one < other;
}

function limitWords(kind, limit) {
  const key = { hold: "limit_hold", stop: "limit_hold", notify: "limit_notify", relative: "limit_relative" }[kind] ?? "limit_plain";
  return word(key, { n: number(limit) });
}

/** {level: "calm"} or {level, side, limit, words: "above hold limit 180"} for the farthest limit passed. */
export function judge(value, limits) {
  let worst = { level: "calm" };
  for (const [name, limit] of Object.entries(limits ?? {})) {
    const { side, kind, level } = readLimit(name);
    if (limit === null || !side || !passed(value, side, limit)) continue;
    const outranks = worst.level === "calm" || (level === "act" && worst.level !== "act") || (level === worst.level && farther(side, limit, worst.limit));
    if (outranks) worst = { level, side, limit, words: word(side === "high" ? "above" : "below", { limit: limitWords(kind, limit) }) };
  }
  return worst;
}

/** Limits of one kind as lines to draw: [{at, level, kind}]. */
export function limitLines(limits) {
  return Object.entries(limits ?? {}).filter(([, at]) => at !== null).map(([name, at]) => ({ at, ...readLimit(name) }));
}
