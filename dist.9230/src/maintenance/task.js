// A piece of work on one scooter: swap its battery, or look why it no longer tells its range.
export { };

//# sourceMappingURL=task.js.map
