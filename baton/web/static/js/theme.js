// Runs before the first paint: the theme chosen on this device, and whether the command key is a Mac's.
(() => {
  const root = document.documentElement;
  const theme = localStorage.getItem("baton.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (/Mac|iPhone|iPad/.test(navigator.platform)) root.dataset.mac = "";
})();
