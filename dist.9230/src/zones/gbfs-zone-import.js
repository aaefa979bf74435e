// Zones other operators publish (GBFS 3.0 `geofencing_zones`), judged one by one: what is whole
// becomes a zone of ours, what is broken is refused with its reason, and neither hides the other.
import { z } from 'zod';
import { judgeShape } from './zone-geometry.js';
/** Rules also name vehicle types (in real feeds under the key of GBFS 2); ours are one kind, so all rules count. */ const Rule = z.object({
    ride_end_allowed: z.boolean(),
    ride_through_allowed: z.boolean(),
    maximum_speed_kph: z.number().min(0).max(1000).optional()
});
const Properties = z.object({
    name: z.array(z.object({
        text: z.string()
    })).optional(),
    rules: z.array(Rule).min(1).max(100)
});
const Feature = z.object({
    type: z.literal('Feature'),
    properties: z.unknown(),
    geometry: z.unknown()
});
/** A moped does not go faster, so a higher limit says nothing (45 km/h, class L1e-B). */ const FASTEST_KMH = 45;
const LONGEST_NAME = 120;
export function importGbfsZones(features, source) {
    const zones = {
        taken: [],
        refused: []
    };
    features.forEach((feature, index)=>{
        const read = readFeature(feature, `${source}#${String(index)}`);
        if ('kind' in read) zones.taken.push(read);
        else zones.refused.push({
            index,
            ...read
        });
    });
    return zones;
}
function readFeature(candidate, source) {
    const feature = Feature.safeParse(candidate);
    if (!feature.success) return {
        name: null,
        reason: 'not_a_feature'
    };
    const properties = Properties.safeParse(feature.data.properties);
    if (!properties.success) return {
        name: null,
        reason: 'rules_unreadable'
    };
    const name = (properties.data.name?.[0]?.text.trim() ?? '').slice(0, LONGEST_NAME);
    const judged = judgeShape(feature.data.geometry);
    if ('flaw' in judged) return {
        name: name === '' ? null : name,
        reason: judged.flaw
    };
    const { rules } = properties.data;
    const kind = kindOf(rules);
    const maxSpeedKmh = kind === 'slow' ? limitOf(rules) : null;
    return {
        kind,
        name: name === '' ? 'Zone' : name,
        priority: null,
        maxSpeedKmh,
        geometry: judged.shape,
        source
    };
}
function kindOf(rules) {
    if (rules.some((rule)=>!rule.ride_through_allowed)) return 'no_ride';
    if (rules.some((rule)=>!rule.ride_end_allowed)) return 'no_parking';
    return rules.some((rule)=>rule.maximum_speed_kph !== undefined) ? 'slow' : 'service';
}
const limitOf = (rules)=>Math.floor(Math.min(FASTEST_KMH, ...rules.flatMap((rule)=>rule.maximum_speed_kph ?? [])));

//# sourceMappingURL=gbfs-zone-import.js.map
