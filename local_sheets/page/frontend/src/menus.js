// Univer's menus that nobody needs here, or whose work the server does not know: they are not shown.
const HIDDEN = [
  // who may edit what is said through Drive's permissions and protected ranges
  "sheet.command.add-range-protection-from-toolbar", "sheet.command.add-range-protection-from-context-menu",
  "sheet.command.set-range-protection-from-context-menu", "sheet.command.delete-range-protection-from-context-menu",
  "sheet.command.view-sheet-permission-from-context-menu", "sheet.contextMenu.permission",
  "sheet.command.add-worksheet-protection", "sheet.command.change-sheet-protection-from-sheet-bar",
  "sheet.command.delete-worksheet-protection-from-sheet-bar", "sheet.command.view-sheet-permission-from-sheet-bar",
  "sheet.command.add-range-protection-from-sheet-bar",
  // looks that Google's format has no word for, or that are taken along by copying
  "sheet.command.set-once-format-painter", "sheet.command.set-infinite-format-painter", "sheet.menu.paste-special",
  "sheet.command.paste-format", "sheet.command.paste-col-width", "sheet.command.paste-besides-border", "sheet.command.copy-formula-only",
  "sheet.menu.copy-special", "sheet.command.set-overline",
  // worked out on the server
  "sheet.command.split-text-to-columns", "sheet.toolbar.text-to-number", "sheet.contextMenu.text-to-number", "sheet.command.set-col-auto-width", "sheet.command.set-row-is-auto-height",
  // rules are edited where the columns are declared, or through the API
  "data-validation.operation.open-validation-panel", "data-validation.command.addRuleAndOpen", "sheet.menu.data-validation",
  "sheet.operation.insert-function", "sheet.command.set-gridlines-color", "sheet.command.toggle-gridlines",
];

export const hiddenMenus = () => Object.fromEntries(HIDDEN.map((id) => [id, { hidden: true }]));
