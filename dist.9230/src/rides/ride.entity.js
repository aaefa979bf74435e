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
export class RideEntity {
}
_ts_decorate([
    PrimaryColumn('uuid'),
    _ts_metadata("design:type", typeof RideId === "undefined" ? Object : RideId)
], RideEntity.prototype, "id", void 0);
_ts_decorate([
    Column('uuid'),
    _ts_metadata("design:type", typeof RiderId === "undefined" ? Object : RiderId)
], RideEntity.prototype, "riderId", void 0);
_ts_decorate([
    Column('uuid'),
    _ts_metadata("design:type", typeof ScooterId === "undefined" ? Object : ScooterId)
], RideEntity.prototype, "scooterId", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", typeof RideState === "undefined" ? Object : RideState)
], RideEntity.prototype, "state", void 0);
_ts_decorate([
    Column('jsonb'),
    _ts_metadata("design:type", typeof Tariff === "undefined" ? Object : Tariff)
], RideEntity.prototype, "tariff", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], RideEntity.prototype, "zoneVersion", void 0);
_ts_decorate([
    Column('uuid', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "commandId", void 0);
_ts_decorate([
    Column('timestamptz'),
    _ts_metadata("design:type", typeof Date === "undefined" ? Object : Date)
], RideEntity.prototype, "requestedAt", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "startedAt", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "endAskedAt", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "endedAt", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], RideEntity.prototype, "endTries", void 0);
_ts_decorate([
    Column('boolean'),
    _ts_metadata("design:type", Boolean)
], RideEntity.prototype, "pausedBeforeEnd", void 0);
_ts_decorate([
    Column('jsonb', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "refusal", void 0);
_ts_decorate([
    Column('text', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "failure", void 0);
_ts_decorate([
    Column('integer', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "fareCents", void 0);
_ts_decorate([
    Column('jsonb', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "fareLines", void 0);
_ts_decorate([
    Column('integer', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "startOdometerM", void 0);
_ts_decorate([
    Column('integer', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "distanceM", void 0);
_ts_decorate([
    Column('double precision', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "startLatitude", void 0);
_ts_decorate([
    Column('double precision', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "startLongitude", void 0);
_ts_decorate([
    Column('double precision', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "endLatitude", void 0);
_ts_decorate([
    Column('double precision', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], RideEntity.prototype, "endLongitude", void 0);
RideEntity = _ts_decorate([
    Entity('rides')
], RideEntity);

//# sourceMappingURL=ride.entity.js.map
