// Menus close on a click elsewhere and on Escape; preferences take effect at once.

const openMenus = () => document.querySelectorAll("details.drop[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const { name, value } = event.submitter ?? {};
  if (!form.matches("[data-preferences]") || name === "language") return;
  event.preventDefault();
  for (const button of form.querySelectorAll(`[name="${name}"]`)) {
    button.ariaPressed = String(button === event.submitter);
  }
  document.documentElement.dataset[name] = value;
  document.dispatchEvent(new Event("theme"));
  const said = new FormData(form, event.submitter);
  await fetch(form.action, { method: "POST", body: said, redirect: "manual" });
  const key = form.querySelector("[name=idempotency_key]");
  if (key) key.value = crypto.randomUUID?.() ?? key.value;
});
