/*
 * Takes the live parts of another page over into this one.
 * A live part has data-live and an id; what the other page does not have stays as it is.
 */

/** Names the focused control so that it can be found again in a replaced part. */
function focusKey(element) {
  if (!element || element === document.body) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const name = element.getAttribute("name");
  if (!name) return null;
  const step = element.dataset.step ? `[data-step="${element.dataset.step}"]` : "";
  const form = element.getAttribute("form");
  return `[name="${name}"]${form ? `[form="${form}"]` : ""}${step}`;
}

const WORDS = "textarea[id], input:is([type=text], [type=tel], [type=email], :not([type]))[id]";

/** The words in these fields are known to the house, or on their way. */
export function forgetTyped(form) {
  for (const field of form.elements) delete field.dataset.typed;
}

/** What was typed since the house last knew is in the fresh part too. */
function keepTyped(part, fresh) {
  for (const field of part.querySelectorAll("[data-typed]")) {
    const same = fresh.querySelector(`#${CSS.escape(field.id)}`);
    if (!same) continue;
    same.value = field.value;
    same.dataset.typed = "";
  }
}

/** Puts the focus where it was, the caret at its place. */
function focusAgain(key, [first, last]) {
  const control = document.querySelector(key);
  control?.focus({ preventScroll: true });
  if (first !== null && control?.matches(WORDS)) control.setSelectionRange?.(first, last);
}

/** Replaces every live part by its counterpart in `page`; says whether there was one. */
export function takeOver(page) {
  const { activeElement } = document;
  const key = focusKey(activeElement);
  const caret = activeElement?.matches(WORDS)
    ? [activeElement.selectionStart, activeElement.selectionEnd] : [null, null];
  let found = false;
  for (const part of [...document.querySelectorAll("[data-live][id]")]) {
    const fresh = page.getElementById(part.id);
    if (!fresh || !part.isConnected) continue;
    keepTyped(part, fresh);
    part.replaceWith(document.adoptNode(fresh));
    found = true;
  }
  if (key && document.activeElement === document.body) focusAgain(key, caret);
  document.dispatchEvent(new CustomEvent("live"));
  return found;
}

/** Marks the fields in which words are being typed. While an input method puts them together
 * (data-typing) no answer may replace the field: the half-written word would be gone. */
export function watchTyping(whenDone) {
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.(WORDS)) target.dataset.typed = "";
  });
  document.addEventListener("compositionstart", ({ target }) => {
    if (target.matches?.(WORDS)) target.dataset.typing = "";
  });
  document.addEventListener("compositionend", ({ target }) => {
    if (!target.matches?.(WORDS)) return;
    delete target.dataset.typing;
    whenDone();
  });
}

/** Fetches a page of this shop as a document, with the address it ended at. */
export async function fetchPage(url, options = {}) {
  const response = await fetch(url, {
    credentials: "same-origin",
    ...options,
    headers: { "X-Requested-With": "fetch", ...options.headers },
  });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const late = /copy;dur=(\d+)/.exec(response.headers.get("Server-Timing"))?.[1] ?? 0;
  for (const clock of page.querySelectorAll(".countdown")) clock.dataset.late = late;
  return { page, response };
}

/** Asks the server for this page again and takes its live parts over. */
export async function refresh() {
  const { page } = await fetchPage(window.location.href);
  takeOver(page);
}
