// Sets the theme before the first paint, where the reader wants it like the device.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    const wanted = root.dataset.theme;
    root.dataset.bsTheme = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
  };
  set();
  dark.addEventListener("change", set);
  document.addEventListener("theme", set);
})();
