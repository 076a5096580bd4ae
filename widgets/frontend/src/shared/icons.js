// Small line drawings beside the navigation's words; for the eye only.

const PATHS = {
  brand: "M4 18V9m5 9V5m5 13v-7m5 7V8",
  menu: "M4 7h16M4 12h16M4 17h16",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  intake: "M5 4h14v16H5zM12 8v8M8 12h8",
  tickets: "M4 7h16v4a2 2 0 0 0 0 4v3H4v-3a2 2 0 0 0 0-4zM14 7v11",
  kpis: "M4 20V4m0 16h16M8 15l4-5 3 3 5-7",
  risks: "M12 4l9 16H3zM12 10v4m0 2.5v.5",
  page: "M6 3h8l4 4v14H6zM14 3v4h4",
};
const SPACE = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "op-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.page);
  svg.append(path);
  return svg;
}
