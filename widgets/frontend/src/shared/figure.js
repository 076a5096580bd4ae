// A plotly figure in the page's colours, and as a table of its points.

import { colours } from "./theme.js";

const NAMES = [
  "text", "muted", "line", "surface", "paper", "accent",
  "green", "amber", "red", "blue", "grey",
  "series-1", "series-2", "series-3", "series-4", "series-5", "series-6",
];
const ARRAYS = {
  f8: Float64Array, f4: Float32Array, i1: Int8Array, u1: Uint8Array, u1c: Uint8ClampedArray,
  i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array,
};
const MANY = 500; // rows of the table of points

const NAMED = /^var\(--op-([a-z0-9-]+)\)$/;

// The theme's colours that a chart needs: those of every chart, and those that the figure names.
export function palette(el, spec) {
  const named = [...spec.matchAll(/var\(--op-([a-z0-9-]+)\)/g)].map((match) => match[1]);
  return colours(el, new Set([...NAMES, ...named]));
}

// A colour that a figure calls "var(--op-green)" is that of the theme, in light and in dark.
export function parsed(spec, found) {
  return JSON.parse(spec, (_name, value) => {
    const name = typeof value === "string" ? NAMED.exec(value)?.[1] : undefined;
    return name ? (found[name] ?? value) : value;
  });
}

export function template(found) {
  const axis = {
    automargin: true,
    color: found.muted,
    gridcolor: found.line,
    linecolor: found.line,
    zerolinecolor: found.line,
    title: { font: { color: found.muted }, standoff: 8 },
  };
  const series = [1, 2, 3, 4, 5, 6].map((number) => found[`series-${number}`]);
  return {
    layout: {
      autosize: true,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      colorway: series,
      font: { color: found.text, family: "inherit", size: 12 },
      margin: { l: 8, r: 8, t: 24, b: 8 },
      xaxis: axis,
      yaxis: axis,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: found.text } },
      hoverlabel: { bgcolor: found.surface, bordercolor: found.line, font: { color: found.text } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: found.muted, activecolor: found.accent },
      annotationdefaults: { font: { color: found.text } },
    },
    data: { heatmap: [{ colorbar: { outlinewidth: 0, tickfont: { color: found.muted } } }] },
  };
}

// plotly.py sends long columns as {dtype, bdata, shape}.
export function list(values) {
  if (values === undefined || values === null) return [];
  if (!values.bdata) return Array.from(values);
  const bytes = Uint8Array.from(atob(values.bdata), (letter) => letter.charCodeAt(0));
  const flat = Array.from(new (ARRAYS[values.dtype] ?? Float64Array)(bytes.buffer));
  const [, width] = String(values.shape ?? "").split(",").map(Number);
  if (!width) return flat;
  return Array.from({ length: flat.length / width }, (_, row) => flat.slice(row * width, (row + 1) * width));
}

function shown(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  return typeof value === "number" ? String(Math.round(value * 1e4) / 1e4) : String(value).replace(/<[^>]*>/g, " ");
}

function matrix(trace) {
  const across = list(trace.x);
  const down = list(trace.y);
  return list(trace.z).flatMap((row, place) =>
    list(row).map((value, column) => ({
      name: trace.name ?? "",
      cells: [across[column] ?? column, down[place] ?? place, value],
      at: { x: across[column], y: down[place], customdata: list(list(trace.customdata)[place])[column] },
    })),
  );
}

function points(trace) {
  const [first, second] = trace.type === "pie" ? [list(trace.labels), list(trace.values)] : [list(trace.x), list(trace.y)];
  const data = list(trace.customdata);
  return Array.from({ length: Math.max(first.length, second.length) }, (_, place) => ({
    name: trace.name ?? "",
    cells: [first[place] ?? place, second[place]],
    at: { x: first[place], y: second[place], customdata: data[place] },
  }));
}

// Every point of a figure: {name of its trace, cells, and what a click on it would say}.
export function rows(figure) {
  const all = figure.data.flatMap((trace, curve) => {
    if (trace.visible === false || trace.hoverinfo === "skip") return [];
    const found = trace.z ? matrix(trace) : points(trace);
    return found.map((row) => ({ ...row, cells: row.cells.map(shown), at: { ...row.at, curve } }));
  });
  return all.slice(0, MANY);
}
