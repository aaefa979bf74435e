// Compiles the TypeScript that tsconfig.json includes to ES modules, as nest-cli.json says. It does not
// check types (`npm run check` does), so it takes a fraction of a second.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, buildPlan, filesBelow, makeReady, run, seconds, sourceMark } from './ready.mjs';

const at = (...parts) => path.join(ROOT, ...parts);

async function compileAll(plan, out) {
  const { default: swc } = await import('@swc/core');
  const sources = filesBelow(plan.folders).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  const options = swcOptions(plan.compilerOptions);
  const rootDir = plan.compilerOptions.rootDir ?? '.';
  await Promise.all(
    sources.map(async (file) => {
      const { code, map } = await swc.transformFile(at(file), { ...options, sourceFileName: path.basename(file) });
      const target = at(out, path.relative(rootDir, file).replace(/\.ts$/, '.js'));
      fs.mkdirSync(path.dirname(target), { recursive: true });
      if (map === undefined) return fs.writeFileSync(target, code);
      fs.writeFileSync(
        `${target}.map`,
        withSource(map, path.relative(path.dirname(placed(plan, out, target)), at(file))),
      );
      return fs.writeFileSync(target, `${code}\n//# sourceMappingURL=${path.basename(target)}.map\n`);
    }),
  );
  return sources.length;
}

/** Where a file stands once the fresh folder has become the output folder. */
const placed = (plan, out, file) => at(plan.outDir, path.relative(at(out), file));

const withSource = (map, source) =>
  JSON.stringify({ ...JSON.parse(map), sources: [source], sourcesContent: undefined });

function swcOptions(ts) {
  return {
    swcrc: false,
    sourceMaps: ts.sourceMap === true,
    jsc: {
      parser: { syntax: 'typescript', decorators: ts.experimentalDecorators === true },
      transform: {
        legacyDecorator: ts.experimentalDecorators === true,
        decoratorMetadata: ts.emitDecoratorMetadata === true,
        useDefineForClassFields: ts.useDefineForClassFields !== false,
      },
      target: (ts.target ?? 'ES2023').toLowerCase(),
      keepClassNames: true,
    },
    module: { type: 'es6' },
  };
}

function copyAssets(plan, out) {
  const rootDir = plan.compilerOptions.rootDir ?? '.';
  const files = filesBelow([plan.sourceRoot]);
  for (const asset of plan.assets) {
    const wanted = globPattern(asset.include);
    const unwanted = asset.exclude === undefined ? null : globPattern(asset.exclude);
    for (const file of files) {
      const inside = path.relative(plan.sourceRoot, file).split(path.sep).join('/');
      if (!wanted.test(inside) || unwanted?.test(inside) === true) continue;
      const target = at(out, path.relative(rootDir, file));
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.copyFileSync(at(file), target);
    }
  }
}

/** `**` is any folders, `*` any name, `{a,b}` either. */
function globPattern(glob) {
  const pattern = glob
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*|\{([^}]*)\}/g, (found, either) =>
      found === '**/' ? '(?:.*/)?' : found === '*' ? '[^/]*' : `(?:${either.split(',').join('|')})`,
    );
  return new RegExp(`^${pattern}$`);
}

/** The old output is gone for an instant only, and never mixed with the new one. */
function putInPlace(plan, fresh) {
  if (plan.deleteOutDir) {
    fs.rmSync(at(plan.outDir), { recursive: true, force: true });
    fs.renameSync(at(fresh), at(plan.outDir));
  } else {
    fs.cpSync(at(fresh), at(plan.outDir), { recursive: true });
  }
}

await run(async () => {
  const began = performance.now();
  // `--only`: the caller has made sure of Node and the packages.
  if (!process.argv.includes('--only')) await makeReady({ build: false });
  const plan = buildPlan();
  const mark = sourceMark(plan);
  // On the same disk as the output, out of git's sight, and gone with the next install if this process is killed.
  const fresh = path.join('node_modules', `.built-by-${process.pid}`);
  try {
    const count = await compileAll(plan, fresh);
    copyAssets(plan, fresh);
    fs.writeFileSync(at(fresh, path.basename(plan.mark)), mark);
    putInPlace(plan, fresh);
    if (!process.argv.includes('--only')) console.log(`${count} files → ${plan.outDir} in ${seconds(began)}.`);
  } finally {
    fs.rmSync(at(fresh), { recursive: true, force: true });
  }
});
