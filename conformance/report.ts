// What the kit says: a line for each vector, and how many of forty.
import { type Verdict } from './judge.js';
import { vectors, type Vector } from './vectors.js';

const WORDS = { passed: 'passed', failed: 'FAILED', 'not judged': 'not judged' } as const;

export const lineOf = ({ vector, result, why }: Verdict): string =>
  `${vector.id}  ${WORDS[result].padEnd(10)}  ${vector.name}${why === '' ? '' : `: ${why}`}${result === 'failed' ? `\n      It must: ${vector.sentence}` : ''}`;

export const sentenceOf = ({ id, name, sentence, needsRig }: Vector): string => `${id}  ${name.padEnd(19)}  ${needsRig ? '*' : ' '} ${sentence}`;

/** Nothing less than all forty is a unit of this city. */
export const exitCodeOf = (verdicts: readonly Verdict[]): number =>
  verdicts.length === vectors.length && verdicts.every(({ result }) => result === 'passed') ? 0 : 1;

export function summaryOf(verdicts: readonly Verdict[], asked: number): string {
  const count = (result: Verdict['result']): number => verdicts.filter((verdict) => verdict.result === result).length;
  const rest = [count('failed') > 0 && `${count('failed')} failed`, count('not judged') > 0 && `${count('not judged')} not judged`].filter((part) => part !== false);
  return `${count('passed')} of ${asked} passed${rest.length === 0 ? '' : `, ${rest.join(', ')}`}`;
}
