// Two chairs at once: a swipe along the strip leads to the next chair of this place. Typing is kept by the drafts of each form.
const FAR_PX = 70;

export function swipes() {
  const strip = document.querySelector("#header-strip");
  let from = null;
  strip?.addEventListener("pointerdown", ({ clientX, clientY, pointerType }) => { from = pointerType === "touch" ? { clientX, clientY } : null; });
  strip?.addEventListener("pointerup", ({ clientX, clientY }) => {
    const moved = from && clientX - from.clientX;
    if (!from || Math.abs(moved) < FAR_PX || Math.abs(clientY - from.clientY) > FAR_PX) return;
    const chairs = [...document.querySelectorAll(".wd-chair-link")];
    const here = chairs.findIndex((link) => link.hasAttribute("aria-current"));
    const next = chairs[(here + (moved < 0 ? 1 : -1) + chairs.length) % chairs.length];
    if (here >= 0 && next && next !== chairs[here]) next.click();
  });
}
