// Which given limit a value has passed: a comparison for drawing. The alarms themselves are raised by the server alone.
import { number, word } from "../words.js";

const LEVELS = { hold: "act", stop: "act" };

/** Names of the protocol's tiers, as keys of the page's words. */
export const LIMIT_NAMES = { recheck: "limit_recheck", notify: "limit_notify", hold: "limit_hold", stop: "limit_stop", relative: "limit_relative" };

function readLimit(name) {
  const parts = name.split("_");
  const side = parts.includes("low") ? "low" : parts.includes("high") ? "high" : null;
  const kind = parts.find((part) => part !== "low" && part !== "high") ?? "plain";
  return { side, kind, level: LEVELS[kind] ?? "watch" };
}

const parsed = new WeakMap();

/** Limits of one kind, read once: [{at, side, kind, level}]. */
function readLimits(limits) {
  if (!limits) return [];
  if (!parsed.has(limits)) {
    const all = Object.entries(limits).filter(([, at]) => at !== null).map(([name, at]) => ({ at, ...readLimit(name) }));
    const named = (limit) => all.some((other) => other !== limit && other.kind !== "plain" && other.side === limit.side && other.at === limit.at);
    parsed.set(limits, all.filter((limit) => limit.kind !== "plain" || !named(limit)));
  }
  return parsed.get(limits);
}

function passed(value, side, limit) {
  return side === "high" ? value >= limit : value < limit;
}

function farther(side, one, other) {
  return side === "high" ? one > other : one < other;
}

function limitWords(kind, limit) {
  const key = LIMIT_NAMES[kind] ?? "limit_plain";
  return word(key, { n: number(limit) });
}

/** {level: "calm"} or {level, side, at, words: "above hold limit 180"} for the farthest limit passed. */
export function judge(value, limits) {
  let worst = { level: "calm" };
  for (const limit of readLimits(limits)) {
    if (!limit.side || !passed(value, limit.side, limit.at)) continue;
    const outranks = worst.level === "calm" || (limit.level === "act" && worst.level !== "act") || (limit.level === worst.level && farther(limit.side, limit.at, worst.at));
    if (outranks) worst = limit;
  }
  if (worst.level === "calm") return worst;
  worst.words ??= word(worst.side === "high" ? "above" : "below", { limit: limitWords(worst.kind, worst.at) });
  return worst;
}

/** Limits of one kind as lines to draw: [{at, level, kind}]. */
export function limitLines(limits) {
  return readLimits(limits);
}
