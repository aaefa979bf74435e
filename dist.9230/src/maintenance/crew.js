// A crew: a van with a home, packs on board, and people who are only to be found while they work.
export { };

//# sourceMappingURL=crew.js.map
