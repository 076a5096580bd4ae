// What a command of Univer's asks for, as a request of the Sheets API. Each returns a list of requests; null refuses.
import { BorderType, Dimension, Direction } from "@univerjs/core";
import { gridRange } from "./address.js";
import { ALIGNMENTS, BORDER_NAMES, rgb } from "./looks.js";

const rows = (sheetId, startIndex, endIndex) => ({ sheetId, dimension: "ROWS", startIndex, endIndex });
const columns = (sheetId, startIndex, endIndex) => ({ sheetId, dimension: "COLUMNS", startIndex, endIndex });
const rowsOf = (gid, range) => rows(gid, range.startRow, range.endRow + 1);
const columnsOf = (gid, range) => columns(gid, range.startColumn, range.endColumn + 1);

// --- rows and columns ------------------------------------------------------------------------------------------
const insert = (range, inheritFromBefore) => [{ insertDimension: { range, inheritFromBefore } }];

const STRUCTURE = {
  "sheet.command.insert-row": ({ range, direction }, { gid }) => insert(rowsOf(gid, range), direction === Direction.DOWN || range.startRow > 0),
  "sheet.command.insert-col": ({ range, direction }, { gid }) => insert(columnsOf(gid, range), direction === Direction.RIGHT || range.startColumn > 0),
  "sheet.command.remove-row-by-range": ({ range }, { gid }) => [{ deleteDimension: { range: rowsOf(gid, range) } }],
  "sheet.command.remove-col-by-range": ({ range }, { gid }) => [{ deleteDimension: { range: columnsOf(gid, range) } }],
  "sheet.command.remove-row": ({ range }, { gid, ranges }) => removed(range ? [range] : ranges, (one) => rowsOf(gid, one), "startRow"),
  "sheet.command.remove-col": ({ range }, { gid, ranges }) => removed(range ? [range] : ranges, (one) => columnsOf(gid, one), "startColumn"),
  "sheet.command.move-rows": ({ fromRange, toRange }, { gid }) => [{ moveDimension: { source: rowsOf(gid, fromRange), destinationIndex: toRange.startRow } }],
  "sheet.command.move-cols": ({ fromRange, toRange }, { gid }) => [{ moveDimension: { source: columnsOf(gid, fromRange), destinationIndex: toRange.startColumn } }],
  "sheet.command.append-row": (_given, { gid }) => [{ appendDimension: { sheetId: gid, dimension: "ROWS", length: 1 } }],
  "sheet.command.insert-range-move-down": ({ range }, sheet) => [{ insertRange: { range: sheet.grid(range), shiftDimension: "ROWS" } }],
  "sheet.command.insert-range-move-right": ({ range }, sheet) => [{ insertRange: { range: sheet.grid(range), shiftDimension: "COLUMNS" } }],
  "sheet.command.delete-range-move-up": ({ range }, sheet) => [{ deleteRange: { range: sheet.grid(range), shiftDimension: "ROWS" } }],
  "sheet.command.delete-range-move-left": ({ range }, sheet) => [{ deleteRange: { range: sheet.grid(range), shiftDimension: "COLUMNS" } }],
  "sheet.command.move-range": ({ fromRange, toRange }, sheet) => [{ cutPaste: { source: sheet.grid(fromRange), destination: { sheetId: sheet.gid, rowIndex: toRange.startRow, columnIndex: toRange.startColumn }, pasteType: "PASTE_NORMAL" } }],
  "sheet.command.sort-range": ({ range, orderRules, hasTitle }, sheet) => [{
    sortRange: {
      range: sheet.grid({ ...range, startRow: range.startRow + (hasTitle ? 1 : 0) }),
      sortSpecs: orderRules.map((rule) => ({ dimensionIndex: rule.colIndex, sortOrder: rule.type === "desc" ? "DESCENDING" : "ASCENDING" })),
    },
  }],
};

// From the last to the first, so that no range moves before its turn.
const removed = (ranges, dimension, by) =>
  [...ranges].sort((one, other) => other[by] - one[by]).map((range) => ({ deleteDimension: { range: dimension(range) } }));

// --- sizes, visibility, frozen parts: Univer's mutations name ranges and values outright ----------------------------
const sized = (ranges, size, dimension, first, last) =>
  ranges.flatMap((range) => {
    const one = (start, end, pixelSize) => ({ updateDimensionProperties: { range: dimension(start, end), properties: { pixelSize: Math.round(pixelSize) }, fields: "pixelSize" } });
    if (typeof size === "number") return [one(range[first], range[last] + 1, size)];
    return Object.entries(size ?? {}).map(([at, pixels]) => one(Number(at), Number(at) + 1, pixels));
  });

const hidden = (ranges, dimension, hiddenByUser) =>
  ranges.map((range) => ({ updateDimensionProperties: { range: dimension(range), properties: { hiddenByUser }, fields: "hiddenByUser" } }));

const property = (gid, fields, properties) => [{ updateSheetProperties: { properties: { sheetId: gid, ...properties }, fields } }];

const PROPERTIES = {
  "sheet.mutation.set-worksheet-col-width": ({ ranges, colWidth }, { gid }) => sized(ranges, colWidth, (start, end) => columns(gid, start, end), "startColumn", "endColumn"),
  "sheet.mutation.set-worksheet-row-height": ({ ranges, rowHeight }, { gid }) => sized(ranges, rowHeight, (start, end) => rows(gid, start, end), "startRow", "endRow"),
  "sheet.mutation.set-col-hidden": ({ ranges }, { gid }) => hidden(ranges, (range) => columnsOf(gid, range), true),
  "sheet.mutation.set-col-visible": ({ ranges }, { gid }) => hidden(ranges, (range) => columnsOf(gid, range), false),
  "sheet.mutation.set-row-hidden": ({ ranges }, { gid }) => hidden(ranges, (range) => rowsOf(gid, range), true),
  "sheet.mutation.set-row-visible": ({ ranges }, { gid }) => hidden(ranges, (range) => rowsOf(gid, range), false),
  "sheet.mutation.set-frozen": ({ xSplit, ySplit }, { gid }) => property(gid, "gridProperties(frozenRowCount,frozenColumnCount)", { gridProperties: { frozenRowCount: ySplit, frozenColumnCount: xSplit } }),
  "sheet.mutation.set-worksheet-name": ({ name }, { gid }) => property(gid, "title", { title: name }),
  "sheet.mutation.set-worksheet-hidden": ({ hidden: hide }, { gid }) => property(gid, "hidden", { hidden: Boolean(hide) }),
  "sheet.mutation.set-tab-color": ({ color }, { gid }) => property(gid, "tabColorStyle", color ? { tabColorStyle: { rgbColor: rgb(color) } } : {}),
  "sheet.mutation.set-worksheet-order": ({ fromOrder, toOrder }, { gid }) => property(gid, "index", { index: toOrder > fromOrder ? toOrder + 1 : toOrder }),
};

// --- whole sheets ------------------------------------------------------------------------------------------------
const SHEETS = {
  "sheet.command.insert-sheet": ({ index }) => [{ addSheet: { properties: index === undefined ? {} : { index } } }],
  "sheet.command.remove-sheet": (_given, { gid }) => [{ deleteSheet: { sheetId: gid } }],
  "sheet.command.copy-sheet": (_given, { gid, order }) => [{ duplicateSheet: { sourceSheetId: gid, insertSheetIndex: order + 1 } }],
};

// --- how cells look --------------------------------------------------------------------------------------------
const line = (value) => Boolean(value?.s);
const inked = (name) => (value) => {
  const text = value?.rgb ?? value;
  return [text ? { [name]: { rgbColor: rgb(text) } } : {}, name];
};
const within = (outer, [format, field]) => [{ [outer]: format }, `${outer}.${field}`];

const STYLES = {
  bl: (value) => within("textFormat", [{ bold: Boolean(value) }, "bold"]),
  it: (value) => within("textFormat", [{ italic: Boolean(value) }, "italic"]),
  ul: (value) => within("textFormat", [{ underline: line(value) }, "underline"]),
  st: (value) => within("textFormat", [{ strikethrough: line(value) }, "strikethrough"]),
  fs: (value) => within("textFormat", [{ fontSize: value }, "fontSize"]),
  ff: (value) => within("textFormat", [{ fontFamily: value }, "fontFamily"]),
  cl: (value) => within("textFormat", inked("foregroundColorStyle")(value)),
  bg: inked("backgroundColorStyle"),
  ht: (value) => [{ horizontalAlignment: ALIGNMENTS.ht[value] }, "horizontalAlignment"],
  vt: (value) => [{ verticalAlignment: ALIGNMENTS.vt[value] }, "verticalAlignment"],
  tb: (value) => [{ wrapStrategy: ALIGNMENTS.tb[value] }, "wrapStrategy"],
  tr: (value) => [{ textRotation: value.v ? { vertical: true } : { angle: -(value.a ?? value) } }, "textRotation"],
};

const repeat = (range, userEnteredFormat, fields) => ({ repeatCell: { range, cell: { userEnteredFormat }, fields } });

function styled({ range, style }, sheet) {
  const make = STYLES[style.type];
  if (!make || Array.isArray(style.value)) return null;
  const [format, field] = make(style.value);
  return (range ? [range] : sheet.ranges).map((one) => repeat(sheet.grid(one), format, `userEnteredFormat.${field}`));
}

const SIDES = {
  [BorderType.TOP]: ["top"], [BorderType.BOTTOM]: ["bottom"], [BorderType.LEFT]: ["left"], [BorderType.RIGHT]: ["right"],
  [BorderType.OUTSIDE]: ["top", "bottom", "left", "right"], [BorderType.INSIDE]: ["innerHorizontal", "innerVertical"],
  [BorderType.HORIZONTAL]: ["innerHorizontal"], [BorderType.VERTICAL]: ["innerVertical"],
  [BorderType.ALL]: ["top", "bottom", "left", "right", "innerHorizontal", "innerVertical"],
};

function bordered({ ranges, value }, sheet) {
  const sides = SIDES[value.type === BorderType.NONE ? BorderType.ALL : value.type];
  if (!sides) return null;
  const style = value.type === BorderType.NONE ? { style: "NONE" } : { style: BORDER_NAMES[value.style] ?? "SOLID", colorStyle: { rgbColor: rgb(value.color || "#000000") } };
  return (ranges ?? sheet.ranges).map((range) => ({ updateBorders: { range: sheet.grid(range), ...Object.fromEntries(sides.map((side) => [side, style])) } }));
}

const KINDS = [[/%/, "PERCENT"], [/[ydhs]|m{2}/i, "DATE_TIME"], [/[$€£¥₩₽]/, "CURRENCY"], [/^@$/, "TEXT"]];

// Univer names every cell; neighbours of one pattern become one range.
function numbered({ values }, sheet) {
  const byPattern = new Map();
  for (const { row, col, pattern } of values) {
    const line = byPattern.get(pattern ?? "") ?? byPattern.set(pattern ?? "", new Map()).get(pattern ?? "");
    (line.get(row) ?? line.set(row, []).get(row)).push(col);
  }
  return [...byPattern].flatMap(([pattern, lines]) => {
    const type = KINDS.find(([test]) => test.test(pattern))?.[1] ?? "NUMBER";
    const format = pattern ? { numberFormat: { type, pattern } } : {};
    return rectangles(lines).map((range) => repeat(sheet.grid(range), format, "userEnteredFormat.numberFormat"));
  });
}

function rectangles(lines) {
  const found = [];
  for (const [row, list] of [...lines].sort(([one], [other]) => one - other)) {
    const sorted = [...list].sort((one, other) => one - other);
    const [startColumn, endColumn] = [sorted[0], sorted.at(-1)];
    const last = found.at(-1);
    if (last?.endRow === row - 1 && last.startColumn === startColumn && last.endColumn === endColumn) last.endRow = row;
    else found.push({ startRow: row, endRow: row, startColumn, endColumn });
  }
  return found;
}

const MERGES = { [Dimension.ROWS]: "MERGE_ROWS", [Dimension.COLUMNS]: "MERGE_COLUMNS" };
const empty = (range, fields) => ({ repeatCell: { range, cell: {}, fields } });

const LOOKS = {
  "sheet.command.set-style": styled,
  "sheet.command.set-border-basic": bordered,
  "sheet.command.numfmt.set.numfmt": numbered,
  "sheet.command.clear-selection-format": ({ ranges }, sheet) => (ranges ?? sheet.ranges).map((range) => empty(sheet.grid(range), "userEnteredFormat")),
  "sheet.command.clear-selection-all": ({ ranges }, sheet) => (ranges ?? sheet.ranges).map((range) => empty(sheet.grid(range), "userEnteredFormat,userEnteredValue")),
  "sheet.command.add-worksheet-merge": ({ selections, value }, sheet) => (selections ?? sheet.ranges).map((range) => ({ mergeCells: { range: sheet.grid(range), mergeType: MERGES[value] ?? "MERGE_ALL" } })),
  "sheet.command.remove-worksheet-merge": ({ ranges }, sheet) => (ranges ?? sheet.ranges).map((range) => ({ unmergeCells: { range: sheet.grid(range) } })),
  "sheet.command.update-note": ({ row, col, note }, sheet) => noted(sheet, row, col, note.note),
  "sheet.command.delete-note": (_given, sheet) => noted(sheet, sheet.ranges[0].startRow, sheet.ranges[0].startColumn, ""),
};

const noted = (sheet, row, column, note) => [{ updateCells: { start: { sheetId: sheet.gid, rowIndex: row, columnIndex: column }, rows: [{ values: [{ note }] }], fields: "note" } }];

export const REQUESTS = { ...STRUCTURE, ...PROPERTIES, ...SHEETS, ...LOOKS };

// What the functions above are told of the sheet: its number, its ranges as Google writes them, what is selected.
export const target = (sheet, ranges, order) => ({
  gid: sheet.gid, ranges, order, grid: (range) => gridRange(sheet.gid, range, sheet.about.rows, sheet.about.columns),
});
