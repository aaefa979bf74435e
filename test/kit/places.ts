// Places in and around Paris that tests speak of.
/** In the middle of a zone where nobody may park. */
export const LOUVRE = { latitude: 48.8611, longitude: 2.3364 };
export const BASTILLE = { latitude: 48.8531, longitude: 2.3691 };
export const NEUILLY = { latitude: 48.8846, longitude: 2.2686 };
export const SAINT_DENIS = { latitude: 48.9362, longitude: 2.3574 };
