function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
import { Column, Entity, PrimaryColumn } from 'typeorm';
export class ZoneEntity {
}
_ts_decorate([
    PrimaryColumn('uuid'),
    _ts_metadata("design:type", typeof ZoneId === "undefined" ? Object : ZoneId)
], ZoneEntity.prototype, "id", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], ZoneEntity.prototype, "version", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", typeof ZoneKind === "undefined" ? Object : ZoneKind)
], ZoneEntity.prototype, "kind", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], ZoneEntity.prototype, "name", void 0);
_ts_decorate([
    Column('integer', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], ZoneEntity.prototype, "priority", void 0);
_ts_decorate([
    Column('integer', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], ZoneEntity.prototype, "maxSpeedKmh", void 0);
_ts_decorate([
    Column('jsonb'),
    _ts_metadata("design:type", typeof ZoneShape === "undefined" ? Object : ZoneShape)
], ZoneEntity.prototype, "geometry", void 0);
_ts_decorate([
    Column('double precision', {
        name: 'area_m2'
    }),
    _ts_metadata("design:type", Number)
], ZoneEntity.prototype, "areaM2", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], ZoneEntity.prototype, "source", void 0);
ZoneEntity = _ts_decorate([
    Entity('zones')
], ZoneEntity);

//# sourceMappingURL=zone.entity.js.map
