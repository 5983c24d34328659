// Consent: seconds the text was really in sight, and a signature drawn with finger, pen or mouse. Without scripts the name is typed.
let seen = 0;

function count() {
  if (document.visibilityState === "visible" && document.querySelector("[data-reading]")) seen += 1;
}

function stampSeconds(event) {
  const field = event.target.querySelector("[data-seconds]");
  if (field) field.value = String(seen);
}

function pointOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  const place = (value, size, most) => Math.min(most, Math.max(0, (value / size) * most)).toFixed(1);
  return `${place(event.clientX - box.left, box.width, canvas.width)} ${place(event.clientY - box.top, box.height, canvas.height)}`;
}

function pad(form) {
  const holder = form.querySelector("[data-pad]");
  const canvas = holder.querySelector("[data-canvas]");
  const field = form.querySelector("[data-signature]");
  const ink = canvas.getContext("2d");
  const strokes = [];
  let drawing = false;

  const style = () => { ink.lineWidth = 3; ink.lineCap = "round"; ink.lineJoin = "round"; ink.strokeStyle = getComputedStyle(canvas).color; };
  const keep = () => { field.value = strokes.join(" "); };

  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    style();
    const at = pointOf(canvas, event);
    strokes.push(`M ${at}`);
    ink.beginPath();
    ink.moveTo(...at.split(" ").map(Number));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const at = pointOf(canvas, event);
    strokes.push(`L ${at}`);
    ink.lineTo(...at.split(" ").map(Number));
    ink.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drawing = false; keep(); });
  holder.querySelector("[data-clear]").addEventListener("click", () => { strokes.length = 0; ink.clearRect(0, 0, canvas.width, canvas.height); keep(); });
  holder.hidden = false;
}

setInterval(count, 1000);
document.addEventListener("submit", stampSeconds);
document.querySelectorAll("form[data-sign]").forEach(pad);
