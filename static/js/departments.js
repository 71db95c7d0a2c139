/*
 * What is below a department, over the page: it comes up under a mouse that rests there and for the
 * keyboard (arrow down goes in, Escape leaves). Its links are those of the page of all categories, which
 * is where the link itself leads.
 */
import { fetchPage } from "./live.js";

const OPENS_AFTER_MS = 120;
const CLOSES_AFTER_MS = 200;
const WIDE = window.matchMedia("(min-width: 1024px)");
let asked;

async function read(address) {
  const { page, response } = await fetchPage(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return [...page.querySelectorAll(".catalog__room")];
}

function room(source) {
  const made = document.importNode(source, true);
  made.removeAttribute("id");
  made.classList.remove("panel");
  return made;
}

function follow(nav) {
  const triggers = [...nav.querySelectorAll("[data-department]")];
  const box = document.createElement("div");
  box.className = "departments";
  box.id = `departments-${nav.dataset.departments}`;
  box.hidden = true;
  nav.append(box);
  let current = null;
  let opening = Promise.resolve();
  let timer;

  const close = () => {
    clearTimeout(timer);
    current?.setAttribute("aria-expanded", "false");
    current = null;
    box.hidden = true;
  };
  const show = async (trigger) => {
    close();
    current = trigger;
    asked ||= read(nav.dataset.from);
    const rooms = await asked.catch(() => {
      asked = null;
      return [];
    });
    if (current !== trigger) return;
    const slug = trigger.dataset.department;
    const shown = rooms.filter((one) => !slug || one.id === `c-${slug}`);
    box.replaceChildren(...shown.map(room));
    box.hidden = !shown.length;
    trigger.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden) current = null;
  };
  const open = (trigger) => {
    clearTimeout(timer);
    if (trigger !== current && WIDE.matches) opening = show(trigger);
    return opening;
  };
  const later = (deed, wait) => {
    clearTimeout(timer);
    timer = setTimeout(deed, wait);
  };

  for (const trigger of triggers) {
    trigger.setAttribute("aria-expanded", "false");
    trigger.setAttribute("aria-controls", box.id);
    trigger.addEventListener("focus", () => trigger.matches(":focus-visible") && open(trigger));
  }
  nav.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const trigger = event.target.closest("[data-department]");
    if (trigger) later(() => open(trigger), OPENS_AFTER_MS);
    else if (box.contains(event.target)) clearTimeout(timer);
    else later(close, CLOSES_AFTER_MS);
  });
  nav.addEventListener("pointerleave", () => later(close, CLOSES_AFTER_MS));
  nav.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !nav.contains(event.relatedTarget)) close();
  });
  nav.addEventListener("keydown", async (event) => {
    const trigger = event.target.closest("[data-department]");
    if (event.key !== "ArrowDown" || !trigger) return;
    event.preventDefault();
    await open(trigger);
    box.querySelector("a")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !current) return;
    if (box.contains(document.activeElement)) current.focus();
    close();
  });
}

export function start() {
  document.querySelectorAll("[data-departments]").forEach(follow);
}
