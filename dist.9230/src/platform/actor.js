// Who is asking: a rider, a member of a crew, or staff in the control room.
/** One word for the rows that remember who acted: `rider:<id>`, `crew:<id>`, `operator:<id>`. */ export const actorName = (actor)=>actor.audience === 'rider' ? `rider:${actor.riderId}` : `${actor.audience}:${actor.staffId}`;

//# sourceMappingURL=actor.js.map
