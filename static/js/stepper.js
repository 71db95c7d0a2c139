/* Quantity: the number changes at once; in the cart the last number is sent when the clicks stop. */
import { clean, show } from "./amount.js";
import { send } from "./forms.js";

const SEND_AFTER_MS = 250;
const waiting = new WeakMap();

function sendSoon(input) {
  const form = input.form;
  if (!form || !("swap" in form.dataset)) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => send(form, form.querySelector('[value="set"]')), SEND_AFTER_MS));
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-step]");
    if (!button) return;
    event.preventDefault();
    const input = button.closest("[data-stepper]").querySelector("input");
    show(input, clean(input.value) + Number(button.dataset.step));
    sendSoon(input);
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.closest?.("[data-stepper]")) return;
    show(target, clean(target.value));
    sendSoon(target);
  });
}
