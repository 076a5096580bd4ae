// The theme's stylesheet, where the page's template has not linked it already (JupyterLab).

export function ensureStyle(version) {
  if (document.querySelector('link[href*="opsline/opsline.css"]')) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(`./opsline.css?v=${version ?? "0"}`, import.meta.url).href;
  document.head.append(link);
}
