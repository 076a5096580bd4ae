// What the server says, into the model and from there into Univer.
import { mergeWorksheetSnapshotWithDefault } from "@univerjs/core";
import { furnish, refurnish } from "./about.js";
import { USUAL } from "./heights.js";
import { PLAIN } from "./looks.js";
import { Sheet } from "./model.js";

const steady = (sheet) => ({
  id: String(sheet.gid), name: sheet.title, hidden: sheet.hidden ? 1 : 0, tabColor: sheet.tabColor ?? "", rowCount: sheet.rows, columnCount: sheet.columns,
  defaultColumnWidth: 100, defaultRowHeight: USUAL, defaultStyle: PLAIN, cellData: {}, rowData: {}, columnData: {}, mergeData: [],
  freeze: { startRow: sheet.frozenRows || -1, startColumn: sheet.frozenColumns || -1, ySplit: sheet.frozenRows, xSplit: sheet.frozenColumns },
});

// The workbook before any cell is known.
export const workbookData = (book) => ({
  id: book.id, name: book.title, sheetOrder: book.sheets.map((sheet) => String(sheet.gid)),
  sheets: Object.fromEntries(book.sheets.map((sheet) => [String(sheet.gid), steady(sheet)])),
});

export class Book {
  info = null;
  sheets = new Map(); // gid -> Sheet, of those that have been opened
  version = 0;

  // `parts`: {painter, notes, heights, conditional, filters, selection}, there once the workbook is.
  furnishWith(parts) {
    Object.assign(this, parts);
  }

  sheet(gid) {
    return this.sheets.get(Number(gid));
  }

  // --- a sheet whole ---------------------------------------------------------------------------------------------
  begin({ gid, about, version }) {
    if (!this.sheets.has(gid)) this.sheets.set(gid, new Sheet(gid));
    const sheet = this.sheets.get(gid);
    sheet.before = sheet.rows.length;
    sheet.begin(about);
    this.version = Math.max(this.version, version);
    const worksheet = this.painter.worksheet(gid);
    const matrix = worksheet.getCellMatrix().getMatrix();
    for (const row of Object.keys(matrix)) delete matrix[row];
    const heights = worksheet.getRowManager().getRowData();
    for (const row of Object.keys(heights)) delete heights[row];
    furnish(worksheet, about);
    this.conditional.set(sheet);
  }

  load({ gid, start, rows, more }) {
    const sheet = this.sheets.get(gid);
    sheet.load(start, rows, more);
    const indexes = rows.map((_row, offset) => start + offset);
    this.painter.writeRows(sheet, more ? indexes : [...indexes, ...mineOf(sheet)]);
    if (start === 0 || !more) this.painter.redraw();
    if (more) return;
    this.notes.lay(sheet);
    this.filters.lay(sheet, true);
    this.painter.show(sheet, 0, Math.max(sheet.rows.length - 1, 0), 0, sheet.about.columns - 1);
    this.heights.fit(sheet, [...sheet.rows.keys()]);
  }

  // --- a change of an opened sheet -------------------------------------------------------------------------------
  change({ gid, version, steps }) {
    this.version = Math.max(this.version, version);
    const sheet = this.sheets.get(gid);
    if (!sheet?.about) return;
    const done = { rows: false, moved: false, sizes: false };
    for (const step of steps) this.apply(sheet, step, done);
    if (this.conditional.set(sheet) || done.sizes || done.moved) this.painter.redraw();
    if (done.moved || done.rows) this.notes.lay(sheet);
    this.filters.lay(sheet, done.moved);
  }

  apply(sheet, step, done) {
    if (step.kind === "rows") { this.rows(sheet, step.rows); done.rows = true; }
    else if (step.kind === "about") {
      sheet.about = step.about;
      if (refurnish(this.painter, sheet, step.about)) done.sizes = true;
    } else if (step.kind === "insert" || step.kind === "delete") {
      this.dimension(sheet, step);
      done.moved = true;
    }
  }

  rows(sheet, changes) {
    sheet.place(changes);
    const indexes = changes.map(([index]) => index);
    this.painter.writeRows(sheet, indexes);
    const first = indexes.reduce((least, index) => Math.min(least, index), Infinity);
    const last = indexes.reduce((most, index) => Math.max(most, index), 0);
    if (indexes.length) this.painter.show(sheet, first, last, 0, sheet.about.columns - 1);
    this.heights.fit(sheet, indexes);
  }

  dimension(sheet, step) {
    const { kind, dimension, start } = step;
    const isRows = dimension === "ROWS";
    const end = kind === "insert" ? start + step.count : step.end;
    const count = end - start;
    const range = isRows
      ? { startRow: start, endRow: end - 1, startColumn: 0, endColumn: sheet.about.columns - 1 }
      : { startRow: 0, endRow: sheet.about.rows - 1, startColumn: start, endColumn: end - 1 };
    const id = { insert: { true: "insert-row", false: "insert-col" }, delete: { true: "remove-rows", false: "remove-col" } }[kind][isRows];
    this.painter.silently(`sheet.mutation.${id}`, { subUnitId: String(sheet.gid), range });
    if (kind === "insert") isRows ? sheet.insertRows(start, count) : sheet.insertColumns(start, count);
    else isRows ? sheet.deleteRows(start, end) : sheet.deleteColumns(start, end);
    sheet.about = { ...sheet.about, [isRows ? "rows" : "columns"]: sheet.about[isRows ? "rows" : "columns"] + (kind === "insert" ? count : -count) };
    this.selection.moved(sheet, isRows, start, kind === "insert" ? count : -count);
  }

  // --- the list of sheets ----------------------------------------------------------------------------------------
  relist(info) {
    const { painter } = this;
    const wanted = new Set(info.sheets.map((sheet) => String(sheet.gid)));
    const { workbook } = painter;
    info.sheets.forEach((sheet, index) => {
      if (!workbook.getSheetBySheetId(String(sheet.gid))) painter.silently("sheet.mutation.insert-sheet", { index, sheet: mergeWorksheetSnapshotWithDefault(steady(sheet)) });
    });
    for (const id of [...workbook.getSheetOrders()]) if (!wanted.has(id)) this.drop(id);
    info.sheets.forEach((sheet, index) => this.update(sheet, index));
    this.info = info;
  }

  drop(id) {
    if (this.painter.workbook.getActiveSheet().getSheetId() === id) this.selection.leave(id);
    this.painter.silently("sheet.mutation.remove-sheet", { subUnitId: id });
    this.sheets.delete(Number(id));
  }

  update(sheet, index) {
    const { painter } = this;
    const subUnitId = String(sheet.gid);
    const { workbook } = painter;
    const worksheet = workbook.getSheetBySheetId(subUnitId);
    const config = worksheet.getConfig();
    if (worksheet.getName() !== sheet.title) painter.silently("sheet.mutation.set-worksheet-name", { subUnitId, name: sheet.title });
    if (Boolean(config.hidden) !== sheet.hidden) painter.silently("sheet.mutation.set-worksheet-hidden", { subUnitId, hidden: sheet.hidden ? 1 : 0 });
    if ((config.tabColor || null) !== sheet.tabColor) painter.silently("sheet.mutation.set-tab-color", { subUnitId, color: sheet.tabColor ?? "" });
    const fromOrder = workbook.getSheetOrders().indexOf(subUnitId);
    if (fromOrder !== index) painter.silently("sheet.mutation.set-worksheet-order", { subUnitId, fromOrder, toOrder: index });
  }
}

function mineOf(sheet) {
  const found = [];
  sheet.rows.forEach((row, index) => { if (row?.mine) found.push(index); });
  return found;
}
