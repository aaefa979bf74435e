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
export class CommandEntity {
}
_ts_decorate([
    PrimaryColumn('uuid'),
    _ts_metadata("design:type", typeof CommandId === "undefined" ? Object : CommandId)
], CommandEntity.prototype, "id", void 0);
_ts_decorate([
    Column('uuid'),
    _ts_metadata("design:type", typeof ScooterId === "undefined" ? Object : ScooterId)
], CommandEntity.prototype, "scooterId", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", typeof CommandKind === "undefined" ? Object : CommandKind)
], CommandEntity.prototype, "kind", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", typeof CommandState === "undefined" ? Object : CommandState)
], CommandEntity.prototype, "state", void 0);
_ts_decorate([
    Column('bigint', {
        transformer: {
            from: Number,
            to: (nonce)=>nonce
        }
    }),
    _ts_metadata("design:type", Number)
], CommandEntity.prototype, "nonce", void 0);
_ts_decorate([
    Column('timestamptz'),
    _ts_metadata("design:type", typeof Date === "undefined" ? Object : Date)
], CommandEntity.prototype, "notAfter", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", String)
], CommandEntity.prototype, "requestedBy", void 0);
_ts_decorate([
    Column('text', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], CommandEntity.prototype, "reason", void 0);
_ts_decorate([
    Column('text', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], CommandEntity.prototype, "refusal", void 0);
_ts_decorate([
    Column('timestamptz'),
    _ts_metadata("design:type", typeof Date === "undefined" ? Object : Date)
], CommandEntity.prototype, "createdAt", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], CommandEntity.prototype, "sentAt", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], CommandEntity.prototype, "settledAt", void 0);
CommandEntity = _ts_decorate([
    Entity('commands')
], CommandEntity);

//# sourceMappingURL=command.entity.js.map
