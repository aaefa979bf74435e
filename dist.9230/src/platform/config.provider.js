// The city's settings, handed in by whoever builds the app; nothing reads them on import.
export const CITY_CONFIG = Symbol('city config');
export const configProvider = (config)=>({
        provide: CITY_CONFIG,
        useValue: config
    });

//# sourceMappingURL=config.provider.js.map
