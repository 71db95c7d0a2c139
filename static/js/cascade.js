/* Region cascade: choosing a level brings the next one from the regions of the REST API. */

function levels(cascade) {
  return [...cascade.querySelectorAll("select")];
}

function fill(select, regions) {
  const [first] = select.options;
  select.replaceChildren(first, ...regions.map(({ code, name }) => new Option(name, code)));
  select.toggleAttribute("data-empty", regions.length === 0);
}

async function children(cascade, parent) {
  const response = await fetch(`${cascade.dataset.cascade}?parent=${encodeURIComponent(parent)}&page_size=100`, {
    headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang },
  });
  const body = await response.json();
  return Array.isArray(body) ? body : body.results;
}

async function onChange({ target }) {
  const cascade = target.closest?.("[data-cascade]");
  if (!cascade) return;
  const selects = levels(cascade);
  const deeper = selects.slice(selects.indexOf(target) + 1);
  for (const select of deeper) fill(select, []);
  if (!target.value || deeper.length === 0) return;
  fill(deeper[0], await children(cascade, target.value));
  if (deeper[0].options.length > 1) deeper[0].focus();
}

export function start() {
  document.addEventListener("change", onChange);
}
