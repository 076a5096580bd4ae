// Google's CellFormat into Univer's style.
import { BorderStyleTypes, HorizontalAlign, VerticalAlign, WrapStrategy } from "@univerjs/core";

const HORIZONTAL = { LEFT: HorizontalAlign.LEFT, CENTER: HorizontalAlign.CENTER, RIGHT: HorizontalAlign.RIGHT };
const VERTICAL = { TOP: VerticalAlign.TOP, MIDDLE: VerticalAlign.MIDDLE, BOTTOM: VerticalAlign.BOTTOM };
const WRAP = { WRAP: WrapStrategy.WRAP, CLIP: WrapStrategy.CLIP, OVERFLOW_CELL: WrapStrategy.OVERFLOW, LEGACY_WRAP: WrapStrategy.WRAP };
const BORDERS = {
  SOLID: BorderStyleTypes.THIN, SOLID_MEDIUM: BorderStyleTypes.MEDIUM, SOLID_THICK: BorderStyleTypes.THICK,
  DOTTED: BorderStyleTypes.DOTTED, DASHED: BorderStyleTypes.DASHED, DOUBLE: BorderStyleTypes.DOUBLE,
};
const SIDES = { t: "top", b: "bottom", l: "left", r: "right" };
const THEME = { TEXT: "#000000", BACKGROUND: "#ffffff", ACCENT1: "#4285f4", ACCENT2: "#ea4335", ACCENT3: "#fbbc04", ACCENT4: "#34a853", ACCENT5: "#ff6d01", ACCENT6: "#46bdc6", LINK: "#1155cc" };

const hex = (part) => Math.round((part ?? 0) * 255).toString(16).padStart(2, "0");

// {red, green, blue} of 0..1, or a ColorStyle, into "#rrggbb"; undefined if there is none.
export function colour(plain, style) {
  if (style?.themeColor) return THEME[style.themeColor];
  const given = style?.rgbColor ?? plain;
  return given ? `#${hex(given.red)}${hex(given.green)}${hex(given.blue)}` : undefined;
}

// "#rrggbb" or "rgb(…)" into Google's colour.
export function rgb(text) {
  const parts = text.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16))
    : text.match(/\d+/g).slice(0, 3).map(Number);
  return { red: parts[0] / 255, green: parts[1] / 255, blue: parts[2] / 255 };
}

// The part that a conditional format may change, too.
export function textStyle(format) {
  const style = {};
  const background = colour(format.backgroundColor, format.backgroundColorStyle);
  if (background && background !== "#ffffff") style.bg = { rgb: background };
  const text = format.textFormat ?? {};
  const ink = colour(text.foregroundColor, text.foregroundColorStyle);
  if (ink && ink !== "#000000") style.cl = { rgb: ink };
  if (text.bold) style.bl = 1;
  if (text.italic) style.it = 1;
  if (text.underline) style.ul = { s: 1 };
  if (text.strikethrough) style.st = { s: 1 };
  return style;
}

// How a cell looks that has no format of its own.
export const PLAIN = { ff: "Arial", fs: 10, vt: VerticalAlign.MIDDLE };

export function styleOf(format) {
  const style = { ...PLAIN, ...textStyle(format) };
  const text = format.textFormat ?? {};
  if (text.fontSize) style.fs = text.fontSize;
  if (text.fontFamily) style.ff = text.fontFamily;
  if (HORIZONTAL[format.horizontalAlignment]) style.ht = HORIZONTAL[format.horizontalAlignment];
  if (VERTICAL[format.verticalAlignment]) style.vt = VERTICAL[format.verticalAlignment];
  if (WRAP[format.wrapStrategy]) style.tb = WRAP[format.wrapStrategy];
  if (format.textRotation) style.tr = { a: -(format.textRotation.angle ?? 0), v: format.textRotation.vertical ? 1 : 0 };
  if (format.pattern) style.n = { pattern: format.pattern };
  for (const [side, name] of Object.entries(SIDES)) {
    const border = format.borders?.[name];
    if (BORDERS[border?.style]) (style.bd ??= {})[side] = { s: BORDERS[border.style], cl: { rgb: colour(border.color, border.colorStyle) ?? "#000000" } };
  }
  return style;
}

export const BORDER_NAMES = Object.fromEntries(Object.entries(BORDERS).map(([name, type]) => [type, name]));
export const ALIGNMENTS = {
  ht: Object.fromEntries(Object.entries(HORIZONTAL).map(([name, value]) => [value, name])),
  vt: Object.fromEntries(Object.entries(VERTICAL).map(([name, value]) => [value, name])),
  tb: { [WrapStrategy.WRAP]: "WRAP", [WrapStrategy.CLIP]: "CLIP", [WrapStrategy.OVERFLOW]: "OVERFLOW_CELL" },
};
