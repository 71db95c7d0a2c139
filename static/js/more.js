/* "Show more" appends the next page and puts the focus on its first link. */
import { fetchPage } from "./live.js";

const SHOWN_AFTER_MS = 300;
const SHOWN_FOR_MS = 300;
const CARDS = 4;

/** Empty boxes where the next cards will be: not for a quick answer, and never as a flicker. */
function waitFor(list) {
  let since = 0;
  const boxes = [];
  const timer = setTimeout(() => {
    since = performance.now();
    const sample = list?.querySelector(".card");
    for (let n = 0; sample && n < CARDS; n += 1) {
      const box = sample.cloneNode(true);
      box.classList.add("is-waiting");
      box.setAttribute("aria-hidden", "true");
      box.inert = true;
      boxes.push(box);
    }
    list?.append(...boxes);
  }, SHOWN_AFTER_MS);
  return async () => {
    clearTimeout(timer);
    const left = since ? SHOWN_FOR_MS - (performance.now() - since) : 0;
    if (left > 0) await new Promise((done) => setTimeout(done, left));
    for (const box of boxes) box.remove();
  };
}

/** The list of another page; nothing when there is none or nothing came through. */
async function list(url, name) {
  try {
    const { page, response } = await fetchPage(url);
    return response.ok ? page.getElementById(name) : null;
  } catch {
    return null;
  }
}

async function onClick(event) {
  const link = event.target.closest?.("a[data-more]");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  link.classList.add("is-busy");
  const name = link.dataset.more;
  const clear = waitFor(document.getElementById(name));
  const fresh = await list(link.href, name);
  await clear();
  if (!fresh) {
    window.location.assign(link.href);
    return;
  }
  const page = fresh.ownerDocument;
  const added = [...fresh.children].map((child) => document.adoptNode(child));
  document.getElementById(name).append(...added);
  document.getElementById(`${name}-pager`).replaceWith(document.adoptNode(page.getElementById(`${name}-pager`)));
  added[0]?.querySelector("a")?.focus({ preventScroll: true });
}

export function start() {
  document.addEventListener("click", onClick);
}
