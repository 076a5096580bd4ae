// Build every file directly in src/ into widgets/static/opsline/ (ESM, minified, one file each).
//
// Libraries from npm are entries of their own, so that a page loads them once and keeps them:
// `import("./lib/tabulator.js")` in a source stays an import of that file. Each text is also written
// gzipped beside itself; the server sends whichever the browser takes (opsline/server/assets.py).

import { gzipSync } from "node:zlib";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "..", "static", "opsline");
const fresh = `${target}.${process.pid}`; // a build that fails leaves the last one in place

const LIBRARIES = {
  "lib/plotly-cartesian": "plotly.js-cartesian-dist-min",
  "lib/plotly": "plotly.js-dist-min",
  "lib/tabulator": "tabulator-tables",
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

function entries() {
  let names = [];
  try {
    names = readdirSync(source);
  } catch {
    console.warn("widgets/frontend/src is not there yet: only the libraries are built");
  }
  return names
    .filter((name) => [".js", ".css"].includes(extname(name)))
    .map((name) => join(source, name));
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
  });
  await esbuild.build({ ...common, entryPoints: entries(), external: ["./lib/*"] });
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
