// The only place that asks what time it is. Rules receive instants; tests move this clock by hand,
// and a simulated city lets it run faster than reality.
/** Where the city's clock stood (`from`) when reality stood at `since`, and how fast it runs. */ export class Clock {
    /** The instant `seconds` of the city's time from now. */ in(seconds) {
        return new Date(this.now().getTime() + seconds * 1000);
    }
    /** Reality itself, for ages of messages from parties whose clocks do not follow the city's. */ realNow() {
        return new Date();
    }
    /**
   * The instant the city's clock will show after `seconds` of real time. Radio and network do not
   * get faster when the city does, so their deadlines are set with this one.
   */ inReal(seconds) {
        return this.in(seconds * this.speed);
    }
}
/** City time = from + (real time − since) × speed. With the default setting it is real time. */ export class CityClock extends Clock {
    constructor(setting = {
        from: new Date(0),
        since: new Date(0),
        speed: 1
    }){
        super(), this.setting = setting;
        this.speed = setting.speed;
    }
    now() {
        const { from, since, speed } = this.setting;
        return new Date(from.getTime() + (Date.now() - since.getTime()) * speed);
    }
}

//# sourceMappingURL=clock.js.map
