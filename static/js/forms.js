/*
 * Forms marked data-swap are sent in the background; the answer's live parts replace ours.
 * All other forms are sent as ever, once: a second click while the answer is on its way does nothing.
 */
import { fetchPage, takeOver } from "./live.js";
import { say } from "./toast.js";

const BUSY_AFTER_MS = 300;
const onTheWay = new WeakMap();

function elsewhere(response) {
  return response.redirected && new URL(response.url).pathname !== window.location.pathname;
}

/** Sends `form` as if `button` was pressed; a newer sending of the same form replaces an older. */
export async function send(form, button) {
  onTheWay.get(form)?.abort();
  const control = new AbortController();
  onTheWay.set(form, control);
  const busy = setTimeout(() => button?.classList.add("is-busy"), BUSY_AFTER_MS);
  const gone = button?.value === "remove" ? button.closest("[data-removable]") : null;
  if (gone) gone.hidden = true;
  try {
    const { page, response } = await fetchPage(button?.getAttribute("formaction") || form.action, {
      method: "POST",
      body: new FormData(form, button),
      signal: control.signal,
    });
    if (elsewhere(response)) window.location.assign(response.url);
    else if (!takeOver(page)) window.location.reload();
  } catch (error) {
    if (gone) gone.hidden = false;
    if (error.name === "AbortError") return;
    say(document.getElementById("toasts")?.dataset.offline);
  } finally {
    clearTimeout(busy);
    button?.classList.remove("is-busy");
    if (onTheWay.get(form) === control) onTheWay.delete(form);
  }
}

function onSubmit(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("swap" in form.dataset || (submitter && "swapButton" in submitter.dataset)) {
    event.preventDefault();
    send(form, submitter);
  } else if ("sent" in form.dataset) {
    event.preventDefault();
  } else {
    form.dataset.sent = "";
    submitter?.classList.add("is-busy");
  }
}

function onChange({ target }) {
  const form = target.form;
  if (!form) return;
  const choice = target.type === "radio" || target.type === "checkbox"
    || (form.dataset.requote === "all" && target.tagName === "SELECT");
  if ("requote" in form.dataset && choice) {
    send(form, form.querySelector('[name="do"][value="requote"]'));
  } else if ("auto" in form.dataset && window.matchMedia("(min-width: 1024px)").matches) {
    form.requestSubmit();
  }
}

function onCopy({ target }) {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  navigator.clipboard.writeText(button.dataset.copy).then(() => say(button.dataset.said));
}

export function start() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("change", onChange);
  document.addEventListener("click", onCopy);
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
    for (const busy of document.querySelectorAll(".is-busy")) busy.classList.remove("is-busy");
  });
  document.querySelector(".is-bad :is(input, select, textarea)")?.focus();
}
