/* A payment that is on its way: ask the server until it is decided, for ten minutes at most. */
import { refresh } from "./live.js";

const GIVE_UP_AFTER_MS = 600_000;

export function start() {
  const began = Date.now();
  const ask = async () => {
    const waiting = document.querySelector("[data-poll]");
    if (!waiting || Date.now() - began > GIVE_UP_AFTER_MS) return;
    try {
      if (!document.hidden) await refresh();
    } finally {
      setTimeout(ask, Number(document.querySelector("[data-poll]")?.dataset.poll ?? 3) * 1000);
    }
  };
  const waiting = document.querySelector("[data-poll]");
  if (waiting) setTimeout(ask, Number(waiting.dataset.poll) * 1000);
}
