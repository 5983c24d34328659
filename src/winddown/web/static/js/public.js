// A form of the public site, <form data-hold="key">: what is typed stays on this device until the server has it, and a dropped connection
// only makes it wait. Without this script the form is a plain form.
const AGAIN_MS = 12_000;
const words = new Map([...(document.querySelector("#hold-words")?.content.querySelectorAll("[data-word]") ?? [])].map((one) => [one.dataset.word, one.textContent]));

function hold(form) {
  const key = `winddown.hold.${location.pathname}.${form.dataset.hold}`;
  const fields = [...form.elements].filter((field) => field.name && !["hidden", "submit", "password"].includes(field.type) && field.tabIndex >= 0);
  const note = form.querySelector("[data-hold-says]");
  let timer = null;
  let flying = false;

  function say(word) { if (note) note.textContent = words.get(word) ?? ""; }
  function keep() {
    try { localStorage.setItem(key, JSON.stringify(fields.map((field) => [field.name, field.value]))); say("kept"); } catch { /* a private window: the page itself holds the typing */ }
  }
  function forget() { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } }
  function bringBack() {
    let kept = [];
    try { kept = JSON.parse(localStorage.getItem(key) ?? "[]"); } catch { return; }
    for (const [name, value] of kept) {
      const field = fields.find((other) => other.name === name);
      if (field && value && !field.value) { field.value = value; say("back"); }
    }
  }

  /** Sent when it can be. What the server answers with is the next page; a refusal is shown by sending it the plain way. */
  async function send() {
    clearTimeout(timer);
    if (flying) return;
    flying = true;
    say("sending");
    try {
      const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
      if (response.status >= 500) throw new TypeError("the server is not there");
      if (!response.redirected) return form.submit();
      forget();
      location.assign(response.url);
    } catch {
      say("waits");
      timer = setTimeout(send, AGAIN_MS);
    } finally { flying = false; }
  }

  bringBack();
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => { event.preventDefault(); keep(); send(); });
  addEventListener("online", () => { if (timer) send(); });
  form.dataset.holding = "";
}

for (const form of document.querySelectorAll("form[data-hold]")) hold(form);
