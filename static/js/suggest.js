/*
 * The search box as a combobox: what was searched here before, hot words, and what fits what is typed.
 * Arrow keys move, Enter goes, Escape closes. Without this the box is a plain form.
 */
const KEPT = "searched";
const MOST_KEPT = 8;
const WAIT_MS = 150;

function history() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(kept) ? kept.filter((word) => typeof word === "string").slice(0, MOST_KEPT) : [];
  } catch {
    return [];
  }
}

function keep(word) {
  const words = [word, ...history().filter((other) => other !== word)].slice(0, MOST_KEPT);
  try {
    localStorage.setItem(KEPT, JSON.stringify(words));
  } catch { /* private mode: nothing is remembered */ }
}

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

class Combobox {
  constructor(form) {
    this.form = form;
    this.input = form.elements.q;
    this.words = form.dataset;
    this.list = element("ul", { id: "suggestions", role: "listbox", class: "suggest", "aria-label": this.words.label });
    this.list.hidden = true;
    form.parentElement.append(this.list);
    this.said = element("span", { role: "status", class: "vh" });
    form.parentElement.append(this.said);
    const roles = { role: "combobox", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list" };
    for (const [key, value] of Object.entries(roles)) this.input.setAttribute(key, value);
    this.listen();
  }

  listen() {
    this.input.addEventListener("focus", () => this.open());
    this.input.addEventListener("input", () => this.open());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.form.addEventListener("submit", () => this.input.value.trim() && keep(this.input.value.trim()));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.form.parentElement.contains(target)) this.close();
    });
    this.form.parentElement.addEventListener("focusout", ({ relatedTarget: next }) => {
      if (next && !this.form.parentElement.contains(next)) this.close();
    });
  }

  open() {
    if (!this.styled) {
      this.styled = true;
      document.head.append(element("link", { rel: "stylesheet", href: this.words.css }));
    }
    clearTimeout(this.waiting);
    const typed = this.input.value.trim();
    if (!typed) this.show(this.before());
    else this.waiting = setTimeout(() => this.ask(typed), WAIT_MS);
  }

  before() {
    const address = (word) => `${this.form.action}?q=${encodeURIComponent(word)}`;
    const hot = [...this.form.parentElement.querySelectorAll(".hot a")].map((link) => link.textContent);
    const entry = (kind) => (word) => ({ text: word, kind, url: address(word) });
    return [...history().map(entry(this.words.before)), ...hot.map(entry(this.words.hot))];
  }

  async ask(typed) {
    this.control?.abort();
    this.control = new AbortController();
    try {
      const answer = await fetch(`${this.words.suggest}?q=${encodeURIComponent(typed)}`, { signal: this.control.signal });
      if (answer.ok) this.show((await answer.json()).items);
    } catch { /* the form still searches */ }
  }

  show(items) {
    this.list.replaceChildren(...items.map((item, place) => {
      const row = element("li", { role: "option", id: `suggestion-${place}`, "aria-selected": "false" });
      const link = element("a", { href: item.url, tabindex: "-1" }, item.text);
      link.addEventListener("click", () => item.url.includes("q=") && keep(item.text));
      row.append(link);
      if (item.kind) link.append(element("span", {}, item.kind));
      return row;
    }));
    this.at = -1;
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(Boolean(items.length)));
    this.input.removeAttribute("aria-activedescendant");
    this.said.textContent = items.length ? this.words.count.replace("0", items.length) : "";
  }

  close() {
    clearTimeout(this.waiting);
    this.control?.abort();
    this.show([]);
  }

  onKey(event) {
    const rows = [...this.list.children];
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.isComposing) return;
    if (event.key in steps) {
      event.preventDefault();
      if (!rows.length) this.open();
      else this.move(rows, steps[event.key]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      rows[this.at].firstElementChild.click();
    } else if (event.key === "Tab") this.close();
  }

  move(rows, step) {
    this.at = this.at + step < -1 ? rows.length - 1 : this.at + step;
    if (this.at >= rows.length) this.at = -1;
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === this.at)));
    const row = rows[this.at];
    if (!row) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }
}

export function start() {
  for (const form of document.querySelectorAll("form[data-suggest]")) new Combobox(form);
}
