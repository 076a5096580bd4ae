// Build every file directly in src/ into widgets/static/opsline/ (ESM, minified, one file each; view.js,
// the light front end, with the parts that it fetches on demand in view/).
//
// Libraries from npm are entries of their own, so that a page loads them once and keeps them:
// `import("./lib/tabulator.js")` in a source stays an import of that file. Each text is also written
// gzipped beside itself; the server sends whichever the browser takes (opsline/server/assets.py).

import { gzipSync } from "node:zlib";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "..", "static", "opsline");
const fresh = `${target}.${process.pid}`; // a build that fails leaves the last one in place

const LIBRARIES = {
  "lib/plotly-basic": "plotly.js-basic-dist-min",
  "lib/plotly-cartesian": "plotly.js-cartesian-dist-min",
  "lib/plotly": "plotly.js-dist-min",
  "lib/tabulator": join(source, "libraries", "tabulator.js"),
};

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: fresh,
  logLevel: "warning",
  legalComments: "linked",
};

// The light front end takes of JupyterLab's libraries what it uses: Lumino from its sources, so that the
// parts that nobody asks for stay out, and small stand-ins for what is large and hardly used.
const STAND_INS = {
  jquery: "jquery.js",
  "lodash/isEqual": "is-equal.js",
  "sanitize-html": "sanitize-html.js",
};
const light = {
  name: "light",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(jquery|lodash\/isEqual|sanitize-html)$/ }, ({ path }) => ({
      path: join(source, "view", "stand-ins", STAND_INS[path]),
    }));
    onResolve({ filter: /^@lumino\/[a-z]+$/ }, ({ path }) => ({
      path: join(here, "node_modules", path, "src", "index.ts"),
      sideEffects: false,
    }));
    onResolve({ filter: /^\.\.?\// }, ({ path, importer, resolveDir }) =>
      /@lumino\/[a-z]+\/src\//.test(importer) ? { path: `${join(resolveDir, path)}.ts`, sideEffects: false } : undefined,
    );
    onResolve({ filter: /^@jupyter-widgets\/base$/ }, ({ path }) => ({
      path: join(here, "node_modules", path, "lib", "index.js"),
      sideEffects: false,
    }));
    // The package is written for JupyterLab's AMD loader.
    onLoad({ filter: /anywidget\/dist\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/define\(\[[^\]]*\], (\w+)\);\s*$/, "export default $1;"),
    }));
  },
};

// Plotly's bundles are functions handed to a loader, which a browser compiles only when they are called, on
// the page's own thread. As a module of its own the same text is compiled while it arrives, beside the page.
const unwrapped = {
  name: "unwrapped",
  setup({ onLoad }) {
    onLoad({ filter: /plotly\.js-[a-z-]*dist-min\/.*\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const begin = text.indexOf('"use strict";var Plotly=(');
      const end = text.lastIndexOf("window.Plotly = Plotly;");
      if (begin < 0 || end < 0) throw new Error(`${path} is not wrapped as its earlier versions were.`);
      return { contents: `${text.slice(begin, end)}\nexport default Plotly;`, loader: "js" };
    });
  },
};

function entries() {
  let names = [];
  try {
    names = readdirSync(source);
  } catch {
    console.warn("widgets/frontend/src is not there yet: only the libraries are built");
  }
  return names
    .filter((name) => [".js", ".css"].includes(extname(name)) && name !== "view.js")
    .map((name) => join(source, name));
}

const split = {
  entryPoints: [join(source, "view.js")],
  splitting: true,
  chunkNames: "view/[name]-[hash]",
  plugins: [light],
};

// The files that view.js cannot begin without, for the page to fetch at once.
function needed({ outputs }) {
  const named = Object.fromEntries(Object.entries(outputs).map(([path, output]) => [relative(fresh, join(here, path)), output]));
  const found = new Set();
  const add = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const { path, kind } of named[name].imports) {
      if (kind === "import-statement") add(relative(fresh, join(here, path)));
    }
  };
  add("view.js");
  return [...found];
}

function weigh({ outputs }) {
  for (const [path, { bytes, inputs }] of Object.entries(outputs)) {
    const parts = {};
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? "ours";
      parts[name] = (parts[name] ?? 0) + bytesInOutput;
    }
    const sorted = Object.entries(parts).sort((one, other) => other[1] - one[1]);
    console.log(relative(fresh, join(here, path)), bytes, sorted.map(([name, size]) => `${name} ${size}`).join(", "));
  }
}

function texts(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return texts(path);
    return [".js", ".css", ".svg", ".json", ".map"].includes(extname(entry.name)) ? [path] : [];
  });
}

async function build() {
  mkdirSync(fresh, { recursive: true });
  await esbuild.build({
    ...common,
    entryPoints: Object.entries(LIBRARIES).map(([out, name]) => ({ in: name, out })),
    plugins: [unwrapped],
  });
  await esbuild.build({ ...common, entryPoints: entries(), external: ["./lib/*"] });
  const view = await esbuild.build({ ...common, ...split, metafile: true });
  writeFileSync(join(fresh, "view.json"), JSON.stringify(needed(view.metafile)));
  if (process.argv.includes("--weigh")) weigh(view.metafile);
  for (const path of texts(fresh)) {
    const text = readFileSync(path);
    if (text.length > 1000) writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
  }
  writeFileSync(join(fresh, ".built"), `${new Date().toISOString()}\n`);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  const bytes = texts(target).reduce((sum, path) => sum + statSync(path).size, 0);
  console.log(`front end: ${texts(target).length} files, ${(bytes / 1e6).toFixed(1)} MB`);
}

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...common, outdir: target, entryPoints: entries(), external: ["./lib/*"] });
  await context.watch();
} else {
  process.on("exit", () => rmSync(fresh, { recursive: true, force: true }));
  await build();
}
