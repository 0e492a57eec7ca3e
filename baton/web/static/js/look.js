// The theme of this device: system, light or dark.
const root = document.documentElement;
const choices = document.querySelectorAll("[data-theme-set]");

function show() {
  const now = root.dataset.theme ?? "system";
  for (const choice of choices) choice.setAttribute("aria-pressed", choice.dataset.themeSet === now);
}

for (const choice of choices) choice.addEventListener("click", () => {
  const theme = choice.dataset.themeSet;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  localStorage.setItem("baton.theme", theme);
  show();
});
show();
