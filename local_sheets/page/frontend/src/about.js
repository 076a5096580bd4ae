// What a sheet is beside its cells: its size, frozen part, widths, merged cells, into Univer.
import { inclusive } from "./address.js";

export const freezeOf = (about) => ({
  startRow: about.frozenRows || -1, startColumn: about.frozenColumns || -1, ySplit: about.frozenRows, xSplit: about.frozenColumns,
});

const columnData = (about) => {
  const data = {};
  for (const [column, width] of Object.entries(about.columnWidths ?? {})) data[column] = { w: width };
  for (const column of about.hiddenColumns ?? []) (data[column] ??= {}).hd = 1;
  return data;
};

const mergesOf = (about) => (about.merges ?? []).map((grid) => inclusive(grid, about.rows, about.columns));

const differ = (one, other) => JSON.stringify(one) !== JSON.stringify(other);

// Set all of it in a sheet that is not shown yet.
export function furnish(worksheet, about) {
  const config = worksheet.getConfig();
  worksheet.setRowCount(about.rows);
  worksheet.setColumnCount(about.columns);
  config.freeze = freezeOf(about);
  const columns = worksheet.getColumnManager().getColumnData();
  for (const column of Object.keys(columns)) delete columns[column];
  Object.assign(columns, columnData(about));
  config.mergeData.splice(0, config.mergeData.length, ...mergesOf(about));
  worksheet.getSpanModel().rebuild(config.mergeData);
}

// Change what has changed in a sheet that is shown.
export function refurnish(painter, sheet, about) {
  const worksheet = painter.worksheet(sheet.gid);
  const subUnitId = String(sheet.gid);
  const now = worksheet.getConfig();
  if (worksheet.getRowCount() !== about.rows) painter.silently("sheet.mutation.set-worksheet-row-count", { subUnitId, rowCount: about.rows });
  if (worksheet.getColumnCount() !== about.columns) painter.silently("sheet.mutation.set-worksheet-column-count", { subUnitId, columnCount: about.columns });
  if (differ(now.freeze, freezeOf(about))) painter.silently("sheet.mutation.set-frozen", { subUnitId, ...freezeOf(about) });
  if (differ(now.mergeData, mergesOf(about))) {
    painter.silently("sheet.mutation.remove-worksheet-merge", { subUnitId, ranges: [...now.mergeData] });
    painter.silently("sheet.mutation.add-worksheet-merge", { subUnitId, ranges: mergesOf(about) });
  }
  const columns = worksheet.getColumnManager().getColumnData();
  if (differ(columns, columnData(about))) {
    for (const column of Object.keys(columns)) delete columns[column];
    Object.assign(columns, columnData(about));
    return true; // sizes are computed anew
  }
  return false;
}
