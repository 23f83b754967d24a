// Cash application: says while one ticks and types what would be left of the payment.
// Amounts are only shown here; the server computes what is applied.

import { read } from "./number.js";

const form = document.querySelector("[data-apply]");

const rows = () => [...form.querySelectorAll("input[name=item]")].map((tick) => ({
  tick,
  part: form.elements[`amount-${tick.value}`],
  open: Number(form.elements[`open-${tick.value}`].value),
}));

const show = () => {
  let left = Number(form.dataset.apply);
  for (const { tick, part, open } of rows()) {
    if (!tick.checked) continue;
    left -= part.value.trim() ? read(part.value) : left > 0 ? Math.min(open, left) : open;
  }
  const place = document.querySelector("[data-rest]");
  const digits = Number(form.dataset.digits);
  const currency = place.textContent.trim().split(/\s/).at(-1);
  const shown = left.toLocaleString(document.documentElement.lang, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
  const told = Number.isNaN(left) ? "\u2014" : shown.replace("-", "\u2212");
  place.textContent = `${told}\u00a0${currency}`;
  place.classList.toggle("too-much", left < -0.00001);
};

// Looking for another item keeps what is ticked and typed.
const keep = (search) => {
  const said = [["choosing", "1"]];
  for (const { tick, part, open } of rows()) {
    if (!tick.checked) continue;
    said.push(["item", tick.value], [`open-${tick.value}`, open], [`amount-${tick.value}`, part.value]);
  }
  for (const [name, value] of said) {
    search.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
};

if (form) {
  form.addEventListener("input", (event) => {
    const row = rows().find(({ part }) => part === event.target);
    if (row) row.tick.checked = row.part.value.trim() !== "" || row.tick.checked;
    show();
  });
  form.addEventListener("change", show);
  const search = document.querySelector(".look-for");
  search.addEventListener("submit", () => keep(search));
}
