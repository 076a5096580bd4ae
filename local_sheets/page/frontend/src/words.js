// What the page's HTML hands to its script: where we are, in which language, the words of it.
const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const place = read("place"); // {id, language, theme, base}
const words = read("words");

export const say = (key, facts = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
export const element = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
