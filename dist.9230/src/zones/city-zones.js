// The first zones of a city: its communes joined into one service area, and what an operator published.
import { featureCollection, multiPolygon, polygon, union } from '@turf/turf';
import { z } from 'zod';
import { importGbfsZones } from './gbfs-zone-import.js';
const Positions = z.array(z.array(z.number()));
const Commune = z.object({
    properties: z.object({
        nom: z.string()
    }),
    geometry: z.discriminatedUnion('type', [
        z.object({
            type: z.literal('Polygon'),
            coordinates: z.array(Positions)
        }),
        z.object({
            type: z.literal('MultiPolygon'),
            coordinates: z.array(z.array(Positions))
        })
    ])
});
const Boundaries = z.object({
    features: z.array(Commune).min(1)
});
const Feed = z.object({
    data: z.object({
        geofencing_zones: z.object({
            features: z.array(z.unknown())
        })
    })
});
/**
 * Joined, because communes are neighbours: a small one drawn by itself would outrank the larger
 * zones of the next one wherever two surveys disagree about the border.
 */ export function cityZones(boundaries, operatorFeed) {
    const { features } = Boundaries.parse(boundaries);
    const shapes = features.map(({ geometry })=>geometry.type === 'Polygon' ? polygon(geometry.coordinates) : multiPolygon(geometry.coordinates));
    const whole = shapes.length === 1 ? shapes[0] : union(featureCollection(shapes));
    const name = features.map(({ properties })=>properties.nom).join(' + ');
    const { taken, refused } = importGbfsZones(Feed.parse(operatorFeed).data.geofencing_zones.features, 'gbfs');
    const area = {
        kind: 'service',
        name,
        priority: null,
        maxSpeedKmh: null,
        geometry: whole?.geometry ?? null,
        source: 'communes'
    };
    return {
        taken: [
            area,
            ...taken
        ],
        refused
    };
}

//# sourceMappingURL=city-zones.js.map
