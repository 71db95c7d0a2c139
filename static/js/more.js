/* "Show more" appends the next page and puts the focus on its first link. */
import { fetchPage } from "./live.js";

async function onClick(event) {
  const link = event.target.closest?.("a[data-more]");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  link.classList.add("is-busy");
  const name = link.dataset.more;
  const { page, response } = await fetchPage(link.href);
  const fresh = page.getElementById(name);
  if (!response.ok || !fresh) {
    window.location.assign(link.href);
    return;
  }
  const added = [...fresh.children].map((child) => document.adoptNode(child));
  document.getElementById(name).append(...added);
  document.getElementById(`${name}-pager`).replaceWith(document.adoptNode(page.getElementById(`${name}-pager`)));
  added[0]?.querySelector("a")?.focus({ preventScroll: true });
}

export function start() {
  document.addEventListener("click", onClick);
}
