/* Says one thing at the foot of the page; the style sheet lets it go. */

/** Shows `text` as the one toast, read out politely. */
export function say(text) {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const toast = document.createElement("div");
  const words = document.createElement("span");
  toast.className = "toast";
  words.textContent = text;
  toast.append(words);
  place.replaceChildren(toast);
}
