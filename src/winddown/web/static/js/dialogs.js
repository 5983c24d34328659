// Buttons that open and close a <dialog>: data-open-dialog="id", data-close-dialog. Never a dialog inside a dialog. A menu closes on Escape and when another thing is touched.
export function start() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.openDialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    event.target.closest("[data-close-dialog]")?.closest("dialog").close();
  });
  document.querySelector("dialog[data-open-now]")?.showModal();
  document.addEventListener("click", (event) => closeMenus(event.target.closest(".wd-menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".wd-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll(".wd-menu[open]")) if (menu !== except) menu.open = false;
}
