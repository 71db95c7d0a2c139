/* A board of the back office that keeps itself fresh: its live parts are asked for again and again,
   as long as somebody looks at it. Without this script the page is as good as when it was loaded. */
import { refresh } from "./live.js";

const pause = () =>
  Number(document.querySelector("[data-board-seconds]")?.dataset.boardSeconds ?? 15) * 1000;

const ask = async () => {
  try {
    if (!document.hidden) await refresh();
  } catch {
    /* The server is away for a moment: the next round asks again. */
  } finally {
    setTimeout(ask, pause());
  }
};

setTimeout(ask, pause());
