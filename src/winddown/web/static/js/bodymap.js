// The body map: a tap on the figure and a check box of its list are the same answer. Arrow keys move between regions, space marks.
// The check boxes are what the form sends; the figure only shows them. It works inside any form, also one that waits for the network.
// With data-mode="pick" a tap only tells which region was meant (winddown:region), and the page does the rest.
import { word } from "./words.js";

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function middle(place) {
  const box = place.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** The nearest region in a direction: sideways distance counts double, so that down from a thigh is the knee below it. */
function neighbor(places, from, [dx, dy]) {
  const [x, y] = middle(from);
  let best = null;
  for (const place of places) {
    const [px, py] = middle(place);
    const ahead = (px - x) * dx + (py - y) * dy;
    const aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
    if (place === from || ahead < 1) continue;
    const distance = ahead + 2 * aside;
    if (!best || distance < best.distance) best = { place, distance };
  }
  return best?.place;
}

export function mount(map) {
  const places = [...map.querySelectorAll("[data-region]")];
  const boxes = new Map([...map.querySelectorAll('input[type="checkbox"]')].map((box) => [box.value, box]));
  const single = map.dataset.mode === "pick";

  const show = () => {
    for (const place of places) {
      const { checked } = boxes.get(place.dataset.region);
      place.setAttribute("aria-checked", String(checked));
      place.classList.toggle("is-marked", checked);
    }
    const said = [...boxes.values()].filter((box) => box.checked).map((box) => box.dataset.words);
    map.querySelector("[data-body-said]").textContent = said.length ? said.join(", ") : word("body_nothing");
  };
  const tap = (place) => {
    const box = boxes.get(place.dataset.region);
    if (!single) {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      show();
    }
    map.dispatchEvent(new CustomEvent("winddown:region", { bubbles: true, detail: { key: place.dataset.region, checked: box?.checked ?? true } }));
  };
  const rove = (to) => {
    for (const place of places) place.setAttribute("tabindex", place === to ? "0" : "-1");
  };

  rove(places.find((place) => place.getAttribute("aria-checked") === "true") ?? places[0]);
  map.addEventListener("click", ({ target }) => {
    const place = target.closest?.("[data-region]");
    if (!place) return;
    rove(place);
    tap(place);
  });
  map.addEventListener("keydown", (event) => {
    const place = event.target.closest?.("[data-region]");
    if (!place) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      tap(place);
    } else if (ARROWS[event.key]) {
      event.preventDefault();
      const to = neighbor(places, place, ARROWS[event.key]);
      if (to) { rove(to); to.focus(); }
    }
  });
  if (single) return;
  map.addEventListener("input", show);
  map.closest("form")?.addEventListener("reset", () => setTimeout(show));
  setTimeout(show);
}

export function start() {
  for (const map of document.querySelectorAll("[data-body-map]:not([data-mounted], [data-mode='pick'])")) {
    map.dataset.mounted = "";
    mount(map);
  }
}

document.addEventListener("htmx:after:swap", start);
start();
