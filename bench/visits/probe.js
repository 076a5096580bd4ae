// Measures from inside the page, in milliseconds since the navigation began. Filled in: WHERE, WANTED.
// WHERE: {tiles, control, option, deep}; WANTED: a choice to make as soon as its control is there, or null.
(() => {
  if (window.top !== window) return;
  const where = WHERE;
  const wanted = WANTED;
  const TRY_AGAIN = 4000;
  const bench = (window.bench = { painted: null, answered: null, tries: 0 });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  function* roots(root) {
    yield root;
    if (!where.deep) return;
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) yield* roots(element.shadowRoot);
  }
  const all = (selector) => [...roots(document)].flatMap((root) => [...root.querySelectorAll(selector)]);

  const plain = (value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
  const plots = () => all(".js-plotly-plot");
  bench.tiles = () => all(where.tiles).map((element) => element.textContent.trim());
  bench.charts = () =>
    plots().map((plot) =>
      (plot._fullData ?? []).map((trace) => [[...(trace.x ?? [])].map(plain), [...(trace.y ?? [])].map(plain)]),
    );
  const drawn = () =>
    plots().map((plot) => [...plot.querySelectorAll(".trace path")].map((path) => path.getAttribute("d")).join());
  const isPainted = () =>
    all(where.tiles).filter((element) => element.textContent.trim()).length === 6 &&
    drawn().filter(Boolean).length === 3;

  async function choose(choice) {
    const [control] = all(where.control);
    if (!where.option) {
      const option = [...control.options].find((each) => each.textContent.trim() === choice);
      if (!option) return null;
      const begun = performance.now();
      control.value = option.value;
      for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
      return begun;
    }
    const found = () => all(where.option).find((each) => each.textContent.trim() === choice);
    if (!found()) press(control);
    for (let waited = 0; waited < 120 && !found(); waited++) await frame();
    const option = found();
    if (!option) return null;
    const begun = performance.now();
    press(option);
    return begun;
  }

  // As a finger does it: some drop-downs open on mousedown, others on click.
  function press(element) {
    element.focus?.();
    for (const name of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
      const kind = name.startsWith("pointer") ? PointerEvent : MouseEvent;
      element.dispatchEvent(new kind(name, { bubbles: true, cancelable: true, composed: true, view: window, button: 0 }));
    }
  }

  const stale = (charts, before) => {
    const now = bench.charts().map((chart) => JSON.stringify(chart));
    const paths = drawn();
    return charts.map((chart, at) => now[at] !== chart || paths[at] === before[at]);
  };

  // Chooses, and says after how many ms every chart was drawn anew, with which numbers; which were not.
  bench.change = async (choice, charts, patience) => {
    const expected = charts.map((chart) => JSON.stringify(chart));
    const before = drawn();
    const begun = await choose(choice);
    if (begun === null) return { ms: null, stale: [true, true, true] };
    while (performance.now() < begun + patience) {
      await frame();
      if (!stale(expected, before).includes(true)) return { ms: performance.now() - begun, stale: [] };
    }
    return { ms: null, stale: stale(expected, before) };
  };

  async function first() {
    const expected = wanted.charts.map((chart) => JSON.stringify(chart));
    while (!all(where.control).length) await frame();
    let tried = -Infinity;
    while (bench.answered === null) {
      if (performance.now() > tried + TRY_AGAIN) {
        bench.tries += 1;
        tried = (await choose(wanted.choice)) ?? performance.now() - TRY_AGAIN + 50;
      }
      await frame();
      if (drawn().filter(Boolean).length === 3 && !stale(expected, []).includes(true)) bench.answered = performance.now();
    }
  }

  async function watch() {
    while (!isPainted()) await frame();
    bench.painted = performance.now();
  }

  const begin = () => {
    watch();
    if (wanted) first();
  };
  requestAnimationFrame(begin);
})();
