// How one cell of a grid is drawn: nodes and textContent, never HTML.

import { anchor, make } from "./dom.js";

const TONES = new Set(["green", "amber", "red", "grey", "blue"]);

function halves(value) {
  const text = String(value);
  const place = text.indexOf("|");
  return place < 0 ? ["", text] : [text.slice(0, place), text.slice(place + 1)];
}

function dates(language, time_zone, withTime) {
  const locale = language === "en" ? "en-GB" : language;
  const year = new Date().getFullYear();
  const day = { month: "short", day: "numeric" };
  const time = withTime ? { hour: "2-digit", minute: "2-digit", hour12: false } : {};
  const zone = withTime ? time_zone : "UTC";
  const near = new Intl.DateTimeFormat(locale, { ...day, ...time, timeZone: zone });
  const far = new Intl.DateTimeFormat(locale, { year: "numeric", ...day, ...time, timeZone: zone });
  return (value) => (new Date(value).getFullYear() === year ? near : far).format(new Date(value));
}

function progress(value) {
  const share = Math.max(0, Math.min(100, Number(value)));
  const bar = make("span", { class: "op-progress-bar" });
  bar.style.width = `${share}%`;
  return make("span", { class: "op-progress" }, bar, make("span", { class: "op-progress-text" }, `${Math.round(share)}%`));
}

// A function from a cell's value to what stands in it, for one column.
export function drawer(column, model) {
  const language = model.get("language");
  switch (column.kind) {
    case "number": {
      const digits = column.decimals ?? undefined;
      const form = new Intl.NumberFormat("en", {
        minimumFractionDigits: digits ?? 0,
        maximumFractionDigits: digits ?? 4,
      });
      return (value) => form.format(value);
    }
    case "moment":
    case "date": {
      const form = dates(language, model.get("time_zone"), column.kind === "moment");
      return (value) => (typeof value === "number" ? form(value) : String(value));
    }
    case "badge":
      return (value) => {
        const [tone, text] = halves(value);
        return make("span", { class: `op-badge op-${TONES.has(tone) ? tone : "grey"}` }, text);
      };
    case "link":
      return (value) => {
        const [href, text] = halves(value);
        return anchor(href, text, { class: "op-link", tabindex: "-1" });
      };
    case "progress":
      return progress;
    default:
      return (value) => (value === true ? "✓" : value === false ? "" : String(value));
  }
}

// What a column is sorted by: the word that is seen, not the tone or address before it.
export function sorter(column) {
  if (["number", "moment", "date", "progress"].includes(column.kind)) return "number";
  if (!["badge", "link"].includes(column.kind)) return "string";
  return (one, other) => halves(one ?? "")[1].localeCompare(halves(other ?? "")[1]);
}
