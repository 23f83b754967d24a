// Starts what a page has. Each part is a module with start(root), called again for swapped parts.
import "./keyboard.js";
import "./menus.js";

const PARTS = {
  "[data-rows]": "./list.js",
  "[data-combobox]": "./combobox.js",
  "[data-grid]": "./line-grid.js",
  "[data-draft]": "./draft.js",
  "[data-chart]": "./chart.js",
};

const start = async (root) => {
  for (const [selector, file] of Object.entries(PARTS)) {
    if (root.querySelector(selector)) (await import(file)).start(root);
  }
};

start(document);
document.addEventListener("htmx:after:swap", () => start(document));
