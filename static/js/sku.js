/*
 * SKU choice: what cannot be combined is marked at once from the page's own data;
 * price, stock and receipt come from the server, as they do without script. Of several answers
 * on their way only that of the last choice counts.
 */
import { fetchPage, takeOver } from "./live.js";
import { say } from "./toast.js";

const WAIT_MS = 120;
let skus = [];
let timer;
let turn = 0;

function groups() {
  return [...document.querySelectorAll("[data-group]")];
}

function chosen() {
  return groups().map((group) => group.querySelector("input:checked")?.value);
}

function state(values) {
  const sku = skus.find((one) => one.values.every((value, index) => value === values[index]));
  if (!sku) return "missing";
  return sku.available ? "on" : "sold_out";
}

function mark() {
  const values = chosen();
  groups().forEach((group, index) => {
    group.querySelector("[data-chosen]").textContent = values[index] ?? "";
    for (const input of group.querySelectorAll("input")) {
      const tried = values.with ? values.with(index, input.value) : Object.assign([...values], { [index]: input.value });
      input.nextElementSibling.classList.toggle("is-off", state(tried) !== "on");
    }
  });
}

async function ask() {
  const values = chosen();
  const sku = skus.find((one) => one.values.every((value, index) => value === values[index]));
  const url = new URL(window.location.pathname, window.location.origin);
  if (sku) url.searchParams.set("sku", sku.id);
  else values.forEach((value, index) => url.searchParams.set(`option_${index}`, value));
  turn += 1;
  const mine = turn;
  const found = await fetchPage(url).catch(() => null);
  if (!found) say(document.getElementById("toasts")?.dataset.offline);
  if (mine !== turn || !found?.response.ok) return;
  const { page } = found;
  takeOver(page);
  if (sku) window.history.replaceState(null, "", url);
  if (sku?.picture) document.querySelector(`[data-gallery] img[src="${sku.picture}"]`)?.scrollIntoView({ block: "nearest", inline: "start" });
}

export function start() {
  const data = document.getElementById("sku-data");
  if (!data) return;
  skus = JSON.parse(data.textContent)?.skus ?? [];
  document.addEventListener("change", ({ target }) => {
    if (!target.closest?.("[data-group]")) return;
    mark();
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
}
