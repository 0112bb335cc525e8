// Runs before the first paint: what was chosen, or else what the system has. The switch goes system, light, dark.
(() => {
  const key = "policyengine-theme";
  const next = { system: "light", light: "dark", dark: "system" };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = "system";
  try { chosen = localStorage.getItem(key) in next ? localStorage.getItem(key) : chosen; } catch { }
  const show = () => {
    const root = document.documentElement;
    root.dataset.themeChoice = chosen;
    root.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  };
  dark.addEventListener("change", show);
  document.addEventListener("click", e => {
    if (!e.target.closest?.("[data-theme-switch]")) return;
    chosen = next[chosen];
    try { localStorage.setItem(key, chosen); } catch { }
    show();
  });
  show();
})();
