// Everything that happens in the city, one line each: name → payload. Payloads are plain data: ids,
// instants (ISO 8601, UTC), numbers. A place appears only where promise D2 allows one.
export { };

//# sourceMappingURL=events.js.map
