// A number that begins with 3 or more has two digits where vital signs are concerned: the pad goes on by itself.
export function shortFields() {
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.(".wd-observe [data-pad-field]:not([data-decimals])")) return;
    target.dataset.most ??= target.dataset.maxDigits;
    const two = /^[3-9]/.test(target.value);
    target.dataset.maxDigits = two ? Math.min(2, Number(target.dataset.most)) : target.dataset.most;
  }, true);
}
