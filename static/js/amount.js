/* The number in a stepper: kept between one and the most, its buttons saying where the end is. */

/** What was typed as a whole number, full-width digits too; one when it is none. */
export function clean(text) {
  return parseInt(text.normalize("NFKC"), 10) || 1;
}

/** Puts `quantity` into the field as far as it goes. */
export function show(input, quantity) {
  const most = parseInt(input.dataset.most, 10) || 999;
  const within = Math.min(Math.max(quantity, 1), most);
  input.value = within;
  for (const button of input.closest("[data-stepper]").querySelectorAll("[data-step]")) {
    button.disabled = button.dataset.step === "1" ? within >= most : within <= 1;
  }
}
