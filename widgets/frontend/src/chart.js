// A plotly figure that is always that of the kernel, in the page's colours and width.

import { follow, make, whenShown } from "./shared/dom.js";
import { palette, parsed, rows, template } from "./shared/figure.js";
import { locale, plotlyFor } from "./shared/plotly.js";
import { THEME_EVENT } from "./shared/theme.js";

const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false };

function layoutOf(figure, found, height) {
  const { width, height: own, ...layout } = figure.layout;
  return { ...layout, template: template(found), autosize: true, height: own ?? height };
}

const nextFrame = () => new Promise(requestAnimationFrame);

function table(figure, words, onChoose) {
  const found = rows(figure);
  const named = new Set(found.map((row) => row.name)).size > 1;
  const body = make("tbody", {});
  for (const row of found) {
    const [first, ...rest] = row.cells;
    const head = row.at.customdata === undefined
      ? first
      : make("button", { type: "button", class: "op-as-link", onclick: () => onChoose(row.at) }, first || "–");
    const cells = named ? [...rest, row.name] : rest;
    body.append(make("tr", {}, make("th", { scope: "row" }, head), ...cells.map((cell) => make("td", {}, cell))));
  }
  return make("table", {}, make("caption", { class: "op-quiet" }, words.table ?? ""), body);
}

export default {
  render({ model, el }) {
    el.classList.add("op-chart");
    const plot = make("div", { class: "op-plot", role: "img" });
    const details = make("details", { class: "op-figures" });
    const failed = make("p", { class: "op-error", hidden: true });
    plot.style.minHeight = `${model.get("height")}px`; // the page keeps the place until the chart is there
    el.append(plot, failed, details);

    let plotly = null;
    let figure = { data: [], layout: {} };
    let ended = false;
    const choose = (at) => {
      const n = (model.get("clicked").n ?? 0) + 1;
      model.set("clicked", JSON.parse(JSON.stringify({ ...at, n })));
      model.save_changes();
    };
    const fillTable = () => {
      if (details.open) details.replaceChildren(details.firstChild, table(figure, model.get("words"), choose));
    };
    const onClick = (event) => {
      const point = event.points?.[0];
      if (!point) return;
      choose({ x: point.x, y: point.y, customdata: point.customdata, curve: point.curveNumber });
    };

    const draw = async () => {
      const found = palette(el, model.get("spec"));
      figure = parsed(model.get("spec"), found);
      plotly = await plotlyFor(figure);
      if (ended) return;
      const language = model.get("language") || "en";
      locale(plotly, language);
      const first = !plot.classList.contains("js-plotly-plot");
      const layout = layoutOf(figure, found, model.get("height"));
      plot.style.minHeight = `${layout.height}px`;
      await plotly.react(plot, figure.data, layout, { ...CONFIG, locale: language });
      if (first) plot.on("plotly_click", onClick);
      fillTable();
    };
    // One drawing after the other, each of what is newest when its turn comes: with the next frame, so that
    // charts which change together are laid out and painted once, and those that nobody sees wait.
    let turn = Promise.resolve();
    let waiting = false;
    const redraw = () => {
      if (waiting) return;
      waiting = true;
      turn = turn.then(nextFrame).then(async () => {
        waiting = false;
        try {
          await draw();
          failed.hidden = true;
        } catch (error) {
          console.error(error);
          failed.textContent = model.get("words").missing ?? "";
          failed.hidden = false;
          details.open = true;
          fillTable();
        }
      });
    };

    let width = 0;
    const resized = new ResizeObserver(() => {
      if (plotly && el.clientWidth && el.clientWidth !== width) plotly.Plots.resize(plot);
      width = el.clientWidth;
    });
    const stopWaiting = whenShown(el, () => {
      model.on("change:spec change:height", redraw);
      redraw();
      resized.observe(el);
    });
    const unfollow = follow(model, ["label", "words"], () => {
      const words = model.get("words");
      plot.setAttribute("aria-label", model.get("label") || words.chart || "");
      details.replaceChildren(make("summary", {}, words.table ?? ""));
      fillTable();
    });
    details.addEventListener("toggle", fillTable);
    window.addEventListener(THEME_EVENT, redraw);
    return () => {
      ended = true;
      stopWaiting();
      resized.disconnect();
      unfollow();
      model.off("change:spec change:height", redraw);
      window.removeEventListener(THEME_EVENT, redraw);
      if (plotly) plotly.purge(plot);
    };
  },
};
