// From the model into Univer: its cells are written directly, and Univer is told where to look again.
import { CellValueType, ICommandService, IUniverInstanceService, UniverInstanceType } from "@univerjs/core";
import { IRenderManagerService } from "@univerjs/engine-render";
import { SheetSkeletonManagerService } from "@univerjs/sheets-ui";
import { PLAIN, styleOf } from "./looks.js";

const NUMERAL = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;

export class Painter {
  patterns = new Map(); // format key -> pattern
  wrapping = new Set(); // keys of formats that wrap their text
  checkbox = () => false; // (row, column) => whether a truth is drawn as a box there

  constructor(univer, unitId) {
    this.injector = univer.__getInjector();
    this.gate = this.injector.get(ICommandService);
    this.unitId = unitId;
  }

  get workbook() {
    return this.injector.get(IUniverInstanceService).getUnit(this.unitId, UniverInstanceType.UNIVER_SHEET);
  }

  worksheet = (gid) => this.workbook?.getSheetBySheetId(String(gid));

  // Do something in Univer that is no act of the person's: it is not sent, and not undone.
  silently(id, parameters = {}) {
    return this.gate.silently(() => this.gate.syncExecuteCommand(id, { unitId: this.unitId, ...parameters }, { fromCollab: true }));
  }

  learn(formats) {
    const styles = this.workbook.getStyles();
    styles.addCustomStyle("plain", PLAIN);
    for (const [key, format] of Object.entries(formats)) {
      styles.addCustomStyle(`f${key}`, styleOf(format));
      this.patterns.set(Number(key), format.pattern ?? "");
      if (format.wrapStrategy === "WRAP") this.wrapping.add(Number(key));
    }
  }

  // A formula's result brings its own look along: the cell's, with a date's or money's number format.
  look = (row, column) => row?.extra("a", column) ?? row?.extra("f", column);

  pattern = (row, column) => this.patterns.get(this.look(row, column)) ?? "";

  cell(row, column) {
    const format = this.look(row, column);
    const ruled = format === undefined && row.extra("d", column) !== undefined; // Univer draws a dropdown by its cell's own style
    const style = format === undefined ? (ruled ? { s: "plain" } : undefined) : { s: `f${format}` };
    const mine = row.mine?.[column];
    if (mine && !mine.problem?.late) return { ...style, ...typedCell(mine.text, this.patterns.get(format)) };
    const value = row.values[column];
    const formula = row.extra("x", column);
    if (formula !== undefined) return { ...style, ...valueCell(value ?? ""), f: formula };
    if (value === undefined || value === "") return style ?? null;
    // Univer draws a dropdown's value as it stands, and a truth stands as 0 or 1.
    const listed = typeof value === "boolean" && row.extra("d", column) !== undefined && !this.checkbox(row, column);
    return { ...style, ...valueCell(listed ? String(value).toUpperCase() : value) };
  }

  rowCells(row) {
    const cells = {};
    const put = (column) => { const cell = this.cell(row, column); if (cell) cells[column] = cell; };
    for (let column = 0; column < row.values.length; column++) put(column);
    for (const part of [row.extras?.f, row.extras?.d, row.extras?.x, row.mine]) if (part) for (const column in part) if (!(column in cells)) put(column);
    return cells;
  }

  // Write whole rows; `indexes` in any order. Nothing is drawn before `show`.
  writeRows(sheet, indexes) {
    const worksheet = this.worksheet(sheet.gid);
    const matrix = worksheet.getCellMatrix().getMatrix();
    const heights = worksheet.getRowManager().getRowData();
    for (const index of indexes) {
      const row = sheet.rows[index];
      if (!row) { delete matrix[index]; continue; }
      matrix[index] = this.rowCells(row);
      const size = row.extras?.p;
      if (size) heights[index] = { ...(size.pixelSize && { h: size.pixelSize, ia: 0 }), hd: size.hiddenByUser ? 1 : 0 };
      else if (heights[index]) delete heights[index];
    }
  }

  writeCell(sheet, index, column) {
    const matrix = this.worksheet(sheet.gid)?.getCellMatrix();
    if (!matrix) return;
    const cell = sheet.rows[index] && this.cell(sheet.rows[index], column);
    if (cell) matrix.setValue(index, column, cell);
    else matrix.realDeleteValue(index, column);
  }

  // Let Univer draw a stretch anew, and all who listen to changed values know.
  show(sheet, first, last, left, right) {
    const worksheet = this.worksheet(sheet.gid);
    if (!worksheet) return;
    const mark = (row, column) => {
      const type = worksheet.getCellRaw(row, column)?.t;
      return type ? { t: type } : {};
    };
    const cellValue = {};
    for (const row of [first, last]) for (const column of [left, right]) (cellValue[row] ??= {})[column] = worksheet.getCellRaw(row, column) ? mark(row, column) : null;
    this.silently("sheet.mutation.set-range-values", { subUnitId: String(sheet.gid), cellValue });
  }

  // Draw the whole sheet anew, sizes included.
  redraw() {
    const render = this.injector.get(IRenderManagerService).getRenderById(this.unitId);
    if (!render) return;
    const skeletons = render.with(SheetSkeletonManagerService);
    const sheetId = this.workbook.getActiveSheet().getSheetId();
    skeletons.makeDirty({ sheetId }, true);
    skeletons.setCurrent({ sheetId });
    render.components.forEach((component) => component.makeDirty?.());
    render.mainComponent?.makeForceDirty?.();
  }
}

function valueCell(value) {
  if (typeof value === "number") return { v: value, t: CellValueType.NUMBER };
  if (typeof value === "boolean") return { v: value ? 1 : 0, t: CellValueType.BOOLEAN };
  return { v: value, t: CellValueType.STRING };
}

// What was typed, as it will most likely be shown; the server's answer takes its place.
function typedCell(text, pattern) {
  if (pattern !== "@" && NUMERAL.test(text)) return valueCell(Number(text));
  if (pattern !== "@" && /^(?:true|false)$/i.test(text)) return valueCell(text.toUpperCase() === "TRUE");
  return valueCell(text.startsWith("'") ? text.slice(1) : text);
}
