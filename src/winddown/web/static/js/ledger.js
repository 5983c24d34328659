// The ledger's small helps: one more and one less while counting, printing, and scanning with a reader or the camera.
const FORMATS = ["data_matrix", "qr_code", "code_128"];

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (step) {
    const field = step.parentElement.querySelector("input");
    field.value = Math.max(0, (Number.parseInt(field.value, 10) || 0) + Number(step.dataset.step));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (event.target.closest("[data-print]")) print();
});

// A reader types the code and sends Enter: that ends the scan, it does not send the form.
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-receive] [data-scan]");
  if (field && event.key === "Enter") { event.preventDefault(); ask(field); }
});
document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-receive] [data-scan]");
  if (field) ask(field);
});

async function ask(field) {
  const form = field.closest("[data-receive]");
  const said = form.querySelector("[data-scan-said]");
  if (!field.value.trim()) return;
  const answer = await fetch(`${form.dataset.receive}?code=${encodeURIComponent(field.value)}`, { headers: { Accept: "application/json" } });
  const told = await answer.json();
  said.className = `wd-status wd-level-${answer.ok ? "calm" : "act"}`;
  said.textContent = answer.ok ? [told.name, told.lot, told.expires_on].filter(Boolean).join(" · ") : `${told.refused} ${told.way_out}`;
  if (!answer.ok) return;
  form.elements.product.value = told.product;
  if (told.lot) form.elements.lot.value = told.lot;
  if (told.expires_on) form.elements.expires_on.value = told.expires_on;
}

// The camera, where the browser can read codes by itself. Without it the field takes a reader or typing.
async function look(field, button) {
  const detector = new globalThis.BarcodeDetector({ formats: FORMATS });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, playsInline: true, className: "wl-camera" });
  button.after(video);
  await video.play();
  const stop = () => { stream.getTracks().forEach((track) => track.stop()); video.remove(); };
  const tick = async () => {
    if (!video.isConnected) return;
    const [found] = await detector.detect(video);
    if (!found) { setTimeout(tick, 150); return; }
    field.value = found.rawValue;
    stop();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  tick();
}

async function offerCamera() {
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices) return;
  const known = await globalThis.BarcodeDetector.getSupportedFormats();
  if (!FORMATS.some((format) => known.includes(format))) return;
  for (const field of document.querySelectorAll("[data-scan]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-primary" });
    button.textContent = document.querySelector("[data-camera-words]")?.dataset.cameraWords ?? "⌗";
    button.addEventListener("click", () => look(field, button).catch(() => button.remove()));
    field.after(button);
  }
}
offerCamera();
