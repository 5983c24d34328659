// The order page: a browser that brings back earlier typing must not leave an older look beside it.
const form = document.querySelector("#order-form");

function lookAgain() {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

addEventListener("pageshow", (event) => { if (event.persisted) lookAgain(); });
if ([...form.elements].some((field) => "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue)) lookAgain();
