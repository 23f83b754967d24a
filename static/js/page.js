// Starts what a page has. Each part is a module with start(root), called again for swapped parts.
import "./keyboard.js";
import "./menus.js";

const PARTS = {
  "[data-rows]": "./list.js",
  "[data-combobox]": "./combobox.js",
  "[data-grid]": "./line-grid.js",
  "[data-draft]": "./draft.js",
  "[data-estimate]": "./order-estimate.js",
  "[data-days]": "./days.js",
  "[data-chart]": "./chart.js",
};

const start = async (root) => {
  for (const [selector, file] of Object.entries(PARTS)) {
    if (root.querySelector(selector)) (await import(file)).start(root);
  }
};

start(document);
document.addEventListener("htmx:after:swap", () => start(document));

// What the worker does in a moment is shown once it is done.
if (document.querySelector("[data-reload]")) setTimeout(() => location.reload(), 1500);

// A part of a page that turns out to be a whole one (signed out, refused, failed) is shown whole.
document.addEventListener("htmx:before:response", (event) => {
  const answer = event.detail.ctx.response.raw;
  if (!answer.redirected && answer.status < 400) return;
  event.preventDefault();
  location.assign(answer.url);
});

document.addEventListener("htmx:error", () => {
  const place = document.getElementById("messages");
  place.replaceChildren(document.getElementById("offline").content.cloneNode(true));
});

// A form that was sent and has led to another page needs its draft no more; one that came back does.
const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
if (sent && !document.querySelector(`[data-draft="${CSS.escape(sent)}"]`)) {
  localStorage.removeItem(`draft:${sent}`);
}
