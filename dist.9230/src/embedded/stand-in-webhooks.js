// Tells the city what happened at the stand-in of Stripe: signed posts, tried again until they are
// taken, in no promised order and sometimes twice, as Stripe's are.
import { createHmac } from 'node:crypto';
const TRY_AGAIN_AFTER_MS = [
    500,
    1000,
    2000,
    5000,
    10_000,
    30_000,
    60_000
];
const POST_TIMEOUT_MS = 5000;
const LANES = 4;
export const signWebhook = (body, secret, atSeconds)=>`t=${atSeconds},v1=${createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')}`;
export class StandInWebhooks {
    constructor(desk, url){
        this.desk = desk;
        this.timers = new Set();
        this.lanes = new Set();
        this.stopped = false;
        this.url = url;
        this.queue = desk.memory.undelivered().map((id)=>({
                id,
                tries: 0
            }));
    }
    setUrl(url) {
        this.url = url;
        this.work();
    }
    add(id) {
        this.queue.push({
            id,
            tries: 0
        });
        this.work();
    }
    async stop() {
        this.stopped = true;
        for (const timer of this.timers)clearTimeout(timer);
        await Promise.all(this.lanes);
    }
    /** Starts as many deliveries as there are free lanes. */ work() {
        while(this.lanes.size < LANES && this.mayWork()){
            const next = this.queue.shift();
            if (!next) return;
            const lane = this.deliver(next).finally(()=>{
                this.lanes.delete(lane);
                this.work();
            });
            this.lanes.add(lane);
        }
    }
    mayWork() {
        return !this.stopped && this.url !== null && !this.desk.faults.holdWebhooks;
    }
    async deliver(item) {
        const event = this.desk.memory.event(item.id);
        if (!event || this.url === null) return;
        const body = JSON.stringify(event);
        let taken = true;
        for(let copy = 0; copy < this.desk.faults.webhookCopies; copy++)taken = await this.post(this.url, body) && taken;
        if (this.stopped) return;
        if (taken) this.desk.memory.delivered(item.id);
        else this.later({
            id: item.id,
            tries: item.tries + 1
        });
    }
    async post(url, body) {
        const signature = signWebhook(body, this.desk.secret, Math.floor(this.desk.now().getTime() / 1000));
        try {
            const answer = await fetch(url, {
                method: 'POST',
                body,
                redirect: 'error',
                signal: AbortSignal.timeout(POST_TIMEOUT_MS),
                headers: {
                    'content-type': 'application/json; charset=utf-8',
                    'stripe-signature': signature,
                    'user-agent': 'Stripe/1.0 (stand-in)'
                }
            });
            await answer.arrayBuffer();
            return answer.ok;
        } catch  {
            return false;
        }
    }
    later(item) {
        const timer = setTimeout(()=>{
            this.timers.delete(timer);
            this.queue.push(item);
            this.work();
        }, TRY_AGAIN_AFTER_MS[Math.min(item.tries, TRY_AGAIN_AFTER_MS.length) - 1]);
        timer.unref();
        this.timers.add(timer);
    }
}

//# sourceMappingURL=stand-in-webhooks.js.map
