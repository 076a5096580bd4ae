// Where a widget stands on the page, said so that the same place is found in the page that takes its place:
// what it is, what it is called, and which one of those it is, counted from the top.

const NAMES = ["label", "description", "heading", "title"];

function kind(model) {
  const own = model.ourName ?? model.get("_model_name");
  return `${own}/${model.get("kind") ?? ""}/${NAMES.map((name) => model.get(name)).find((name) => typeof name === "string" && name) ?? ""}`;
}

// Every model below `roots`, parents first: place -> model.
export function places(roots) {
  const found = new Map();
  const counts = new Map();
  const walk = (model) => {
    const name = kind(model);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    found.set(`${name}#${count}`, model);
    for (const child of model.get("children") ?? []) walk(child);
  };
  roots.forEach(walk);
  return found;
}

// The other way round: model's id -> place.
export function placesById(roots) {
  return new Map([...places(roots)].map(([place, model]) => [model.model_id, place]));
}
