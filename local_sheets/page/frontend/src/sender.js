// From the person to the server: cells by the key of their row, requests, undo; and what became of each.
import { ISheetClipboardService } from "@univerjs/sheets-ui";
import { cellName } from "./address.js";
import { forgetCopied } from "./copied.js";
import { everyCell } from "./editor.js";
import { decimalOf, numberText } from "./typing.js";

export class Sender {
  constructor({ book, painter, outbox, connection, selection, tell, changed }) {
    Object.assign(this, { book, painter, outbox, connection, selection, tell, changed });
  }

  get decimal() {
    return decimalOf(this.book.info.locale);
  }

  number = (value) => numberText(value, this.decimal);

  // Whether the person may change anything; tells them if not.
  may() {
    const may = ["owner", "writer"].includes(this.book.info?.role) && !this.ended;
    if (!may) this.tell("readonly");
    return may;
  }

  send(message) {
    const numbered = this.outbox.add(message);
    this.connection.send(numbered);
    this.changed();
    return numbered;
  }

  steps(steps, { opens = false } = {}) {
    if (opens) this.opensNext = true;
    return this.send({ type: "do", base: this.book.version, do: steps });
  }

  // Write texts into cells `{row, column, text, rowObject?, force?}`; they are shown at once and stay until answered.
  cells(sheet, cells, before = []) {
    const offline = !this.connection.ready;
    const given = cells.map(({ row: index, column, text, rowObject, force }) => {
      const row = rowObject ?? sheet.ensure(index);
      const cell = { key: row.key, row: index, column, text };
      if (force) cell.force = true;
      else if (offline) Object.assign(cell, this.before(row, column));
      return { cell, row };
    });
    const message = this.steps([...before, { kind: "cells", gid: sheet.gid, cells: given.map(({ cell }) => cell) }]);
    for (const { cell, row } of given) {
      row.write(cell.column, { text: cell.text, op: message.op });
      this.outbox.refused.forEach((one) => { if (one.gid === sheet.gid && one.column === cell.column && this.place(one) === cell.row) one.gone = true; });
      if (cell.row >= 0 && cell.row < sheet.about.rows) this.painter.writeCell(sheet, cell.row, cell.column);
    }
    this.outbox.state.refused = this.outbox.refused.filter((one) => !one.gone);
    this.outbox.save();
    this.show(sheet, cells);
  }

  // Typed while cut off: somebody may write the same cell meanwhile, and should not be overwritten unseen.
  before(row, column) {
    const value = row.value(column);
    const plain = typeof value === "string" && row.extra("x", column) === undefined && !row.mine?.[column];
    return plain ? { before: value } : {};
  }

  show(sheet, cells) {
    const rows = cells.map((cell) => cell.row).filter((row) => row >= 0);
    const columns = cells.map((cell) => cell.column);
    if (!rows.length) return;
    const least = (list) => list.reduce((one, other) => Math.min(one, other), Infinity);
    const most = (list) => list.reduce((one, other) => Math.max(one, other), 0);
    this.painter.show(sheet, least(rows), Math.min(most(rows), sheet.about.rows - 1), least(columns), most(columns));
  }

  // --- paste -----------------------------------------------------------------------------------------------------
  paste({ inside, table }, valuesOnly) {
    const sheet = this.book.sheet(this.selection.gid);
    const [range] = this.selection.ranges;
    if (!sheet?.complete || !range) return;
    if (inside && this.pasteInside(inside, sheet, range, valuesOnly)) return;
    if (!table.length) return;
    const cells = spread(table, range);
    const rows = Math.max(...cells.map((cell) => cell.row)) + 1 - sheet.about.rows;
    const columns = Math.max(...cells.map((cell) => cell.column)) + 1 - sheet.about.columns;
    const grow = (dimension, length) => (length > 0 ? [{ kind: "request", request: { appendDimension: { sheetId: sheet.gid, dimension, length } } }] : []);
    this.cells(sheet, cells, [...grow("ROWS", rows), ...grow("COLUMNS", columns)]);
  }

  // What was copied here is copied by the server, with its formats, formulas and rules.
  pasteInside({ gid, rows, startColumn, endColumn, cut }, sheet, range, valuesOnly) {
    const from = this.book.sheet(gid);
    const at = rows.map((row) => from?.indexOf(row) ?? -1);
    if (at.includes(-1) || at.at(-1) - at[0] !== at.length - 1 || at.some((index, place) => index !== at[0] + place)) return false;
    const source = { sheetId: gid, startRowIndex: at[0], endRowIndex: at.at(-1) + 1, startColumnIndex: startColumn, endColumnIndex: endColumn + 1 };
    const pasteType = valuesOnly ? "PASTE_VALUES" : "PASTE_NORMAL";
    const height = tiled(range.endRow - range.startRow + 1, at.length);
    const width = tiled(range.endColumn - range.startColumn + 1, endColumn - startColumn + 1);
    const grid = { sheetId: sheet.gid, startRowIndex: range.startRow, endRowIndex: range.startRow + height, startColumnIndex: range.startColumn, endColumnIndex: range.startColumn + width };
    const request = cut
      ? { cutPaste: { source, destination: { sheetId: sheet.gid, rowIndex: range.startRow, columnIndex: range.startColumn }, pasteType } }
      : { copyPaste: { source, destination: grid, pasteType, pasteOrientation: "NORMAL" } };
    this.steps([{ kind: "request", request }]);
    if (cut) {
      forgetCopied(); // cut once, pasted once
      this.painter.injector.get(ISheetClipboardService).removeMarkSelection();
    }
    return true;
  }

  // --- what became of it -----------------------------------------------------------------------------------------
  done({ op, problems = [], warnings = [] }) {
    const message = this.outbox.answered(op);
    if (message?.type === "do") problems.forEach((problem) => this.refuse(op, problem));
    else if (problems.length) this.tell(null, problems.map((problem) => problem.reason).join(" ")); // what could not be undone
    this.release(message);
    this.outbox.save();
    this.changed(warnings);
  }

  // Nothing of it was done: what was typed stays, with the reason.
  refusedWhole({ op, reason }) {
    const message = this.outbox.answered(op);
    const cells = cellsOf(message);
    cells.forEach(({ gid, cell }) => this.refuse(op, { gid, ...cell, cell: cellName(cell.row, cell.column), reason }));
    this.release(message);
    this.outbox.save();
    this.changed();
    if (!cells.length) this.tell(null, reason);
  }

  // The server has spoken: what it says is shown again, unless something newer of mine is on its way.
  release(message) {
    const shown = new Map();
    for (const { gid, cell } of cellsOf(message)) {
      const sheet = this.book.sheet(gid);
      for (const [row, index] of sheet ? this.rowsOf(sheet, message.op, cell) : []) {
        if (row.mine?.[cell.column]?.op !== message.op) continue;
        row.forget(cell.column);
        this.painter.writeCell(sheet, index, cell.column);
        shown.set(sheet, [...(shown.get(sheet) ?? []), { row: index, column: cell.column }]);
      }
    }
    shown.forEach((cells, sheet) => this.show(sheet, cells));
  }

  // A row is found by its key; one that had none yet, by what it holds of this message.
  rowsOf(sheet, op, cell) {
    if (!cell.key) return sheet.holding(op, cell.column, cell.text);
    const index = sheet.keyIndex(cell.key);
    return index < 0 ? [] : [[sheet.rows[index], index]];
  }

  refuse(op, problem) {
    const same = (one) => one.gid === problem.gid && one.key === problem.key && one.row === problem.row && one.column === problem.column;
    this.outbox.state.refused = [...this.outbox.refused.filter((one) => !same(one)), problem];
    const sheet = this.book.sheet(problem.gid);
    for (const [row, index] of sheet ? this.rowsOf(sheet, op, problem) : []) {
      if (row.mine?.[problem.column]?.op !== op) continue; // typed anew meanwhile
      this.mark(sheet, row, index, problem);
    }
  }

  mark(sheet, row, index, problem) {
    row.write(problem.column, { text: problem.text, problem });
    this.painter.writeCell(sheet, index, problem.column);
    this.show(sheet, [{ row: index, column: problem.column }]);
  }

  // After a reload or a reconnection: what was typed stands in its cells again.
  restore(sheet) {
    for (const message of this.outbox.waiting) {
      for (const { gid, cell } of cellsOf(message)) {
        if (gid !== sheet.gid) continue;
        const index = cell.key ? sheet.keyIndex(cell.key) : cell.row;
        if (index < 0 || index >= sheet.about.rows) continue;
        sheet.ensure(index).write(cell.column, { text: cell.text, op: message.op });
        this.painter.writeCell(sheet, index, cell.column);
      }
    }
    for (const problem of this.outbox.refused) {
      const index = problem.gid === sheet.gid ? this.place(problem) : -1;
      if (index >= 0 && !sheet.ensure(index).mine?.[problem.column]?.op) this.mark(sheet, sheet.ensure(index), index, problem);
    }
  }

  place(problem) {
    const sheet = this.book.sheet(problem.gid);
    if (!sheet?.about) return -1;
    return problem.key ? sheet.keyIndex(problem.key) : problem.row;
  }

  // --- the list of refused values --------------------------------------------------------------------------------
  retry(problem, text) {
    const index = this.place(problem);
    if (index < 0) return;
    const sheet = this.book.sheet(problem.gid);
    this.drop(problem);
    this.cells(sheet, [{ row: index, column: problem.column, text, force: problem.late }]);
  }

  discard(problem) {
    this.drop(problem);
    const index = this.place(problem);
    if (index < 0) return;
    const sheet = this.book.sheet(problem.gid);
    sheet.rows[index]?.forget(problem.column);
    this.painter.writeCell(sheet, index, problem.column);
    this.show(sheet, [{ row: index, column: problem.column }]);
  }

  drop(problem) {
    this.outbox.state.refused = this.outbox.refused.filter((one) => one !== problem);
    this.outbox.save();
    this.changed();
  }
}

function* cellsIn(message) {
  for (const step of message?.do ?? []) if (step.kind === "cells") for (const cell of step.cells) yield { gid: step.gid, cell };
}
const cellsOf = (message) => [...cellsIn(message)];

const tiled = (room, size) => (room > size && room % size === 0 ? room : size);

// A table's texts from the first cell of a range on; one value fills the range, a table that fits several times is repeated.
function spread(table, range) {
  const height = table.length;
  const width = table.reduce((most, row) => Math.max(most, row.length), 0);
  const rows = height === 1 && width === 1 ? range.endRow - range.startRow + 1 : tiled(range.endRow - range.startRow + 1, height);
  const columns = height === 1 && width === 1 ? range.endColumn - range.startColumn + 1 : tiled(range.endColumn - range.startColumn + 1, width);
  return everyCell({ startRow: 0, endRow: rows - 1, startColumn: 0, endColumn: columns - 1 }).map(({ row, column }) => ({
    row: range.startRow + row, column: range.startColumn + column, text: table[row % height][column % width] ?? "",
  }));
}
