// Which step comes next, from the drawn order and the answers that stand. The server judges the results; this only leads the hand.
// It follows the same rules as domain/sensory/answers.py and threshold.py, and a test holds the two together.

/** Where a threshold series stands: the number of turning points and the force to take now, or null when it is done. */
export function follow(felt, { series, forces }) {
  let place = 0;
  let up = true;
  let turns = 0;
  for (const answer of felt) {
    if (turns === 2 * series) break;
    const changed = (answer === "sharp") === up;
    const atEnd = !changed && place === (up ? forces.length - 1 : 0);
    if (changed || atEnd) {
      turns += 1;
      up = !up;
    }
    if (!atEnd) place = Math.min(Math.max(place + (up ? 1 : -1), 0), forces.length - 1);
  }
  return { turns, up, force: turns === 2 * series ? null : forces[place] };
}

/** What stands: the entries of each step, the status, the last answer. Entries are in the order in which they happened. */
export function standing(state) {
  const gone = new Set(state.entries.map((entry) => entry.takes_back).filter(Boolean));
  const live = state.entries.filter((entry) => !gone.has(entry.id));
  const byStep = new Map();
  for (const entry of live.filter(({ kind }) => ["answer", "skipped"].includes(kind))) {
    const more = state.steps[entry.step - 1]?.kind === "series";
    byStep.set(entry.step, more ? [...(byStep.get(entry.step) ?? []), entry] : [entry]);
  }
  const moves = live.map(({ kind }) => kind).filter((kind) => ["finished", "stopped", "paused", "resumed"].includes(kind));
  const ended = moves.findLast((kind) => ["finished", "stopped"].includes(kind));
  const answered = live.filter(({ kind }) => ["answer", "skipped"].includes(kind));
  return { byStep, status: ended ?? (moves.at(-1) === "paused" ? "paused" : "running"), last: answered.at(-1) ?? null };
}

export function seriesOf(state, told, step) {
  const felt = (told.byStep.get(step.number) ?? []).filter(({ kind }) => kind === "answer").map(({ data }) => data.felt);
  return follow(felt, state);
}

export function isDone(state, told, step) {
  const entries = told.byStep.get(step.number) ?? [];
  if (step.kind !== "series" || entries.some(({ kind }) => kind === "skipped")) return entries.length > 0;
  return seriesOf(state, told, step).force === null;
}

export function nextStep(state, told) {
  return state.steps.find((step) => !isDone(state, told, step)) ?? null;
}
