// Nothing typed is lost: a form marked data-draft keeps what is in it in this browser until it has
// been sent. page.js drops the draft once the sent form has led to another page.

const SKIPPED = /^(csrfmiddlewaretoken|idempotency_key|next)$/;

const said = (form) =>
  [...new FormData(form)].filter(([name, value]) => !SKIPPED.test(name) && typeof value === "string");

const fill = (form, draft) => {
  for (const grid of form.querySelectorAll("[data-grid]")) {
    const total = draft.find(([name]) => name === `${grid.dataset.grid}-TOTAL_FORMS`);
    grid.dispatchEvent(new CustomEvent("grid:rows", { detail: Number(total?.[1] ?? 0) }));
  }
  for (const [name, value] of draft) {
    const field = form.elements[name];
    if (!field || field.type === "hidden") continue;
    if (field.type === "checkbox") {
      field.checked = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (field.type !== "checkbox") field.value = value;
  }
  form.querySelector("[data-grid]")?.dispatchEvent(new Event("input"));
};

const offer = (form, key, draft) => {
  const bar = document.createElement("div");
  bar.className = "alert";
  bar.role = "status";
  const words = form.dataset.draftWords.split("|");
  const text = document.createElement("span");
  text.textContent = words[0];
  bar.append(text);
  words.slice(1).forEach((word, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = word;
    button.addEventListener("click", () => {
      if (i === 0) fill(form, draft);
      else localStorage.removeItem(key);
      bar.remove();
    });
    bar.append(button);
  });
  form.prepend(bar);
};

export const start = (root) => {
  for (const form of root.querySelectorAll("[data-draft]:not([data-kept])")) {
    form.dataset.kept = "";
    const key = `draft:${form.dataset.draft}`;
    const before = JSON.stringify(said(form));
    const kept = localStorage.getItem(key);
    if (kept && kept !== before && !form.querySelector("[role=alert]")) offer(form, key, JSON.parse(kept));
    let timer;
    const keep = () => {
      clearTimeout(timer);
      timer = setTimeout(() => localStorage.setItem(key, JSON.stringify(said(form))), 400);
    };
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", () => {
      localStorage.setItem(key, JSON.stringify(said(form)));
      sessionStorage.setItem("sent", form.dataset.draft);
    });
  }
};
