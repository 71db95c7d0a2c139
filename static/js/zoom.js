/* A picture of the gallery in large: one press opens it, a press on it doubles it. */

function dialog(label) {
  const made = document.createElement("dialog");
  made.className = "zoom";
  made.setAttribute("aria-label", label);
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", label);
  const image = document.createElement("img");
  made.append(close, image);
  close.addEventListener("click", () => made.close());
  image.addEventListener("click", () => made.classList.toggle("is-close"));
  made.addEventListener("close", () => made.classList.remove("is-close"));
  document.body.append(made);
  return made;
}

export function start() {
  const button = document.querySelector("[data-zoom]");
  const row = document.querySelector("[data-gallery]");
  if (!button || !row || !window.HTMLDialogElement) return;
  button.hidden = false;
  let made;

  const open = (image) => {
    made ??= dialog(button.textContent.trim());
    const large = made.querySelector("img");
    large.src = image.getAttribute("src");
    large.alt = image.alt;
    made.showModal();
  };

  row.addEventListener("click", ({ target }) => { if (target.matches("img")) open(target); });
  button.addEventListener("click", () => {
    const slide = row.children[Math.round(row.scrollLeft / row.clientWidth)];
    const image = slide?.querySelector("img") ?? row.querySelector("img");
    if (image) open(image);
  });
}
