/* Closes announcements and keeps in mind which: runs before the first paint, so nothing moves. */
(() => {
  const KEY = "closed-bars";
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || [];
    } catch {
      return [];
    }
  };
  const closed = new Set(read());
  for (const bar of document.querySelectorAll("[data-bar]")) {
    const button = bar.querySelector("[data-bar-close]");
    if (!button) continue;
    if (closed.has(bar.dataset.bar)) bar.hidden = true;
    button.hidden = false;
    button.addEventListener("click", () => {
      closed.add(bar.dataset.bar);
      bar.hidden = true;
      try {
        localStorage.setItem(KEY, JSON.stringify([...closed].slice(-50)));
      } catch {
        /* a browser that keeps nothing shows it again */
      }
    });
  }
})();
