// Links that cells hold: shown as links, and followed from the line above the sheet.
import { InterceptorEffectEnum } from "@univerjs/core";
import { INTERCEPTOR_POINT, SheetInterceptorService } from "@univerjs/sheets";

const LOOK = { cl: { rgb: "#1155cc" }, ul: { s: 1 } };
const SAFE = /^(?:https?:|mailto:)/i;

// The address that a cell leads to, if it is one that a page may lead to.
export function linkOf(row, column) {
  const more = row?.extra("m", column);
  const address = more?.hyperlink ?? more?.textFormatRuns?.find((run) => run.format?.link?.uri)?.format.link.uri;
  return address && SAFE.test(address) ? address : null;
}

export function showLinks(injector, sheets) {
  injector.get(SheetInterceptorService).intercept(INTERCEPTOR_POINT.CELL_CONTENT, {
    priority: 4,
    effect: InterceptorEffectEnum.Style,
    handler: (cell, where, next) => {
      const row = sheets.get(Number(where.subUnitId))?.rows[where.row];
      if (!row?.extras?.m || !linkOf(row, where.col)) return next(cell);
      return next({ ...(cell ?? where.rawData), interceptorStyle: { ...LOOK, ...cell?.interceptorStyle } });
    },
  });
}
