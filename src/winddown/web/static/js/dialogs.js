// Buttons that open and close a <dialog>: data-open-dialog="id", data-close-dialog. Never a dialog inside a dialog.
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
}
