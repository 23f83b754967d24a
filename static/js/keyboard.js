// The keys of every page: / search, ? help, g + letter to go, and whatever the page marks:
// data-focus="f" takes the focus, data-key="n" is clicked, data-go="o" is opened after g.

const field = (element) => element?.closest?.("input, textarea, select, [contenteditable]");
let going = 0;

const find = (attribute, key) => document.querySelector(`[${attribute}="${CSS.escape(key)}"]`);

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
  const pressed = find("data-key", key);
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
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const inField = field(event.target);
  if (event.key === "Escape" && inField) inField.blur();
  const typing = inField && !inField.matches("[type=checkbox], [type=radio]");
  if (!typing && press(event.key)) event.preventDefault();
});
