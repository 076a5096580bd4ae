// The small part of formulas that conditional colours are written in: =$F2="P1", =AND($C2<TODAY(),$E2<>"done").
//
// It is read with relative addresses moved by the distance of the cell from the first of the rule's range.
const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|"((?:[^"]|"")*)"|(\$?[A-Za-z]{1,3}\$?\d+)(?![\w(])|([A-Za-z][A-Za-z0-9.]*)|(<>|<=|>=|[-+*/&^=<>(),]))/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) return null;
    const kinds = ["number", "text", "cell", "name", "mark"];
    const kind = kinds[match.slice(1).findIndex((part) => part !== undefined)];
    found.push({ kind, text: match.slice(1).find((part) => part !== undefined) });
  }
  return found;
}

const LEVELS = [["=", "<>", "<", ">", "<=", ">="], ["&"], ["+", "-"], ["*", "/"], ["^"]];
const number = (value) => (value === "" ? 0 : Number(value));
const fold = (value) => (typeof value === "string" ? value.toLowerCase() : value);
const rank = (value) => (typeof value === "number" ? 0 : typeof value === "string" ? 1 : 2);

function compare(left, right) {
  const [one, other] = [left === "" ? emptyLike(right) : fold(left), right === "" ? emptyLike(left) : fold(right)];
  if (rank(one) !== rank(other)) return rank(one) - rank(other);
  return one < other ? -1 : one > other ? 1 : 0;
}
const emptyLike = (value) => (typeof value === "number" ? 0 : typeof value === "boolean" ? false : "");

const OPERATIONS = {
  "=": (a, b) => compare(a, b) === 0, "<>": (a, b) => compare(a, b) !== 0, "<": (a, b) => compare(a, b) < 0,
  ">": (a, b) => compare(a, b) > 0, "<=": (a, b) => compare(a, b) <= 0, ">=": (a, b) => compare(a, b) >= 0,
  "&": (a, b) => `${a}${b}`, "+": (a, b) => number(a) + number(b), "-": (a, b) => number(a) - number(b),
  "*": (a, b) => number(a) * number(b), "/": (a, b) => number(a) / number(b), "^": (a, b) => number(a) ** number(b),
};

export function today() {
  const now = new Date();
  return Math.round((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - Date.UTC(1899, 11, 30)) / 86_400_000);
}

const FUNCTIONS = {
  AND: (...all) => all.every(Boolean), OR: (...all) => all.some(Boolean), NOT: (one) => !one, TODAY: today,
  ISBLANK: (one) => one === "", ISNUMBER: (one) => typeof one === "number", ISTEXT: (one) => typeof one === "string" && one !== "",
  LEN: (one) => String(one).length, LOWER: (one) => String(one).toLowerCase(), UPPER: (one) => String(one).toUpperCase(),
  TRIM: (one) => String(one).trim(), ABS: (one) => Math.abs(number(one)), MOD: (a, b) => number(a) - number(b) * Math.floor(number(a) / number(b)),
  LEFT: (one, count = 1) => String(one).slice(0, count), RIGHT: (one, count = 1) => (count ? String(one).slice(-count) : ""),
  SEARCH: (what, where) => { const at = String(where).toLowerCase().indexOf(String(what).toLowerCase()); return at < 0 ? NaN : at + 1; },
  NOW: () => today() + (new Date() - new Date().setHours(0, 0, 0, 0)) / 86_400_000, TRUE: () => true, FALSE: () => false,
  IF: (test, yes = true, no = false) => (test ? yes : no),
};

// Return (cell, down, across) => value for a formula; null if it uses more than is known here.
export function compile(text) {
  const list = tokens(text.replace(/^=/, ""));
  if (!list) return null;
  let at = 0;
  const next = (mark) => list[at]?.kind === "mark" && list[at].text === mark && Boolean(++at);

  function level(depth) {
    if (depth === LEVELS.length) return unary();
    let left = level(depth + 1);
    while (left && list[at]?.kind === "mark" && LEVELS[depth].includes(list[at].text)) {
      const operation = OPERATIONS[list[at++].text];
      const [one, other] = [left, level(depth + 1)];
      if (!other) return null;
      left = (...where) => operation(one(...where), other(...where));
    }
    return left;
  }

  function unary() {
    if (next("-")) { const of = unary(); return of && ((...where) => -number(of(...where))); }
    if (next("(")) { const inside = level(0); return next(")") ? inside : null; }
    const token = list[at++];
    if (token?.kind === "number") return () => Number(token.text);
    if (token?.kind === "text") return () => token.text.replaceAll('""', '"');
    if (token?.kind === "cell") return reference(token.text);
    return token?.kind === "name" ? called(token.text.toUpperCase()) : null;
  }

  function called(name) {
    if (!next("(")) return name === "TRUE" || name === "FALSE" ? () => name === "TRUE" : null;
    const given = [];
    while (!next(")")) {
      const one = level(0);
      if (!one) return null;
      given.push(one);
      if (!next(",") && !(list[at]?.text === ")" && list[at].kind === "mark")) return null;
    }
    const work = FUNCTIONS[name];
    return work ? (...where) => work(...given.map((one) => one(...where))) : null;
  }

  const whole = level(0);
  return whole && at === list.length ? whole : null;
}

function reference(text) {
  const [, fixedColumn, name, fixedRow, digits] = /^(\$?)([A-Za-z]+)(\$?)(\d+)$/.exec(text);
  const column = [...name.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  const row = Number(digits) - 1;
  return (cell, down, across) => cell(row + (fixedRow ? 0 : down), column + (fixedColumn ? 0 : across));
}
