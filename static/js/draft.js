// Nothing typed is lost: a form marked data-draft keeps what is in it in this browser until it has
// been sent or cancelled. page.js drops the draft once the sent form has led to another page.

const PAUSE = 400; // ms after the last key
const SKIPPED = /^(csrfmiddlewaretoken|idempotency_key|next)$/;

const said = (form) =>
  [...new FormData(form)].filter(([name, value]) => !SKIPPED.test(name) && typeof value === "string");

const fill = (form, draft) => {
  for (const grid of form.querySelectorAll("[data-grid]")) {
    const total = draft.find(([name]) => name === `${grid.dataset.grid}-TOTAL_FORMS`);
    grid.dispatchEvent(new CustomEvent("grid:rows", { detail: Number(total?.[1] ?? 0) }));
  }
  for (const box of form.querySelectorAll("[type=checkbox]")) {
    const wanted = draft.some(([name, value]) => name === box.name && value === box.value);
    if (box.checked === wanted) continue;
    box.checked = wanted;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  for (const [name, value] of draft) {
    const field = form.elements[name];
    if (!field || field.type === "hidden" || field.type === "checkbox") continue;
    // What is chosen from may come later, as the addresses of a customer do.
    const offered = [...(field.options ?? [])].some((option) => option.value === value);
    if (field.options && !offered) field.add(new Option(value, value));
    field.value = value;
  }
  form.querySelector("[data-grid]")?.dispatchEvent(new Event("input"));
};

// Says so above the form, with buttons for what one may want instead.
const tell = (form, [words, ...labels], deeds) => {
  const bar = document.createElement("div");
  bar.className = "alert";
  bar.role = "status";
  const text = document.createElement("span");
  text.textContent = words;
  bar.append(text);
  labels.forEach((label, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = label;
    button.addEventListener("click", () => {
      bar.remove();
      deeds[i]();
    });
    bar.append(button);
  });
  form.prepend(bar);
};

// What was typed comes back by itself, unless the form says something else by now.
const bring = (form, draft, drop) => {
  const version = draft.find(([name]) => name === "version")?.[1] ?? "";
  if (!location.search && version === (form.elements.version?.value ?? "")) {
    fill(form, draft);
    const anew = () => {
      drop();
      form.reset();
      location.reload();
    };
    tell(form, form.dataset.draftBack.split("|"), [anew]);
  } else {
    tell(form, form.dataset.draftStale.split("|"), [() => fill(form, draft), drop]);
  }
};

export const start = (root) => {
  for (const form of root.querySelectorAll("[data-draft]:not([data-kept])")) {
    form.dataset.kept = "";
    const key = `draft:${form.dataset.draft}`;
    let timer;
    const keep = () => {
      clearTimeout(timer);
      timer = 0;
      localStorage.setItem(key, JSON.stringify(said(form)));
    };
    const drop = () => {
      clearTimeout(timer);
      timer = 0;
      localStorage.removeItem(key);
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    };
    const kept = localStorage.getItem(key);
    const fresh = JSON.stringify(said(form));
    if (kept && kept !== fresh && !form.querySelector("[role=alert]")) bring(form, JSON.parse(kept), drop);
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.querySelector("[data-cancel]")?.addEventListener("click", drop);
    addEventListener("pagehide", () => timer && keep());
    form.addEventListener("submit", () => {
      keep();
      sessionStorage.setItem("sent", form.dataset.draft);
    });
  }
};
