// Keeps the diary's form on this phone, so that its link opens again without a network. <form data-offline="address of the worker">.
const form = document.querySelector("form[data-offline]");
const fromPhone = "fromPhone" in document.documentElement.dataset;

/** The files that drew this page. */
function files() {
  const used = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  return [...new Set(used.filter((url) => url.origin === location.origin).map((url) => url.pathname))].filter((path) => path.startsWith("/static/"));
}

async function keep() {
  await navigator.serviceWorker.register(form.dataset.offline);
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => { if (data.kept) form.dataset.offlineKept = ""; };
  active.postMessage({ files: files() }, [port2]);
}

const note = document.querySelector("[data-from-phone-note]");
if (note) note.hidden = !fromPhone;
if (form && !fromPhone && "serviceWorker" in navigator) {
  const start = () => keep().catch(() => { /* the page works as before, with a network */ });
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}
