// Elements built from plain data. Words only ever arrive as textContent, never as HTML.

let count = 0;

export function uid(prefix = "op") {
  count += 1;
  return `${prefix}-${count}`;
}

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function isAddress(href) {
  if (typeof href !== "string" || href.trim() === "") return false;
  try {
    return ["http:", "https:", "mailto:", "tel:"].includes(new URL(href, location.href).protocol);
  } catch {
    return false;
  }
}

export function anchor(href, text, attributes = {}) {
  if (!isAddress(href)) return make("span", attributes, text);
  const outside = /^https?:/.test(href) ? { target: "_blank", rel: "noopener" } : {};
  return make("a", { href, ...outside, ...attributes }, text);
}

// Call `draw` for each of the model's changes and now; returns what unhooks it.
export function follow(model, names, draw) {
  const events = names.map((name) => `change:${name}`);
  for (const event of events) model.on(event, draw);
  draw();
  return () => events.forEach((event) => model.off(event, draw));
}

// Call `begin` once the element has a width: a view is rendered before it is attached.
export function whenShown(el, begin) {
  if (el.isConnected && el.clientWidth > 0) {
    begin();
    return () => {};
  }
  const observer = new ResizeObserver(() => {
    if (el.clientWidth === 0) return;
    observer.disconnect();
    begin();
  });
  observer.observe(el);
  return () => observer.disconnect();
}
