// What an order would come to, asked of the server while one types: its form, marked
// data-estimate, sends itself there and shows prices, sums, and what would stand in the way.

import { say } from "./options.js";

const PAUSE = 300; // ms after the last key
const SHORT = "hint text-held short";
const WRONG = "hint text-late mistake";

const text = (place, words) => {
  if (place) place.textContent = words ?? "";
};

const offer = (select, options) => {
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
  select.value = options.some(([value]) => value === chosen) ? chosen : "";
};

const note = (words, kind) => {
  const item = document.createElement("li");
  item.className = kind;
  item.textContent = words;
  return item;
};

// Marks the fields that hold something wrong, but for the one in which a name is being looked up.
const mark = (form, wrong) => {
  for (const field of form.querySelectorAll("[data-marked]")) {
    if (field.name in wrong) continue;
    delete field.dataset.marked;
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
    say(field, WRONG, "");
  }
  for (const [name, words] of Object.entries(wrong)) {
    const field = form.elements[name];
    if (field === document.activeElement && field.role === "combobox") continue;
    if (field.parentElement.querySelector(".error")) continue;
    field.dataset.marked = "";
    field.classList.add("is-invalid");
    field.ariaInvalid = "true";
    say(field, WRONG, words);
  }
};

// What the server marked is not marked any more once it is typed anew.
const unmark = (field) => {
  const error = field.parentElement.querySelector(".error");
  if (!error) return;
  error.remove();
  field.classList.remove("is-invalid");
  field.removeAttribute("aria-invalid");
};

class Estimate {
  constructor(form) {
    this.form = form;
    form.addEventListener("input", (event) => {
      unmark(event.target);
      this.later();
    });
    form.addEventListener("change", () => this.later());
    this.ask();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const answer = await fetch(this.form.dataset.estimate, {
        method: "POST", body: new FormData(this.form), signal: this.asking.signal,
      });
      const json = answer.headers.get("Content-Type")?.includes("json");
      if (answer.ok && json) this.show(await answer.json());
    } catch (problem) {
      if (problem.name !== "AbortError") this.show({ addresses: null });
    }
  }

  show({ addresses, names = {}, wrong = {}, lines = {}, totals = [], currency = "", problems = [], credit = "" }) {
    mark(this.form, wrong);
    for (const [name, words] of Object.entries(names)) say(this.form.elements[name], "hint chosen", words);
    if (addresses) offer(this.form.elements.ship_to, addresses);
    this.form.querySelectorAll("[data-grid] tbody tr").forEach((row) => {
      const name = row.querySelector('[name$="-product"]').name;
      const line = lines[name.split("-")[1]];
      text(row.querySelector("[data-outcome]"), line?.net);
      const price = row.querySelector('[name$="-unit_price"]');
      price.dataset.usual ??= price.placeholder;
      price.placeholder = line?.price ?? price.dataset.usual;
      say(row.querySelector('[name$="-quantity"]'), SHORT, line?.note);
    });
    const sums = totals.map(([label, sum], i) => {
      const part = document.createElement(i === totals.length - 1 ? "strong" : "span");
      part.textContent = `${label} ${sum}`;
      return part;
    });
    if (sums.length) sums.at(-1).append(` ${currency}`);
    this.form.querySelector("[data-totals]").replaceChildren(...sums);
    const notes = problems.map((words) => note(words, "text-held"));
    if (credit) notes.push(note(credit, "hint"));
    this.form.querySelector("[data-notes]").replaceChildren(...notes);
  }
}

export const start = (root) => {
  for (const form of root.querySelectorAll("[data-estimate]:not([data-estimated])")) {
    form.dataset.estimated = "";
    new Estimate(form);
  }
};
