// What the person does in Univer, judged before Univer does it: sent to the server, let through, or not possible.
import { FILTERS } from "./filter.js";
import { atLeast, AUTO_HEIGHT } from "./heights.js";
import { readPaste } from "./paste.js";
import { REQUESTS, target } from "./requests.js";
import { quoted } from "./typing.js";
import { REDO, UNDO } from "./undo.js";

// Univer's own book-keeping, which no other browser needs.
const PRIVATE = new Set([
  AUTO_HEIGHT, "sheet.mutation.set-worksheet-row-is-auto-height", "sheet.mutation.empty",
  "sheet.mutation.data-validation-formula-mark-dirty", "sheet.mutation.mark-dirty-filter-change", "sheet.mutation.toggle-note-popup",
  "sheet.mutation.re-calc-filter", "sheet.mutation.set-worksheet-permission-points",
]);
const PASTES = new Set(["sheet.command.paste-by-short-key", "sheet.command.paste-value", "univer.command.paste"]);
const CHOICE = "sheet.command.set-range-values";
const TYPED_BY_UNIVER = new Set(["sheet.command.auto-fill"]); // its values are values, not typing

export class Person {
  constructor({ book, painter, selection, filters, typing, rules, sender, tell }) {
    Object.assign(this, { book, painter, selection, filters, typing, rules, sender, tell });
    painter.gate.judge = (id, given) => this.judge(id, given);
  }

  get sheet() {
    return this.book.sheet(this.selection.gid);
  }

  // undefined: Univer goes on. true or false: it is told so, and does nothing.
  judge(id, given) {
    if (given.unitId && given.unitId !== this.painter.unitId) return undefined; // the open editor's document
    if (id === "sheet.operation.set-cell-edit-visible") return this.typing.visible(given);
    if (id === UNDO || id === REDO) return this.undo(id);
    if (PASTES.has(id)) return this.paste(id, given);
    if (FILTERS.has(id)) return this.ask(this.filters.requests(id, given, this.sheet));
    if (REQUESTS[id]) return this.request(id, given);
    if (id === "sheet.mutation.set-range-values") return this.values(given);
    if (id === "sheet.command.auto-fill") this.filling = true;
    if (id === AUTO_HEIGHT) atLeast(given);
    if (id.startsWith("sheet.mutation.") && !PRIVATE.has(id)) return this.impossible();
    return undefined;
  }

  impossible() {
    this.tell("impossible");
    return false;
  }

  request(id, given) {
    const gid = given.subUnitId === undefined ? this.selection.gid : Number(given.subUnitId);
    const sheet = this.book.sheet(gid) ?? { gid, about: { rows: -1, columns: -1 } };
    const order = this.painter.workbook.getSheetOrders().indexOf(String(gid));
    return this.ask(REQUESTS[id](given, target(sheet, this.selection.ranges, order)), id === "sheet.command.insert-sheet" || id === "sheet.command.copy-sheet");
  }

  ask(requests, opens = false) {
    if (!requests) return this.impossible();
    if (!this.sender.may()) return false;
    if (requests.length) this.sender.steps(requests.map((request) => ({ kind: "request", request })), { opens });
    return true;
  }

  undo(id) {
    if (this.typing.open) return undefined; // the editor undoes its own typing
    if (this.sender.may()) this.sender.send({ type: id === UNDO ? "undo" : "redo" });
    return true;
  }

  paste(id, given) {
    if (this.typing.open) return undefined;
    if (!this.sender.may()) return false;
    readPaste(id, given).then((found) => found && this.sender.paste(found, id === "sheet.command.paste-value"));
    return true;
  }

  // Values that Univer would write: a dropdown's choice, a cleared range, a fill, a replacement.
  values({ subUnitId, cellValue, trigger }) {
    if (!this.sender.may()) return false;
    const sheet = this.book.sheet(subUnitId);
    const literal = TYPED_BY_UNIVER.has(trigger) || this.filling;
    this.filling = false;
    const cells = [];
    for (const [row, columns] of Object.entries(cellValue ?? {})) {
      for (const [column, cell] of Object.entries(columns ?? {})) {
        const text = this.text(sheet.rows[row], Number(column), cell, literal);
        if (text === "" && trigger === CHOICE && this.rules.at(sheet.gid, row, column)) continue; // the choice was made anew
        if (text !== undefined) cells.push({ row: Number(row), column: Number(column), text });
      }
    }
    if (cells.length) this.sender.cells(sheet, cells);
    return true;
  }

  // What a person would have typed for a value; undefined if only its look would change.
  text(row, column, cell, literal) {
    if (!cell) return "";
    if (cell.f) return cell.f;
    if (cell.p?.body) return cell.p.body.dataStream.replace(/\r\n$/, "").replaceAll("\r", "\n");
    if (!("v" in cell)) return undefined;
    const { v: value } = cell;
    if (value === null || value === undefined) return "";
    if (this.rules.checkbox(row, column) && /^(?:0|1|true|false)$/i.test(String(value))) return /^(?:1|true)$/i.test(String(value)) ? "TRUE" : "FALSE";
    if (typeof value === "boolean" || cell.t === 3) return Number(value) ? "TRUE" : "FALSE";
    if (typeof value === "number") return this.sender.number(value);
    return literal ? quoted(value) : value;
  }
}
