// One field: label, hint, native control, error; tied by aria-describedby and aria-invalid.

import { follow, make, uid } from "./shared/dom.js";

const TYPES = { text: "text", number: "text", search: "search", date: "date", moment: "datetime-local", check: "checkbox" };
const REST = 250; // milliseconds without a key before what is typed is sent

function control(kind, id) {
  if (kind === "select") return make("select", { id });
  if (kind === "area") return make("textarea", { id, rows: 4 });
  const type = TYPES[kind] ?? "text";
  return make("input", { id, type, inputmode: kind === "number" ? "decimal" : undefined });
}

function fillOptions(model, input) {
  const options = model.get("options").map(([text, code]) => make("option", { value: code }, text));
  const codes = model.get("options").map(([, code]) => code);
  const value = String(model.get("value") ?? "");
  const isChosen = model.get("required") && codes.includes(value);
  if (model.get("offers_none") && !codes.includes("") && !isChosen) {
    options.unshift(make("option", { value: "" }, model.get("words").choose ?? ""));
  }
  input.replaceChildren(...options);
  input.value = value;
}

export default {
  render({ model, el }) {
    const kind = model.get("kind");
    const id = uid("op-input");
    const input = control(kind, id);
    const label = make("label", { for: id });
    const hint = make("p", { class: "op-hint", id: `${id}-hint` });
    const error = make("p", { class: "op-error", id: `${id}-error`, "aria-live": "polite" });
    const list = make("datalist", { id: `${id}-list` });
    el.classList.add("op-field", `op-field-${kind}`);
    el.append(...(kind === "check" ? [input, label] : [label, input]), hint, error, list);

    let touched = false;
    let sent = model.get("value");
    let timer = 0;
    const read = () => (kind === "check" ? input.checked : input.value);
    const send = () => {
      clearTimeout(timer);
      if (read() === sent) return;
      sent = read();
      model.set("value", sent);
      model.save_changes();
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(send, kind === "search" ? REST / 2 : REST);
    };
    input.addEventListener("input", ["select", "check", "date"].includes(kind) ? send : soon);
    input.addEventListener("change", send);
    input.addEventListener("blur", () => {
      touched = true;
      send();
      model.set("left", model.get("left") + 1);
      model.save_changes();
      drawError();
    });

    const drawLabel = () => {
      const required = model.get("required");
      const star = make("span", { class: "op-required", title: model.get("words").required }, "*");
      label.replaceChildren(model.get("label"), ...(required ? [star] : []));
      label.classList.toggle("op-quiet", model.get("quiet"));
      hint.textContent = model.get("hint");
      hint.hidden = !model.get("hint");
      if (required) input.setAttribute("aria-required", "true");
      else input.removeAttribute("aria-required");
    };
    const drawValue = () => {
      const value = model.get("value");
      const isTyped = !["select", "check"].includes(kind);
      if (isTyped && String(value ?? "") === String(sent ?? "") && document.activeElement === input) return;
      sent = value;
      if (String(value || "") === "") touched = false;
      if (kind === "select") fillOptions(model, input);
      else if (kind === "check") input.checked = Boolean(value);
      else input.value = String(value ?? "");
    };
    const drawError = () => {
      const words = model.get("error");
      const pending = !touched && (read() === "" || read() === false);
      error.textContent = words;
      error.hidden = !words;
      error.classList.toggle("op-pending", pending);
      input.setAttribute("aria-invalid", String(Boolean(words) && !pending));
      const described = [model.get("hint") && hint.id, words && error.id].filter(Boolean).join(" ");
      if (described) input.setAttribute("aria-describedby", described);
      else input.removeAttribute("aria-describedby");
    };
    const drawState = () => {
      input.disabled = model.get("disabled");
      const words = model.get("suggestions");
      list.replaceChildren(...words.map((word) => make("option", { value: word })));
      if (words.length && kind === "text") input.setAttribute("list", list.id);
      else input.removeAttribute("list");
    };
    const ends = [
      follow(model, ["label", "hint", "required", "quiet", "words"], drawLabel),
      follow(model, ["value", "options"], drawValue),
      follow(model, ["error", "hint", "value"], drawError),
      follow(model, ["disabled", "suggestions"], drawState),
    ];
    return () => {
      clearTimeout(timer);
      ends.forEach((end) => end());
    };
  },
};
