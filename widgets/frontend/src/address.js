// The query of the address bar, in step with the kernel's, without a reload.

function current() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

function same(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
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
    const arrive = () => {
      const query = current();
      if (same(query, model.get("query"))) return;
      model.set("arrived", query);
      model.save_changes();
    };
    model.on("change:query", write);
    window.addEventListener("popstate", arrive);
    return () => {
      model.off("change:query", write);
      window.removeEventListener("popstate", arrive);
    };
  },
};
