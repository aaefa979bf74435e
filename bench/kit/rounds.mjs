// Floor and product by turns in the same minutes, each round beginning with another of them.
import { watchForeignLoad } from './machine.mjs';

/**
 * @param contestants name → function that measures once.
 * @returns name → its values, one for each round; and the foreign load of each round.
 */
export async function byTurns(contestants, rounds, say) {
  const names = Object.keys(contestants);
  const values = Object.fromEntries(names.map((name) => [name, []]));
  const foreign = [];
  for (let round = 0; round < rounds; round++) {
    const since = watchForeignLoad();
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length];
      values[name].push(await contestants[name](round));
    }
    const share = since();
    if (share !== null) foreign.push(share);
    say(`round ${round + 1} of ${rounds}`);
  }
  return { values, foreign };
}
