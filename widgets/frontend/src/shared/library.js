// A library that is served beside this file, under the same version, loaded once for the page.

export function library(name) {
  const here = new URL(import.meta.url);
  return import(new URL(`./lib/${name}.js${here.search}`, here).href);
}
