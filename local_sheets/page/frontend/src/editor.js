// The open cell editor: it begins with the cell as it would be typed, and ends with what was typed, untouched by Univer.
//
// Univer reads typing in its own way ("1/2/2026" becomes a number at once) and remembers a cell by its number; here the
// text goes to the server as it stands, to the row on which the editor was opened, wherever that row is by then.
import { DOCS_NORMAL_EDITOR_UNIT_ID_KEY, IUniverInstanceService } from "@univerjs/core";
import { KeyCode, MetaKeys } from "@univerjs/ui";
import { AFTER_CELL_EDIT, BEFORE_CELL_EDIT, SheetInterceptorService } from "@univerjs/sheets";
import { IEditorBridgeService } from "@univerjs/sheets-ui";
import { editText } from "./typing.js";

const EVERYWHERE = new Set([MetaKeys.CTRL_COMMAND | KeyCode.ENTER, MetaKeys.MAC_CTRL | KeyCode.ENTER]);

export class Editor {
  at = null; // {sheet, row, column, begun} while the editor is open
  left = null; // what was typed, between the closing and Univer's asking for the cell

  constructor({ book, painter, sender, selection }) {
    Object.assign(this, { book, painter, sender, selection });
    const { injector } = painter;
    this.bridge = injector.get(IEditorBridgeService);
    this.units = injector.get(IUniverInstanceService);
    const { writeCellInterceptor } = injector.get(SheetInterceptorService);
    writeCellInterceptor.intercept(BEFORE_CELL_EDIT, { priority: 1000, handler: (cell, where) => this.before(cell, where) });
    writeCellInterceptor.intercept(AFTER_CELL_EDIT, { priority: 1000, handler: (_cell, where) => this.after(where) });
  }

  get open() {
    return this.at !== null;
  }

  // The text that the editor shows for a cell.
  textAt(sheet, row, column) {
    const mine = row?.mine?.[column];
    if (mine) return mine.text;
    const formula = row?.extra("x", column);
    if (formula !== undefined) return formula;
    return editText(row?.value(column) ?? "", this.painter.pattern(row, column), this.sender.decimal);
  }

  before(cell, where) {
    const sheet = this.book.sheet(where.subUnitId);
    if (!sheet?.about) return cell;
    const text = this.textAt(sheet, sheet.rows[where.row], where.col);
    const raw = where.worksheet.getCellRaw(where.row, where.col);
    return { ...(raw?.s && { s: raw.s }), v: text, t: 1 };
  }

  visible({ visible, keycode, eventType }) {
    if (visible) {
      if (!this.sender.may()) return false;
      const state = this.bridge.getEditCellState();
      const sheet = state && this.book.sheet(state.sheetId);
      if (!sheet?.about) return false;
      if (!this.at) {
        const row = sheet.ensure(state.row);
        this.at = { sheet, row, column: state.column, begun: this.textAt(sheet, row, state.column), eventType };
      }
    } else if (this.at) {
      const given = keycode === KeyCode.ESC ? null : this.typed();
      this.left = given === null ? null : { ...this.at, text: given, everywhere: EVERYWHERE.has(keycode) };
      this.at = null;
    }
    return undefined;
  }

  // Rows came or went above the open editor: its box stays on its cell. (Univer has no door for this.)
  moved(sheet) {
    const index = this.at?.sheet === sheet ? sheet.indexOf(this.at.row) : -1;
    const { primary } = this.bridge._currentEditCell ?? {};
    if (index < 0 || !primary) return;
    const shift = index - primary.actualRow;
    for (const name of ["actualRow", "startRow", "endRow"]) primary[name] += shift;
    this.bridge.refreshEditCellPosition(false);
  }

  typed() {
    const stream = this.units.getUnit(DOCS_NORMAL_EDITOR_UNIT_ID_KEY)?.getSnapshot().body?.dataStream ?? "";
    return stream.replace(/\r\n$/, "").replaceAll("\r", "\n");
  }

  // Univer asks what to write: nothing, for it has gone to the server.
  after({ worksheet, row, col }) {
    const { left } = this;
    this.left = null;
    if (left && left.text !== left.begun) {
      const { sheet, column, text } = left;
      const cells = left.everywhere
        ? this.selection.ranges.flatMap((range) => everyCell(range)).map((cell) => ({ ...cell, text }))
        : [{ row: sheet.indexOf(left.row), rowObject: left.row, column, text }];
      this.sender.cells(sheet, cells);
    }
    return worksheet.getCellRaw(row, col) ?? {};
  }
}

export function everyCell(range) {
  const found = [];
  for (let row = range.startRow; row <= range.endRow; row++) for (let column = range.startColumn; column <= range.endColumn; column++) found.push({ row, column });
  return found;
}
