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
export class ZoneVersionEntity {
}
_ts_decorate([
    PrimaryColumn('integer'),
    _ts_metadata("design:type", Number)
], ZoneVersionEntity.prototype, "version", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], ZoneVersionEntity.prototype, "note", void 0);
_ts_decorate([
    Column('timestamptz'),
    _ts_metadata("design:type", typeof Date === "undefined" ? Object : Date)
], ZoneVersionEntity.prototype, "publishedAt", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], ZoneVersionEntity.prototype, "publishedBy", void 0);
ZoneVersionEntity = _ts_decorate([
    Entity('zone_versions')
], ZoneVersionEntity);

//# sourceMappingURL=zone-version.entity.js.map
