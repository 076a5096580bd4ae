// The 5 x 5 map of risks as a table of buttons, with the ways that risks moved drawn over it.

import { follow, make, whenShown } from "./shared/dom.js";

const SVG = "http://www.w3.org/2000/svg";
const SCALE = [1, 2, 3, 4, 5];
const GAP = 14; // pixels between an arrow's ends and the middles of its cells

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

function arrow(from, to, worse) {
  const away = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const cut = Math.min(GAP, away / 4) / away;
  const [x, y] = [(to.x - from.x) * cut, (to.y - from.y) * cut];
  return shape("line", {
    x1: from.x + x, y1: from.y + y, x2: to.x - x, y2: to.y - y,
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
      const { ids = [], label = key, colour = "" } = model.get("cells")[key] ?? {};
      const button = make(
        "button",
        {
          type: "button", class: "op-heat-cell", "data-cell": key, "aria-label": label,
          "aria-pressed": String(model.get("chosen") === key), onclick: () => choose(key),
        },
        ids.length ? make("b", {}, String(ids.length)) : null,
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
      return { x: at.left + at.width / 2 - box.left, y: at.top + at.height / 2 - box.top };
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
