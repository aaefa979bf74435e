// What the control room sends and sees of commands.
import { z } from 'zod';
import type { ScooterId } from '../platform/ids.js';
import { reason } from '../platform/text.js';
import type { CommandEntity } from './command.entity.js';
import { commandStates, type CommandState } from './command-state.js';
import { OPERATOR_KINDS } from './why-not-command.js';
import { CommandKind } from '../telematics/wire.js';

const MOST_COMMANDS = 100;
const states = Object.keys(commandStates.steps) as [CommandState, ...CommandState[]];

export const ScooterPath = z.strictObject({ scooterId: z.uuid().transform((id) => id as ScooterId) });
export type ScooterPath = z.infer<typeof ScooterPath>;

export const NewCommand = z.strictObject({ kind: z.enum(OPERATOR_KINDS), reason }).meta({ id: 'NewCommand' });
export type NewCommand = z.infer<typeof NewCommand>;

export const OrderedCommand = z.strictObject({ commandId: z.uuid() }).meta({ id: 'OrderedCommand' });
export type OrderedCommand = z.infer<typeof OrderedCommand>;

export const CommandsQuery = z.strictObject({
  cursor: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_COMMANDS).default(50),
});
export type CommandsQuery = z.infer<typeof CommandsQuery>;

const GivenCommand = z.strictObject({
  id: z.uuid(),
  kind: CommandKind,
  state: z.enum(states),
  requestedBy: z.string(),
  reason: z.string().nullable(),
  refusal: z.string().nullable(),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
  settledAt: z.iso.datetime().nullable(),
}).meta({ id: 'GivenCommand' });

export const GivenCommands = z.strictObject({
  items: z.array(GivenCommand), nextCursor: z.string().nullable(),
}).meta({ id: 'GivenCommands' });
export type GivenCommands = z.infer<typeof GivenCommands>;

export const commandsOf = (commands: readonly CommandEntity[], limit: number): GivenCommands => ({
  items: commands.map((command) => ({
    id: command.id,
    kind: command.kind,
    state: command.state,
    // Which rider made it ring is not the fleet's business.
    requestedBy: command.requestedBy.startsWith('rider:') ? 'rider' : command.requestedBy,
    reason: command.reason,
    refusal: command.refusal,
    createdAt: command.createdAt.toISOString(),
    sentAt: command.sentAt?.toISOString() ?? null,
    settledAt: command.settledAt?.toISOString() ?? null,
  })),
  nextCursor: commands.length < limit ? null : String(commands.at(-1)?.nonce),
});
