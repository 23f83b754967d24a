// What the lines of a form would come to, asked of the server while one types: a form marked
// data-estimate sends itself there and shows prices, sums, and what would stand in the way.

const PAUSE = 300; // ms after the last key

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

const hint = (row, words) => {
  const cell = row.querySelector('[name$="-quantity"]').closest("td");
  let place = cell.querySelector(".short");
  if (!place) {
    place = document.createElement("small");
    place.className = "hint short text-held";
    cell.append(place);
  }
  place.textContent = words;
};

class Estimate {
  constructor(form) {
    this.form = form;
    form.addEventListener("input", () => this.later());
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

  show({ addresses, lines = {}, totals = [], currency = "", problems = [], credit = "" }) {
    if (addresses) offer(this.form.elements.ship_to, addresses);
    this.form.querySelectorAll("[data-grid] tbody tr").forEach((row) => {
      const name = row.querySelector('[name$="-product"]').name;
      const line = lines[name.split("-")[1]];
      text(row.querySelector("[data-outcome]"), line?.net);
      const price = row.querySelector('[name$="-unit_price"]');
      price.dataset.usual ??= price.placeholder;
      price.placeholder = line?.price ?? price.dataset.usual;
      hint(row, line?.note);
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
