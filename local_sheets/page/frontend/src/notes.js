// Notes of cells: Univer shows them; they are laid anew whenever rows with notes may have moved.
import { SheetsNoteModel } from "@univerjs/sheets-note";

const SIZE = { width: 220, height: 90 };

export class Notes {
  laid = new Map(); // gid -> text of what is laid

  constructor(injector, unitId) {
    this.model = injector.get(SheetsNoteModel);
    this.unitId = unitId;
  }

  lay(sheet) {
    const found = [];
    sheet.rows.forEach((row, index) => {
      if (row?.extras?.n) for (const [column, note] of Object.entries(row.extras.n)) found.push([index, Number(column), note]);
    });
    const text = JSON.stringify(found);
    if (this.laid.get(sheet.gid) === text) return;
    this.laid.set(sheet.gid, text);
    const id = String(sheet.gid);
    for (const { id: noteId } of [...(this.model.getSheetNotes(this.unitId, id)?.values() ?? [])]) this.model.removeNote(this.unitId, id, { noteId, silent: true });
    for (const [row, col, note] of found) this.model.updateNote(this.unitId, id, row, col, { ...SIZE, note, row, col }, true);
  }
}
