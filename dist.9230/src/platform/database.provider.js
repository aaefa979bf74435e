// The one connection pool. Every hop has a deadline on our side: a frozen server never answers, and
// its own statement_timeout never fires then (measured with SIGSTOP on a backend).
import { DefaultNamingStrategy } from 'typeorm';
const snake = (name)=>name.replaceAll(/[A-Z]/g, (letter)=>`_${letter.toLowerCase()}`);
let SnakeNames = class SnakeNames extends DefaultNamingStrategy {
    columnName(propertyName, customName) {
        return customName ?? snake(propertyName);
    }
};
/** @throws when the database cannot be reached within two seconds. */ export function databaseOptions(config, entities, migrations) {
    return {
        type: 'postgres',
        url: config.databaseUrl,
        poolSize: config.databasePool,
        connectTimeoutMS: 2000,
        entities,
        migrations,
        migrationsRun: true,
        synchronize: false,
        namingStrategy: new SnakeNames(),
        applicationName: 'roue-libre',
        extra: {
            query_timeout: 5000,
            statement_timeout: 5000,
            lock_timeout: 2000,
            idle_in_transaction_session_timeout: 5000,
            keepAlive: true,
            options: '-c timezone=UTC'
        }
    };
}

//# sourceMappingURL=database.provider.js.map
