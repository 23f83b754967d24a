// A text field that looks up codes and names while one types (ARIA combobox with a listbox).
// The endpoint answers ?q=… with [{value, label, note, url}]. Enter takes an entry and goes on to the
// next field, also when it comes before the answer. data-goes: opens the url instead, and offers the
// entries of the menu first.
import { Options, say } from "./options.js";

const PAUSE = 150; // ms after the last key

const menuEntries = (typed) =>
  [...document.querySelectorAll(".menu-list a")]
    .filter((link) => link.textContent.trim().toLowerCase().startsWith(typed.toLowerCase()))
    .map((link) => ({ label: link.textContent.trim(), note: "→", url: link.href }));

const visible = (field) => field.checkVisibility() && !field.matches("fieldset, [type=hidden]");

class Combobox {
  constructor(field) {
    this.field = field;
    this.goes = "goes" in field.dataset;
    this.box = new Options(field, (i) => this.take(i));
    field.addEventListener("input", () => this.later());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => setTimeout(() => this.close(), PAUSE));
  }

  later() {
    clearTimeout(this.timer);
    this.waits = true;
    this.say("");
    this.timer = setTimeout(() => this.ask(), PAUSE);
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
      if (answer.ok && json) this.answer([...entries, ...(await answer.json())]);
      else this.close();
    } catch (problem) {
      if (problem.name !== "AbortError") this.close();
    }
  }

  answer(options) {
    const goOn = this.goOn;
    this.waits = this.goOn = false;
    if (document.activeElement !== this.field) return;
    this.show(options);
    if (!goOn) return;
    if (options.length) this.take(0);
    this.leave();
  }

  show(options) {
    this.options = options;
    this.box.show(options, this.goes ? -1 : 0);
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "Enter" && this.box.isOpen && this.box.at >= 0 && !this.goes) this.take(this.box.at);
      return;
    }
    if (event.key === "Enter" && this.waits && !this.goes) {
      this.goOn = true;
    } else if (!this.box.isOpen) {
      return;
    } else if (step) {
      this.box.step(step);
    } else if (event.key === "Enter" && this.box.at >= 0) {
      this.take(this.box.at);
      if (!this.goes) this.leave();
    } else if (event.key === "Tab" && this.box.at >= 0 && !this.goes) {
      this.take(this.box.at);
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
    this.say(option.label);
    this.field.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: option }));
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What was taken, in words, below its code.
  say(words) {
    if (!this.goes) say(this.field, "hint chosen", words);
  }

  // On to the next field: as Enter does in a grid of lines, elsewhere in the order of the form.
  leave() {
    const enter = { key: "Enter", bubbles: true, cancelable: true };
    if (!this.field.dispatchEvent(new KeyboardEvent("keydown", enter))) return;
    const fields = [...this.field.form.elements].filter(visible);
    fields[fields.indexOf(this.field) + 1]?.focus();
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.waits = this.goOn = false;
    this.box.hide();
  }
}

export const start = (root) => {
  for (const field of root.querySelectorAll("[data-combobox]:not([role=combobox])")) {
    new Combobox(field);
  }
};
