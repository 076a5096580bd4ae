// Between a cell and what a person types into it.
const NUMBER = /^[-+(]?\s?(?:NT\$|HK\$|R\$|zł|kr|[$€£¥₩₽])?\s?[-+]?(?:\d[\d.,\s\u00a0\u202f]*|[.,]\d+)(?:[eE][-+]?\d+)?\s?%?\)?$/;
const MOMENT = /^(?:\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}[-\s][A-Za-z]{3,9}\.?[-\s,]+\d{2,4}|[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+\d{4})(?:[T\s].*)?$/;
const CLOCK = /^\d{1,3}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:\s*[AaPp][Mm])?$/;

// Whether the server would take this text for something else than text.
export function readsAsMore(text) {
  const plain = text.trim();
  return text.startsWith("'") || (text.startsWith("=") && text.length > 1) || /^(?:true|false)$/i.test(plain)
    || NUMBER.test(plain) || MOMENT.test(plain) || CLOCK.test(plain);
}

export const quoted = (text) => (readsAsMore(text) ? `'${text}` : text);

const bare = (pattern) => pattern.replace(/"[^"]*"|\\.|\[(?:\$|[A-Za-z]{3,}|[<>=])[^\]]*\]/g, "");

// What kind of number a pattern shows: "percent", "date", "time", "both", "duration" or "number".
export function kindOf(pattern) {
  const text = bare(pattern ?? "");
  if (/\[[hms]+\]/i.test(text)) return "duration";
  const date = /[yd]/i.test(text) || /(^|[^hs:])m{1,5}(?![:m])/i.test(text);
  const time = /[hs]|am\/pm/i.test(text);
  if (date && !/[#0]/.test(text.replace(/\.0+/, ""))) return time ? "both" : "date";
  if (time && !/#/.test(text)) return "time";
  return text.includes("%") ? "percent" : "number";
}

const two = (number) => String(number).padStart(2, "0");

// A serial number as a moment that the server reads back as the same, in every locale.
function momentText(serial, kind) {
  const seconds = Math.round(serial * 86400);
  if (kind === "duration") return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const when = new Date(Date.UTC(1899, 11, 30) + seconds * 1000).toISOString();
  const clock = when.slice(11, 19);
  if (kind === "time" && serial < 1) return clock;
  return kind === "date" && clock === "00:00:00" ? when.slice(0, 10) : `${when.slice(0, 10)} ${clock}`;
}

// A number as it is typed in the spreadsheet's locale.
export const numberText = (value, decimal) => String(value).replace(".", decimal);

// What stands in the editor when it opens on a value.
export function editText(value, pattern, decimal) {
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "string") return pattern === "@" ? value : quoted(value);
  const kind = kindOf(pattern);
  if (kind === "percent") return `${numberText(Number((value * 100).toPrecision(15)), decimal)}%`;
  if (kind === "number" || value < 0) return numberText(value, decimal);
  return momentText(value, kind);
}

const DECIMAL = new Set(["de", "fr", "es", "it", "nl", "pt", "pl", "ru", "sv"]);
export const decimalOf = (locale) => (DECIMAL.has((locale ?? "").split("_")[0]) ? "," : ".");
