// Dragging a visit to another quarter of an hour or another chair. The server decides; without a mouse the visit's own page moves it.
const table = document.querySelector("[data-calendar]");
const form = document.querySelector("form[data-move]");
let dragged = null;

function target(event) {
  return dragged && event.target.closest?.("td[data-start]");
}

function clear() {
  for (const cell of table.querySelectorAll(".is-target")) cell.classList.remove("is-target");
}

function send(cell) {
  form.action = `/bookings/${dragged.dataset.booking}/move/`;
  form.elements.start.value = `${table.dataset.place}|${cell.dataset.start}`;
  form.elements.chair.value = cell.dataset.chair;
  form.elements.version.value = dragged.dataset.version;
  form.elements.key.value = crypto.randomUUID();
  form.submit();
}

if (table && form) {
  table.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-booking]");
    dragged?.classList.add("is-dragged");
    event.dataTransfer?.setData("text/plain", dragged?.dataset.booking ?? "");
  });
  table.addEventListener("dragover", (event) => {
    const cell = target(event);
    if (!cell) return;
    event.preventDefault();
    clear();
    cell.classList.add("is-target");
  });
  table.addEventListener("drop", (event) => {
    const cell = target(event);
    if (!cell) return;
    event.preventDefault();
    send(cell);
  });
  table.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    clear();
  });
}
