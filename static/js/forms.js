/*
 * Forms marked data-swap are sent in the background; the answer's live parts replace ours.
 * What the click will change is shown at once, and taken back when the house says no or nothing came
 * through. They go one after the other, so that no late answer brings an older state back. All other
 * forms are sent as ever, once: a second click while the answer is on its way does nothing.
 */
import { show } from "./amount.js";
import { fetchPage, refresh, takeOver } from "./live.js";
import { say } from "./toast.js";

const BUSY_AFTER_MS = 300;
const waiting = new Map();
let isSending = false;

function elsewhere(response) {
  return response.redirected && new URL(response.url).pathname !== window.location.pathname;
}

/** Removes the row; gives the way back. */
function foreseeRemoval(button) {
  const row = button.closest("[data-removable]");
  if (!row) return () => {};
  row.hidden = true;
  return () => { row.hidden = false; };
}

/** Ticks or unticks the box, or all of them, so that the next click says the opposite; gives the way
 * back. */
function foreseeChoice(button) {
  const boxes = button.name === "all" ? [...document.querySelectorAll('button[role="checkbox"]')] : [button];
  const before = boxes.map((box) => [box.getAttribute("aria-checked"), box.value]);
  const isOn = button.getAttribute("aria-checked") !== "true";
  for (const box of boxes) {
    box.setAttribute("aria-checked", isOn);
    box.value = box.name === "all" ? !isOn : isOn ? "deselect" : "select";
  }
  return () => boxes.forEach((box, index) => {
    box.setAttribute("aria-checked", before[index][0]);
    box.value = before[index][1];
  });
}

/** The number is there already; gives the way back to the one the house knows. */
function foreseeQuantity(form) {
  const input = document.querySelector(`[data-stepper] input[form="${form.id}"]`);
  return () => { if (input) show(input, Number(input.defaultValue)); };
}

function foresee(form, button) {
  if (button?.value === "remove") return foreseeRemoval(button);
  if (button?.getAttribute("role") === "checkbox") return foreseeChoice(button);
  return button?.value === "set" ? foreseeQuantity(form) : () => {};
}

/** Sends `form` as if `button` was pressed; of several sendings that wait the last one counts. */
export async function send(form, button) {
  const earlier = waiting.get(form)?.takeBack;
  const body = new FormData(form, button);
  const later = foresee(form, button);
  waiting.set(form, { button, body, takeBack: () => { later(); earlier?.(); } });
  if (isSending) return;
  isSending = true;
  while (waiting.size) {
    const [next, what] = waiting.entries().next().value;
    waiting.delete(next);
    await exchange(next, what);
  }
  isSending = false;
}

/** One form and its answer; while others wait, their answer will show what this one changed. */
async function exchange(form, { button, body, takeBack }) {
  const busy = setTimeout(() => button?.classList.add("is-busy"), BUSY_AFTER_MS);
  try {
    const { page, response } = await fetchPage(button?.getAttribute("formaction") || form.action, {
      method: "POST",
      body,
    });
    const part = form.closest("[data-live][id]")?.id;
    if (elsewhere(response)) window.location.assign(response.url);
    else if (!response.ok && !(part && page.getElementById(part))) await refuse(page, response, takeBack);
    else if (!waiting.size && !takeOver(page)) window.location.reload();
  } catch {
    takeBack();
    say(document.getElementById("toasts")?.dataset.offline);
  } finally {
    clearTimeout(busy);
    button?.classList.remove("is-busy");
  }
}

/** The answer is a page of its own about what went wrong; what is not there any more goes. */
async function refuse(page, response, takeBack) {
  takeBack();
  if (response.status === 404) await refresh();
  say(page.querySelector("h1")?.textContent.trim());
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
