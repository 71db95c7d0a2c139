/*
 * What somebody looked at. A member's page tells the shop; a guest's stays in this browser.
 * [data-seen] is on a product page: its id, the address to tell (members only); [data-viewed] is
 * where the row of what was looked at before comes.
 */
const KEY = "viewed";
const MOST = 7;

function kept() {
  try {
    const ids = JSON.parse(window.localStorage.getItem(KEY) || "[]");
    return Array.isArray(ids) ? ids.filter(Number.isInteger) : [];
  } catch {
    return [];
  }
}

function keep(id) {
  try {
    const ids = [id, ...kept().filter((other) => other !== id)].slice(0, MOST);
    window.localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // no room, or switched off: then nothing is kept
  }
}

function tell(address) {
  const said = new FormData();
  try {
    const before = new URL(document.referrer);
    if (before.origin === window.location.origin) said.set("from", before.pathname);
  } catch {
    // came from nowhere
  }
  fetch(address, { method: "POST", body: said, keepalive: true }).catch(() => {});
}

async function fill(place, id, isMember) {
  const ids = kept().filter((other) => other !== id);
  if (!isMember && !ids.length) return;
  const query = new URLSearchParams({ but: id, ...(isMember ? {} : { ids: ids.join(",") }) });
  const response = await fetch(`${place.dataset.viewed}?${query}`).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  place.replaceChildren(...page.body.childNodes);
}

export async function start() {
  const mark = document.querySelector("[data-seen]");
  if (!mark) return;
  const id = Number(mark.dataset.seen);
  const place = document.querySelector("[data-viewed]");
  if (place) await fill(place, id, Boolean(mark.dataset.tell));
  if (mark.dataset.tell) tell(mark.dataset.tell);
  else keep(id);
}
