// A .br and a .gz beside every text-like file worth it, and a table of what a phone downloads.
//
//   node precompress.mjs <site folder>
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXT = /\.(js|css|wasm|svg|html|txt|webmanifest)$/;
// below this the saving is a few bytes and a header more
const WORTH_BYTES = 1024;
// what a slow phone can bear, in bytes of brotli: 1.6 Mbit/s brings style and one of the two modules in under a second
const BUDGETS = {
    "pkg/sportello.css": 30_000,
    "pkg/sportello.js": 12_000,
    "pkg/sportello.wasm": 115_000,
    "pkg/modulo.js": 6_000,
    "pkg/modulo.wasm": 70_000,
};
const site = process.argv[2];

async function* files(folder) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) yield* files(path);
        else yield path;
    }
}

const newer = async (copy, path) => {
    const made = await stat(copy).catch(() => null);
    return made !== null && made.mtimeMs >= (await stat(path)).mtimeMs;
};

const rows = [];
for await (const path of files(site)) {
    if (/\.(br|gz)$/.test(path)) {
        // its original is gone
        if (!(await stat(path.slice(0, -3)).catch(() => null))) await rm(path);
        continue;
    }
    const bytes = await readFile(path);
    const row = { file: relative(site, path), raw: bytes.length, brotli: "" };
    if (TEXT.test(path) && bytes.length > WORTH_BYTES) {
        if (!(await newer(`${path}.br`, path))) {
            const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
            await writeFile(`${path}.br`, brotliCompressSync(bytes, { params }));
        }
        if (!(await newer(`${path}.gz`, path))) await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        row.brotli = (await stat(`${path}.br`)).size;
    }
    rows.push(row);
}

rows.sort((a, b) => a.file.localeCompare(b.file));
const line = (file, raw, brotli) => `${String(file).padEnd(36)}${String(raw).padStart(10)}${String(brotli).padStart(10)}`;
console.log(line("file", "raw", "brotli"));
for (const { file, raw, brotli } of rows) console.log(line(file, raw, brotli));
for (const { file, brotli } of rows) {
    if (brotli > BUDGETS[file]) console.error(`front: ${file} is over its budget: ${brotli} of ${BUDGETS[file]} bytes`);
}
