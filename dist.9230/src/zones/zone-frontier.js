// The line between where something is allowed and where it is not, over all zones at once, so that
// "how far to the nearest place where I may" is one look-up. Outlines are cut wherever another one
// meets them; a piece belongs to the line when its two sides get different answers.
import { metersBetween } from '../platform/geo.js';
import Flatbush from 'flatbush';
const METERS_PER_DEGREE = 111_195;
/** How far beside a piece its two sides are asked; a strip narrower than twice this is nobody's parking place. */ const SIDE_M = 0.25;
/** Pieces shorter than this come from outlines that follow each other. */ const SHORTEST_M = 0.02;
const STEPS_BEHIND_M = [
    1,
    0.5,
    SIDE_M
];
export class ZoneFrontier {
    constructor(zones, allowed){
        this.allowed = allowed;
        this.pieces = [];
        const corners = zones.flatMap(({ geometry })=>geometry.coordinates.flat(2));
        const latitudes = corners.map(([, latitude])=>latitude);
        const middle = latitudes.reduce((a, b)=>a + b, 0) / Math.max(1, latitudes.length);
        this.eastPerDegree = METERS_PER_DEGREE * Math.cos(middle * Math.PI / 180);
        const lines = zones.flatMap(({ geometry })=>geometry.coordinates.flat()).flatMap((ring)=>this.linesOf(ring));
        const boxes = boxesOf(lines);
        for (const line of lines)this.keepFrontier(line, cutsOf(line, lines, boxes));
        this.boxes = boxesOf(this.pieces);
    }
    /** Null when it is allowed nowhere, or the line has no place behind it to stand on. */ nearest(place) {
        if (!this.boxes || !Number.isFinite(place.latitude) || !Number.isFinite(place.longitude)) return null;
        const here = this.flat(place);
        for(let count = 8;; count *= 4){
            const found = this.boxes.neighbors(here[0], here[1], count).flatMap((i)=>this.pieces[i] ?? []);
            const last = found.at(-1);
            // No piece beyond the last box can be nearer than that box.
            const sure = found.length < count || !last ? Infinity : boxDistance(last, here);
            const byDistance = found.map((piece)=>({
                    piece,
                    meters: distanceTo(piece, here)
                })).sort((a, b)=>a.meters - b.meters);
            for (const { piece, meters } of byDistance){
                if (meters > sure) break;
                const position = this.stepBehind(piece, here);
                if (position) return {
                    borderMeters: meters,
                    position,
                    meters: metersBetween(place, position)
                };
            }
            if (found.length < count) return null;
        }
    }
    flat({ latitude, longitude }) {
        return [
            longitude * this.eastPerDegree,
            latitude * METERS_PER_DEGREE
        ];
    }
    place([east, north]) {
        return {
            latitude: north / METERS_PER_DEGREE,
            longitude: east / this.eastPerDegree
        };
    }
    linesOf(ring) {
        const points = ring.map(([longitude, latitude])=>this.flat({
                latitude,
                longitude
            }));
        return points.slice(1).flatMap((to, i)=>{
            const from = points[i];
            return from && length(from, to) > 0 ? [
                {
                    from,
                    to
                }
            ] : [];
        });
    }
    keepFrontier(line, cuts) {
        const whole = length(line.from, line.to);
        const left = [
            -(line.to[1] - line.from[1]) / whole,
            (line.to[0] - line.from[0]) / whole
        ];
        cuts.slice(1).forEach((end, i)=>{
            const start = cuts[i] ?? 0;
            if ((end - start) * whole < SHORTEST_M) return;
            const middle = along(line, (start + end) / 2);
            const leftAllowed = this.allowed(this.place(beside(middle, left, SIDE_M)));
            const rightAllowed = this.allowed(this.place(beside(middle, left, -SIDE_M)));
            if (leftAllowed === rightAllowed) return;
            const inward = leftAllowed ? left : [
                -left[0],
                -left[1]
            ];
            this.pieces.push({
                from: along(line, start),
                to: along(line, end),
                inward
            });
        });
    }
    /** The nearest place on the allowed side that, rounded as people will see it, is indeed allowed. */ stepBehind(piece, here) {
        const whole = length(piece.from, piece.to);
        const nearest = shareAlong(piece, here);
        for (const step of STEPS_BEHIND_M){
            // A metre from the corners, where another zone may begin; in the middle of short pieces.
            const margin = Math.min(0.5, step / whole);
            const foot = along(piece, Math.min(1 - margin, Math.max(margin, nearest)));
            const position = rounded(this.place(beside(foot, piece.inward, step)));
            if (this.allowed(position)) return position;
        }
        return null;
    }
}
const length = (a, b)=>Math.hypot(b[0] - a[0], b[1] - a[1]);
const along = ({ from, to }, share)=>[
        from[0] + (to[0] - from[0]) * share,
        from[1] + (to[1] - from[1]) * share
    ];
const beside = (point, direction, meters)=>[
        point[0] + direction[0] * meters,
        point[1] + direction[1] * meters
    ];
/** Six decimals are about ten centimetres. */ const rounded = ({ latitude, longitude })=>({
        latitude: Math.round(latitude * 1e6) / 1e6,
        longitude: Math.round(longitude * 1e6) / 1e6
    });
function shareAlong({ from, to }, point) {
    const [east, north] = [
        to[0] - from[0],
        to[1] - from[1]
    ];
    const share = ((point[0] - from[0]) * east + (point[1] - from[1]) * north) / (east * east + north * north);
    return Math.min(1, Math.max(0, share));
}
const distanceTo = (line, point)=>length(point, along(line, shareAlong(line, point)));
function boxDistance({ from, to }, [east, north]) {
    const dx = Math.max(Math.min(from[0], to[0]) - east, 0, east - Math.max(from[0], to[0]));
    const dy = Math.max(Math.min(from[1], to[1]) - north, 0, north - Math.max(from[1], to[1]));
    return Math.hypot(dx, dy);
}
function boxesOf(lines) {
    if (lines.length === 0) return null;
    const boxes = new Flatbush(lines.length);
    for (const line of lines)boxes.add(...boxOf(line, 0));
    boxes.finish();
    return boxes;
}
const boxOf = ({ from, to }, margin)=>[
        Math.min(from[0], to[0]) - margin,
        Math.min(from[1], to[1]) - margin,
        Math.max(from[0], to[0]) + margin,
        Math.max(from[1], to[1]) + margin
    ];
/** Where along the line (0 to 1, in order) another line crosses it or ends on it. */ function cutsOf(line, lines, boxes) {
    const cuts = [
        0,
        1
    ];
    for (const i of boxes?.search(...boxOf(line, SHORTEST_M)) ?? []){
        const other = lines[i];
        if (!other || other === line) continue;
        const crossing = crossingOf(line, other);
        if (crossing !== null) cuts.push(crossing);
        for (const end of [
            other.from,
            other.to
        ])if (distanceTo(line, end) < SHORTEST_M) cuts.push(shareAlong(line, end));
    }
    return cuts.sort((a, b)=>a - b);
}
function crossingOf(line, other) {
    const [ax, ay] = [
        line.to[0] - line.from[0],
        line.to[1] - line.from[1]
    ];
    const [bx, by] = [
        other.to[0] - other.from[0],
        other.to[1] - other.from[1]
    ];
    const [cx, cy] = [
        other.from[0] - line.from[0],
        other.from[1] - line.from[1]
    ];
    const turn = ax * by - ay * bx;
    if (turn === 0) return null;
    const onLine = (cx * by - cy * bx) / turn;
    const onOther = (cx * ay - cy * ax) / turn;
    return onLine > 0 && onLine < 1 && onOther >= 0 && onOther <= 1 ? onLine : null;
}

//# sourceMappingURL=zone-frontier.js.map
