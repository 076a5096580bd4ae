// Tabulator with the few modules that grid.js uses: a third of the whole.

import { FormatModule, InteractionModule, ResizeColumnsModule, ResizeTableModule, SortModule, Tabulator } from "tabulator-tables";

Tabulator.registerModule([FormatModule, InteractionModule, ResizeColumnsModule, ResizeTableModule, SortModule]);

export { Tabulator };
