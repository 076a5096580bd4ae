// Univer itself: which parts of it are here, which of its menus are hidden, where the server takes its place.
import { ICommandService, IUndoRedoService, LocaleType, LogLevel, Univer, UniverInstanceType } from "@univerjs/core";
import { UniverDataValidationPlugin } from "@univerjs/data-validation";
import { UniverDocsPlugin } from "@univerjs/docs";
import { UniverDocsUIPlugin } from "@univerjs/docs-ui";
import { UniverFormulaEnginePlugin } from "@univerjs/engine-formula";
import { UniverRenderEnginePlugin } from "@univerjs/engine-render";
import { UniverFindReplacePlugin } from "@univerjs/find-replace";
import { UniverSheetsPlugin } from "@univerjs/sheets";
import { UniverSheetsDataValidationPlugin } from "@univerjs/sheets-data-validation";
import { UniverSheetsDataValidationUIPlugin } from "@univerjs/sheets-data-validation-ui";
import { UniverSheetsFilterPlugin } from "@univerjs/sheets-filter";
import { UniverSheetsFilterUIPlugin } from "@univerjs/sheets-filter-ui";
import { UniverSheetsFindReplacePlugin } from "@univerjs/sheets-find-replace";
import { CalculationMode, UniverSheetsFormulaPlugin } from "@univerjs/sheets-formula";
import { UniverSheetsFormulaUIPlugin } from "@univerjs/sheets-formula-ui";
import { UniverSheetsNotePlugin } from "@univerjs/sheets-note";
import { UniverSheetsNoteUIPlugin } from "@univerjs/sheets-note-ui";
import { UniverSheetsNumfmtPlugin } from "@univerjs/sheets-numfmt";
import { UniverSheetsNumfmtUIPlugin } from "@univerjs/sheets-numfmt-ui";
import { UniverSheetsSortPlugin } from "@univerjs/sheets-sort";
import { UniverSheetsSortUIPlugin } from "@univerjs/sheets-sort-ui";
import { UniverSheetsUIPlugin } from "@univerjs/sheets-ui";
import { defaultTheme } from "@univerjs/themes";
import { UniverUIPlugin } from "@univerjs/ui";
import { Gate } from "./gate.js";
import { hiddenMenus } from "./menus.js";
import { NoUndo } from "./undo.js";

const LOCALES = { en: LocaleType.EN_US, "zh-Hans": LocaleType.ZH_CN, "zh-Hant": LocaleType.ZH_TW };

export function createUniver({ container, language, words, dark }) {
  const locale = LOCALES[language];
  const univer = new Univer({
    theme: defaultTheme,
    darkMode: dark,
    locale,
    locales: { [locale]: words },
    logLevel: LogLevel.WARN,
    override: [
      [ICommandService, { useClass: Gate }],
      [IUndoRedoService, { useClass: NoUndo }],
    ],
  });
  const menu = hiddenMenus();
  univer.registerPlugins([
    [UniverRenderEnginePlugin],
    [UniverFormulaEnginePlugin],
    [UniverUIPlugin, { container, header: true, footer: true, menu }],
    [UniverDocsPlugin],
    [UniverDocsUIPlugin],
    [UniverSheetsPlugin],
    [UniverSheetsUIPlugin, { menu, footer: { menus: false }, disableForceStringAlert: true, disableForceStringMark: true, clipboardConfig: { hidePasteOptions: true } }],
    [UniverSheetsNumfmtPlugin, { disableTextFormatAlert: true, disableTextFormatMark: true }],
    [UniverSheetsNumfmtUIPlugin, { menu }],
    [UniverSheetsFormulaPlugin, { initialFormulaComputing: CalculationMode.NO_CALCULATION }],
    [UniverSheetsFormulaUIPlugin, { menu }],
    [UniverDataValidationPlugin],
    [UniverSheetsDataValidationPlugin],
    [UniverSheetsDataValidationUIPlugin, { menu, showEditOnDropdown: false, showSearchOnDropdown: false }],
    [UniverSheetsFilterPlugin],
    [UniverSheetsFilterUIPlugin, { menu }],
    [UniverSheetsSortPlugin],
    [UniverSheetsSortUIPlugin, { menu }],
    [UniverFindReplacePlugin],
    [UniverSheetsFindReplacePlugin],
    [UniverSheetsNotePlugin],
    [UniverSheetsNoteUIPlugin, { menu }],
  ]);
  return univer;
}

// Open it on a sheet: Univer shows the first visible one before anything can be said to it.
export function openWorkbook(univer, data, active) {
  const hidden = Object.entries(data.sheets).filter(([id, sheet]) => id !== active && !sheet.hidden);
  const first = data.sheetOrder.find((id) => !data.sheets[id].hidden);
  const workbook = univer.createUnit(UniverInstanceType.UNIVER_SHEET, data);
  if (first !== active && hidden.length) workbook.setActiveSheet(workbook.getSheetBySheetId(active));
  return workbook;
}
