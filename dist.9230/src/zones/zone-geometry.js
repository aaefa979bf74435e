// Is this drawn shape a valid zone? Whatever comes from outside is judged here: it becomes a clean
// MultiPolygon with its area, or one named flaw. Nothing makes it throw.
import { area, booleanPointInPolygon, kinks, polygon } from '@turf/turf';
import { isNearCity } from '../platform/geo.js';
export const ZONE_FLAWS = {
    missing: 'There is no shape.',
    not_a_polygon: 'Only a Polygon or a MultiPolygon can be a zone.',
    empty: 'The shape has no ring.',
    not_numbers: 'Every corner is a pair of finite numbers: longitude, latitude.',
    impossible_coordinates: 'A longitude lies within ±180 and a latitude within ±90.',
    crosses_antimeridian: 'A zone may not cross the 180th meridian.',
    swapped_coordinates: 'Longitude and latitude seem to be swapped: longitude comes first.',
    far_from_city: 'The shape lies far outside our city.',
    too_few_points: 'A ring has at least four points, the last one equal to the first.',
    unclosed: 'The last point of a ring must equal its first.',
    too_many_points: 'A zone has at most 5,000 points.',
    zero_area: 'The shape has no area.',
    absurd_size: 'The shape is larger than any zone of a city.',
    self_crossing: 'The outline crosses itself.',
    hole_outside: 'A hole lies outside of its outline.'
};
/** More would let one request hold the process for a second: looking for crossings compares all pairs. */ const MAX_POINTS = 5000;
const LEAST_AREA_M2 = 1;
/** The largest zone of the real feed, an operator's outer border, has 629 km². */ const MOST_AREA_M2 = 5_000_000_000;
/** Seven decimals are one centimetre. */ const DECIMALS = 1e7;
export function judgeShape(geometry) {
    const parts = partsOf(geometry);
    if (typeof parts === 'string') return {
        flaw: parts
    };
    const flaw = flawOfPoints(parts.flat(2)) ?? firstOf(parts.flat(), flawOfRing);
    if (flaw) return {
        flaw
    };
    const shape = {
        type: 'MultiPolygon',
        coordinates: parts.map((rings)=>rings.map(tidy))
    };
    // Rounding and repeated corners may leave less than a triangle.
    const areaM2 = shape.coordinates.flat().some((ring)=>ring.length < 4) ? 0 : area(shape);
    if (!(areaM2 >= LEAST_AREA_M2)) return {
        flaw: flawOfCollapsed(shape)
    };
    if (areaM2 > MOST_AREA_M2) return {
        flaw: 'absurd_size'
    };
    const crossing = firstOf(shape.coordinates, flawOfPart) ?? (partsOverlap(shape) ? 'self_crossing' : null);
    return crossing ? {
        flaw: crossing
    } : {
        shape,
        areaM2
    };
}
function firstOf(items, flawOf) {
    for (const item of items){
        const flaw = flawOf(item);
        if (flaw) return flaw;
    }
    return null;
}
/** The rings of every part as pairs of finite numbers, whatever was sent; a third number, the height, is dropped. */ function partsOf(geometry) {
    if (geometry === null || geometry === undefined) return 'missing';
    if (typeof geometry !== 'object' || !('type' in geometry) || !('coordinates' in geometry)) return 'not_a_polygon';
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return 'not_a_polygon';
    const parts = geometry.type === 'Polygon' ? [
        geometry.coordinates
    ] : geometry.coordinates;
    if (!Array.isArray(parts) || parts.length === 0) return 'empty';
    const read = [];
    for (const part of parts){
        if (!Array.isArray(part) || part.length === 0) return 'empty';
        const rings = part.map(ringOf);
        if (rings.some((ring)=>ring === null)) return 'not_numbers';
        read.push(rings.filter((ring)=>ring !== null));
    }
    return read;
}
function ringOf(ring) {
    if (!Array.isArray(ring)) return null;
    const points = [];
    for (const point of ring){
        if (!Array.isArray(point) || point.length < 2 || point.length > 3) return null;
        const [longitude, latitude] = point;
        if (!Number.isFinite(longitude) || !Number.isFinite(latitude)) return null;
        points.push([
            longitude,
            latitude
        ]);
    }
    return points;
}
function flawOfPoints(points) {
    if (points.length > MAX_POINTS) return 'too_many_points';
    if (points.length === 0) return 'too_few_points';
    if (points.some(([longitude, latitude])=>Math.abs(longitude) > 180 || Math.abs(latitude) > 90)) return 'impossible_coordinates';
    if (points.some(([longitude], i)=>Math.abs(longitude - (points[i - 1]?.[0] ?? longitude)) > 180)) return 'crosses_antimeridian';
    if (points.every(([longitude, latitude])=>isNearCity({
            latitude: longitude,
            longitude: latitude
        }))) return 'swapped_coordinates';
    if (!points.some(([longitude, latitude])=>isNearCity({
            latitude,
            longitude
        }))) return 'far_from_city';
    return points.every(([longitude, latitude])=>isNearCity({
            latitude,
            longitude
        })) ? null : 'absurd_size';
}
function flawOfRing(ring) {
    const [first, last] = [
        ring[0],
        ring.at(-1)
    ];
    if (!first || !last || ring.length < 3) return 'too_few_points';
    if (first[0] !== last[0] || first[1] !== last[1]) return 'unclosed';
    return ring.length < 4 ? 'too_few_points' : null;
}
/** Corners on whole centimetres, none said twice in a row. */ function tidy(ring) {
    const rounded = ring.map(([x, y])=>[
            Math.round(x * DECIMALS) / DECIMALS,
            Math.round(y * DECIMALS) / DECIMALS
        ]);
    return rounded.filter(([x, y], i)=>i === 0 || x !== rounded[i - 1]?.[0] || y !== rounded[i - 1]?.[1]);
}
/** The two halves of a bowtie can cancel each other out: then it is the crossing that people should look for. */ const flawOfCollapsed = (shape)=>shape.coordinates.some((rings)=>rings.every((ring)=>ring.length >= 4) && crosses(rings)) ? 'self_crossing' : 'zero_area';
function flawOfPart(rings) {
    const [outline, ...holes] = rings;
    if (!outline || crosses(rings)) return 'self_crossing';
    const inside = (hole)=>hole.every((point)=>booleanPointInPolygon(point, polygon([
                outline
            ])));
    return holes.every(inside) ? null : 'hole_outside';
}
/** `booleanValid` calls a bowtie valid; `kinks` finds where it crosses. */ const crosses = (rings)=>rings.some(turnsBack) || kinks(polygon(rings)).features.length > 0;
/** A spike goes out and comes back on the same line; it crosses nothing, and is no outline either. */ function turnsBack(ring) {
    const corners = ring.slice(0, -1);
    return corners.some(([x, y], i)=>{
        const [before, after] = [
            corners.at(i - 1),
            corners[(i + 1) % corners.length]
        ];
        if (!before || !after) return false;
        const [ax, ay, bx, by] = [
            before[0] - x,
            before[1] - y,
            after[0] - x,
            after[1] - y
        ];
        return ax * by - ay * bx === 0 && ax * bx + ay * by > 0;
    });
}
/** Parts of one zone may touch. A corner of one in the middle of another says they overlap. */ function partsOverlap({ coordinates }) {
    if (coordinates.length < 2) return false;
    return coordinates.some((part, i)=>coordinates.some((other, j)=>i !== j && (part[0] ?? []).some((point)=>booleanPointInPolygon(point, polygon(other), {
                    ignoreBoundary: true
                }))));
}

//# sourceMappingURL=zone-geometry.js.map
