/* Countdowns run on the server's clock; at zero the page asks the server, it decides nothing itself.
   Time passes by performance.now(), which setting the device's clock does not move (P-20). */
import { refresh } from "./live.js";

const TICK_MS = 1000;
const asked = new WeakSet();
const offsets = new WeakMap();

function pad(number) {
  return String(number).padStart(2, "0");
}

/* A page that many share was made a while ago: the server says how long (docs/caching.md). */
function age() {
  const [page] = performance.getEntriesByType("navigation");
  return page?.serverTiming?.find((timing) => timing.name === "copy")?.duration ?? 0;
}

function draw(clock) {
  if (!offsets.has(clock)) {
    const late = Number(clock.dataset.late ?? age());
    offsets.set(clock, Date.parse(clock.dataset.now) + late - performance.now());
  }
  const now = performance.now() + offsets.get(clock);
  const left = Math.max(0, Math.floor((Date.parse(clock.dataset.ends) - now) / 1000));
  const days = clock.querySelector("[data-d]");
  const hours = days ? Math.floor(left / 3600) % 24 : Math.floor(left / 3600);
  if (days) days.textContent = Math.floor(left / 86400);
  clock.querySelector("[data-h]").textContent = pad(hours);
  clock.querySelector("[data-m]").textContent = pad(Math.floor(left / 60) % 60);
  clock.querySelector("[data-s]").textContent = pad(left % 60);
  if (left === 0 && !asked.has(clock)) {
    asked.add(clock);
    refresh();
  }
}

export function start() {
  const tick = () => document.querySelectorAll(".countdown[data-ends]").forEach(draw);
  tick();
  setInterval(tick, TICK_MS);
}
