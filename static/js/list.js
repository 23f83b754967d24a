// Lists: j and k move, Enter opens, x ticks, and the bar of set deeds counts what is ticked.

const rows = () => [...document.querySelectorAll("[data-rows] > tbody > tr")];
const ticks = () => [...document.querySelectorAll("[data-rows] input[name=ids]")];
let known = false;

const move = (step) => {
  const all = rows();
  const now = all.findIndex((row) => "here" in row.dataset);
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  if (!next) return;
  delete all[now]?.dataset.here;
  next.dataset.here = "";
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a")?.focus({ preventScroll: true });
};

const count = () => {
  const bar = document.querySelector("[data-set-bar]");
  if (!bar) return;
  const all = ticks();
  const ticked = all.filter((tick) => tick.checked).length;
  bar.hidden = !ticked;
  const words = bar.querySelector("[data-ticked]");
  words.textContent = `${ticked} ${words.dataset.words}`;
  for (const place of bar.querySelectorAll("[data-count]")) place.textContent = ticked;
  const every = document.querySelector("[data-tick-all]"); // a grid of ticks has none
  if (!every) return;
  every.checked = ticked > 0 && ticked === all.length;
  every.indeterminate = ticked > 0 && ticked < all.length;
};

const key = (event) => {
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here = document.querySelector("[data-rows] tr[data-here]");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x") here?.querySelector("input[name=ids]")?.click();
  else return;
  event.preventDefault();
};

const tickAll = (event) => {
  if (event.target.matches("[data-tick-all]")) {
    for (const tick of ticks()) tick.checked = event.target.checked;
  }
  if (event.target.closest("[data-rows]")) count();
};

const dropBlanks = ({ detail: { ctx } }) => {
  const said = ctx.request.body;
  if (ctx.request.method !== "GET" || !(said instanceof FormData)) return;
  for (const [name, value] of [...said]) if (value === "") said.delete(name);
};

export const start = () => {
  count();
  if (known) return;
  known = true;
  document.addEventListener("keydown", key);
  document.addEventListener("change", tickAll);
  document.addEventListener("htmx:config:request", dropBlanks);
};
