// From measured numbers to what is printed: medians, and the ratio of each round's pair.

/** Nearest rank, so that every quantile is a value that was measured. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function spread(values) {
  return { median: middle(values), min: Math.min(...values), max: Math.max(...values), rounds: values.length };
}

function middle(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * `floor[i]` and `ours[i]` were measured in the same round, one right after the other; the ratio is the
 * median of their quotients, so that a machine that slows down between rounds does not count. With `compare:
 * 'difference'` it is what ours takes more.
 */
export function summarise({ floor, ours, ...rest }) {
  const ratios = ours.map((value, round) => (rest.compare === 'difference' ? value - floor[round] : value / floor[round]));
  const ratio = spread(ratios);
  return { ...rest, floor: spread(floor), ours: spread(ours), ratio, verdict: verdictOf(ratio.median, rest) };
}

function verdictOf(ratio, { goal, better, invalid = null }) {
  if (invalid !== null) return invalid;
  if (goal === null) return 'no goal';
  const reaches = (wanted) => (better === 'higher' ? ratio >= wanted : ratio <= wanted);
  if (reaches(goal.nearlyImpossible)) return 'nearly impossible, reached';
  return reaches(goal.ambitious) ? 'reached' : 'not reached';
}

export function print({ line, what, unit, better, floor, ours, ratio, compare, goal, verdict, foreign, notes = [] }) {
  const sign = better === 'higher' ? '≥' : '≤';
  const goals = goal === null ? 'none' : `${sign} ${goal.ambitious} · ${sign} ${goal.nearlyImpossible}  (${verdict})`;
  console.log(`${line} · ${what}`);
  console.log(`    floor ${shown(floor, unit)}   ours ${shown(ours, unit)}`);
  console.log(`    ${compare === 'difference' ? `difference ${shown(ratio, unit)}` : `ratio ${shown(ratio, '')}`}   goal ${goals}   ${rounds(ours.rounds)}${foreignLoad(foreign)}`);
  for (const note of notes) console.log(`    ${note}`);
  console.log('');
}

const rounds = (count) => `${count} round${count === 1 ? '' : 's'}`;

/** Above a tenth of the machine, numbers are noise and say so. */
function foreignLoad(foreign) {
  if (foreign === undefined || foreign.length === 0) return '';
  const { median, max } = spread(foreign);
  return `   others used ${percent(median)} of the CPUs${max > 0.1 ? `, at most ${percent(max)}: NOISY` : ''}`;
}

const percent = (share) => `${(share * 100).toFixed(0)} %`;

function shown({ median, min, max, rounds: count }, unit) {
  const around = count > 1 ? ` [${figure(min)}–${figure(max)}]` : '';
  return `${figure(median)}${around}${unit && ` ${unit}`}`;
}

/** Three digits that matter, and thousands apart. */
export function figure(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}
