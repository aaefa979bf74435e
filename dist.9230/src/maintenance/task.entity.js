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
export class TaskEntity {
}
_ts_decorate([
    PrimaryColumn('uuid'),
    _ts_metadata("design:type", typeof TaskId === "undefined" ? Object : TaskId)
], TaskEntity.prototype, "id", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", typeof TaskKind === "undefined" ? Object : TaskKind)
], TaskEntity.prototype, "kind", void 0);
_ts_decorate([
    Column('uuid'),
    _ts_metadata("design:type", typeof ScooterId === "undefined" ? Object : ScooterId)
], TaskEntity.prototype, "scooterId", void 0);
_ts_decorate([
    Column('text'),
    _ts_metadata("design:type", typeof TaskState === "undefined" ? Object : TaskState)
], TaskEntity.prototype, "state", void 0);
_ts_decorate([
    Column('uuid', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "crewId", void 0);
_ts_decorate([
    Column('timestamptz'),
    _ts_metadata("design:type", typeof Date === "undefined" ? Object : Date)
], TaskEntity.prototype, "openedAt", void 0);
_ts_decorate([
    Column('timestamptz'),
    _ts_metadata("design:type", typeof Date === "undefined" ? Object : Date)
], TaskEntity.prototype, "dueAt", void 0);
_ts_decorate([
    Column('double precision', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "openedRangeKm", void 0);
_ts_decorate([
    Column('double precision', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "latitude", void 0);
_ts_decorate([
    Column('double precision', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "longitude", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "arrivedAt", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "resolvedAt", void 0);
_ts_decorate([
    Column('timestamptz', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "verifiedAt", void 0);
_ts_decorate([
    Column('uuid', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "commandId", void 0);
_ts_decorate([
    Column('text', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "bay", void 0);
_ts_decorate([
    Column('text', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "serialOut", void 0);
_ts_decorate([
    Column('text', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "serialIn", void 0);
_ts_decorate([
    Column('jsonb', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "proof", void 0);
_ts_decorate([
    Column('text', {
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], TaskEntity.prototype, "note", void 0);
TaskEntity = _ts_decorate([
    Entity('tasks')
], TaskEntity);

//# sourceMappingURL=task.entity.js.map
