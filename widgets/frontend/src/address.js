// The query of the address bar, in step with the kernel's, without a reload.

function current() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

function same(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

// A link to this very page, pressed plainly: only its query is new, so nothing has to be loaded.
function queryOfLink(event) {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target.closest?.(".op-shell a[href]");
  if (!link || link.target || link.getAttribute("href").startsWith("#")) return null;
  const to = new URL(link.href, location.href);
  if (to.origin !== location.origin || to.pathname !== location.pathname) return null;
  return Object.fromEntries(to.searchParams);
}

export default {
  render({ model, el }) {
    el.style.display = "none";
    if (!model.get("served")) return () => {};
    const write = () => {
      const query = model.get("query");
      if (same(query, current())) return;
      const written = new URLSearchParams(query).toString();
      history.pushState(null, "", `${location.pathname}${written ? "?" : ""}${written}${location.hash}`);
    };
    const tell = (query) => {
      if (same(query, model.get("query"))) return;
      model.set("arrived", { query, n: (model.get("arrived")?.n ?? 0) + 1 });
      model.save_changes();
    };
    const arrive = () => tell(current());
    const follow = (event) => {
      const query = model.get("in_place") ? queryOfLink(event) : null;
      if (query === null) return;
      event.preventDefault();
      tell(query);
    };
    model.on("change:query", write);
    window.addEventListener("popstate", arrive);
    document.addEventListener("click", follow);
    return () => {
      model.off("change:query", write);
      window.removeEventListener("popstate", arrive);
      document.removeEventListener("click", follow);
    };
  },
};
