// Pickers for the first and the last day beside a field of days; the field holds what is asked for.

const DAY = "\\d{4}-\\d\\d-\\d\\d";
const SPAN = new RegExp(`^(?:(>=)?(${DAY})|(<=)(${DAY})|(${DAY})\\.\\.(${DAY}))$`);

const read = (text) => {
  const [, from, day, , until, first, last] = text.trim().match(SPAN) ?? [];
  if (day) return from ? [day, ""] : [day, day];
  return [first ?? "", last ?? until ?? ""];
};

const write = (first, last) => {
  if (first && last) return first === last ? first : `${first}..${last}`;
  if (first) return `>=${first}`;
  return last ? `<=${last}` : "";
};

export const start = (root) => {
  for (const place of root.querySelectorAll("[data-days][hidden]")) {
    const field = place.previousElementSibling;
    const first = place.querySelector("[data-first]");
    const last = place.querySelector("[data-last]");
    const show = () => [first.value, last.value] = read(field.value);
    place.hidden = false;
    show();
    field.addEventListener("input", show);
    place.addEventListener("change", () => {
      field.value = write(first.value, last.value);
    });
  }
};
