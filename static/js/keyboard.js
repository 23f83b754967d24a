// The keys of every page: / search, ? help, g + letter to go, and whatever the page marks:
// data-focus="f" takes the focus, data-key="n" is clicked, data-go="o" is opened after g. Ctrl+Enter
// sends the form one is in; j and k walk through the queue of a worklist.

const field = (element) => element?.closest?.("input, textarea, select, [contenteditable]");
const SENDS = "[aria-keyshortcuts='Control+Enter']";
const STEPS = { j: "nextElementSibling", k: "previousElementSibling" };
let going = 0;

const find = (attribute, key) => document.querySelector(`[${attribute}="${CSS.escape(key)}"]`);

const neighbour = (key) =>
  document.querySelector(".queue [aria-current]")?.closest("li")[STEPS[key]]?.querySelector("a");

const press = (key) => {
  if (key === "?") {
    document.getElementById("keys")?.togglePopover();
    return true;
  }
  if (going && Date.now() - going < 1500) {
    going = 0;
    const link = find("data-go", key);
    link?.click();
    return Boolean(link);
  }
  if (key === "g") {
    going = Date.now();
    return true;
  }
  const target = find("data-focus", key);
  if (target) {
    target.focus();
    target.select?.();
    return true;
  }
  const pressed = find("data-key", key) ?? (key in STEPS ? neighbour(key) : null);
  if (pressed && !pressed.disabled) {
    pressed.click();
    return true;
  }
  return false;
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    find("data-focus", "/")?.focus();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const button = (event.target.form ?? document).querySelector(SENDS);
    if (button) event.preventDefault();
    button?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const inField = field(event.target);
  if (event.key === "Escape" && inField) inField.blur();
  const typing = inField && !inField.matches("[type=checkbox], [type=radio]");
  if (!typing && press(event.key)) event.preventDefault();
});
