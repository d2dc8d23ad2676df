// One stylesheet, only the rules that the pages can use.
//
//   node css.mjs <css from sass> <out.css> <source files…>
//
// A rule stays when every class, id and tag of its selector occurs as a word in one of the sources. So a class must be
// written whole in the Rust text: `format!("outcome-{kind}")` would lose its style.
import { readFile, writeFile } from "node:fs/promises";
import { PurgeCSS } from "purgecss";

const [input, output, ...sources] = process.argv.slice(2);
if (!input || !output || sources.length === 0) {
    console.error("usage: node css.mjs <in.css> <out.css> <source files…>");
    process.exit(2);
}

const [{ css }] = await new PurgeCSS().purge({
    css: [{ raw: await readFile(input, "utf8") }],
    content: sources,
    // words of Rust source as well as of HTML: letters, digits, - and _
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    keyframes: true,
    safelist: {
        standard: [
            // leptos writes these two tags itself, in no source of ours
            "html",
            "body",
            // states that browsers and leptos put on elements at run time
            "open",
        ],
    },
});
// What no class keeps alive and no page may lose: who purges them finds out here, not from a keyboard user.
const dense = css.replace(/\s+/g, "");
for (const rule of ["*:focus-visible{outline:", "@mediaprint{", "@media(prefers-reduced-motion:reduce){", "@font-face{", '--bootstrap-italia-version:"']) {
    if (!dense.includes(rule)) throw new Error(`purgecss lost ${rule}`);
}
await writeFile(output, css);
