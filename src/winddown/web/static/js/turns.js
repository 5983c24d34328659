// Two questions may be under way at once, and the answer to the older may come last. What is shown never goes back in time.

/** turns()() when a question is asked gives a function that says, when its answer has come, whether nothing newer is shown yet. */
export function turns() {
  let asked = 0, shown = 0;
  return () => {
    const mine = ++asked;
    return () => {
      if (mine < shown) return false;
      shown = mine;
      return true;
    };
  };
}
