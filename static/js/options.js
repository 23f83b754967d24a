// The listbox below a field: what may be taken, drawn, marked and walked through. And words below it.

let number = 0;

const MOST = 320; // px of the list's height
const LEAST = 120;

// Words below a field, one place for each style; no words clear the place.
export const say = (field, css, words) => {
  let place = field.parentElement.querySelector(`.${css.split(" ").at(-1)}`);
  if (!place) {
    if (!words) return;
    place = document.createElement("small");
    place.className = css;
    field.parentElement.append(place);
  }
  place.textContent = words ?? "";
};

const line = (option) => {
  const item = document.createElement("li");
  item.role = "option";
  const label = document.createElement("span");
  label.textContent = option.label;
  const note = document.createElement("small");
  note.textContent = option.note ?? "";
  item.append(label, note);
  return item;
};

export class Options {
  constructor(field, take) {
    this.field = field;
    this.take = take;
    this.list = document.createElement("ul");
    this.list.id = `options-${++number}`;
    this.list.className = "options";
    this.list.role = "listbox";
    this.list.hidden = true;
    field.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-expanded": "false",
      "aria-autocomplete": "list", "aria-controls": this.list.id,
    })) field.setAttribute(name, value);
  }

  get isOpen() {
    return !this.list.hidden;
  }

  show(options, at) {
    this.at = at;
    const items = options.map(line);
    items.forEach((item, i) => {
      item.id = `${this.list.id}-${i}`;
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.take(i);
      });
    });
    this.list.replaceChildren(...items);
    this.list.hidden = !items.length;
    this.field.ariaExpanded = String(this.isOpen);
    this.place();
    this.mark();
  }

  // Below the field, or above it where the bar at the foot or the keyboard leaves no room below.
  place() {
    const { top, bottom } = this.field.getBoundingClientRect();
    const head = document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0;
    const foot = this.field.form?.querySelector(".entry-foot")?.getBoundingClientRect().top;
    const below = Math.min(foot ?? Infinity, visualViewport.height) - bottom;
    const wanted = Math.min(MOST, this.list.scrollHeight);
    const up = below < wanted && top - head > below;
    this.list.classList.toggle("options-up", up);
    this.list.style.maxHeight = `${Math.max(LEAST, Math.min(MOST, (up ? top - head : below) - 16))}px`;
  }

  step(by) {
    const size = this.list.children.length;
    this.at = (this.at + by + size) % size;
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((item, i) => {
      item.ariaSelected = String(i === this.at);
      if (i === this.at) item.scrollIntoView({ block: "nearest" });
    });
    if (this.at < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  hide() {
    this.list.hidden = true;
    this.field.ariaExpanded = "false";
    this.field.removeAttribute("aria-activedescendant");
  }
}
