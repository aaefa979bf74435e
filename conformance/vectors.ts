// The forty vectors: one sentence each of what a unit must do, and the script that finds out. This table is
// the list; whoever changes a sentence changes what a scooter of this city is.
import { bytesCut, bytesNotUtf8, bytesTooMany, numberAsString, strangeFields } from './scripts/bytes.js';
import { clockFarAhead, clockHourOff, clockIn1970 } from './scripts/clocks.js';
import { early, fenced, gapped, late, obeys, reordered, spentNonce, thrice } from './scripts/fresh.js';
import {
  changedBody, changedSignature, foreignKey, oldKey, otherOperation, otherScooter, otherTopic, unsigned,
} from './scripts/genuine.js';
import { eventsOutliveReboot, replayAfterPowerCut, replayAfterReboot, replayAfterReset, startsCounted } from './scripts/memory.js';
import { ageAfterLinkLoss, hello, otherReceipt, presence, untilReceipt, withoutPlace } from './scripts/said.js';
import { inRide, jammed, moving } from './scripts/street.js';
import { qualityOfService, retained } from './scripts/transport.js';
import { type Trial } from './trial.js';

export interface Vector {
  readonly id: string;
  readonly name: string;
  /** What a unit must do. */
  readonly sentence: string;
  /** Whether hands or eyes beside the unit are needed. */
  readonly needsRig: boolean;
  readonly script: (trial: Trial) => Promise<void>;
}

const [FROM_AFAR, BESIDE_IT] = [false, true];

const table: readonly (readonly [name: string, needsRig: boolean, script: Vector['script'], sentence: string])[] = [
  ['obeys', BESIDE_IT, obeys, 'A fresh, genuine unlock moves the bolt and a lock moves it back, and the answer says what the bolt does.'],
  ['late', FROM_AFAR, late, 'An order whose time is over moves nothing, be it three seconds late or a day.'],
  ['early', FROM_AFAR, early, 'An order that claims to live longer than any order may, moves nothing.'],
  ['spent nonce', FROM_AFAR, spentNonce, 'An order with a nonce that is used up, or lower, moves nothing.'],
  ['three times', FROM_AFAR, thrice, 'The same message three times is one act and one answer, and a copy later none.'],
  ['reordered', FROM_AFAR, reordered, 'An unlock that a newer lock has overtaken on the way opens nothing.'],
  ['gap', FROM_AFAR, gapped, 'Nonces may be left out: a higher one is obeyed, and those between are dead.'],
  ['fence', FROM_AFAR, fenced, 'After a lock with a higher nonce nothing older can open it, although it is still fresh.'],
  ['qos and dup', FROM_AFAR, qualityOfService, 'An order that comes at QoS 1 and 2 and with DUP is still one act and one answer.'],
  ['retained', BESIDE_IT, retained, 'An order that was kept by the broker and comes with the retained flag moves nothing.'],
  ['other scooter', FROM_AFAR, otherScooter, 'An order that names another scooter moves nothing, under whatever key.'],
  ['other topic', FROM_AFAR, otherTopic, 'A good order on any topic but the one for orders moves nothing.'],
  ['other operation', FROM_AFAR, otherOperation, 'A signature for one operation allows no other.'],
  ['changed body', FROM_AFAR, changedBody, 'One bit of the message changed after signing, and it moves nothing.'],
  ['changed signature', FROM_AFAR, changedSignature, 'One bit of the signature changed, and it moves nothing.'],
  ['unsigned', FROM_AFAR, unsigned, 'An order without a signature, or with an empty one, moves nothing.'],
  ['foreign key', FROM_AFAR, foreignKey, "An order under another scooter's key, or under one everybody knows, moves nothing."],
  ['old key', FROM_AFAR, oldKey, 'After a new key was kept, the old one signs nothing any more.'],
  ['cut short', FROM_AFAR, bytesCut, 'A message cut anywhere, down to nothing, moves nothing and breaks nothing.'],
  ['too large', FROM_AFAR, bytesTooMany, 'A message larger than any may be is thrown away, although its order is good.'],
  ['not UTF-8', FROM_AFAR, bytesNotUtf8, 'Bytes that are no UTF-8 are no message.'],
  ['strange fields', FROM_AFAR, strangeFields, 'A message with a field nobody spoke of, __proto__ among them, moves nothing.'],
  ['number as text', FROM_AFAR, numberAsString, 'A number written as text is no number, although the signature would fit.'],
  ['reboot', BESIDE_IT, replayAfterReboot, 'What was obeyed before a reboot is not obeyed again after it.'],
  ['power cut', BESIDE_IT, replayAfterPowerCut, 'The nonce survives a power cut that follows the act at once.'],
  ['factory reset', BESIDE_IT, replayAfterReset, 'What was obeyed before a factory reset is not obeyed again after it.'],
  ['clock an hour off', BESIDE_IT, clockHourOff, 'With its own clock an hour wrong, either way, a unit obeys nobody, and all again when it is right.'],
  ['clock in the future', BESIDE_IT, clockFarAhead, 'With its own clock a year ahead, or in 2106, a unit obeys nobody, and its ages stay true.'],
  ['clock in 1970', BESIDE_IT, clockIn1970, 'With its own clock in 1970 a unit obeys nobody, and its ages stay true.'],
  ['moving', BESIDE_IT, moving, 'While the wheels turn a lock and a pause are refused as moving, and the bolt stays open.'],
  ['jammed', BESIDE_IT, jammed, 'A lock whose bolt does not move is refused as jammed, never called done, and the ride goes on.'],
  ['in ride', FROM_AFAR, inRide, 'An unlock in a ride is refused as such, and so is opening the battery bay.'],
  ['until the receipt', FROM_AFAR, untilReceipt, 'An answer is said again, the same and with a growing age, until its receipt comes, and no longer.'],
  ['other receipt', FROM_AFAR, otherReceipt, 'A receipt for another event lets it forget nothing.'],
  ['events and reboot', BESIDE_IT, eventsOutliveReboot, 'An event without a receipt outlives a power cut, as the same event and with its true age.'],
  ['age after silence', BESIDE_IT, ageAfterLinkLoss, 'What the lost network kept back is said when it returns, with its true age.'],
  ['boot and seq', BESIDE_IT, startsCounted, 'Each start has a higher boot, tells of itself, and numbers its messages from one without a repetition.'],
  ['presence', BESIDE_IT, presence, 'The broken link is told by the last will, the mended one by the unit, both with its boot.'],
  ['no place', FROM_AFAR, withoutPlace, 'During a ride no telemetry holds a place, nor does the answer to a pause.'],
  ['hello', FROM_AFAR, hello, 'A hello of the service is answered with presence and telemetry within ten seconds.'],
];

export const vectors: readonly Vector[] = table.map(([name, needsRig, script, sentence], at) => ({
  id: `V${String(at + 1).padStart(2, '0')}`, name, needsRig, script, sentence,
}));
