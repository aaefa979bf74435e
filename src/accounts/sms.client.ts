// Hands a text message to the gateway. Called after the commit, never inside a transaction.
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { CityConfig } from '../platform/config.js';
import { CITY_CONFIG } from '../platform/config.provider.js';
import { Refusal } from '../platform/refusal.js';

const DEADLINE_MS = 5000;

@Injectable()
export class SmsClient {
  private readonly log = new Logger(SmsClient.name);

  constructor(@Inject(CITY_CONFIG) private readonly config: CityConfig) {}

  /** @throws Refusal `temporarily_unavailable` when the gateway does not take it in time. */
  async send(to: string, text: string): Promise<void> {
    try {
      const answer = await fetch(this.config.smsUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to, text }),
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`status ${String(answer.status)}`);
    } catch (error) {
      // The message of fetch names an address of ours at most; neither phone nor text is in it.
      this.log.warn(`the text message gateway did not take a message: ${String(error)}`);
      throw new Refusal('temporarily_unavailable');
    }
  }
}
