// Univer's own words, zh-TW.
import { mergeLocales } from "@univerjs/core";
import data from "@univerjs/data-validation/locale/zh-TW";
import design from "@univerjs/design/locale/zh-TW";
import docs from "@univerjs/docs-ui/locale/zh-TW";
import find from "@univerjs/find-replace/locale/zh-TW";
import sheets from "@univerjs/sheets/locale/zh-TW";
import rules from "@univerjs/sheets-data-validation/locale/zh-TW";
import rulesUi from "@univerjs/sheets-data-validation-ui/locale/zh-TW";
import filter from "@univerjs/sheets-filter/locale/zh-TW";
import filterUi from "@univerjs/sheets-filter-ui/locale/zh-TW";
import formula from "@univerjs/sheets-formula/locale/zh-TW";
import formulaUi from "@univerjs/sheets-formula-ui/locale/zh-TW";
import notes from "@univerjs/sheets-note-ui/locale/zh-TW";
import numbers from "@univerjs/sheets-numfmt-ui/locale/zh-TW";
import sort from "@univerjs/sheets-sort-ui/locale/zh-TW";
import sheetsUi from "@univerjs/sheets-ui/locale/zh-TW";
import ui from "@univerjs/ui/locale/zh-TW";

export default mergeLocales(
  design, docs, ui, sheets, sheetsUi, formula, formulaUi, numbers, data, rules, rulesUi, filter, filterUi, sort, find, notes,
);
