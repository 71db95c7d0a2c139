/* Coupons for people nearby: ask the device where it is, with its owner's consent, then claim. */
import { say } from "./toast.js";

const PATIENCE_MS = 10000;
const DEGREES = 6;

function onSubmit(event) {
  const form = event.target.closest("[data-near]");
  if (!form || form.elements.latitude.value || !navigator.geolocation) return;
  event.preventDefault();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.latitude.value = coords.latitude.toFixed(DEGREES);
      form.elements.longitude.value = coords.longitude.toFixed(DEGREES);
      form.requestSubmit();
    },
    () => say(form.dataset.refused),
    { timeout: PATIENCE_MS, maximumAge: 60000 },
  );
}

export function start() {
  document.addEventListener("submit", onSubmit, { capture: true });
}
