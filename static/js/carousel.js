/*
 * Slides follow the finger and their links without this. With it a step stays in the row, the arrow keys
 * turn it over, and the dots say where it is. Nothing moves by itself.
 */
function ready(track) {
  const slides = [...track.children];
  const dots = [...track.parentElement.querySelectorAll(".carousel__dots a")];
  if (slides.length < 2) return;
  const left = (index) => slides[index].offsetLeft - slides[0].offsetLeft;
  const nearest = () => slides.reduce((best, _slide, index) =>
    (Math.abs(left(index) - track.scrollLeft) < Math.abs(left(best) - track.scrollLeft) ? index : best), 0);
  let at = 0;

  const mark = (index) => {
    at = index;
    dots.forEach((dot, place) => {
      if (place === index) dot.setAttribute("aria-current", "true");
      else dot.removeAttribute("aria-current");
    });
  };
  const go = (index) => {
    track.scrollTo({ left: left(index) });
    mark(index);
  };
  const turn = (by) => go((at + by + slides.length) % slides.length);

  let settled;
  track.addEventListener("scroll", () => {
    clearTimeout(settled);
    settled = setTimeout(() => mark(nearest()), 80);
  }, { passive: true });

  track.parentElement.addEventListener("click", (event) => {
    const link = event.target.closest(".carousel__dots a, .carousel__step");
    const index = link ? slides.findIndex((slide) => `#${slide.id}` === link.hash) : -1;
    if (index < 0) return;
    event.preventDefault();
    go(index);
    if (link.matches(".carousel__step")) {
      slides[index].querySelector(`[data-turn="${link.dataset.turn}"]`)?.focus({ preventScroll: true });
    }
  });

  track.addEventListener("keydown", (event) => {
    const keys = { ArrowLeft: () => turn(-1), ArrowRight: () => turn(1), Home: () => go(0), End: () => go(slides.length - 1) };
    if (event.target !== track || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  mark(nearest());
}

export function start() {
  for (const track of document.querySelectorAll("[data-slides]")) ready(track);
}
