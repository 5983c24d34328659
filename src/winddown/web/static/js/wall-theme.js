// The wall is dark unless this device was told otherwise: it hangs in a dim room. Runs before the first paint.
(() => {
  const KEY = "winddown.wall-theme";
  const root = document.documentElement;

  function chosen() {
    try { return localStorage.getItem(KEY) || "dark"; } catch { return "dark"; }
  }

  function apply() {
    if (root.dataset.bsTheme !== chosen()) root.dataset.bsTheme = chosen();
  }

  function toggle() {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    try { localStorage.setItem(KEY, next); } catch { /* a private window forgets; the page still changes */ }
    root.dataset.bsTheme = next;
  }

  document.addEventListener("winddown:theme", apply);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-wall-theme]")) toggle(); });
  apply();
})();
