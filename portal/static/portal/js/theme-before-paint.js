// Runs before the first paint, so that a page never flashes in the theme that was not chosen.
try {
  const chosen = localStorage.getItem("greenroom-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is closed to this page: the system's theme holds.
}
