// One beat a second for a train of pinpricks: seen, heard and felt, so that the eyes can stay on the skin.
let context = null;

function tick(last) {
  if (!globalThis.AudioContext) return;
  context ??= new AudioContext();
  if (context.state !== "running") return;
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.frequency.value = last ? 990 : 660;
  loudness.gain.setValueAtTime(0.25, context.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.12);
  tone.connect(loudness).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.13);
}

/** Counts `beats` beats, `everyMs` apart; calls onBeat with each number and resolves after the last. `stop` ends it early. */
export function train({ beats, everyMs, onBeat }) {
  if (globalThis.AudioContext) {
    context ??= new AudioContext();
    context.resume?.().catch(() => {});
  }
  const begun = performance.now();
  let count = 0;
  let timer = null;
  let finish = null;
  const done = new Promise((resolve) => { finish = resolve; });
  const beat = () => {
    count += 1;
    onBeat(count);
    tick(count === beats);
    navigator.vibrate?.(count === beats ? 200 : 40);
    if (count === beats) return finish(true);
    timer = setTimeout(beat, Math.max(0, begun + count * everyMs - performance.now()));
  };
  beat();
  return { done, stop: () => { clearTimeout(timer); finish(false); } };
}
