// A scooter held for a rider who is walking to it.
/** Free, once, as Cityscoot had it. */ export const RESERVATION_MINUTES = 10;
/** The same rider may hold the same scooter again only after this, so that nobody keeps one for the evening. */ export const COOL_DOWN_MINUTES = 10;

//# sourceMappingURL=reservation.js.map
