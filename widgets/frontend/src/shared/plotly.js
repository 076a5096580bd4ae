// One copy of plotly.js for the page: the smallest bundle that can draw what is there.

import { library } from "./library.js";

const BASIC = ["bar", "pie", "scatter"];
const CARTESIAN = [
  ...BASIC, "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour",
  "image", "scatterternary", "violin",
];
const BUNDLES = { "plotly-basic": BASIC, "plotly-cartesian": CARTESIAN, plotly: null }; // null: everything
const loaded = {};

function bundle(name) {
  loaded[name] ??= library(name).then((module) => module.default);
  return loaded[name];
}

// The names of the bundles that can draw these kinds of trace, the smallest first.
export function bundlesFor(kinds) {
  return Object.keys(BUNDLES).filter((name) => kinds.every((kind) => BUNDLES[name]?.includes(kind) ?? true));
}

export async function plotlyFor(figure) {
  const fit = bundlesFor(figure.data.map((trace) => trace.type ?? "scatter"));
  return bundle(fit.find((name) => loaded[name]) ?? fit[0]);
}

// Months and days in the page's language, from the browser's own calendar.
export function locale(plotly, language) {
  if (language === "en" || loaded[`locale-${language}`]) return;
  loaded[`locale-${language}`] = true;
  const month = (style) => [...Array(12).keys()].map((number) => said({ month: style }, new Date(2026, number, 1)));
  const day = (style) => [...Array(7).keys()].map((number) => said({ weekday: style }, new Date(2026, 1, 1 + number)));
  const said = (options, date) => new Intl.DateTimeFormat(language, options).format(date);
  plotly.register({
    moduleType: "locale",
    name: language,
    dictionary: {},
    format: {
      days: day("long"),
      shortDays: day("short"),
      months: month("long"),
      shortMonths: month("short"),
      date: "%Y-%m-%d",
    },
  });
}
