// Vectors about what brokers do to messages: qualities of service, duplicates, and the retained flag.
import { setTimeout as pause } from 'node:timers/promises';
import { Refused, topics } from '../../src/telematics/wire.js';
import { must, NotJudged } from '../finding.js';
import { type Trial } from '../trial.js';

export async function qualityOfService(trial: Trial): Promise<void> {
  const unlock = trial.order('unlock');
  await trial.link.say(unlock, { qos: 1 });
  await trial.link.say(unlock, { qos: 1, dup: true });
  await trial.link.say(unlock, { qos: 2 });
  await trial.answerTo(unlock);
  await trial.mustBe('open');
  const lock = trial.order('lock');
  await trial.link.say(lock, { qos: 2 });
  await trial.link.say(lock, { qos: 2, dup: true });
  await trial.answerTo(lock);
  await trial.link.say(unlock, { qos: 2, dup: true });
  await trial.mustBe('closed');
  for (const order of [unlock, lock]) {
    const said = new Set(trial.answersTo(order).map(({ said: { boot, seq } }) => `${boot}.${seq}`));
    must(said.size === 1, `It gave ${said.size} answers to one ${order.kind}`);
  }
}

/** Kept while the unit is away, so that it comes with the flag when it subscribes anew. */
export async function retained(trial: Trial): Promise<void> {
  await trial.withoutNetwork(async (comeBack) => {
    // Made only now: the link may have taken longer to break than an order lives.
    const kept = trial.order('unlock');
    await trial.link.whileRetained(topics.commandsTo(trial.scooterId), kept, async () => {
      await comeBack();
      if (trial.nowMs() > kept.notAfter) throw new NotJudged('It was back so late that the order had expired: the flag alone must stop it.');
      await pause(trial.pace.settleMs);
      await trial.mustIgnore([], Refused.options);
      must(trial.answersTo(kept).every(({ said }) => said.kind === 'command_refused'), 'It did what the broker had kept');
    });
  });
}
