// A way from one place to another that a scooter may really ride: through rideable squares only,
// pulled straight where nothing stands in between, and never with a jump.
import { metersApart } from './place.js';
/** No two neighbouring points of a route are farther apart. */ export const STEP_M = 200;
const STRAIGHT = 1;
const DIAGONAL = Math.SQRT2;
export class RouteFinder {
    constructor(grid){
        this.grid = grid;
        this.search = 0;
        const cells = grid.columns * grid.rows;
        this.cost = new Float32Array(cells);
        this.cameFrom = new Int32Array(cells);
        this.writtenBy = new Uint32Array(cells);
    }
    /** Begins exactly at `from` and ends exactly at `to`; empty when there is no way. */ route(from, to) {
        const start = this.entry(from);
        const goal = this.entry(to);
        if (start < 0 || goal < 0 || !this.reach(start, goal)) return [];
        const cells = this.straightened(this.backwards(goal).reverse());
        return withoutJumps([
            from,
            ...cells.map((cell)=>this.grid.placeIn(cell)),
            to
        ]);
    }
    /** The square where a place joins the grid: its own, or the nearest with a free line to it. */ entry(place) {
        const own = this.grid.cellAt(place);
        if (own >= 0 && this.grid.is('rideable', own)) return own;
        let tries = 0;
        const joined = this.grid.nearest(place, 'rideable', (cell)=>++tries > 60 || this.isFreeLine(place, this.grid.placeIn(cell)));
        return tries > 60 ? this.grid.nearest(place, 'rideable') : joined;
    }
    isFreeLine(from, to) {
        const pieces = Math.ceil(metersApart(from, to) / 5);
        for(let i = 1; i <= pieces; i++)if (!this.grid.mayRideAt(between(from, to, i / pieces))) return false;
        return true;
    }
    /** A* with the octile distance as the least that is left. */ reach(start, goal) {
        this.search += 1;
        const open = new Heap();
        this.note(start, -1, 0);
        open.push(start, this.least(start, goal));
        for(let cell = open.pop(); cell >= 0; cell = open.pop()){
            if (cell === goal) return true;
            const sofar = this.cost[cell] ?? 0;
            if (open.lastKey > sofar + this.least(cell, goal) + 1e-3) continue;
            this.neighbours(cell, (next, step)=>{
                const through = sofar + step;
                if (this.writtenBy[next] === this.search && (this.cost[next] ?? 0) <= through) return;
                this.note(next, cell, through);
                open.push(next, through + this.least(next, goal));
            });
        }
        return false;
    }
    note(cell, from, cost) {
        this.writtenBy[cell] = this.search;
        this.cameFrom[cell] = from;
        this.cost[cell] = cost;
    }
    least(cell, goal) {
        const { columns } = this.grid;
        const dx = Math.abs(cell % columns - goal % columns);
        const dy = Math.abs(Math.floor(cell / columns) - Math.floor(goal / columns));
        return Math.max(dx, dy) + (DIAGONAL - 1) * Math.min(dx, dy);
    }
    /** A diagonal step needs both squares beside it, so that no corner is cut. */ neighbours(cell, visit) {
        const { columns, rows } = this.grid;
        const column = cell % columns;
        const row = (cell - column) / columns;
        const free = (dc, dr)=>column + dc >= 0 && column + dc < columns && row + dr >= 0 && row + dr < rows && this.grid.is('rideable', cell + dc + dr * columns);
        const [west, east, south, north] = [
            free(-1, 0),
            free(1, 0),
            free(0, -1),
            free(0, 1)
        ];
        if (west) visit(cell - 1, STRAIGHT);
        if (east) visit(cell + 1, STRAIGHT);
        if (south) visit(cell - columns, STRAIGHT);
        if (north) visit(cell + columns, STRAIGHT);
        if (west && south && free(-1, -1)) visit(cell - 1 - columns, DIAGONAL);
        if (west && north && free(-1, 1)) visit(cell - 1 + columns, DIAGONAL);
        if (east && south && free(1, -1)) visit(cell + 1 - columns, DIAGONAL);
        if (east && north && free(1, 1)) visit(cell + 1 + columns, DIAGONAL);
    }
    backwards(goal) {
        const cells = [];
        for(let cell = goal; cell >= 0; cell = this.cameFrom[cell] ?? -1)cells.push(cell);
        return cells;
    }
    /** Leaves out every square that the one before can see past. */ straightened(cells) {
        const kept = [];
        let here = 0;
        while(here < cells.length){
            kept.push(cells[here] ?? -1);
            let next = here + 1;
            while(next + 1 < cells.length && this.sees(cells[here] ?? -1, cells[next + 1] ?? -1))next += 1;
            here = next;
        }
        return kept;
    }
    /** Whether every square the straight line between two middles touches may be ridden. */ sees(from, to) {
        const { columns } = this.grid;
        const [toColumn, toRow] = [
            to % columns,
            Math.floor(to / columns)
        ];
        let [column, row] = [
            from % columns,
            Math.floor(from / columns)
        ];
        const across = Math.abs(toColumn - column);
        const up = Math.abs(toRow - row);
        const east = Math.sign(toColumn - column);
        const north = Math.sign(toRow - row);
        let error = across - up;
        for(let left = across + up; left > 0; left--){
            if (error === 0) {
                const beside = this.grid.is('rideable', row * columns + column + east) && this.grid.is('rideable', (row + north) * columns + column);
                if (!beside) return false;
                left -= 1;
            }
            const [eastward, northward] = [
                error >= 0,
                error <= 0
            ];
            if (eastward) {
                column += east;
                error -= 2 * up;
            }
            if (northward) {
                row += north;
                error += 2 * across;
            }
            if (!this.grid.is('rideable', row * columns + column)) return false;
        }
        return true;
    }
}
const between = (a, b, part)=>({
        latitude: a.latitude + (b.latitude - a.latitude) * part,
        longitude: a.longitude + (b.longitude - a.longitude) * part
    });
function withoutJumps(places) {
    const dense = [];
    places.forEach((place, i)=>{
        const before = places[i - 1];
        if (before && metersApart(before, place) < 0.5) return;
        const pieces = before ? Math.max(1, Math.ceil(metersApart(before, place) / STEP_M)) : 1;
        for(let piece = 1; before && piece < pieces; piece++)dense.push(between(before, place, piece / pieces));
        dense.push(place);
    });
    return dense;
}
export function lengthM(route) {
    let sum = 0;
    route.forEach((place, i)=>{
        const before = route[i - 1];
        if (before) sum += metersApart(before, place);
    });
    return sum;
}
/** The smallest key first. */ let Heap = class Heap {
    push(cell, key) {
        let at = this.cells.length;
        while(at > 0){
            const above = at - 1 >> 1;
            if ((this.keys[above] ?? 0) <= key) break;
            this.move(above, at);
            at = above;
        }
        this.cells[at] = cell;
        this.keys[at] = key;
    }
    /** −1 when empty. */ pop() {
        const top = this.cells[0];
        if (top === undefined) return -1;
        this.lastKey = this.keys[0] ?? 0;
        const cell = this.cells.pop() ?? -1;
        const key = this.keys.pop() ?? 0;
        if (this.cells.length > 0) this.sink(cell, key);
        return top;
    }
    sink(cell, key) {
        let at = 0;
        for(;;){
            let below = 2 * at + 1;
            if (below >= this.cells.length) break;
            if (below + 1 < this.cells.length && (this.keys[below + 1] ?? 0) < (this.keys[below] ?? 0)) below += 1;
            if ((this.keys[below] ?? 0) >= key) break;
            this.move(below, at);
            at = below;
        }
        this.cells[at] = cell;
        this.keys[at] = key;
    }
    move(from, to) {
        this.cells[to] = this.cells[from] ?? -1;
        this.keys[to] = this.keys[from] ?? 0;
    }
    constructor(){
        this.lastKey = 0;
        this.cells = [];
        this.keys = [];
    }
};

//# sourceMappingURL=route.js.map
