/*
 * Pop-ups (P-62): never on entry. One is asked for when the page stands still, comes up after its
 * seconds or when the pointer leaves for the tab bar of the browser, and is a real dialog: focus
 * inside, Escape closes, focus goes back. The server counts sights and remembers who closed it.
 */
const send = (url) => fetch(url, { method: "POST", credentials: "same-origin" });

function show(dialog) {
  if (dialog.dataset.done || document.querySelector("dialog[open]")) return;
  dialog.dataset.done = "1";
  send(dialog.dataset.shown).then((answer) => {
    if (answer.status !== 204) return;
    const before = document.activeElement;
    dialog.showModal();
    dialog.addEventListener("close", () => {
      send(dialog.dataset.closed);
      before?.focus?.({ preventScroll: true });
    });
  });
}

function arm(dialog) {
  if (dialog.dataset.trigger === "seconds") {
    setTimeout(() => show(dialog), Number(dialog.dataset.seconds) * 1000);
    return;
  }
  document.documentElement.addEventListener("mouseleave", (event) => {
    if (event.clientY <= 0) show(dialog);
  });
  /* On a phone nobody leaves by the top: going back to a hidden page counts. */
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") show(dialog);
  });
}

/* A page that was opened in a tab behind this one has not been entered yet. */
function onceSeen(deed) {
  if (document.visibilityState === "visible") deed();
  else document.addEventListener("visibilitychange", deed, { once: true });
}

export async function start() {
  const place = document.querySelector("[data-popups]");
  if (!place) return;
  const answer = await fetch(place.dataset.popups, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = page.querySelector("dialog");
  if (!dialog) return;
  place.append(document.adoptNode(dialog));
  onceSeen(() => arm(dialog));
}
