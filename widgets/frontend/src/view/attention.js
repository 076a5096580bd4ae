// Where the person is on the page: scroll, focus and caret; taken before the page is renewed, given back after.

import { places, placesById } from "./places.js";

const FOCUSABLE = "input, select, textarea, button, a[href], summary, [tabindex]";

function caret(element) {
  try {
    return [element.selectionStart, element.selectionEnd];
  } catch {
    return [null, null]; // a checkbox, a date
  }
}

export function attention(manager, roots, shown) {
  const active = document.activeElement;
  const scroll = [window.scrollX, window.scrollY];
  const model = shown.contains(active) ? manager.modelOf(active) : undefined;
  const place = model && placesById(roots).get(model.model_id);
  if (!place) return { scroll };
  const [view] = [...elementsOf(manager, model, shown)].filter((element) => element.contains(active));
  const index = [...view.querySelectorAll(FOCUSABLE)].indexOf(active);
  return { scroll, place, index, caret: caret(active) };
}

function* elementsOf(manager, model, shown) {
  for (const element of shown.querySelectorAll("*")) if (manager.elements.get(element) === model) yield element;
}

export function giveBack({ scroll, place, index, caret: [start, end] = [null, null] }, manager, roots, shown) {
  const model = place && places(roots).get(place);
  const view = model && elementsOf(manager, model, shown).next().value;
  const element = view && (index < 0 ? view : view.querySelectorAll(FOCUSABLE)[index]);
  element?.focus({ preventScroll: true });
  if (element && Number.isInteger(start)) element.setSelectionRange(start, end); // a button has no caret
  window.scrollTo(...scroll);
}
