// An editable grid of lines: Enter goes on, rows are added and removed, rows copied from a
// spreadsheet are pasted, and totals are shown while typing. The server alone computes the truth.
// Fields marked data-factor are multiplied with each other and summed over the lines; its value
// tells the sums of a form apart.

import { read } from "./number.js";

const FIELDS = "input:not([type=hidden], [type=checkbox]), select, textarea";

class Grid {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    this.body = root.querySelector("tbody");
    this.blank = root.querySelector("[data-grid-new]").innerHTML;
    this.total = root.querySelector(`[name="${root.dataset.grid}-TOTAL_FORMS"]`);
    root.querySelector("[data-grid-hint]").hidden = false;
    const add = root.querySelector("[data-grid-add]");
    add.hidden = false;
    add.addEventListener("click", () => this.fields(this.add())[0].focus());
    root.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("keydown", (event) => this.above(event));
    root.addEventListener("paste", (event) => this.paste(event));
    root.addEventListener("change", (event) => this.changed(event));
    root.addEventListener("input", () => this.sum());
    root.addEventListener("grid:rows", (event) => this.grow(event.detail));
    this.sum();
  }

  rows() {
    return [...this.body.rows].filter((row) => !("removed" in row.dataset));
  }

  fields(row) {
    return [...row.querySelectorAll(FIELDS)];
  }

  grow(count) {
    while (Number(this.total.value) < count) this.add();
  }

  add() {
    const index = Number(this.total.value);
    this.body.insertAdjacentHTML("beforeend", this.blank.replaceAll("__prefix__", index));
    this.total.value = index + 1;
    this.count();
    document.dispatchEvent(new Event("htmx:after:swap"));
    return this.body.lastElementChild;
  }

  count() {
    this.rows().forEach((row, i) => {
      row.querySelector("[data-number]").textContent = i + 1;
    });
  }

  key(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    if (event.defaultPrevented || !event.target.matches(FIELDS)) return;
    event.preventDefault();
    const all = this.rows().flatMap((row) => this.fields(row));
    const next = all[all.indexOf(event.target) + 1];
    (next ?? this.fields(this.add())[0]).focus();
  }

  // Enter goes on in the fields around the grid too: only a button, or its key, sends the form.
  above(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (!event.target.matches(FIELDS) || event.target.matches("textarea")) return;
    event.preventDefault();
    const all = [...this.form.querySelectorAll(FIELDS)].filter((field) => field.offsetParent);
    all[all.indexOf(event.target) + 1]?.focus();
  }

  changed(event) {
    if (event.target.name?.endsWith("-DELETE") && event.target.checked) {
      const row = event.target.closest("tr");
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.dataset.removed = "";
      if (next) this.fields(next)[0]?.focus();
      this.count();
    }
    this.sum();
  }

  paste(event) {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!event.target.matches(FIELDS) || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const rows = this.rows();
    const first = rows.indexOf(event.target.closest("tr"));
    const column = this.fields(rows[first]).indexOf(event.target);
    text.split(/\r?\n/).forEach((line, i) => {
      const fields = this.fields(rows[first + i] ?? this.add());
      line.split("\t").forEach((cell, j) => {
        const field = fields[column + j];
        if (field) field.value = cell.trim();
      });
    });
    this.sum();
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  sum() {
    for (const place of this.form.querySelectorAll("[data-grid-sum]")) this.show(place);
  }

  show(place) {
    const of = `[data-factor="${place.dataset.gridOf ?? ""}"]`;
    const sums = this.rows().map((row) => {
      const factors = [...row.querySelectorAll(of)].map((f) => f.value.trim());
      return factors.length && factors.every(Boolean) ? factors.map(read).reduce((a, b) => a * b) : 0;
    });
    const sum = sums.filter(Number.isFinite).reduce((a, b) => a + b, 0);
    const digits = Number(place.dataset.gridSum || 2);
    place.textContent = new Intl.NumberFormat(document.documentElement.lang, {
      minimumFractionDigits: digits, maximumFractionDigits: digits,
    }).format(sum);
  }
}

export const start = (root) => {
  document.documentElement.classList.add("scripted");
  for (const grid of root.querySelectorAll("[data-grid]:not([data-started])")) {
    grid.dataset.started = "";
    new Grid(grid);
  }
};
