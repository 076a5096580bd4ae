// The 5 x 5 map of risks as a table of buttons, with the ways that risks moved drawn over it.

import { follow, make, whenShown } from "./shared/dom.js";

const SVG = "http://www.w3.org/2000/svg";
const SCALE = [1, 2, 3, 4, 5];
const INSIDE = 6; // pixels that an arrow reaches into its cells, beside the words in their middles

function shape(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function tip(id, kind) {
  const marker = { id, viewBox: "0 0 6 6", refX: 5, refY: 3, markerWidth: 7, markerHeight: 7, orient: "auto" };
  return shape("marker", marker, shape("path", { d: "M0,0 L6,3 L0,6 z", class: `op-tip ${kind}` }));
}

// The share of the way from a cell's middle to another's that lies inside the cell.
function within(cell, across, down) {
  return Math.min((cell.width / 2 - INSIDE) / Math.abs(across || 1e-9), (cell.height / 2 - INSIDE) / Math.abs(down || 1e-9));
}

function arrow(from, to, worse) {
  const [across, down] = [to.x - from.x, to.y - from.y];
  const [start, end] = [within(from, across, down), within(to, across, down)];
  return shape("line", {
    x1: from.x + across * start, y1: from.y + down * start, x2: to.x - across * end, y2: to.y - down * end,
    class: worse ? "op-way op-worse" : "op-way",
    "marker-end": worse ? "url(#op-tip-worse)" : "url(#op-tip-better)",
  });
}

export default {
  render({ model, el }) {
    el.classList.add("op-heat");
    const table = make("table", { class: "op-heat-table" });
    const ways = shape("svg", { "aria-hidden": "true" });
    el.append(table, ways);
    const cells = new Map();

    const choose = (key) => {
      model.set("chosen", key);
      model.set("picked", model.get("picked") + 1);
      model.save_changes();
    };
    const cellOf = (key) => {
      const { ids = [], place = key, colour = "" } = model.get("cells")[key] ?? {};
      const button = make(
        "button",
        {
          type: "button", class: "op-heat-cell", "data-cell": key,
          "aria-pressed": String(model.get("chosen") === key), onclick: () => choose(key),
        },
        make("span", { class: "op-quiet" }, `${place}: `, ids.length ? null : model.get("words").none),
        ids.length ? make("b", {}, String(ids.length), " ") : null,
        make("span", {}, ids.join(" ")),
      );
      if (colour) button.style.setProperty("--op-band", colour);
      cells.set(key, button);
      return make("td", {}, button);
    };
    const fill = () => {
      const words = model.get("words");
      const focused = el.contains(document.activeElement) ? document.activeElement.dataset.cell : null;
      cells.clear();
      const rows = SCALE.toReversed().map((likelihood) =>
        make("tr", {}, make("th", { scope: "row" }, String(likelihood)), ...SCALE.map((impact) => cellOf(`${likelihood}x${impact}`))),
      );
      const top = make("tr", {}, make("td"), ...SCALE.map((impact) => make("th", { scope: "col" }, String(impact))));
      table.replaceChildren(
        make("caption", {}, words.caption ?? ""), make("thead", {}, top), make("tbody", {}, ...rows),
      );
      if (focused) cells.get(focused)?.focus();
      draw();
    };
    const middle = (key, box) => {
      const at = cells.get(key).getBoundingClientRect();
      const place = { x: at.left + at.width / 2 - box.left, y: at.top + at.height / 2 - box.top };
      return { ...place, width: at.width, height: at.height };
    };
    const draw = () => {
      const box = el.getBoundingClientRect();
      if (!box.width) return;
      ways.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
      const lines = model
        .get("ways")
        .filter(({ from, to }) => cells.has(from) && cells.has(to))
        .map(({ from, to, worse }) => arrow(middle(from, box), middle(to, box), worse));
      ways.replaceChildren(tip("op-tip-better", ""), tip("op-tip-worse", "op-worse"), ...lines);
    };

    const size = new ResizeObserver(draw);
    const unfollow = follow(model, ["cells", "words", "chosen", "ways"], fill);
    const stopWaiting = whenShown(el, () => {
      size.observe(el);
      draw();
    });
    return () => {
      stopWaiting();
      size.disconnect();
      unfollow();
    };
  },
};
