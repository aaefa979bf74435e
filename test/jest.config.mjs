// One configuration for all five kinds of tests; TypeScript and ESM-only packages become CommonJS on
// the way (test/jest-transform.cjs), because jest cannot require an ES module on Node 20.
export default {
  rootDir: '..',
  testEnvironment: 'node',
  testEnvironmentOptions: { globalsCleanup: 'off' },
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  testPathIgnorePatterns: process.env.STORMS === '1' ? ['/node_modules/'] : ['/node_modules/', '/test/storms/long-'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.(ts|js|mjs)$': '<rootDir>/test/jest-transform.cjs' },
  transformIgnorePatterns: [],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  testTimeout: 60_000,
  // One more than the two cores this is made for: most tests wait more than they work.
  maxWorkers: 3,
};
