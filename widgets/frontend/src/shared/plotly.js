// One copy of plotly.js for the page: the small bundle, and the full one for what it cannot draw.

import { library } from "./library.js";

const SMALL = new Set([
  "bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour",
  "image", "pie", "scatter", "scatterternary", "violin",
]);
const loaded = {};

function bundle(name) {
  loaded[name] ??= library(name).then((module) => module.default ?? window.Plotly);
  return loaded[name];
}

export async function plotlyFor(figure) {
  const isSmall = figure.data.every((trace) => SMALL.has(trace.type ?? "scatter"));
  return isSmall && !loaded.plotly ? bundle("plotly-cartesian") : bundle("plotly");
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
