// The theme chosen last (widgets/frontend/src/shared/theme.js keeps it), before anything is painted.
(() => {
  const root = document.documentElement;
  try {
    const kept = localStorage.getItem("opsline-theme");
    if (!root.dataset.theme && ["light", "dark"].includes(kept)) root.dataset.theme = kept;
  } catch {
    // private mode
  }
})();
