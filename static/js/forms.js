/*
 * Forms marked data-swap are sent in the background; the answer's live parts replace ours.
 * What the click will change is shown at once, and taken back when the house says no or nothing came
 * through. They go one after the other, so that no late answer brings an older state back, and no
 * answer is shown while another deed waits or something is being typed that no answer may replace.
 * All other forms are sent as ever, once: a second click while the answer is on its way does nothing.
 * Whoever leaves before a deed was sent leaves after it (leaving.js).
 */
import { show } from "./amount.js";
import { fetchPage, forgetTyped, takeOver, watchTyping } from "./live.js";
import { say } from "./toast.js";

const BUSY_AFTER_MS = 300;
const NOTHING = { page: null, waysBack: [], words: "", isUnsure: false };
const waiting = new Map();
let isSending = false;
let work = null;
let hurry = () => {};
let news = NOTHING;

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

/** Shows what is going to be; gives the way back, or null when nothing can be told in advance. */
function foresee(form, button) {
  if (button?.value === "remove" || form.closest(".toast")) return foreseeRemoval(button);
  if (button?.getAttribute("role") === "checkbox") return foreseeChoice(button);
  return button?.value === "set" ? foreseeQuantity(form) : null;
}

/** Deeds of one name say how a thing shall be, so the later one stands for both. Any other, like
 * putting into the cart, has a name of its own: it is done as often as it was asked for. */
function nameOf(form, button) {
  if (button?.getAttribute("role") === "checkbox") return `${form.id} choice`;
  return ["set", "requote"].includes(button?.value) ? `${form.id} ${button.value}` : Symbol("once");
}

/** Sends `form` as it is now, as if `button` was pressed; after `delay` when it is all that waits. */
export function send(form, button, delay = 0) {
  const name = nameOf(form, button);
  const earlier = waiting.get(name)?.takeBack;
  const body = new FormData(form, button);
  const later = foresee(form, button);
  forgetTyped(form);
  waiting.delete(name);
  waiting.set(name, {
    button,
    body,
    address: button?.getAttribute("formaction") || form.action,
    part: form.closest("[data-live][id]")?.id,
    due: performance.now() + delay,
    takeBack: later && (() => { later(); earlier?.(); }),
  });
  catchUp();
}

/** Does what waits, then shows what came of it. */
export function catchUp() {
  if (isSending) return;
  isSending = true;
  work = doAll();
}

async function doAll() {
  do {
    while (waiting.size) await next();
    if (!isTyping()) await settle();
  } while (waiting.size);
  isSending = false;
}

/** What is still to be done, done now; null when there is nothing. */
export function finish() {
  for (const deed of waiting.values()) deed.due = 0;
  hurry();
  return isSending ? work : null;
}

/** Hands what waits over to the browser, which sends it though the page is gone; how many. */
export function leaveBehind() {
  const left = [...waiting.values()].filter((deed) => deed.button?.value !== "requote");
  waiting.clear();
  for (const { address, body } of left) {
    fetch(address, {
      method: "POST", body, credentials: "same-origin", redirect: "manual", keepalive: true,
      headers: { "X-Requested-With": "fetch" },
    }).catch(() => {});
  }
  return left.length;
}

function isTyping() {
  return document.querySelector("[data-typing]") !== null;
}

async function next() {
  const [name, deed] = waiting.entries().next().value;
  const rest = deed.due - performance.now();
  if (rest > 0 && waiting.size === 1) {
    await new Promise((done) => { hurry = done; setTimeout(done, rest); });
  } else {
    waiting.delete(name);
    await exchange(deed);
  }
}

/** One deed and its answer. A page that says what went wrong is no answer. */
async function exchange({ button, body, address, part, takeBack }) {
  const busy = setTimeout(() => button?.classList.add("is-busy"), BUSY_AFTER_MS);
  try {
    const { page, response } = await fetchPage(address, { method: "POST", body });
    if (elsewhere(response)) window.location.assign(response.url);
    else if (response.ok || (part && page.getElementById(part))) {
      news = { ...NOTHING, page, words: news.words };
    } else fail(takeBack, page.querySelector("h1")?.textContent.trim(), response.status === 404);
  } catch {
    fail(takeBack, document.getElementById("toasts")?.dataset.offline);
  } finally {
    clearTimeout(busy);
    button?.classList.remove("is-busy");
  }
}

/** Keeps for later what to take back, last first, and what to say. */
function fail(takeBack, words, isGone = false) {
  const waysBack = takeBack ? [takeBack, ...news.waysBack] : news.waysBack;
  news = { ...news, waysBack, words, isUnsure: news.isUnsure || isGone || Boolean(takeBack) };
}

/** Shows the last answer, or the state before the failures; after those the house is asked what holds. */
async function settle() {
  const { page, waysBack, words, isUnsure } = news;
  news = NOTHING;
  if (!page) waysBack.forEach((goBack) => goBack());
  else if (!takeOver(page)) window.location.reload();
  say(words);
  if (!isUnsure) return;
  const truth = await fetchPage(window.location.href).catch(() => null);
  if (waiting.size || isTyping()) news = { ...news, isUnsure };
  else if (truth?.response.ok) {
    truth.page.getElementById("toasts")?.remove();
    takeOver(truth.page);
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
  watchTyping(catchUp);
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
    for (const busy of document.querySelectorAll(".is-busy")) busy.classList.remove("is-busy");
  });
  document.querySelector(".is-bad :is(input, select, textarea)")?.focus();
}
