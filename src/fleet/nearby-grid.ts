// Free scooters by place, in memory: squares of about 250 m over the city, each a chain of its scooters. A scooter
// that moves changes two links; a question looks at the squares its circle touches and at nothing else.
import { CITY_BOX, metersBetween, type Position } from '../platform/geo.js';

export interface NearbyScooter {
  readonly id: string;
  readonly plate: string;
  readonly position: Position;
  readonly rangeKm: number;
  readonly meters: number;
}

interface Circle {
  readonly center: Position;
  readonly radiusM: number;
  /** Half of the box around it, in degrees. */
  readonly north: number;
  readonly east: number;
}

export type FreeScooter = Omit<NearbyScooter, 'meters'>;

const METERS_PER_DEGREE = 111_195;
const CELL_M = 250;
const NONE = -1;
const FIRST_SLOTS = 1024;

const shrinkAt = (latitude: number): number => Math.max(0.01, Math.cos((latitude * Math.PI) / 180));

const CELL_LATITUDE = CELL_M / METERS_PER_DEGREE;
const CELL_LONGITUDE = CELL_LATITUDE / shrinkAt((CITY_BOX.south + CITY_BOX.north) / 2);
const ROWS = Math.ceil((CITY_BOX.north - CITY_BOX.south) / CELL_LATITUDE);
const COLUMNS = Math.ceil((CITY_BOX.east - CITY_BOX.west) / CELL_LONGITUDE);

/** What lies outside the city counts to the squares at its edge: they are chains like all others, and every distance is looked at. */
const within = (cell: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(cell)));
const rowOf = (latitude: number): number => within((latitude - CITY_BOX.south) / CELL_LATITUDE, ROWS);
const columnOf = (longitude: number): number => within((longitude - CITY_BOX.west) / CELL_LONGITUDE, COLUMNS);

const copyInto = <T extends Float64Array | Int32Array>(larger: T, old: T): T => {
  larger.set(old);
  return larger;
};

export class NearbyGrid {
  private readonly head = new Int32Array(ROWS * COLUMNS).fill(NONE);
  private next = new Int32Array(FIRST_SLOTS);
  private before = new Int32Array(FIRST_SLOTS);
  private cell = new Int32Array(FIRST_SLOTS);
  private latitude = new Float64Array(FIRST_SLOTS);
  private longitude = new Float64Array(FIRST_SLOTS);
  private rangeKm = new Float64Array(FIRST_SLOTS);
  private readonly ids: string[] = [];
  private readonly plates: string[] = [];
  private readonly slots = new Map<string, number>();
  private readonly empty: number[] = [];

  get size(): number {
    return this.slots.size;
  }

  /** Comes, moves, or has another range now. */
  put({ id, plate, position: { latitude, longitude }, rangeKm }: FreeScooter): void {
    const known = this.slots.get(id);
    const slot = known ?? this.newSlot(id, plate);
    this.latitude[slot] = latitude;
    this.longitude[slot] = longitude;
    this.rangeKm[slot] = rangeKm;
    const cell = rowOf(latitude) * COLUMNS + columnOf(longitude);
    if (known !== undefined) {
      if (this.cell[slot] === cell) return;
      this.unlink(slot);
    }
    this.link(slot, cell);
  }

  remove(id: string): void {
    const slot = this.slots.get(id);
    if (slot === undefined) return;
    this.unlink(slot);
    this.slots.delete(id);
    this.ids[slot] = '';
    this.plates[slot] = '';
    // No place is kept of who is no longer free.
    this.latitude[slot] = Number.NaN;
    this.longitude[slot] = Number.NaN;
    this.empty.push(slot);
  }

  /** Nearest first, of equal ones the smaller id; at most so many. */
  around(center: Position, radiusM: number, most: number): NearbyScooter[] {
    const found = this.within(center, radiusM);
    found.sort((a, b) => a.meters - b.meters || (a.id < b.id ? -1 : 1));
    return found.length > most ? found.slice(0, most) : found;
  }

  private within(center: Position, radiusM: number): NearbyScooter[] {
    const north = radiusM / METERS_PER_DEGREE;
    const east = north / shrinkAt(center.latitude);
    const [south, top] = [rowOf(center.latitude - north), rowOf(center.latitude + north)];
    const [west, right] = [columnOf(center.longitude - east), columnOf(center.longitude + east)];
    const found: NearbyScooter[] = [];
    for (let row = south; row <= top; row++) {
      for (let column = west; column <= right; column++) this.collect(row * COLUMNS + column, { center, radiusM, north, east }, found);
    }
    return found;
  }

  private collect(cell: number, { center, radiusM, north, east }: Circle, found: NearbyScooter[]): void {
    for (let slot = this.head[cell] ?? NONE; slot !== NONE; slot = this.next[slot] ?? NONE) {
      const latitude = this.latitude[slot] ?? Number.NaN;
      const longitude = this.longitude[slot] ?? Number.NaN;
      if (Math.abs(latitude - center.latitude) > north || Math.abs(longitude - center.longitude) > east) continue;
      const position = { latitude, longitude };
      const meters = metersBetween(center, position);
      if (meters > radiusM) continue;
      found.push({ id: this.ids[slot] ?? '', plate: this.plates[slot] ?? '', position, rangeKm: this.rangeKm[slot] ?? 0, meters });
    }
  }

  private newSlot(id: string, plate: string): number {
    const slot = this.empty.pop() ?? this.ids.length;
    if (slot === this.next.length) this.grow();
    this.ids[slot] = id;
    this.plates[slot] = plate;
    this.slots.set(id, slot);
    return slot;
  }

  private grow(): void {
    const slots = this.next.length * 2;
    this.next = copyInto(new Int32Array(slots), this.next);
    this.before = copyInto(new Int32Array(slots), this.before);
    this.cell = copyInto(new Int32Array(slots), this.cell);
    this.latitude = copyInto(new Float64Array(slots), this.latitude);
    this.longitude = copyInto(new Float64Array(slots), this.longitude);
    this.rangeKm = copyInto(new Float64Array(slots), this.rangeKm);
  }

  private link(slot: number, cell: number): void {
    const first = this.head[cell] ?? NONE;
    this.cell[slot] = cell;
    this.next[slot] = first;
    this.before[slot] = NONE;
    if (first !== NONE) this.before[first] = slot;
    this.head[cell] = slot;
  }

  private unlink(slot: number): void {
    const [before, next] = [this.before[slot] ?? NONE, this.next[slot] ?? NONE];
    if (before === NONE) this.head[this.cell[slot] ?? 0] = next;
    else this.next[before] = next;
    if (next !== NONE) this.before[next] = before;
  }
}
