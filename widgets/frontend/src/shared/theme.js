// Light, dark, or as the system: `data-theme` on the page's root, kept in the browser.

const KEY = "opsline-theme";
const THEMES = ["light", "dark"];
export const THEME_EVENT = "opsline:theme";

function isServed() {
  return document.body.dataset.voila !== undefined;
}

// What the address bar asks for comes before what was chosen last.
export function chosen() {
  const asked = isServed() ? new URLSearchParams(location.search).get("theme") : null;
  if (THEMES.includes(asked)) return asked;
  try {
    return localStorage.getItem(KEY) ?? "auto";
  } catch {
    return "auto"; // private mode
  }
}

export function choose(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // private mode: the choice lasts as long as the page
  }
  apply(theme);
}

export function apply(theme = chosen()) {
  const lab = document.body.dataset.jpThemeLight === "false" ? "dark" : "light";
  const shown = isServed() ? theme : lab;
  const root = document.documentElement;
  const before = root.dataset.theme;
  if (THEMES.includes(shown)) root.dataset.theme = shown;
  else delete root.dataset.theme;
  if (root.dataset.theme !== before) tell(); // charts are drawn anew, which is not for nothing
}

function tell() {
  window.dispatchEvent(new CustomEvent(THEME_EVENT));
}

let watching = false;

// Tell charts when the system, or JupyterLab, turns dark.
export function watchSystem() {
  if (watching) return;
  watching = true;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  const lab = new MutationObserver(() => !isServed() && apply());
  lab.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
}

// Colours of the theme as the browser computes them here: name -> "rgb(...)".
export function colours(el, names) {
  const box = document.createElement("span");
  box.hidden = true;
  const probes = [...names].map((name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--op-${name})`;
    return [name, probe];
  });
  box.append(...probes.map(([, probe]) => probe));
  el.append(box); // all of them at once: the browser computes its styles once
  const found = Object.fromEntries(probes.map(([name, probe]) => [name, getComputedStyle(probe).color]));
  box.remove();
  return found;
}
