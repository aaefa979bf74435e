
//# sourceMappingURL=main.js.map
