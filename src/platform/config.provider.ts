// The city's settings, handed in by whoever builds the app; nothing reads them on import.
import type { CityConfig } from './config.js';

export const CITY_CONFIG = Symbol('city config');

export const configProvider = (config: CityConfig) => ({ provide: CITY_CONFIG, useValue: config });
