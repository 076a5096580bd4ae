// The frame around a page: navigation, workbook, freshness, faults, switches. Data in, text out.

import { anchor, follow, make, uid } from "./shared/dom.js";
import { icon } from "./shared/icons.js";
import { watchScrollers } from "./shared/scrollers.js";
import { ensureStyle } from "./shared/style.js";
import { apply, choose, chosen, watchSystem } from "./shared/theme.js";
import { sayWorking, workingSign } from "./shared/working.js";

const THEMES = ["auto", "light", "dark"];

function choice(label, pairs, value, onChoose) {
  const id = uid("op-switch");
  const select = make("select", { id, onchange: () => onChoose(select.value) });
  for (const [text, code] of pairs) {
    const option = make("option", { value: code }, text);
    option.selected = code === value;
    select.append(option);
  }
  return make("div", { class: "op-switch" }, make("label", { for: id }, label), select);
}

function navigation(model) {
  const list = make("ul", { class: "op-nav" });
  for (const page of model.get("pages")) {
    const inside = make("span", {}, page.label);
    const attributes = { "aria-current": page.current ? "page" : undefined };
    const link = page.href
      ? make("a", { href: page.href, ...attributes }, icon(page.key), inside)
      : make("span", attributes, icon(page.key), inside);
    list.append(make("li", {}, link));
  }
  return list;
}

function switches(model) {
  const words = model.get("words");
  const send = (name) => (value) => {
    model.set(name, value);
    model.save_changes();
  };
  const box = make("div", { class: "op-switches" });
  const people = model.get("people");
  if (people.length) box.append(choice(words.person, people, model.get("person"), send("person")));
  box.append(choice(words.language, model.get("languages"), model.get("language"), send("language")));
  const themes = THEMES.map((name) => [words[`theme_${name}`], name]);
  box.append(choice(words.theme, themes, chosen(), (theme) => {
    choose(theme);
    send("theme")(theme);
  }));
  return box;
}

function faultList(model) {
  const faults = model.get("faults");
  if (!faults.items) return [];
  const list = make("ul", {});
  for (const fault of faults.items) {
    list.append(make("li", {}, anchor(fault.href, fault.cell, { class: "op-cell" }), " ", fault.text));
  }
  if (faults.more) list.append(make("li", {}, faults.more));
  return [make("details", {}, make("summary", {}, faults.summary), list)];
}

const mainOf = (el) => el.closest(".op-shell")?.querySelector(":scope > .op-main");

// The content is a sibling that is rendered later: name it as the main landmark when it comes.
function nameMain(el, label) {
  const main = mainOf(el);
  if (!main) return false;
  main.id = "op-main";
  main.tabIndex = -1;
  if (!main.closest("main")) main.setAttribute("role", "main");
  main.setAttribute("aria-label", label);
  return true;
}

function frame(model) {
  const parts = {
    skip: make("a", { class: "op-skip", href: "#op-main" }),
    menu: make("button", { class: "op-menu", type: "button", "aria-expanded": "false" }),
    heading: make("h1", { class: "op-title" }),
    book: make("div", { class: "op-book" }),
    fresh: make("p", { class: "op-fresh", role: "status" }),
    notice: make("p", { class: "op-notice op-amber", role: "status" }),
    nav: make("nav", { class: "op-side", id: uid("op-nav") }),
    faults: make("aside", { class: "op-faults op-amber" }),
  };
  parts.skip.addEventListener("click", (event) => {
    event.preventDefault();
    mainOf(parts.skip)?.focus();
  });
  const top = make("header", { class: "op-top" });
  top.append(parts.skip, parts.menu, parts.heading, parts.book, parts.fresh, parts.notice);
  return { ...parts, top };
}

function menu(parts, el) {
  parts.menu.setAttribute("aria-controls", parts.nav.id);
  const open = (wanted) => {
    el.closest(".op-shell")?.classList.toggle("op-open", wanted);
    parts.menu.setAttribute("aria-expanded", String(wanted));
  };
  parts.menu.addEventListener("click", () => open(parts.menu.getAttribute("aria-expanded") !== "true"));
  el.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
}

export default {
  render({ model, el }) {
    ensureStyle(model.get("assets"));
    el.classList.add("op-bar");
    const parts = frame(model);
    menu(parts, el);
    el.append(parts.top, parts.nav, parts.faults);
    watchSystem();

    let stopWatching = () => {};
    const name = () => nameMain(el, model.get("heading"));
    // A view is drawn before it stands in its shell: look before each of the browser's own paints.
    let turn = 0;
    const settle = () => {
      const shell = el.closest(".op-shell");
      shell?.classList.toggle("op-served", model.get("served"));
      if (shell && name()) {
        apply();
        stopWatching = watchScrollers(mainOf(el));
      } else turn = requestAnimationFrame(settle);
    };
    turn = requestAnimationFrame(settle);

    const drawHeading = () => {
      parts.heading.textContent = model.get("heading");
      if (model.get("served")) {
        document.title = `${model.get("heading")} · Opsline`;
        document.documentElement.lang = model.get("language");
      } else {
        el.closest(".op-shell")?.setAttribute("lang", model.get("language"));
      }
      name();
    };
    const drawWords = () => {
      const words = model.get("words");
      parts.skip.textContent = words.skip ?? "";
      parts.menu.replaceChildren(icon("menu"), make("span", {}, words.menu ?? ""));
      parts.nav.setAttribute("aria-label", words.pages ?? "");
      const brand = make("p", { class: "op-brand" }, icon("brand"), make("span", {}, "Opsline"));
      parts.nav.replaceChildren(brand, navigation(model), switches(model));
    };
    const drawBook = () => {
      const book = model.get("book");
      const link = anchor(book.href, model.get("words").open_sheet ?? "", { class: "op-sheet-link" });
      parts.book.replaceChildren(make("span", { class: "op-book-name" }, book.name ?? ""), link);
    };
    const drawFresh = () => {
      const fresh = model.get("fresh");
      parts.fresh.className = `op-fresh op-${fresh.tone ?? "grey"}`;
      parts.fresh.textContent = fresh.text ?? "";
      parts.notice.textContent = model.get("notice");
      parts.notice.hidden = !model.get("notice");
    };
    const drawFaults = () => {
      const was = parts.faults.querySelector("details")?.open;
      const list = faultList(model);
      parts.faults.hidden = list.length === 0;
      parts.faults.setAttribute("aria-label", model.get("faults").summary ?? "");
      parts.faults.replaceChildren(...list);
      if (was && list.length) list[0].open = true;
    };
    const drawWork = () => {
      const work = model.get("work");
      sayWorking(workingSign(parts.top), "kernel", work.text ? work : null);
    };
    const ends = [
      follow(model, ["work"], drawWork),
      follow(model, ["heading", "language"], drawHeading),
      follow(model, ["words", "pages", "people", "person", "language"], drawWords),
      follow(model, ["book", "words"], drawBook),
      follow(model, ["fresh", "notice"], drawFresh),
      follow(model, ["faults"], drawFaults),
    ];
    return () => {
      cancelAnimationFrame(turn);
      stopWatching();
      ends.forEach((end) => end());
    };
  },
};
