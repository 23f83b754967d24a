// A text field that looks up codes and names while one types (ARIA combobox with a listbox).
// The endpoint answers ?q=… with [{value, label, note, url}]. data-goes: opens the url instead,
// and offers the entries of the menu first.

let number = 0;

const menuEntries = (typed) =>
  [...document.querySelectorAll(".menu-list a")]
    .filter((link) => link.textContent.trim().toLowerCase().startsWith(typed.toLowerCase()))
    .map((link) => ({ label: link.textContent.trim(), note: "→", url: link.href }));

class Combobox {
  constructor(field) {
    this.field = field;
    this.goes = "goes" in field.dataset;
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
    field.addEventListener("input", () => this.later());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 150);
  }

  async ask() {
    const typed = this.field.value.trim();
    if (!typed) return this.close();
    const entries = this.goes ? menuEntries(typed) : [];
    if (entries.length) this.show(entries);
    this.asking?.abort();
    this.asking = new AbortController();
    const url = new URL(this.field.dataset.combobox, location.href);
    url.searchParams.set("q", typed);
    try {
      const answer = await fetch(url, {
        headers: { Accept: "application/json" }, signal: this.asking.signal,
      });
      const json = answer.headers.get("Content-Type")?.includes("json");
      if (answer.ok && json) this.show([...entries, ...(await answer.json())]);
    } catch (problem) {
      if (problem.name !== "AbortError") this.close();
    }
  }

  show(options) {
    this.options = options;
    this.at = this.goes ? -1 : 0;
    this.list.replaceChildren(...options.map((option, i) => {
      const item = document.createElement("li");
      item.id = `${this.list.id}-${i}`;
      item.role = "option";
      const label = document.createElement("span");
      label.textContent = option.label;
      const note = document.createElement("small");
      note.textContent = option.note ?? "";
      item.append(label, note);
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.take(i);
      });
      return item;
    }));
    this.list.hidden = !options.length;
    this.field.ariaExpanded = String(!this.list.hidden);
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

  key(event) {
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const size = this.options.length;
      this.at = (this.at + step + size) % size;
      this.mark();
    } else if (event.key === "Enter" && this.at >= 0) {
      this.take(this.at);
    } else if (event.key === "Tab" && this.at >= 0 && !this.goes) {
      this.take(this.at);
      return;
    } else if (event.key === "Escape") {
      this.close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(i) {
    const option = this.options[i];
    this.close();
    if (this.goes && option.url) {
      location.assign(option.url);
      return;
    }
    this.field.value = option.value;
    this.field.title = option.label;
    this.field.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: option }));
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.field.ariaExpanded = "false";
    this.field.removeAttribute("aria-activedescendant");
  }
}

export const start = (root) => {
  for (const field of root.querySelectorAll("[data-combobox]:not([role=combobox])")) {
    new Combobox(field);
  }
};
