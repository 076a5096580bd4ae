// Build src/live.js into local_sheets/page/static/univer/ (ESM, minified, split where a source says import()).
//
// The words of Univer are entries of their own, so that a page loads one language. Each text is also written
// gzipped beside itself. `.built` comes last and holds the version: a hash of all that was built, which stands in
// the files' address, so that a browser keeps them for good (local_sheets/page/assets.py).

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "static", "univer");
const fresh = `${target}.${process.pid}`; // a build that fails leaves the last one in place

function texts(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return texts(path);
      return [".js", ".css", ".txt"].includes(extname(entry.name)) ? [path] : [];
    })
    .sort();
}

// Hyphenation is for documents: a cell never asks for the dictionaries of sixty languages.
const noHyphens = {
  name: "no-hyphens",
  setup(builder) {
    builder.onResolve({ filter: /^\.\// }, ({ kind, importer }) =>
      kind === "dynamic-import" && importer.includes("engine-render") ? { path: "none", namespace: "no-hyphens" } : undefined);
    builder.onLoad({ filter: /.*/, namespace: "no-hyphens" }, () => ({ contents: "export default [];" }));
  },
};

// The licence of each package that is in the built files; one text is written once for all packages under it.
function licences({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput).map(([path]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  const texts = new Map();
  for (const name of [...new Set(used.filter(Boolean))].sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json")));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `(no text in the package; it says: ${license})`;
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return [...texts].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`).join(`\n${"-".repeat(78)}\n\n`);
}

async function build() {
  mkdirSync(fresh, { recursive: true });
  const { metafile } = await esbuild.build({
    absWorkingDir: here,
    metafile: true,
    entryPoints: ["live", "words/en", "words/zh-Hans", "words/zh-Hant"].map((name) => ({ in: `src/${name}.js`, out: name })),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    outdir: fresh,
    chunkNames: "chunks/[name]-[hash]",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
    legalComments: "linked",
    plugins: [noHyphens],
  });
  writeFileSync(join(fresh, "licences.txt"), licences(metafile));
  const version = createHash("sha256");
  for (const path of texts(fresh)) {
    const text = readFileSync(path);
    version.update(text);
    if (text.length > 1000) writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
  }
  writeFileSync(join(fresh, ".built"), `${version.digest("hex").slice(0, 16)}\n`);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  const bytes = texts(target).reduce((sum, path) => sum + statSync(path).size, 0);
  console.log(`spreadsheet page: ${texts(target).length} files, ${(bytes / 1e6).toFixed(1)} MB`);
}

process.on("exit", () => rmSync(fresh, { recursive: true, force: true }));
await build();
