// Where the person is: the selected cells, kept on their rows when rows above them come or go.
import { SheetsSelectionsService } from "@univerjs/sheets";
import { rangeOf } from "./address.js";

export class Selection {
  constructor(painter, book) {
    this.painter = painter;
    this.book = book;
    this.service = painter.injector.get(SheetsSelectionsService);
  }

  get gid() {
    return Number(this.painter.workbook.getActiveSheet().getSheetId());
  }

  get ranges() {
    return (this.service.getCurrentSelections() ?? []).map((one) => this.bounded(one.range));
  }

  // The cell that typing would go to.
  get cell() {
    const last = this.service.getCurrentLastSelection();
    const primary = last?.primary ?? last?.range;
    if (!primary) return null;
    return { row: primary.actualRow ?? primary.startRow, column: primary.actualColumn ?? primary.startColumn };
  }

  // Whole rows and columns have no numbers in Univer where they are unbounded.
  bounded(range) {
    const sheet = this.painter.workbook.getActiveSheet();
    const number = (value, otherwise) => (Number.isFinite(value) ? value : otherwise);
    return {
      startRow: number(range.startRow, 0), endRow: number(range.endRow, sheet.getRowCount() - 1),
      startColumn: number(range.startColumn, 0), endColumn: number(range.endColumn, sheet.getColumnCount() - 1),
    };
  }

  select(gid, range) {
    const subUnitId = String(gid);
    const primary = { ...range, actualRow: range.startRow, actualColumn: range.startColumn, isMerged: false, isMergedMainCell: false, endRow: range.startRow, endColumn: range.startColumn };
    this.painter.silently("sheet.operation.set-selections", { subUnitId, selections: [{ range, primary, style: null }] });
  }

  goTo(gid, range) {
    const show = () => {
      this.select(gid, range);
      const first = { ...range, endRow: range.startRow, endColumn: range.startColumn };
      this.painter.gate.syncExecuteCommand("sheet.command.scroll-to-cell", { range: first });
    };
    if (gid === this.gid) show();
    else this.painter.gate.executeCommand("sheet.command.set-worksheet-activate", { unitId: this.painter.unitId, subUnitId: String(gid) }).then(show);
  }

  goToAddress(gid, text) {
    const worksheet = this.painter.worksheet(gid);
    const range = worksheet && rangeOf(text, worksheet.getRowCount(), worksheet.getColumnCount());
    if (range) this.goTo(gid, range);
  }

  // Rows or columns came (count > 0) or went at `start`: stay on the same cells.
  moved(sheet, isRows, start, count) {
    if (sheet.gid !== this.gid) return;
    const [first, last] = isRows ? ["startRow", "endRow"] : ["startColumn", "endColumn"];
    const shift = (at) => (at >= start ? Math.max(at + count, count < 0 ? start : 0) : at);
    const move = (range) => range && { ...range, [first]: shift(range[first]), [last]: Math.max(shift(range[last]), shift(range[first])) };
    const selections = (this.service.getCurrentSelections() ?? []).map((one) => {
      const primary = move(one.primary);
      if (primary) primary[isRows ? "actualRow" : "actualColumn"] = shift(primary[isRows ? "actualRow" : "actualColumn"]);
      return { ...one, range: move(one.range), primary };
    });
    if (selections.length) this.painter.silently("sheet.operation.set-selections", { subUnitId: String(sheet.gid), selections });
    this.editor?.moved(sheet);
  }

  // The sheet that is shown will be gone: show its neighbour first.
  leave(id) {
    const { workbook, gate, unitId } = this.painter;
    const next = workbook.getSheetOrders().find((one) => one !== id && !workbook.getSheetBySheetId(one).getConfig().hidden);
    if (next) gate.syncExecuteCommand("sheet.operation.set-worksheet-active", { unitId, subUnitId: next });
  }
}
