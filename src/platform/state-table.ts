// A life story as data: state → step → next state. A step that is not in the table does not happen.
import { Refusal } from './refusal.js';

type Steps<T> = { readonly [S in keyof T]: { readonly [step: string]: keyof T } };
export type StateOf<T> = keyof T & string;
export type StepOf<T> = { [S in keyof T]: keyof T[S] }[keyof T] & string;

export function stateTable<const T extends Steps<T>>(steps: T) {
  const after = (state: StateOf<T>, step: StepOf<T>): StateOf<T> | null =>
    (steps[state] as Partial<Record<StepOf<T>, StateOf<T>>>)[step] ?? null;

  /** The next state, or the refusal `step_not_allowed` that names both. */
  const mustStep = (state: StateOf<T>, step: StepOf<T>): StateOf<T> => {
    const next = after(state, step);
    if (next === null) throw new Refusal('step_not_allowed', { state, step });
    return next;
  };

  return { steps, after, mustStep };
}
