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

/** Replaces every live part by its counterpart in `page`; says whether there was one. */
export function takeOver(page) {
  const key = focusKey(document.activeElement);
  let found = false;
  for (const part of [...document.querySelectorAll("[data-live][id]")]) {
    const fresh = page.getElementById(part.id);
    if (!fresh || !part.isConnected) continue;
    part.replaceWith(document.adoptNode(fresh));
    found = true;
  }
  if (key && document.activeElement === document.body) {
    document.querySelector(key)?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("live"));
  return found;
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
