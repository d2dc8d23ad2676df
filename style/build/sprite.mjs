// The icons named in icons.txt, as one file of <symbol>s: those that some source names, as `"check"` or `it-check`.
//
//   node sprite.mjs <icons.txt> <folder of svg> <out.svg> <sources…>
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const [list, folder, output, ...sources] = process.argv.slice(2);
const names = (await readFile(list, "utf8")).split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));

const said = new Set();
for (const source of sources) {
    const text = await readFile(source, "utf8");
    for (const [, plain, full] of text.matchAll(/"([a-z-]+)"|\b(it-[a-z-]+)/g)) said.add(full ?? `it-${plain}`);
}
const used = names.filter((name) => said.has(name));
if (used.length === 0) throw new Error("no source names an icon");

const symbols = await Promise.all(used.map(async (name) => {
    const svg = await readFile(join(folder, `${name}.svg`), "utf8");
    const box = svg.match(/viewBox="([^"]+)"/)?.[1];
    const body = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)?.[1];
    if (!box || !body) throw new Error(`${name}.svg: no viewBox or no content`);
    // an id or a colour inside a symbol would leak into every page that uses it
    const drawn = body.replace(/\s+/g, " ").replace(/> </g, "><").replace(/ (id|class|fill)="(?!none)[^"]*"/g, "").replace(/ \/>/g, "/>").trim();
    return `<symbol id="${name}" viewBox="${box}">${drawn}</symbol>`;
}));
await writeFile(output, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
