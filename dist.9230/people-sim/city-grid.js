// The city as squares of a hundred metres, each of which may be ridden or not. A square is rideable only
// when all of it lies inside the service area and outside every no-ride zone, so a way through such
// squares cannot leave them.
import { METERS_PER_DEGREE_OF_LATITUDE } from './place.js';
import { crossings, edges, liesInOne, shapesOf } from './zone-shapes.js';
export const CELL_M = 100;
const RIDEABLE = 1;
const PARKABLE = 2;
export class CityGrid {
    constructor(zones, cellM = CELL_M){
        this.service = shapesOf(zones, 'service');
        this.noRide = shapesOf(zones, 'no_ride');
        if (this.service.length === 0) throw new Error('The city has no service area.');
        this.west = Math.min(...this.service.map((shape)=>shape.west));
        this.south = Math.min(...this.service.map((shape)=>shape.south));
        const east = Math.max(...this.service.map((shape)=>shape.east));
        const north = Math.max(...this.service.map((shape)=>shape.north));
        const narrowing = Math.cos((this.south + north) / 2 * Math.PI / 180);
        this.cellLatitude = cellM / METERS_PER_DEGREE_OF_LATITUDE;
        this.cellLongitude = cellM / (METERS_PER_DEGREE_OF_LATITUDE * narrowing);
        this.columns = Math.ceil((east - this.west) / this.cellLongitude);
        this.rows = Math.ceil((north - this.south) / this.cellLatitude);
        this.marks = this.drawn(shapesOf(zones, 'no_parking'));
    }
    /** −1 outside the grid. */ cellAt(place) {
        const column = Math.floor((place.longitude - this.west) / this.cellLongitude);
        const row = Math.floor((place.latitude - this.south) / this.cellLatitude);
        return column < 0 || row < 0 || column >= this.columns || row >= this.rows ? -1 : row * this.columns + column;
    }
    /** The middle of a square, or a point `east` and `north` of it, in parts of a square (−0.5 to 0.5). */ placeIn(cell, east = 0, north = 0) {
        return {
            latitude: this.south + (Math.floor(cell / this.columns) + 0.5 + north) * this.cellLatitude,
            longitude: this.west + (cell % this.columns + 0.5 + east) * this.cellLongitude
        };
    }
    is(wanted, cell) {
        return ((this.marks[cell] ?? 0) & (wanted === 'rideable' ? RIDEABLE : PARKABLE)) !== 0;
    }
    /** Exact, for points that are not of the grid's making. */ mayRideAt(place) {
        return liesInOne(place, this.service) && !liesInOne(place, this.noRide);
    }
    /** The nearest such square, searched in growing rings; `also` may refuse one. −1 when there is none. */ nearest(place, wanted, also = ()=>true) {
        const column = Math.floor((place.longitude - this.west) / this.cellLongitude);
        const row = Math.floor((place.latitude - this.south) / this.cellLatitude);
        const farthest = Math.max(this.columns, this.rows) + Math.abs(column) + Math.abs(row);
        for(let ring = 0; ring <= farthest; ring++){
            for (const cell of this.ringAround(column, row, ring)){
                if (this.is(wanted, cell) && also(cell)) return cell;
            }
        }
        return -1;
    }
    *ringAround(column, row, ring) {
        for(let dRow = -ring; dRow <= ring; dRow++){
            const step = Math.abs(dRow) === ring ? 1 : Math.max(1, 2 * ring);
            for(let dColumn = -ring; dColumn <= ring; dColumn += step){
                const c = column + dColumn;
                const r = row + dRow;
                if (c >= 0 && r >= 0 && c < this.columns && r < this.rows) yield r * this.columns + c;
            }
        }
    }
    drawn(noParking) {
        const free = new Uint8Array(this.columns * this.rows);
        for (const shape of this.service)this.fill(shape, (cell)=>free[cell] = 1);
        this.clearServiceBorders(free);
        for (const shape of this.noRide)this.cover(shape, (cell)=>free[cell] = 0);
        const marks = this.largestPart(free);
        for(let cell = 0; cell < marks.length; cell++)if (marks[cell] === RIDEABLE) marks[cell] = RIDEABLE | PARKABLE;
        for (const shape of noParking)this.cover(shape, (cell)=>marks[cell] = (marks[cell] ?? 0) & RIDEABLE);
        return marks;
    }
    /** A border with the outside closes a square; a border between two parts of the service area does not. */ clearServiceBorders(free) {
        const samples = [
            -0.5,
            -0.25,
            0,
            0.25,
            0.5
        ];
        for (const shape of this.service){
            this.walkBorder(shape, (cell)=>{
                const whole = samples.every((north)=>samples.every((east)=>liesInOne(this.placeIn(cell, east, north), this.service)));
                const shared = this.service.some((other)=>other !== shape && this.touches(other, cell));
                free[cell] = whole && shared ? 1 : 0;
            });
        }
    }
    touches(shape, cell) {
        const { latitude, longitude } = this.placeIn(cell);
        return shape.west <= longitude + this.cellLongitude && shape.east >= longitude - this.cellLongitude && shape.south <= latitude + this.cellLatitude && shape.north >= latitude - this.cellLatitude;
    }
    cover(shape, mark) {
        this.fill(shape, mark);
        this.walkBorder(shape, mark);
    }
    /** Squares whose middle lies inside, row by row. */ fill(shape, mark) {
        for(let row = 0; row < this.rows; row++){
            const cuts = crossings(shape, this.placeIn(row * this.columns).latitude);
            for(let i = 0; i + 1 < cuts.length; i += 2){
                const first = Math.max(0, Math.ceil(((cuts[i] ?? 0) - this.west) / this.cellLongitude - 0.5));
                const last = Math.min(this.columns - 1, Math.floor(((cuts[i + 1] ?? 0) - this.west) / this.cellLongitude - 0.5));
                for(let column = first; column <= last; column++)mark(row * this.columns + column);
            }
        }
    }
    /** Every square a border runs through: cut each edge where it meets a grid line, and take the pieces' middles. */ walkBorder(shape, mark) {
        for (const [a, b] of edges(shape)){
            const x = (a[0] - this.west) / this.cellLongitude;
            const y = (a[1] - this.south) / this.cellLatitude;
            const dx = (b[0] - this.west) / this.cellLongitude - x;
            const dy = (b[1] - this.south) / this.cellLatitude - y;
            const cuts = [
                0,
                ...cutsOf(x, dx),
                ...cutsOf(y, dy),
                1
            ].sort((one, other)=>one - other);
            for(let i = 0; i + 1 < cuts.length; i++){
                const middle = ((cuts[i] ?? 0) + (cuts[i + 1] ?? 1)) / 2;
                const column = Math.floor(x + dx * middle);
                const row = Math.floor(y + dy * middle);
                if (column >= 0 && row >= 0 && column < this.columns && row < this.rows) mark(row * this.columns + column);
            }
        }
    }
    /** Only squares that can reach each other: an island behind no-ride zones is no destination. */ largestPart(free) {
        const part = new Int32Array(free.length);
        let largest = {
            part: 0,
            size: 0
        };
        let parts = 0;
        for(let start = 0; start < free.length; start++){
            if (free[start] !== 1 || part[start] !== 0) continue;
            parts += 1;
            const size = this.flood(start, (cell)=>free[cell] === 1 && part[cell] === 0 && (part[cell] = parts, true));
            if (size > largest.size) largest = {
                part: parts,
                size
            };
        }
        return Uint8Array.from(part, (one)=>one !== 0 && one === largest.part ? RIDEABLE : 0);
    }
    flood(start, enter) {
        const stack = enter(start) ? [
            start
        ] : [];
        let size = 0;
        for(let cell = stack.pop(); cell !== undefined; cell = stack.pop()){
            size += 1;
            const column = cell % this.columns;
            if (column > 0 && enter(cell - 1)) stack.push(cell - 1);
            if (column < this.columns - 1 && enter(cell + 1)) stack.push(cell + 1);
            if (cell >= this.columns && enter(cell - this.columns)) stack.push(cell - this.columns);
            if (cell < this.columns * (this.rows - 1) && enter(cell + this.columns)) stack.push(cell + this.columns);
        }
        return size;
    }
}
/** Where (0 to 1) a stretch from `from` by `by` passes whole numbers. */ function cutsOf(from, by) {
    const cuts = [];
    for(let line = Math.ceil(Math.min(from, from + by)); line <= Math.max(from, from + by); line++){
        const at = by === 0 ? -1 : (line - from) / by;
        if (at > 0 && at < 1) cuts.push(at);
    }
    return cuts;
}

//# sourceMappingURL=city-grid.js.map
