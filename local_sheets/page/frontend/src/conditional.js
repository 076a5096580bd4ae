// Conditional colours and bands, from Google's rules, worked out for the cells that are on the screen.
import { InterceptorEffectEnum } from "@univerjs/core";
import { INTERCEPTOR_POINT, SheetInterceptorService } from "@univerjs/sheets";
import { holds, inclusive } from "./address.js";
import { compile, today } from "./formula.js";
import { colour, textStyle } from "./looks.js";

const text = (value) => (typeof value === "boolean" ? String(value).toUpperCase() : String(value)).toLowerCase();
const blank = (value) => value === "";
const measured = (check) => (value, wanted) => typeof value === "number" && wanted.every(Number.isFinite) && check(value, ...wanted);

const TESTS = {
  BLANK: (value) => blank(value), NOT_BLANK: (value) => !blank(value),
  TEXT_CONTAINS: (value, [wanted]) => text(value).includes(text(wanted)),
  TEXT_NOT_CONTAINS: (value, [wanted]) => !text(value).includes(text(wanted)),
  TEXT_STARTS_WITH: (value, [wanted]) => text(value).startsWith(text(wanted)),
  TEXT_ENDS_WITH: (value, [wanted]) => text(value).endsWith(text(wanted)),
  TEXT_EQ: (value, [wanted]) => text(value) === text(wanted),
  NUMBER_GREATER: measured((n, a) => n > a), NUMBER_GREATER_THAN_EQ: measured((n, a) => n >= a),
  NUMBER_LESS: measured((n, a) => n < a), NUMBER_LESS_THAN_EQ: measured((n, a) => n <= a),
  NUMBER_EQ: measured((n, a) => n === a), NUMBER_NOT_EQ: measured((n, a) => n !== a),
  NUMBER_BETWEEN: measured((n, a, b) => n >= a && n <= b), NUMBER_NOT_BETWEEN: measured((n, a, b) => n < a || n > b),
  DATE_EQ: measured((n, a) => Math.floor(n) === Math.floor(a)), DATE_BEFORE: measured((n, a) => n < a), DATE_AFTER: measured((n, a) => n > a),
};
const RELATIVE = { TODAY: 0, YESTERDAY: -1, TOMORROW: 1, PAST_WEEK: -7, PAST_MONTH: -30, PAST_YEAR: -365 };

// A bound of a rule: a number, a date, a relative date, or the text as it stands.
function bound(kind, given) {
  if (given.relativeDate) return today() + (RELATIVE[given.relativeDate] ?? NaN);
  const written = given.userEnteredValue ?? "";
  if (kind.startsWith("TEXT")) return written;
  const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(written);
  if (date) return (Date.UTC(date[1], date[2] - 1, date[3]) - Date.UTC(1899, 11, 30)) / 86_400_000;
  return Number(written);
}

// Return value => boolean for a filter's condition; null if it cannot be told here.
export function tests(condition) {
  const test = TESTS[condition.type];
  const bounds = (condition.values ?? []).map((one) => bound(condition.type, one));
  return test ? (value) => test(value, bounds) : null;
}

// Return (value, cell, row, column) => style or undefined.
function compiled(rule, ranges) {
  if (rule.gradientRule || !rule.booleanRule) return null; // a scale of colours needs the whole range
  const { condition, format } = rule.booleanRule;
  const style = textStyle(format ?? {});
  const given = condition.values ?? [];
  const [{ startRow, startColumn }] = ranges;
  const formulas = given.map((one) => (/^=/.test(one.userEnteredValue ?? "") ? compile(one.userEnteredValue) : undefined));
  if (formulas.includes(null)) return null;
  const bounds = given.map((one, at) => (formulas[at] ? null : bound(condition.type, one)));
  const worked = (cell, row, column) => bounds.map((one, at) => (formulas[at] ? formulas[at](cell, row - startRow, column - startColumn) : one));
  if (condition.type === "CUSTOM_FORMULA") return (_value, cell, row, column) => (worked(cell, row, column)[0] === true ? style : undefined);
  const test = TESTS[condition.type];
  return test ? (value, cell, row, column) => (test(value, worked(cell, row, column)) ? style : undefined) : null;
}

function band(banded, about) {
  const range = inclusive(banded.range, about.rows, about.columns);
  const { rowProperties: rows } = banded;
  if (!rows) return null;
  const [head, first, second, foot] = ["header", "firstBand", "secondBand", "footer"].map((name) => colour(rows[`${name}Color`], rows[`${name}ColorStyle`]));
  return (row, column) => {
    if (!holds(range, row, column)) return undefined;
    if (head && row === range.startRow) return head;
    if (foot && row === range.endRow) return foot;
    return (row - range.startRow - (head ? 1 : 0)) % 2 ? second : first;
  };
}

export class Conditional {
  rules = new Map(); // gid -> [{ranges, style}]
  bands = new Map();

  constructor(injector, sheets) {
    this.sheets = sheets;
    injector.get(SheetInterceptorService).intercept(INTERCEPTOR_POINT.CELL_CONTENT, {
      priority: 5,
      effect: InterceptorEffectEnum.Style,
      handler: (cell, where, next) => {
        const style = this.style(Number(where.subUnitId), where.row, where.col);
        if (!style) return next(cell);
        return next({ ...(cell ?? where.rawData), interceptorStyle: { ...cell?.interceptorStyle, ...style } });
      },
    });
  }

  // Return whether something changed that is seen.
  set(sheet) {
    const { about, gid } = sheet;
    const given = JSON.stringify([about.conditionalFormats, about.bandedRanges, about.rows, about.columns]);
    if (this[`was${gid}`] === given) return false;
    this[`was${gid}`] = given;
    const rules = (about.conditionalFormats ?? []).map((rule) => {
      const ranges = (rule.ranges ?? []).map((grid) => inclusive(grid, about.rows, about.columns));
      return { ranges, style: ranges.length ? compiled(rule, ranges) : null };
    });
    this.rules.set(gid, rules.filter((rule) => rule.style));
    this.bands.set(gid, (about.bandedRanges ?? []).map((one) => band(one, about)).filter(Boolean));
    return true;
  }

  style(gid, row, column) {
    const sheet = this.sheets.get(gid);
    let style;
    for (const stripe of this.bands.get(gid) ?? []) {
      const ground = stripe(row, column);
      if (ground) style = { bg: { rgb: ground } };
    }
    const cell = (r, c) => sheet.rows[r]?.value(c) ?? "";
    for (const rule of this.rules.get(gid) ?? []) {
      if (!rule.ranges.some((range) => holds(range, row, column))) continue;
      const found = rule.style(cell(row, column), cell, row, column);
      if (found) return { ...style, ...found };
    }
    return style;
  }
}
