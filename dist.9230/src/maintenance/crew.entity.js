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
export class CrewEntity {
}
_ts_decorate([
    PrimaryColumn('uuid'),
    _ts_metadata("design:type", typeof CrewId === "undefined" ? Object : CrewId)
], CrewEntity.prototype, "id", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], CrewEntity.prototype, "name", void 0);
_ts_decorate([
    Column('double precision'),
    _ts_metadata("design:type", Number)
], CrewEntity.prototype, "hubLatitude", void 0);
_ts_decorate([
    Column('double precision'),
    _ts_metadata("design:type", Number)
], CrewEntity.prototype, "hubLongitude", void 0);
_ts_decorate([
    Column('boolean'),
    _ts_metadata("design:type", Boolean)
], CrewEntity.prototype, "onShift", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], CrewEntity.prototype, "shiftChangedAt", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], CrewEntity.prototype, "fullPacks", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], CrewEntity.prototype, "emptyPacks", void 0);
CrewEntity = _ts_decorate([
    Entity('crews')
], CrewEntity);

//# sourceMappingURL=crew.entity.js.map
