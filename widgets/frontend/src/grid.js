// Many rows: Tabulator draws those in sight. Sorting, keyboard, narrow pages.

import { follow, make, whenShown } from "./shared/dom.js";
import { library } from "./shared/library.js";
import { drawer, sorter } from "./shared/cells.js";

const ROW = 34; // CSS pixels
const ROOM = { text: 150, link: 120 }; // what a column without a width needs at least
const LEAST = 84;

async function unpacked(bytes) {
  const buffer = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.length) return [];
  const stream = new Blob([buffer]).stream().pipeThrough(new DecompressionStream("deflate"));
  const columns = JSON.parse(await new Response(stream).text());
  const names = Object.keys(columns);
  const length = names.length ? columns[names[0]].length : 0;
  const rows = new Array(length);
  for (let place = 0; place < length; place += 1) {
    const row = { __place: place };
    for (const name of names) row[name] = columns[name][place];
    rows[place] = row;
  }
  return rows;
}

// The columns there is room for: priority 0 always, then 1, 2 and 3 from left to right.
function fitting(columns, width) {
  const kept = new Set();
  let left = width;
  for (const column of [...columns].sort((one, other) => one.priority - other.priority)) {
    left -= column.width ?? ROOM[column.kind] ?? LEAST;
    if (column.priority > 0 && left < 0) break;
    kept.add(column.name);
  }
  return kept;
}

function definitions(model) {
  return model.get("columns").map((column) => {
    const draw = drawer(column, model);
    const right = ["number", "progress"].includes(column.kind);
    return {
      field: column.name,
      title: column.title,
      width: column.width ?? undefined,
      minWidth: Math.min(column.width ?? 72, 72),
      widthGrow: column.width ? 0 : 1,
      hozAlign: right ? "right" : "left",
      headerHozAlign: right ? "right" : "left",
      cssClass: column.classes ?? undefined,
      sorter: sorter(column),
      headerSortTristate: true,
      titleFormatter: () => make("span", {}, column.title),
      formatter: (cell) => {
        const value = cell.getValue();
        const drawn = value === null || value === undefined || value === "" ? "" : draw(value);
        return drawn instanceof Node ? drawn : document.createTextNode(drawn);
      },
    };
  });
}

function keyboard(table, el, choose) {
  let place = -1;
  const mark = (row) => {
    el.querySelectorAll(".op-active").forEach((old) => old.classList.remove("op-active"));
    row.getElement().classList.add("op-active");
  };
  const go = async (to) => {
    const rows = table.getRows("active");
    if (!rows.length) return;
    place = Math.max(0, Math.min(rows.length - 1, to));
    await table.scrollToRow(rows[place], "nearest", false).catch(() => {});
    mark(rows[place]);
    const holder = el.querySelector(".tabulator-tableholder");
    rows[place].getElement().id ||= `op-row-${Math.random().toString(36).slice(2)}`;
    holder.setAttribute("aria-activedescendant", rows[place].getElement().id);
  };
  return (event) => {
    const page = 12;
    const steps = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + page, PageUp: place - page, Home: 0, End: Infinity };
    if (event.key in steps) go(steps[event.key] === Infinity ? table.getRows("active").length - 1 : steps[event.key]);
    else if (event.key === "Enter" && place >= 0) choose(table.getRows("active")[place]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

async function build(model, el, holder, choose) {
  const { Tabulator } = await library("tabulator");
  const rows = await unpacked(model.get("rows"));
  const table = new Tabulator(holder, {
    data: rows,
    columns: definitions(model),
    index: "__place",
    layout: "fitColumns",
    maxHeight: model.get("height"),
    rowHeight: ROW,
    columnDefaults: { resizable: "header", headerWordWrap: false },
    placeholder: () => make("span", { class: "op-muted" }, model.get("words").empty ?? ""),
    rowFormatter: (row) => {
      const isChosen = String(row.getData()[model.get("key")]) === model.get("selected");
      row.getElement().classList.toggle("op-chosen", isChosen);
    },
  });
  await new Promise((done) => table.on("tableBuilt", done));
  table.on("rowClick", (event, row) => event.target.closest("a") || choose(row));
  return table;
}

export default {
  render({ model, el }) {
    el.classList.add("op-grid");
    const count = make("p", { class: "op-grid-count", role: "status" });
    const holder = make("div", {});
    el.append(holder, count);
    let table = null;
    let ended = false;
    const choose = (row) => {
      model.set("selected", String(row.getData()[model.get("key")] ?? ""));
      model.set("picked", model.get("picked") + 1);
      model.save_changes();
    };
    const say = (number) => {
      count.textContent = (model.get("words").rows ?? "").replace("{count}", number.toLocaleString("en"));
    };
    const fit = () => {
      if (!table || !el.clientWidth) return;
      const kept = fitting(model.get("columns"), el.clientWidth);
      for (const column of table.getColumns()) {
        const wanted = kept.has(column.getField());
        if (column.isVisible() !== wanted) wanted ? column.show() : column.hide();
      }
      table.redraw();
    };
    const name = () => {
      const grid = holder;
      grid.setAttribute("aria-label", model.get("label") || (model.get("words").help ?? ""));
      const body = grid.querySelector(".tabulator-tableholder");
      body?.setAttribute("tabindex", "0");
      body?.setAttribute("role", "rowgroup");
      body?.setAttribute("aria-label", model.get("words").help ?? "");
      body?.querySelector(".tabulator-table")?.setAttribute("role", "presentation");
    };
    // Rows may arrive faster than they are drawn: the newest win.
    let turn = Promise.resolve();
    const update = () => {
      turn = turn.then(async () => {
        if (ended || !table) return;
        const rows = await unpacked(model.get("rows"));
        await table.replaceData(rows);
        say(rows.length);
      }).catch((error) => console.error(error));
    };
    const resized = new ResizeObserver(fit);
    const stopWaiting = whenShown(el, async () => {
      table = await build(model, el, holder, choose);
      if (ended) return table.destroy();
      say(table.getDataCount());
      name();
      fit();
      holder.addEventListener("keydown", keyboard(table, holder, choose));
      resized.observe(el);
      model.on("change:rows", update);
      model.on("change:columns", () => table.setColumns(definitions(model)));
      model.on("change:selected", () => table.getRows("visible").forEach((row) => row.reformat()));
    });
    const unfollow = follow(model, ["label", "words"], name);
    return () => {
      ended = true;
      stopWaiting();
      unfollow();
      resized.disconnect();
      model.off("change:rows", update);
      table?.destroy();
    };
  },
};
