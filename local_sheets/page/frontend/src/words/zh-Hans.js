// Univer's own words, zh-CN.
import { mergeLocales } from "@univerjs/core";
import data from "@univerjs/data-validation/locale/zh-CN";
import design from "@univerjs/design/locale/zh-CN";
import docs from "@univerjs/docs-ui/locale/zh-CN";
import find from "@univerjs/find-replace/locale/zh-CN";
import sheets from "@univerjs/sheets/locale/zh-CN";
import rules from "@univerjs/sheets-data-validation/locale/zh-CN";
import rulesUi from "@univerjs/sheets-data-validation-ui/locale/zh-CN";
import filter from "@univerjs/sheets-filter/locale/zh-CN";
import filterUi from "@univerjs/sheets-filter-ui/locale/zh-CN";
import formula from "@univerjs/sheets-formula/locale/zh-CN";
import formulaUi from "@univerjs/sheets-formula-ui/locale/zh-CN";
import notes from "@univerjs/sheets-note-ui/locale/zh-CN";
import numbers from "@univerjs/sheets-numfmt-ui/locale/zh-CN";
import sort from "@univerjs/sheets-sort-ui/locale/zh-CN";
import sheetsUi from "@univerjs/sheets-ui/locale/zh-CN";
import ui from "@univerjs/ui/locale/zh-CN";

export default mergeLocales(
  design, docs, ui, sheets, sheetsUi, formula, formulaUi, numbers, data, rules, rulesUi, filter, filterUi, sort, find, notes,
);
