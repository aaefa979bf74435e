// The one connection pool. Every hop has a deadline on our side: a frozen server never answers, and
// its own statement_timeout never fires then (measured with SIGSTOP on a backend).
import type { DataSourceOptions } from 'typeorm';
import { DefaultNamingStrategy } from 'typeorm';
import type { MigrationInterface } from 'typeorm';
import type { CityConfig } from './config.js';
import { SwiftClient } from './swift-client.provider.js';

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

class SnakeNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName?: string): string {
    return customName ?? snake(propertyName);
  }
}

type Classes<T> = (new () => T)[];

/** @throws when the database cannot be reached within two seconds. */
export function databaseOptions(
  config: Pick<CityConfig, 'databaseUrl' | 'databasePool'>,
  entities: Classes<object>,
  migrations: Classes<MigrationInterface>,
): DataSourceOptions {
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
      options: '-c timezone=UTC',
      Client: SwiftClient,
      pipeline: true,
    },
  };
}
