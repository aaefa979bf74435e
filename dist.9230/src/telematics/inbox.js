// What has come up from the scooters and waits for its turn: one at a time per scooter, in order, so that
// a scooter never overtakes itself; many scooters at once. What cannot wait (events, presence) goes first,
// and of a scooter's telemetry only the newest is worth keeping.
export class Inbox {
    get size() {
        return this.urgentSize + this.telemetry.size;
    }
    get isIdle() {
        return this.size === 0 && this.busy.size === 0;
    }
    /** True when it takes the place of older telemetry of the same scooter that nobody had time for. */ put(message) {
        if (message.kind === 'telemetry') {
            const replaces = this.telemetry.delete(message.scooterId);
            this.telemetry.set(message.scooterId, message);
            return replaces;
        }
        const line = this.urgent.get(message.scooterId);
        if (line) line.push(message);
        else this.urgent.set(message.scooterId, [
            message
        ]);
        this.urgentSize++;
        return false;
    }
    /** The next message of a scooter nobody is busy with, or null. Call `done` when it is dealt with. */ take() {
        const message = this.takeUrgent() ?? this.takeTelemetry();
        if (message) this.busy.add(message.scooterId);
        return message;
    }
    done(scooterId) {
        this.busy.delete(scooterId);
    }
    takeUrgent() {
        for (const [scooterId, line] of this.urgent){
            if (this.busy.has(scooterId)) continue;
            const message = line.shift();
            // Back to the end of the line, so that one scooter with a full flash does not keep out the others.
            this.urgent.delete(scooterId);
            if (line.length > 0) this.urgent.set(scooterId, line);
            if (!message) continue;
            this.urgentSize--;
            return message;
        }
        return null;
    }
    takeTelemetry() {
        for (const [scooterId, message] of this.telemetry){
            if (this.busy.has(scooterId)) continue;
            this.telemetry.delete(scooterId);
            return message;
        }
        return null;
    }
    constructor(){
        this.urgent = new Map();
        this.telemetry = new Map();
        this.busy = new Set();
        this.urgentSize = 0;
    }
}

//# sourceMappingURL=inbox.js.map
