// A1 addresses, as people and links write them.
export const letters = (column) =>
  (column > 25 ? letters(Math.floor(column / 26) - 1) : "") + String.fromCharCode(65 + (column % 26));

export const cellName = (row, column) => `${letters(column)}${row + 1}`;

const numberOf = (name) => [...name.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

// "A5", "Sheet!B2:C9", "5:5" or "B:B" into an inclusive range; null if it is none of these.
export function rangeOf(text, rows, columns) {
  const match = /^([A-Za-z]{0,3})(\d{0,7})(?::([A-Za-z]{0,3})(\d{0,7}))?$/.exec((text ?? "").split("!").pop().replaceAll("$", ""));
  if (!match || !(match[1] || match[2])) return null;
  const [, left, top, right = left, bottom = top] = match;
  const range = {
    startRow: top ? Number(top) - 1 : 0,
    endRow: bottom ? Number(bottom) - 1 : rows - 1,
    startColumn: left ? numberOf(left) : 0,
    endColumn: right ? numberOf(right) : columns - 1,
  };
  const inside = range.startRow >= 0 && range.endRow < rows && range.endColumn < columns;
  return inside && range.startRow <= range.endRow && range.startColumn <= range.endColumn ? range : null;
}

// Univer's inclusive range into Google's GridRange; a whole row or column has no bounds across it.
export function gridRange(gid, range, rows, columns) {
  const grid = { sheetId: gid };
  if (range.startRow > 0 || range.endRow < rows - 1) Object.assign(grid, { startRowIndex: range.startRow, endRowIndex: range.endRow + 1 });
  if (range.startColumn > 0 || range.endColumn < columns - 1) Object.assign(grid, { startColumnIndex: range.startColumn, endColumnIndex: range.endColumn + 1 });
  return grid;
}

// A GridRange into an inclusive range within a sheet.
export const inclusive = (grid, rows, columns) => ({
  startRow: grid.startRowIndex ?? 0,
  endRow: Math.min(grid.endRowIndex ?? rows, rows) - 1,
  startColumn: grid.startColumnIndex ?? 0,
  endColumn: Math.min(grid.endColumnIndex ?? columns, columns) - 1,
});

export const holds = (range, row, column) =>
  row >= range.startRow && row <= range.endRow && column >= range.startColumn && column <= range.endColumn;
