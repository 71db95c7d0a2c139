/* The code of a text message: asked for in the background, then the button counts down. */
import { say } from "./toast.js";

function countDown(button, seconds) {
  const words = button.textContent;
  const until = Date.now() + seconds * 1000;
  button.disabled = true;
  const timer = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.textContent = left > 0 ? button.dataset.again.replace("{seconds}", left) : words;
    if (left > 0) return;
    clearInterval(timer);
    button.disabled = false;
  }, 250);
}

async function onClick(event) {
  const button = event.target.closest?.("[data-sms-code]");
  if (!button) return;
  event.preventDefault();
  const phone = button.form.elements.phone;
  if (!phone.value.trim()) {
    phone.focus();
    return;
  }
  const body = new FormData(button.form, button);
  const response = await fetch(button.formAction, { method: "POST", body, headers: { Accept: "application/json" } });
  const answer = await response.json();
  say(answer.detail);
  if (answer.retry_after_seconds) countDown(button, answer.retry_after_seconds);
  if (response.ok) button.form.elements.code.focus();
}

export function start() {
  document.addEventListener("click", onClick);
}
