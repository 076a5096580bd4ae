// Dropdowns and checkboxes: Univer draws and opens them, but which cell has which rule is read from the model.
//
// Univer keeps rules by ranges, which would have to be moved along with every row; here a rule stays with its row.
import { DataValidationRenderMode, DataValidationStatus, DataValidationType } from "@univerjs/core";
import { SheetDataValidationModel } from "@univerjs/sheets-data-validation";

const listed = (choices) => choices.map((choice) => (/[",\n]/.test(choice) ? `"${choice.replaceAll('"', '""')}"` : choice)).join(",");

export class Rules {
  rules = new Map();

  constructor(injector, sheets) {
    this.sheets = sheets;
    const model = injector.get(SheetDataValidationModel);
    model.getRuleIdByLocation = (_unit, gid, row, column) => this.at(gid, row, column)?.uid;
    model.getRuleByLocation = (_unit, gid, row, column) => this.at(gid, row, column);
    model.getRuleById = (_unit, _gid, id) => this.rules.get(id);
    model._dataValidationModel.getRuleById = (_unit, _gid, id) => this.rules.get(id);
    model.validator = () => DataValidationStatus.VALID; // the server checks
  }

  learn(rules) {
    for (const [key, rule] of Object.entries(rules)) {
      const uid = String(key);
      const shared = { uid, ranges: [], allowBlank: true, error: rule.message ?? undefined, strict: rule.strict };
      if (rule.checkbox) this.rules.set(uid, { ...shared, type: DataValidationType.CHECKBOX });
      else if (rule.choices?.length) this.rules.set(uid, { ...shared, type: DataValidationType.LIST, formula1: listed(rule.choices), renderMode: DataValidationRenderMode.ARROW });
      else this.rules.delete(uid);
    }
  }

  at(gid, row, column) {
    const key = this.sheets.get(Number(gid))?.rows[row]?.extra("d", column);
    return key === undefined ? undefined : this.rules.get(String(key));
  }

  checkbox = (row, column) => this.rules.get(String(row?.extra("d", column)))?.type === DataValidationType.CHECKBOX;
}
