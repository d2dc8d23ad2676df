// The icons named in icons.txt, as one file of <symbol>s.
//
//   node sprite.mjs <icons.txt> <folder of svg> <out.svg>
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const [list, folder, output] = process.argv.slice(2);
const names = (await readFile(list, "utf8")).split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));

const symbols = await Promise.all(names.map(async (name) => {
    const svg = await readFile(join(folder, `${name}.svg`), "utf8");
    const box = svg.match(/viewBox="([^"]+)"/)?.[1];
    const body = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)?.[1];
    if (!box || !body) throw new Error(`${name}.svg: no viewBox or no content`);
    // an id or a colour inside a symbol would leak into every page that uses it
    const drawn = body.replace(/\s+/g, " ").replace(/> </g, "><").replace(/ (id|class|fill)="(?!none)[^"]*"/g, "").replace(/ \/>/g, "/>").trim();
    return `<symbol id="${name}" viewBox="${box}">${drawn}</symbol>`;
}));
await writeFile(output, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
