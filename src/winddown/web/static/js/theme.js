// Sets light or dark before the first paint. The choice stays on this device; without one the system decides.
(() => {
  const KEY = "winddown.theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try { return localStorage.getItem(KEY); } catch { return null; }
  }

  function apply() {
    root.dataset.bsTheme = chosen() || (system.matches ? "dark" : "light");
    document.dispatchEvent(new CustomEvent("winddown:theme"));
  }

  function toggle() {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    try { localStorage.setItem(KEY, next); } catch { /* a private window forgets; the page still changes */ }
    root.dataset.bsTheme = next;
    document.dispatchEvent(new CustomEvent("winddown:theme"));
  }

  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-theme-toggle]")) toggle(); });
  apply();
})();
