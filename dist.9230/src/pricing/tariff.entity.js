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
/** Rides freeze tariffs as JSON, so the instant is text as soon as it leaves the database. */ const isoInstant = {
    from: (at)=>at.toISOString(),
    to: (at)=>at
};
export class TariffEntity {
}
_ts_decorate([
    PrimaryColumn('uuid'),
    _ts_metadata("design:type", typeof TariffId === "undefined" ? Object : TariffId)
], TariffEntity.prototype, "id", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], TariffEntity.prototype, "name", void 0);
_ts_decorate([
    Column('char', {
        length: 3
    }),
    _ts_metadata("design:type", String)
], TariffEntity.prototype, "currency", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "rideMinuteCents", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "pauseMinuteCents", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "unlockCents", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "minimumCents", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "dayCapCents", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "holdCents", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "graceSeconds", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "graceMeters", void 0);
_ts_decorate([
    Column('integer'),
    _ts_metadata("design:type", Number)
], TariffEntity.prototype, "taxPercent", void 0);
_ts_decorate([
    Column('timestamptz', {
        transformer: isoInstant
    }),
    _ts_metadata("design:type", String)
], TariffEntity.prototype, "inForceFrom", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], TariffEntity.prototype, "createdBy", void 0);
_ts_decorate([
    Column('timestamptz'),
    _ts_metadata("design:type", typeof Date === "undefined" ? Object : Date)
], TariffEntity.prototype, "createdAt", void 0);
TariffEntity = _ts_decorate([
    Entity('tariffs')
], TariffEntity);

//# sourceMappingURL=tariff.entity.js.map
