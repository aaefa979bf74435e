import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeShape, type ZoneFlaw } from '../../src/zones/zone-geometry.js';

type Pair = [number, number];
const [x, y] = [2.34, 48.86];
const square = (size: number, [dx, dy]: Pair = [0, 0]): Pair[] =>
  [
    [0, 0],
    [size, 0],
    [size, size],
    [0, size],
    [0, 0],
  ].map(([a, b]) => [x + dx + (a ?? 0), y + dy + (b ?? 0)]);
const polygon = (...rings: unknown[]) => ({ type: 'Polygon', coordinates: rings });
const many = (n: number): Pair[] => {
  const ring = Array.from({ length: n - 1 }, (_, i): Pair => [
    x + 0.01 * Math.cos((2 * Math.PI * i) / (n - 1)),
    y + 0.01 * Math.sin((2 * Math.PI * i) / (n - 1)),
  ]);
  return [...ring, ring[0] ?? [x, y]];
};

describe('a drawn shape', () => {
  it.each<[string, unknown]>([
    ['a square', polygon(square(0.01))],
    ['a square drawn the other way round', polygon(square(0.01).toReversed())],
    ['a square with a hole', polygon(square(0.01), square(0.002, [0.004, 0.004]))],
    ['two islands', { type: 'MultiPolygon', coordinates: [[square(0.01)], [square(0.01, [0.02, 0])]] }],
    ['heights are left out', polygon(square(0.01).map((p) => [...p, 35]))],
    ['a corner said twice', polygon(square(0.01).flatMap((p, i) => (i === 1 ? [p, p] : [p])))],
    ['a foreign member such as crs', { ...polygon(square(0.01)), crs: { type: 'name' } }],
    ['two thousand corners', polygon(many(2000))],
  ])('is taken: %s', (_what, geometry) => {
    const judged = judgeShape(geometry);
    expect(judged).toHaveProperty('shape.type', 'MultiPolygon');
    expect(judged).toHaveProperty('areaM2', expect.any(Number));
  });

  it.each<[string, unknown, ZoneFlaw]>([
    ['null', null, 'missing'],
    ['nothing', undefined, 'missing'],
    ['a text', 'POLYGON((0 0))', 'not_a_polygon'],
    ['a point', { type: 'Point', coordinates: [x, y] }, 'not_a_polygon'],
    ['a collection', { type: 'GeometryCollection', geometries: [] }, 'not_a_polygon'],
    ['no ring', polygon(), 'empty'],
    ['no part', { type: 'MultiPolygon', coordinates: [] }, 'empty'],
    ['an empty ring', polygon([]), 'too_few_points'],
    ['texts for numbers', polygon(square(0.01).map(([a, b]) => [String(a), b])), 'not_numbers'],
    ['NaN', polygon(square(0.01).map(([a], i) => [a, i === 2 ? NaN : y])), 'not_numbers'],
    ['infinity', polygon(square(0.01).map(([a], i) => [a, i === 2 ? Infinity : y])), 'not_numbers'],
    ['null corners', polygon([null, null, null, null]), 'not_numbers'],
    ['coordinates nested a thousand deep', polygon(JSON.parse('['.repeat(1000) + ']'.repeat(1000))), 'not_numbers'],
    [
      'two corners and back',
      polygon([
        [x, y],
        [x + 0.01, y],
        [x, y],
      ]),
      'too_few_points',
    ],
    ['not closed', polygon(square(0.01).slice(0, 4)), 'unclosed'],
    [
      'all corners on one line',
      polygon([
        [x, y],
        [x + 0.01, y],
        [x + 0.02, y],
        [x, y],
      ]),
      'self_crossing',
    ],
    [
      'all corners the same',
      polygon([
        [x, y],
        [x, y],
        [x, y],
        [x, y],
      ]),
      'zero_area',
    ],
    [
      'a bowtie, which turf calls valid',
      polygon([
        [x, y],
        [x + 0.01, y + 0.01],
        [x + 0.01, y],
        [x, y + 0.01],
        [x, y],
      ]),
      'self_crossing',
    ],
    [
      'a spike',
      polygon([
        [x, y],
        [x + 0.01, y],
        [x + 0.03, y],
        [x + 0.01, y],
        [x + 0.01, y + 0.01],
        [x, y],
      ]),
      'self_crossing',
    ],
    ['a hole outside', polygon(square(0.01), square(0.002, [0.02, 0.02])), 'hole_outside'],
    ['a hole across the outline', polygon(square(0.01), square(0.01, [0.005, 0.005])), 'self_crossing'],
    [
      'two islands on top of each other',
      { type: 'MultiPolygon', coordinates: [[square(0.01)], [square(0.01, [0.005, 0.005])]] },
      'self_crossing',
    ],
    ['longitude and latitude swapped', polygon(square(0.01).map(([a, b]) => [b, a])), 'swapped_coordinates'],
    ['beyond the pole', polygon(square(0.01).map(([a]) => [a, 90.0001])), 'impossible_coordinates'],
    [
      'beyond the date line',
      polygon([
        [180.0001, y],
        [179, y],
        [179, y + 1],
        [180.0001, y],
      ]),
      'impossible_coordinates',
    ],
    ['a longitude of 362.35', polygon(square(0.01).map(([a, b]) => [a + 360, b])), 'impossible_coordinates'],
    [
      'across the date line',
      polygon([
        [179, y],
        [-179, y],
        [-179, y + 1],
        [179, y + 1],
        [179, y],
      ]),
      'crosses_antimeridian',
    ],
    [
      'at (0, 0)',
      polygon([
        [0, 0],
        [0.01, 0],
        [0.01, 0.01],
        [0, 0],
      ]),
      'far_from_city',
    ],
    [
      'around the pole',
      polygon([
        [-80, 89],
        [0, 89],
        [80, 89],
        [-80, 89],
      ]),
      'far_from_city',
    ],
    [
      'half of France',
      polygon([
        [x, y],
        [x + 4, y],
        [x + 4, y - 4],
        [x, y],
      ]),
      'absurd_size',
    ],
    ['a hundred thousand corners', polygon(many(100_000)), 'too_many_points'],
  ])('is refused: %s', (_what, geometry, flaw) => {
    expect(judgeShape(geometry)).toEqual({ flaw });
  });

  it('never throws, whatever is sent', () => {
    const number = fc.oneof(
      fc.double({ min: 2.2, max: 2.4 }),
      fc.double({ min: 48.7, max: 49 }),
      fc.double(),
      fc.constant(null),
    );
    const ring = fc.array(fc.array(number, { maxLength: 4 }), { maxLength: 8 });
    const geometry = fc.record({
      type: fc.constantFrom('Polygon', 'MultiPolygon'),
      coordinates: fc.oneof(fc.array(ring), fc.array(fc.array(ring)), fc.anything()),
    });
    fc.assert(
      fc.property(fc.oneof(geometry, fc.anything()), (candidate) => {
        const judged = judgeShape(candidate);
        expect('flaw' in judged || judged.areaM2 > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
