// The sound of an alarm: bursts of short tones, more and quicker the more urgent. Made here, so that no file can be missing.
const BURSTS = {
  high: { pulses: [0, 0.25, 0.5, 1.0, 1.25], pitch: 880, length: 0.16, every: 5 },
  medium: { pulses: [0, 0.35, 0.7], pitch: 660, length: 0.22, every: 15 },
  low: { pulses: [0, 0.5], pitch: 523, length: 0.28, every: 30 },
};

const WAKE_MS = 1000;
let context = null;

/** "running" when sound can be heard; "suspended" until a person has touched the page; "none" without audio. */
export function soundState() {
  if (!globalThis.AudioContext) return "none";
  context ??= new AudioContext();
  return context.state;
}

/** Asks for sound. A machine without an output never answers: after a second the state stands as it is. */
export async function wake() {
  if (soundState() === "suspended") {
    await Promise.race([context.resume().catch(() => {}), new Promise((done) => setTimeout(done, WAKE_MS))]);
  }
  return soundState();
}

function pulse(at, { pitch, length }) {
  const tone = context.createOscillator();
  const overtone = context.createOscillator();
  const loudness = context.createGain();
  tone.frequency.value = pitch;
  overtone.frequency.value = pitch * 3;
  overtone.type = "triangle";
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.35, at + 0.02);
  loudness.gain.setValueAtTime(0.35, at + length - 0.04);
  loudness.gain.linearRampToValueAtTime(0, at + length);
  for (const source of [tone, overtone]) {
    source.connect(loudness);
    source.start(at);
    source.stop(at + length);
  }
  loudness.connect(context.destination);
}

/** Plays one burst of the given severity; false when nothing could be heard. */
export function burst(severity) {
  if (soundState() !== "running") return false;
  const form = BURSTS[severity] ?? BURSTS.medium;
  for (const offset of form.pulses) pulse(context.currentTime + offset, form);
  return true;
}

export function secondsBetween(severity) {
  return (BURSTS[severity] ?? BURSTS.medium).every;
}
