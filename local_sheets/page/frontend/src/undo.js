// Univer's undo finds rows by their number, which somebody's insert has moved: the server undoes, by key.
import { LocalUndoRedoService, RedoCommandId, UndoCommandId } from "@univerjs/core";

export class NoUndo extends LocalUndoRedoService {
  unit = null;
  counts = { undos: 0, redos: 0 };

  pushUndoRedo(item) {
    if (item.unitID !== this.unit) super.pushUndoRedo(item); // an open editor undoes its own typing
  }

  // How much the server could take back, or do again.
  know(undos, redos) {
    this.counts = { undos, redos };
    this._updateStatus();
  }

  _updateStatus() {
    if (!this.unit || this._getFocusedUnitId() !== this.unit) super._updateStatus();
    else this._undoRedoStatus$.next(this.counts);
  }
}

export const UNDO = UndoCommandId;
export const REDO = RedoCommandId;
