// The two ways a vector ends other than well: the unit broke the sentence, or nobody could see whether it did.

/** The unit did not do what the sentence says. */
export class Broken extends Error {}

/** What would show it is not there; never taken for a pass. */
export class NotJudged extends Error {}

export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Broken(otherwise);
}
