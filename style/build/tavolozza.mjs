// The colours of an ente over those of the site: only the declarations that differ.
//
//   node tavolozza.mjs <site.css> <palette.css> <out.css>
//
// Both are the same stylesheet, compiled with other colours and purged alike; so they have the same rules in the same order. What
// differs is kept, and with it whatever follows and sets the same kind of property: behind the site's sheet it would lose its turn. Then
// the contrasts are measured (WCAG 2.2: 1.4.3, 4.5:1; 1.4.11, 3:1), also of the site's own colours: a palette that cannot be read is
// none, and the build ends.
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import postcss from "postcss";

const [siteFile, paletteFile, output] = process.argv.slice(2);
if (!output) {
    console.error("usage: node tavolozza.mjs <site.css> <palette.css> <out.css>");
    process.exit(2);
}
const [site, palette] = await Promise.all([siteFile, paletteFile].map(async (file) => postcss.parse(await readFile(file, "utf8"))));

/** `border-bottom-color` and `border` are of one kind; a custom property is of its own. */
const kind = (property) => (property.startsWith("--") ? property : property.split("-")[0]);

const kept = new Set();
/** Takes from the palette's node what the site's twin has too. True when something is left. */
function differ(ours, theirs) {
    if (ours.type === "decl") {
        if (ours.prop !== theirs.prop) throw new Error(`${paletteFile}: ${ours.prop} stands where the site has ${theirs.prop}`);
        const other = ours.value !== theirs.value;
        if (other) kept.add(kind(ours.prop));
        return other || kept.has(kind(ours.prop));
    }
    if (!ours.nodes) return false;
    // fonts and movements have no colours
    if (ours.type === "atrule" && /^(font-face|keyframes|page)$/.test(ours.name)) return false;
    if (ours.nodes.length !== theirs.nodes.length || String(ours.selector) !== String(theirs.selector)) {
        throw new Error(`${paletteFile}: other rules than the site's, at ${ours.selector ?? ours.name}`);
    }
    const twins = [...theirs.nodes];
    [...ours.nodes].forEach((node, i) => differ(node, twins[i]) || node.remove());
    return ours.nodes.length > 0;
}

/** What a browser paints: `#007a52`, `#fff`, `hsl(160deg, 100%, 24%)`, `hsl(160,100%,24%)`, `rgb(0%, 40.8%, 27.2%)`. */
function rgb(value) {
    const hex = value.match(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i)?.[1];
    if (hex) return (hex.length === 3 ? [...hex].map((c) => c + c) : hex.match(/../g)).map((c) => parseInt(c, 16));
    const numbers = (value.match(/-?[\d.]+/g) ?? []).map(Number);
    if (/^rgb\(/.test(value) && numbers.length === 3) return value.includes("%") ? numbers.map((n) => n * 2.55) : numbers;
    if (/^hsl\(/.test(value) && numbers.length === 3) {
        const [h, s, l] = [numbers[0], numbers[1] / 100, numbers[2] / 100];
        const channel = (n) => {
            const k = (n + h / 30) % 12;
            return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
        };
        return [channel(0), channel(8), channel(4)];
    }
    if (value === "white") return [255, 255, 255];
    throw new Error(`not a plain colour: ${value}`);
}

function contrast(a, b) {
    const luminance = (colour) => {
        const [r, g, b] = rgb(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
}

/** The last that a stylesheet says of a property for exactly this selector, custom properties resolved. */
function said(css, selector, ...properties) {
    let found;
    css.walkRules((rule) => {
        if (rule.parent.type === "root" && rule.selectors.includes(selector)) {
            rule.walkDecls((decl) => {
                if (properties.includes(decl.prop)) found = decl.value;
            });
        }
    });
    const name = found?.match(/^var\((--[\w-]+)\)$/)?.[1];
    if (name) return said(css, ":root", name);
    if (!found) throw new Error(`${selector} has no ${properties.join(" or ")}`);
    return found.replace(/\s*!important$/, "");
}

function measure(css, name) {
    const root = (property) => said(css, ":root", property);
    const ground = (selector) => said(css, selector, "background", "background-color");
    const [brand, dark, tint] = [root("--brand"), root("--brand-dark"), root("--brand-tint")];
    const pairs = [
        // what, foreground, background, at least
        ["text of the header", "#fff", ground(".it-header-center-wrapper"), 4.5],
        ["text of the slim header", "#fff", ground(".it-header-slim-wrapper"), 4.5],
        ["text of the footer", "#fff", ground(".it-footer-main"), 4.5],
        ["text of a button", "#fff", said(css, ".btn-primary", "--bs-btn-bg"), 4.5],
        ["text of a button under the pointer", "#fff", said(css, ".btn-primary", "--bs-btn-hover-bg"), 4.5],
        ["brand on white", brand, "#fff", 4.5],
        ["brand on the ground", brand, root("--ground"), 4.5],
        ["brand on its tint", brand, tint, 4.5],
        ["dark brand on its tint", dark, tint, 4.5],
        ["text on the tint", root("--ink"), tint, 4.5],
        ["soft text on the tint", root("--ink-soft"), tint, 4.5],
        ["what is wrong on the tint", root("--bad"), tint, 4.5],
        ["borders on white", brand, "#fff", 3],
        ["borders on the tint", root("--line-strong"), tint, 3],
        ["focus on the header", "#fff", ground(".it-header-center-wrapper"), 3],
        ["focus on the tint", "#000", tint, 3],
    ];
    const low = pairs.map(([what, a, b, least]) => [what, contrast(a, b), least]).filter(([, ratio, least]) => ratio < least);
    for (const [what, ratio, least] of low) console.error(`front: ${name}: ${what}: ${ratio.toFixed(2)}:1, less than ${least}:1`);
    if (low.length > 0) process.exit(1);
}

measure(site, basename(siteFile));
measure(palette, basename(paletteFile));
[...palette.nodes].forEach((node, i) => differ(node, site.nodes[i]) || node.remove());
await writeFile(output, palette.toString());
