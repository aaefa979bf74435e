// What a rider's phone does beside our app: receive text messages, and confirm a card with Stripe the
// way Stripe.js does, with the publishable key and the client secret.
import { Messages, Nothing, SetupIntent } from './answers.js';
const PATIENCE_MS = 20_000;
export class Phone {
    constructor(doors, clock){
        this.doors = doors;
        this.clock = clock;
    }
    /** The newest message to this number, as one text, or '' when there is none. */ async newest(to) {
        const { items } = await this.doors.sms.ask({
            path: `/messages?to=${encodeURIComponent(to)}`,
            answer: Messages
        });
        const message = items[0];
        return message ? `${message.at} ${message.text}` : '';
    }
    /** The code in the first message that is not `before`. */ async codeAfter(to, before) {
        for(let waited = 0; waited < PATIENCE_MS; waited += 300){
            const message = await this.newest(to);
            const code = message === before ? null : (/(?<![\d-])\d{4,8}(?!\d)/.exec(message.slice(message.indexOf(' '))) ?? [])[0];
            if (code !== undefined && code !== null) return code;
            await this.clock.sleepReal(300);
        }
        throw new Error('no text message came');
    }
    /** @returns whether the bank agreed. */ async confirmCard(setup, card) {
        const confirmed = await this.doors.stripe.ask({
            method: 'POST',
            path: `/v1/setup_intents/${setup.setupIntentId}/confirm`,
            token: setup.publishableKey,
            form: {
                client_secret: setup.clientSecret,
                payment_method: card
            },
            answer: SetupIntent
        });
        if (confirmed.status !== 'requires_action') return confirmed.status === 'succeeded';
        const url = confirmed.next_action?.redirect_to_url?.url;
        if (url === undefined) return false;
        await this.doors.stripe.ask({
            method: 'POST',
            path: url,
            answer: Nothing
        });
        return true;
    }
}

//# sourceMappingURL=phone.js.map
