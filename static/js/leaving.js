/* A number clicked just before the page is left is not lost. A link waits until it has arrived, so
 * that the next page knows it, and stays when the house said no; where nothing can wait (back, the
 * window closed) the browser sends it. */
import { finish, leaveBehind } from "./forms.js";
import { refresh } from "./live.js";

let isLeaving = false;
let hasLeftBehind = false;

/** The link that a plain click follows to another page in this window, if it is one. */
function wayOut(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  if (link.target || link.hasAttribute("download") || !link.protocol.startsWith("http")) return null;
  return link.pathname + link.search === window.location.pathname + window.location.search ? null : link.href;
}

async function onClick(event) {
  const href = wayOut(event);
  const rest = href && finish();
  if (!rest) return;
  event.preventDefault();
  if (isLeaving) return;
  isLeaving = true;
  await rest;
  isLeaving = false;
  if (!document.querySelector("#alerts [role=alert]")) window.location.assign(href);
}

export function start() {
  document.addEventListener("click", onClick);
  window.addEventListener("pagehide", () => { hasLeftBehind = leaveBehind() > 0; });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted && hasLeftBehind) refresh();
    hasLeftBehind = false;
  });
}
