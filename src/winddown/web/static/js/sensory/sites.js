// Choosing two sites on the body map. The two lists are the answer; a tap on the figure fills one of them and offers the mirror side.
import { mount } from "../bodymap.js";

const area = document.querySelector("[data-sites]");
const map = area.querySelector("[data-body-map]");
const mirrors = new Map(area.querySelector("[data-picking]").dataset.mirrors.split(",").map((pair) => pair.split(" ")));
const lists = { affected: area.querySelector('[name="affected"]'), control: area.querySelector('[name="control"]') };
let target = "affected";

function show() {
  for (const place of map.querySelectorAll("[data-region]")) {
    const key = place.dataset.region;
    place.classList.remove("is-marked");
    place.classList.toggle("is-affected", lists.affected.value === key);
    place.classList.toggle("is-control", lists.control.value === key);
    place.setAttribute("aria-checked", String([lists.affected.value, lists.control.value].includes(key)));
  }
  const said = Object.values(lists).filter((list) => list.value).map((list) => `${area.querySelector(`label[for="${list.id}"]`).textContent.split(":")[0].trim()}: ${list.selectedOptions[0].textContent}`);
  map.querySelector("[data-body-said]").textContent = said.join(" · ");
}

function aim(name) {
  target = name;
  for (const button of area.querySelectorAll("[data-target]")) button.setAttribute("aria-pressed", String(button.dataset.target === name));
}

area.querySelector("[data-pick]").hidden = false;
map.addEventListener("winddown:region", ({ detail }) => {
  const mirrored = target === "affected" && (!lists.control.value || lists.control.value === mirrors.get(lists.affected.value));
  lists[target].value = detail.key;
  if (mirrored) lists.control.value = mirrors.get(detail.key);
  show();
});
area.addEventListener("click", ({ target: tapped }) => { if (tapped.closest("[data-target]")) aim(tapped.closest("[data-target]").dataset.target); });
area.addEventListener("change", show);
mount(map);
show();
