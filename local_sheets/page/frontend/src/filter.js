// The sheet's filter: Google's hidden values on one side, Univer's shown values on the other.
import { extractPureTextFromCell } from "@univerjs/core";
import { FilterColumn, SheetsFilterService } from "@univerjs/sheets-filter";
import { gridRange, inclusive } from "./address.js";

const criteriaOf = (filter) => {
  const found = new Map(Object.entries(filter.criteria ?? {}).map(([column, criteria]) => [Number(column), criteria]));
  for (const spec of filter.filterSpecs ?? []) found.set(spec.columnIndex ?? 0, spec.filterCriteria ?? {});
  return found;
};

// The part of a range that has values: Univer proposes all that has a look, down to the end of the grid.
function filled(sheet, range) {
  let [endRow, endColumn] = [range.startRow, range.startColumn];
  for (let row = range.startRow; row <= range.endRow; row++) {
    const values = sheet.rows[row]?.values ?? [];
    for (let column = Math.min(values.length - 1, range.endColumn); column >= range.startColumn; column--) {
      if (values[column] === "") continue;
      endRow = row;
      endColumn = Math.max(endColumn, column);
      break;
    }
  }
  return { ...range, endRow, endColumn };
}

export class Filters {
  laid = new Map(); // gid -> text of the filter that is laid

  constructor(painter, tests) {
    this.painter = painter;
    this.tests = tests; // (condition) => value => boolean
    this.service = painter.injector.get(SheetsFilterService);
  }

  shownText = (worksheet, row, column) => extractPureTextFromCell(worksheet.getCell(row, column)) ?? "";

  // Lay the filter of a sheet in Univer; `moved`: rows are elsewhere, so that it must be worked out anew.
  lay(sheet, moved = false) {
    const filter = sheet.about.basicFilter;
    const text = JSON.stringify(filter ?? null);
    if (!moved && this.laid.get(sheet.gid) === text) return;
    if (moved && !filter) return;
    this.laid.set(sheet.gid, text);
    const subUnitId = String(sheet.gid);
    if (this.service.getFilterModel(this.painter.unitId, subUnitId)) this.painter.silently("sheet.mutation.remove-filter", { subUnitId });
    if (!filter) return;
    const range = inclusive(filter.range, sheet.about.rows, sheet.about.columns);
    this.painter.silently("sheet.mutation.set-filter-range", { subUnitId, range });
    for (const [column, criteria] of criteriaOf(filter)) {
      const shown = this.shown(sheet, range, column, criteria);
      if (shown) this.painter.silently("sheet.mutation.set-filter-criteria", { subUnitId, col: column, criteria: { colId: column, filters: shown } });
    }
  }

  // The values of a column that a criterion shows; null if it shows all.
  shown(sheet, range, column, criteria) {
    const hidden = new Set(criteria.hiddenValues ?? []);
    const test = criteria.condition ? this.tests(criteria.condition) : null;
    if (!hidden.size && !test) return null;
    const worksheet = this.painter.worksheet(sheet.gid);
    const filters = new Set();
    let blank = false;
    for (let row = range.startRow + 1; row <= range.endRow; row++) {
      const text = this.shownText(worksheet, row, column);
      if (hidden.has(text) || (test && !test(sheet.rows[row]?.value(column) ?? ""))) continue;
      if (text === "") blank = true;
      else filters.add(text);
    }
    return { filters: [...filters], ...(blank && { blank: true }) };
  }

  // What Univer asks for, as requests; null if it cannot be said.
  requests(id, given, sheet) {
    const now = sheet.about.basicFilter;
    if (id === "sheet.command.remove-sheet-filter") return [{ clearBasicFilter: { sheetId: sheet.gid } }];
    if (id === "sheet.command.set-filter-range") return [{ setBasicFilter: { filter: { range: gridRange(sheet.gid, filled(sheet, given.range), Infinity, Infinity) } } }];
    if (!now) return null;
    const specs = id === "sheet.command.clear-filter-criteria" ? new Map() : criteriaOf(now);
    if (id === "sheet.command.set-filter-criteria") {
      if (given.criteria?.colorFilters) return null;
      if (given.criteria) specs.set(given.col, { hiddenValues: this.hidden(sheet, given) });
      else specs.delete(given.col);
    }
    const filterSpecs = [...specs].map(([columnIndex, filterCriteria]) => ({ columnIndex, filterCriteria }));
    return [{ setBasicFilter: { filter: { range: now.range, filterSpecs } } }];
  }

  // The values of a column that Univer's criterion hides.
  hidden(sheet, { col, criteria }) {
    const range = inclusive(sheet.about.basicFilter.range, sheet.about.rows, sheet.about.columns);
    const worksheet = this.painter.worksheet(sheet.gid);
    const context = { getAlreadyFilteredOutRows: () => new Set() };
    const column = new FilterColumn(this.painter.unitId, String(sheet.gid), worksheet, criteria, context);
    column.setRangeAndColumn(range, col);
    column.setCriteria(criteria);
    return [...new Set([...column.calc(context)].map((row) => this.shownText(worksheet, row, col)))];
  }
}

export const FILTERS = new Set([
  "sheet.command.set-filter-range", "sheet.command.remove-sheet-filter", "sheet.command.set-filter-criteria", "sheet.command.clear-filter-criteria",
]);
