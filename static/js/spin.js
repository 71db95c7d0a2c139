/* Frames around a thing: drag or the arrow keys turn it. Without script the frames lie in a row. */

const STEP_PX = 12;

function turn(spin) {
  const frames = [...spin.querySelectorAll("img")];
  if (frames.length < 2) return;
  let at = 0;
  let from = null;

  const show = (index) => {
    frames[at].classList.remove("is-shown");
    at = ((index % frames.length) + frames.length) % frames.length;
    frames[at].classList.add("is-shown");
    spin.setAttribute("aria-valuenow", at + 1);
  };

  for (const frame of frames) frame.loading = "eager";
  spin.classList.add("is-live");
  spin.tabIndex = 0;
  spin.setAttribute("role", "slider");
  spin.setAttribute("aria-label", spin.dataset.label);
  spin.setAttribute("aria-valuemin", 1);
  spin.setAttribute("aria-valuemax", frames.length);
  show(0);

  spin.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, at };
    spin.setPointerCapture(event.pointerId);
  });
  spin.addEventListener("pointermove", (event) => {
    if (from) show(from.at + Math.trunc((event.clientX - from.x) / STEP_PX));
  });
  for (const name of ["pointerup", "pointercancel"]) spin.addEventListener(name, () => { from = null; });
  spin.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    show(at + step);
  });
  const hint = spin.parentElement.querySelector("[data-spin-hint]");
  if (hint) hint.hidden = false;
}

export function start() {
  document.querySelectorAll("[data-spin]").forEach(turn);
}
