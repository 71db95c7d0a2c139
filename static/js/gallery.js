/* Product pictures: the thumbnails scroll the row, the row tells which picture it is at. */

export function start() {
  const row = document.querySelector("[data-gallery]");
  if (!row) return;
  const thumbs = [...document.querySelectorAll(".gallery__thumbs a")];
  const place = document.querySelector("[data-gallery-at]");

  row.addEventListener("scroll", () => {
    const at = Math.round(row.scrollLeft / row.clientWidth);
    if (place) place.textContent = at + 1;
    thumbs.forEach((thumb, index) => {
      if (index === at) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    });
  }, { passive: true });

  thumbs.forEach((thumb, index) => {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      row.scrollTo({ left: index * row.clientWidth });
    });
  });
}
