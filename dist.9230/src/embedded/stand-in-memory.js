// What the stand-in of Stripe knows: objects, remembered answers, events. Every change is a line in a
// file before the answer leaves, so a second start, or a kill at any moment, loses nothing.
import fs from 'node:fs';
import path from 'node:path';
/** Stripe forgets idempotency keys after at least 24 hours. */ const KEY_LIVES_SECONDS = 24 * 3600;
/** Delivered events kept for reading back. */ const EVENTS_KEPT = 2000;
export class StandInMemory {
    constructor(dataFile){
        this.objects = new Map();
        this.answers = new Map();
        this.events = new Map();
        this.waiting = new Set();
        if (dataFile === null) {
            this.file = null;
            return;
        }
        fs.mkdirSync(path.dirname(dataFile), {
            recursive: true
        });
        if (fs.existsSync(dataFile)) this.load(fs.readFileSync(dataFile, 'utf8'));
        this.rewrite(dataFile);
        this.file = fs.openSync(dataFile, 'a');
    }
    get(id) {
        return this.objects.get(id) ?? null;
    }
    /** Newest first. */ ofKind(kind) {
        return [
            ...this.objects.values()
        ].filter((object)=>object.object === kind).reverse();
    }
    put(object) {
        this.keep([
            'object',
            object
        ]);
    }
    answerTo(key, nowSeconds) {
        const answer = this.answers.get(key);
        return answer && answer.at > nowSeconds - KEY_LIVES_SECONDS ? answer : null;
    }
    remember(key, answer) {
        this.keep([
            'answer',
            key,
            answer
        ]);
        // A map keeps the order of insertion: the oldest keys come first.
        for (const [old, { at }] of this.answers){
            if (at > answer.at - KEY_LIVES_SECONDS) break;
            this.answers.delete(old);
        }
    }
    tell(event) {
        this.keep([
            'event',
            event
        ]);
    }
    event(id) {
        return this.events.get(id) ?? null;
    }
    newestEvents() {
        return [
            ...this.events.values()
        ].reverse();
    }
    delivered(eventId) {
        this.keep([
            'delivered',
            eventId
        ]);
    }
    undelivered() {
        return [
            ...this.waiting
        ];
    }
    close() {
        if (this.file !== null) fs.closeSync(this.file);
    }
    keep(line) {
        if (this.file !== null) fs.writeSync(this.file, `${JSON.stringify(line)}\n`);
        this.take(line);
    }
    take(line) {
        switch(line[0]){
            case 'object':
                this.objects.set(line[1].id, line[1]);
                break;
            case 'answer':
                this.answers.delete(line[1]);
                this.answers.set(line[1], line[2]);
                break;
            case 'event':
                this.events.set(line[1].id, line[1]);
                this.waiting.add(line[1].id);
                break;
            case 'delivered':
                this.waiting.delete(line[1]);
                this.forgetOldEvents();
                break;
        }
    }
    forgetOldEvents() {
        for (const id of this.events.keys()){
            if (this.events.size <= EVENTS_KEPT || this.waiting.has(id)) return;
            this.events.delete(id);
        }
    }
    /** The last line may be half a line when the process was killed while writing it: nobody got that answer. */ load(text) {
        for (const line of text.split('\n')){
            if (line === '') continue;
            try {
                this.take(JSON.parse(line));
            } catch  {
                return;
            }
        }
    }
    /** One line per thing instead of one per change; written beside and moved, so a kill leaves either file whole. */ rewrite(dataFile) {
        const lines = [
            ...[
                ...this.objects.values()
            ].map((object)=>[
                    'object',
                    object
                ]),
            ...[
                ...this.answers
            ].map(([key, answer])=>[
                    'answer',
                    key,
                    answer
                ]),
            ...[
                ...this.events.values()
            ].map((event)=>[
                    'event',
                    event
                ]),
            ...[
                ...this.events.keys()
            ].filter((id)=>!this.waiting.has(id)).map((id)=>[
                    'delivered',
                    id
                ])
        ];
        const beside = `${dataFile}.new`;
        fs.writeFileSync(beside, lines.map((line)=>`${JSON.stringify(line)}\n`).join(''));
        fs.renameSync(beside, dataFile);
    }
}

//# sourceMappingURL=stand-in-memory.js.map
