// Makes the style sheet and the script that every page loads. usage: node build.mjs NPM_FOLDER OUT_FOLDER
//   app.css  govuk-frontend + MoJ frontend as they publish them, then own.css; without the font that is licensed
//            for gov.uk only, without crown and crest, and without the icons of components we do not use
//   app.js   what both bring, bundled; every page also works without it
// and the same gzipped. Equal input makes equal bytes.
import {readFileSync, writeFileSync, mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

const [npm, out] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(npm, 'node_modules');
const read = (...parts) => readFileSync(join(...parts), 'utf8');

function withoutBranding(css) {
  return css
    .replace(/\/\*![^]*?\*\//g, '')                     // the font's notice, gone with the font
    .replace(/@charset "UTF-8";/g, '')
    .replace(/@font-face\{[^}]*\}/g, '')
    .replace(/GDS Transport,\s*/g, '')
    .replace(/\/\*# sourceMappingURL=[^*]*\*\//g, '');
}

// Rules with pictures: the two tag crosses become data, as the filter's tags need them; the rest belongs to
// components we do not use.
const kept = ['icon-tag-remove-cross.svg', 'icon-tag-remove-cross-white.svg'];
function withIcons(css, images) {
  return css.replace(/url\(\/assets\/images\/([^)]+)\)/g, (_, name) => {
    if (!kept.includes(name)) return 'none';
    return `url("data:image/svg+xml;base64,${readFileSync(join(images, name)).toString('base64')}")`;
  });
}

const moj = join(modules, '@ministryofjustice/frontend/moj');
const css = '@charset "UTF-8";' +
  withoutBranding(read(modules, 'govuk-frontend/dist/govuk/govuk-frontend.min.css'))
    .replace(/url\(\/assets\/images\/govuk-crest\.svg\)/g, 'none') +
  withIcons(withoutBranding(read(moj, 'moj-frontend.min.css')), join(moj, 'assets/images')) +
  '\n' + read(here, 'own.css');
for (const left of ['GDS', '@font-face', 'govuk-crest', 'url(/', 'url(http', 'sourceMappingURL']) {
  if (css.includes(left)) throw new Error(`app.css still has "${left}"`);
}

const {buildSync} = createRequire(join(modules, 'x'))('esbuild');
const js = buildSync({
  stdin: {
    contents: `import { initAll } from 'govuk-frontend';
               import { initAll as initMoj } from '@ministryofjustice/frontend';
               initAll(); initMoj();`,
    resolveDir: modules,
  },
  bundle: true, minify: true, format: 'esm', target: 'es2019', legalComments: 'none', write: false,
}).outputFiles[0].text;

mkdirSync(out, {recursive: true});
for (const [name, text] of [['app.css', css], ['app.js', js]]) {
  writeFileSync(join(out, name), text);
  writeFileSync(join(out, name + '.gz'), gzipSync(text, {level: 9}));
}
