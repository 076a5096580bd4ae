// Rows grow with wrapped text, as long as nobody has given them a height; never below a row's usual height.
import { AutoHeightController } from "@univerjs/sheets-ui";

export const USUAL = 24;
const MOST = 2000; // measuring text is dear

export const AUTO_HEIGHT = "sheet.mutation.set-worksheet-row-auto-height";

// What Univer measured, with the least height kept.
export function atLeast({ rowsAutoHeightInfo }) {
  for (const info of rowsAutoHeightInfo ?? []) info.autoHeight = Math.max(info.autoHeight ?? USUAL, USUAL);
}

export class Heights {
  constructor(painter) {
    this.painter = painter;
    this.controller = painter.injector.get(AutoHeightController);
  }

  wraps = (row) => row?.extras?.f && !row.extras.p?.pixelSize && Object.values(row.extras.f).some((key) => this.painter.wrapping.has(key));

  fit(sheet, indexes) {
    if (this.painter.workbook.getActiveSheet().getSheetId() !== String(sheet.gid)) return;
    const rows = indexes.filter((index) => this.wraps(sheet.rows[index]));
    if (!rows.length || rows.length > MOST) return;
    const endColumn = sheet.about.columns - 1;
    const ranges = rows.map((row) => ({ startRow: row, endRow: row, startColumn: 0, endColumn }));
    for (const { id, params } of this.controller.getUndoRedoParamsOfAutoHeight(ranges).redos) {
      atLeast(params);
      this.painter.silently(id, params);
    }
  }
}
