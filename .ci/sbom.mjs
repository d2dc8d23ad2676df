// From what cargo-cyclonedx drew to what is really built; checked, or nothing is written:
//
//   node .ci/sbom.mjs <folder with drawn, built, linked> <package> <target> <out>
//
// cargo-cyclonedx reads `cargo metadata`, which joins the features of all packages and platforms: to the browser's half it would add
// the server's crates. It knows each crate's licence and checksum; what is built, and who wants it, is taken from `cargo tree`.
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const [folder, root, target, out] = process.argv.slice(2);
const die = (reason, lines) => { console.error(`sbom: ${out}: ${reason}\n${lines.join("\n")}`); process.exit(1); };
const read = (name) => readFile(join(folder, name), "utf8");

// cargo tree: `2 name v1.2.3 (path, proc-macro, *)`, the depth first. → each crate and what it wants
function wants(tree) {
    const found = new Map(), above = [];
    for (const line of tree.split("\n").filter(Boolean)) {
        const [, depth, name, version] = line.match(/^(\d+) (\S+) v(\S+)/) ?? die("cargo tree says", [line]);
        const crate = `${name} ${version}`;
        if (!found.has(crate)) found.set(crate, new Set());
        if (depth > 0) found.get(above[depth - 1]).add(crate);
        above[depth] = crate;
    }
    return found;
}
const [built, linked] = [wants(await read("built")), wants(await read("linked"))];
const bom = JSON.parse(await read("drawn"));
const called = ({ name, version }) => `${name} ${version}`;

bom.metadata.properties = [{ name: "cdx:rustc:sbom:target:triple", value: target }];
bom.components = bom.components.filter((component) => built.has(called(component)));
// the crates of a build script do their work, and are not in the file
for (const component of bom.components) component.scope = linked.has(called(component)) ? "required" : "excluded";
const parts = [bom.metadata.component, ...bom.components];
const missing = [...built.keys()].filter((crate) => !parts.some((part) => called(part) === crate));
if (built.size < 2 || missing.length) die("crates that cargo tree names are missing", missing);

// ours: no path of this machine, and nothing that looks like a crate of that name in the registry
const ours = "pkg:generic/sportello/";
for (const part of parts.filter((one) => one["bom-ref"].startsWith("path+"))) {
    part["bom-ref"] = part.purl = `${ours}${part.name}@${part.version}`;
    delete part.components;
}
const refs = new Map(parts.map((part) => [called(part), part["bom-ref"]]));
bom.dependencies = [...built].map(([crate, below]) => ({ ref: refs.get(crate), dependsOn: [...below].map((one) => refs.get(one)) }));
const unsigned = bom.components.filter((one) => !one.purl.startsWith(ours) && !one.hashes?.length).map(called);
if (unsigned.length) die("crates without the checksum of Cargo.lock", unsigned);

// what is no crate, and who brings it
function add(component, by) {
    bom.components.push({ type: "library", "bom-ref": component.purl, scope: "required", ...component });
    bom.dependencies.find((one) => one.ref === refs.get(by)).dependsOn.push(component.purl);
    bom.dependencies.push({ ref: component.purl, dependsOn: [] });
}
if (root === "app") {
    const name = "bootstrap-italia";
    const { version, integrity, license } = JSON.parse(await readFile("style/package-lock.json", "utf8")).packages[`node_modules/${name}`];
    add({
        name, version, purl: `pkg:npm/${name}@${version}`,
        description: "Styles, icons, and the fonts Titillium Web (OFL-1.1) and Roboto Mono (Apache-2.0)",
        hashes: [{ alg: "SHA-512", content: Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex") }],
        licenses: [{ expression: `${license} AND OFL-1.1 AND Apache-2.0` }],
    }, called(bom.metadata.component));
}
const sqlite = [...built.keys()].find((crate) => crate.startsWith("libsqlite3-sys "));
if (sqlite) {
    // built from its C sources, which have a version of their own: weaknesses are published by that one
    const metadata = JSON.parse(execFileSync("cargo", ["metadata", "--locked", "--format-version", "1"], { maxBuffer: 2 ** 28, encoding: "utf8" }));
    const { manifest_path } = metadata.packages.find((one) => called(one) === sqlite);
    const header = await readFile(join(dirname(manifest_path), "sqlite3/sqlite3.h"), "utf8");
    const version = header.match(/^#define SQLITE_VERSION +"([\d.]+)"/m)[1];
    add({
        name: "sqlite", version, purl: `pkg:generic/sqlite@${version}`, cpe: `cpe:2.3:a:sqlite:sqlite:${version}:*:*:*:*:*:*:*`,
        licenses: [{ license: { id: "blessing" } }],
    }, sqlite);
}

const text = `${JSON.stringify(bom, null, 1)}\n`;
const paths = text.split("\n").filter((line) => line.includes("file:") || line.includes(process.cwd()) || line.includes(`${homedir()}/`));
if (paths.length) die("a path of this machine", paths);
await writeFile(out, text);
const count = (scope) => bom.components.filter((one) => one.scope === scope).length;
console.log(`${out}: ${count("required")} components, and ${count("excluded")} only while it is built`);
