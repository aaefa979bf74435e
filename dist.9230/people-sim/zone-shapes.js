// The zones as a phone receives them (GeoJSON), and whether a point lies in one.
export const shapesOf = (zones, kind)=>zones.features.filter((feature)=>feature.properties.kind === kind).flatMap(({ geometry })=>geometry.type === 'Polygon' ? [
            geometry.coordinates
        ] : geometry.coordinates).map(shapeOf);
function shapeOf(rings) {
    const outer = rings[0] ?? [];
    const shape = {
        rings,
        west: Infinity,
        east: -Infinity,
        south: Infinity,
        north: -Infinity
    };
    for (const [longitude, latitude] of outer){
        shape.west = Math.min(shape.west, longitude);
        shape.east = Math.max(shape.east, longitude);
        shape.south = Math.min(shape.south, latitude);
        shape.north = Math.max(shape.north, latitude);
    }
    return shape;
}
/** Where the borders of a shape cross this latitude, from west to east; between each pair lies the inside. */ export function crossings(shape, latitude) {
    const longitudes = [];
    for (const [a, b] of edges(shape)){
        if (a[1] > latitude === b[1] > latitude) continue;
        longitudes.push(a[0] + (latitude - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
    }
    return longitudes.sort((one, other)=>one - other);
}
export function* edges(shape) {
    for (const ring of shape.rings){
        for(let i = 0; i < ring.length; i++){
            const a = ring[i];
            const b = ring[(i + 1) % ring.length];
            if (a && b) yield [
                a,
                b
            ];
        }
    }
}
export function lies(place, shape) {
    const { latitude, longitude } = place;
    if (longitude < shape.west || longitude > shape.east || latitude < shape.south || latitude > shape.north) return false;
    let inside = false;
    for (const [a, b] of edges(shape)){
        if (a[1] > latitude === b[1] > latitude) continue;
        if (longitude < a[0] + (latitude - a[1]) / (b[1] - a[1]) * (b[0] - a[0])) inside = !inside;
    }
    return inside;
}
export const liesInOne = (place, shapes)=>shapes.some((shape)=>lies(place, shape));

//# sourceMappingURL=zone-shapes.js.map
