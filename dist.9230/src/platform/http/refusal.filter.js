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
// Every error leaves through here in one shape: { error: { code, message, details, requestId } }.
// What we did not expect is logged with its stack and told as `broken`, without any of it.
import { Catch, HttpException, Logger } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { errors } from '../../errors.js';
import { Refusal } from '../refusal.js';
/** PostgreSQL says these when it is going, coming, full or tired: the same request may work in a moment. */ const PASSING = new Set([
    '53100',
    '53200',
    '53300',
    '55P03',
    '57014',
    '57P01',
    '57P02',
    '57P03',
    '40001',
    '40P01',
    '08006',
    '08003',
    '25P03'
]);
const LOST = /ECONN|timeout|terminat|Connection|not queryable|Client was closed/i;
export class RefusalFilter {
    catch(thrown, host) {
        const request = host.switchToHttp().getRequest();
        const reply = host.switchToHttp().getResponse();
        const { code, details } = this.read(thrown);
        const [status, message] = errors[code];
        if (status === 503) void reply.header('retry-after', '2');
        if (status === 500) this.log.error(`${request.method} ${request.routeOptions.url ?? '?'} ${request.id}: ${stackOf(thrown)}`);
        void reply.status(status).send({
            error: {
                code,
                message,
                details,
                requestId: request.id
            }
        });
    }
    read(thrown) {
        if (thrown instanceof Refusal) return {
            code: thrown.code,
            details: thrown.details
        };
        if (thrown instanceof HttpException) return {
            code: codeOfStatus(thrown.getStatus()),
            details: detailsOf(thrown)
        };
        if (isPassing(thrown)) return {
            code: 'temporarily_unavailable',
            details: {}
        };
        const status = thrown.statusCode;
        if (typeof status === 'number' && status < 500) return {
            code: codeOfStatus(status),
            details: {}
        };
        return {
            code: 'broken',
            details: {}
        };
    }
    constructor(){
        this.log = new Logger(RefusalFilter.name);
    }
}
RefusalFilter = _ts_decorate([
    Catch()
], RefusalFilter);
function isPassing(thrown) {
    if (!(thrown instanceof Error)) return false;
    const { code } = thrown instanceof QueryFailedError ? thrown.driverError : thrown;
    return code !== undefined && PASSING.has(code) || code === undefined && LOST.test(thrown.message) || LOST.test(code ?? '');
}
function codeOfStatus(status) {
    switch(status){
        case 401:
            return 'signed_out';
        case 403:
            return 'not_for_you';
        case 404:
        case 405:
            return 'not_found';
        case 413:
            return 'too_large';
        case 415:
            return 'unsupported_media';
        case 429:
            return 'too_many_requests';
        case 503:
            return 'temporarily_unavailable';
        default:
            return status >= 500 ? 'broken' : 'malformed';
    }
}
/** Only what our own schemas say about the request; never a message of a library. */ function detailsOf(thrown) {
    const body = thrown.getResponse();
    if (typeof body !== 'object') return {};
    const { issues } = body;
    return Array.isArray(issues) ? {
        issues
    } : {};
}
const stackOf = (thrown)=>thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);

//# sourceMappingURL=refusal.filter.js.map
