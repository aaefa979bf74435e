// A ride as the rules see it: who, which scooter, at which price, and how far it has come.
export { };

//# sourceMappingURL=ride.js.map
