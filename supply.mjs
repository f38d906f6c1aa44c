/**
 * `npm run supply`: lists every package that the lock file names, with its licence, the rarest licences last; with `--quiet` the
 * problems alone. Fails, and says why, where one runs a script when it is installed, has no checksum, comes from elsewhere than the registry, or has a
 * licence that nobody has looked at.
 */
import { readFileSync } from 'node:fs';

const REGISTRY = 'https://registry.npmjs.org/';

/** Looked at. The weak copyleft ones (LGPL, MPL, EPL) are of packages that are used as they are. */
const LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'EPL-2.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MPL-2.0',
  'OFL-1.1',
  'Unlicense',
];

/** Says its licence in a file alone. */
const SAID_ELSEWHERE = { khroma: 'MIT' };

const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url), 'utf8'));
const all = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return { ...entry, name, licence: entry.license ?? SAID_ELSEWHERE[name] ?? 'none' };
  });

const problems = all.flatMap((entry) =>
  problemsOf(entry).map((problem) => `${entry.name} ${entry.version} ${problem}`),
);
const lines = process.argv.includes('--quiet') ? problems : [...listByLicence(all), ...problems];
process.stdout.write([...lines, `${all.length} packages, ${problems.length} problems`, ''].join('\n'));
process.exitCode = problems.length > 0 ? 1 : 0;

function listByLicence(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.licence, [...(groups.get(entry.licence) ?? []), entry]);
  return [...groups]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .flatMap(([licence, group]) => [
      `${licence} (${group.length})`,
      ...group.map(({ name, version, dev }) => `  ${name} ${version}${dev ? ' (development)' : ''}`),
    ]);
}

function problemsOf({ licence, integrity, resolved, link, hasInstallScript }) {
  return [
    ...(hasInstallScript ? ['runs a script when it is installed'] : []),
    ...(integrity ? [] : ['has no checksum']),
    ...(link || (resolved && !resolved.startsWith(REGISTRY)) ? ['does not come from the registry'] : []),
    ...(isKnown(licence) ? [] : [`has a licence that nobody has looked at: ${licence}`]),
  ];
}

/** Of several to choose from one is enough; of several that all hold each has to be known (SPDX expressions). */
function isKnown(licence) {
  const choices = licence.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((each) => LICENCES.includes(each)));
}
