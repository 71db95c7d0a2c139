/* Quantity: the number changes at once; in the cart the last number is sent when the clicks stop. While
 * one is being typed its field has data-typing, and nothing replaces it. */
import { clean, show } from "./amount.js";
import { catchUp, send } from "./forms.js";

const SEND_AFTER_MS = 250;

function sendSoon(input) {
  const form = input.form;
  if (form && "swap" in form.dataset) send(form, form.querySelector('[value="set"]'), SEND_AFTER_MS);
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
  document.addEventListener("input", ({ target }) => {
    if (target.closest?.("[data-stepper]")) target.dataset.typing = "";
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.closest?.("[data-stepper]")) return;
    delete target.dataset.typing;
    show(target, clean(target.value));
    sendSoon(target);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (!target.dataset || !("typing" in target.dataset)) return;
    delete target.dataset.typing;
    catchUp();
  });
}
