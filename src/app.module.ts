// The whole service: modules in ladder order, every table and every migration.
import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CreateGround2026112209000 } from '../migrations/2026112209000-create-ground.js';
import { CreateAccounts2026112209100 } from '../migrations/2026112209100-create-accounts.js';
import { CreateZonesAndTariffs2026112209200 } from '../migrations/2026112209200-create-zones-and-tariffs.js';
import { CreateScooters2026112209300 } from '../migrations/2026112209300-create-scooters.js';
import { CreateTelematics2026112209400 } from '../migrations/2026112209400-create-telematics.js';
import { CreateLedgerAndPayments2026112209500 } from '../migrations/2026112209500-create-ledger-and-payments.js';
import { CreateRides2026112209600 } from '../migrations/2026112209600-create-rides.js';
import { CreateCrewsAndTasks2026112209700 } from '../migrations/2026112209700-create-crews-and-tasks.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { PhoneCodeEntity } from './accounts/phone-code.entity.js';
import { RiderEntity } from './accounts/rider.entity.js';
import { StaffMemberEntity } from './accounts/staff-member.entity.js';
import { AuditModule } from './audit/audit.module.js';
import { BillingModule } from './billing/billing.module.js';
import { CardEntity } from './cards/card.entity.js';
import { DebtEntity } from './billing/debt.entity.js';
import { PaymentEntity } from './billing/payment.entity.js';
import { StripeCustomerEntity } from './cards/stripe-customer.entity.js';
import { CardsModule } from './cards/cards.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { ScooterEntity } from './fleet/scooter.entity.js';
import { IdentityModule } from './identity/identity.module.js';
import { ScooterCredentialEntity } from './identity/scooter-credential.entity.js';
import { CrewEntity } from './maintenance/crew.entity.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { MaintenanceModule } from './maintenance/maintenance.module.js';
import { TaskEntity } from './maintenance/task.entity.js';
import type { Clock } from './platform/clock.js';
import type { CityConfig } from './platform/config.js';
import { databaseOptions } from './platform/database.provider.js';
import { PlatformModule } from './platform/platform.module.js';
import { PricingModule } from './pricing/pricing.module.js';
import { TariffEntity } from './pricing/tariff.entity.js';
import { ReservationEntity } from './reservations/reservation.entity.js';
import { ReservationsModule } from './reservations/reservations.module.js';
import { RideEntity } from './rides/ride.entity.js';
import { RidesModule } from './rides/rides.module.js';
import { CommandEntity } from './commands/command.entity.js';
import { CommandsModule } from './commands/commands.module.js';
import { TelematicsModule } from './telematics/telematics.module.js';
import { UplinkModule } from './uplink/uplink.module.js';
import { UpkeepModule } from './upkeep/upkeep.module.js';
import { ZoneVersionEntity } from './zones/zone-version.entity.js';
import { ZoneEntity } from './zones/zone.entity.js';
import { ZonesModule } from './zones/zones.module.js';

export const entities = [
  RiderEntity, PhoneCodeEntity, StaffMemberEntity, ZoneVersionEntity, ZoneEntity, TariffEntity, ScooterEntity,
  ScooterCredentialEntity, CommandEntity, StripeCustomerEntity, CardEntity, PaymentEntity, DebtEntity,
  ReservationEntity, RideEntity, CrewEntity, TaskEntity,
];

export const migrations = [
  CreateGround2026112209000, CreateAccounts2026112209100, CreateZonesAndTariffs2026112209200, CreateScooters2026112209300,
  CreateTelematics2026112209400, CreateLedgerAndPayments2026112209500, CreateRides2026112209600, CreateCrewsAndTasks2026112209700,
];

@Module({})
export class AppModule {
  /** Config comes in by hand, so that two cities fit in one process. */
  static forCity(config: CityConfig, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRoot({ ...databaseOptions(config, entities, migrations), retryAttempts: 3, retryDelay: 1000 }),
        PlatformModule.forCity(config, clock),
        UpkeepModule, AuditModule, AccountsModule, ZonesModule, PricingModule, FleetModule, IdentityModule, TelematicsModule,
        CommandsModule, UplinkModule, CardsModule, LedgerModule, BillingModule, ReservationsModule, RidesModule, MaintenanceModule,
      ],
    };
  }
}
