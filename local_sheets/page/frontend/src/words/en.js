// Univer's own words, en-US.
import { mergeLocales } from "@univerjs/core";
import data from "@univerjs/data-validation/locale/en-US";
import design from "@univerjs/design/locale/en-US";
import docs from "@univerjs/docs-ui/locale/en-US";
import find from "@univerjs/find-replace/locale/en-US";
import sheets from "@univerjs/sheets/locale/en-US";
import rules from "@univerjs/sheets-data-validation/locale/en-US";
import rulesUi from "@univerjs/sheets-data-validation-ui/locale/en-US";
import filter from "@univerjs/sheets-filter/locale/en-US";
import filterUi from "@univerjs/sheets-filter-ui/locale/en-US";
import formula from "@univerjs/sheets-formula/locale/en-US";
import formulaUi from "@univerjs/sheets-formula-ui/locale/en-US";
import notes from "@univerjs/sheets-note-ui/locale/en-US";
import numbers from "@univerjs/sheets-numfmt-ui/locale/en-US";
import sort from "@univerjs/sheets-sort-ui/locale/en-US";
import sheetsUi from "@univerjs/sheets-ui/locale/en-US";
import ui from "@univerjs/ui/locale/en-US";

export default mergeLocales(
  design, docs, ui, sheets, sheetsUi, formula, formulaUi, numbers, data, rules, rulesUi, filter, filterUi, sort, find, notes,
);
