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
export class ScooterCredentialEntity {
}
_ts_decorate([
    PrimaryColumn('uuid'),
    _ts_metadata("design:type", typeof ScooterId === "undefined" ? Object : ScooterId)
], ScooterCredentialEntity.prototype, "scooterId", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], ScooterCredentialEntity.prototype, "commandKey", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], ScooterCredentialEntity.prototype, "passwordHash", void 0);
_ts_decorate([
    Column('bigint', {
        transformer: {
            from: Number,
            to: (nonce)=>nonce
        }
    }),
    _ts_metadata("design:type", Number)
], ScooterCredentialEntity.prototype, "lastNonce", void 0);
_ts_decorate([
    Column('timestamptz'),
    _ts_metadata("design:type", typeof Date === "undefined" ? Object : Date)
], ScooterCredentialEntity.prototype, "issuedAt", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], ScooterCredentialEntity.prototype, "revokedAt", void 0);
ScooterCredentialEntity = _ts_decorate([
    Entity('scooter_credentials')
], ScooterCredentialEntity);

//# sourceMappingURL=scooter-credential.entity.js.map
