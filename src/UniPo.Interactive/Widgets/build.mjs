// Bundles the widgets into dist/unipo.js (committed, embedded in the package).
//   node build.mjs           write the bundle
//   node build.mjs --check   fail when the committed bundle is not what the sources build
//   node build.mjs --test NAME [arguments]   bundle and run test/NAME.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { ownNames } from './names.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, 'dist', 'unipo.js');
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

// Style rules become a string; comments and line breaks are left out.
const css = {
  name: 'css',
  setup(plugin) {
    plugin.onLoad({ filter: /\.css$/ }, async args => {
      const { code } = await transform(readFileSync(args.path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

// What the bundler may write shorter: see globals.mjs.
const short = {
  ...Object.fromEntries(
    ['abs', 'ceil', 'exp', 'floor', 'hypot', 'log', 'log10', 'max', 'min', 'round', 'sign', 'sqrt'].map(name => [
      `Math.${name}`,
      `$${name}`,
    ]),
  ),
  'Number.isFinite': '$isFinite',
  'Array.from': '$from',
  Float64Array: '$Doubles',
};

async function bundle() {
  const result = await build({
    entryPoints: [join(here, 'src', 'unipo.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    plugins: [css],
    mangleProps: ownNames(join(here, 'src'), join(here, 'node_modules', 'typescript', 'lib')),
    define: { UNIPO_VERSION: JSON.stringify(version), ...short },
    inject: [join(here, 'globals.mjs')],
  });
  // The bundle is written into a script element: no text of it may end that element or open a comment.
  return result.outputFiles[0].text.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}

async function run(name, args) {
  const result = await build({
    entryPoints: [join(here, 'test', `${name}.ts`)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [css],
    define: { UNIPO_VERSION: JSON.stringify(version) },
  });
  process.argv = [process.argv[0], name, ...args];
  await import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString('base64')}`);
}

const [mode, name, ...rest] = process.argv.slice(2);
if (mode === '--test') {
  await run(name, rest);
} else if (mode === '--check') {
  const committed = readFileSync(target, 'utf8');
  if (committed !== (await bundle())) {
    console.error('dist/unipo.js is stale: run "npm run build" in src/UniPo.Interactive/Widgets and commit the result.');
    process.exit(1);
  }
  console.log(`dist/unipo.js is current: ${committed.length} characters`);
} else {
  const text = await bundle();
  writeFileSync(target, text);
  console.log(`dist/unipo.js: ${text.length} characters`);
}
