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
import { HastenTelemetry2026112210100 } from '../migrations/2026112210100-hasten-telemetry.js';
import { EndRidesWithoutANetwork2026112210300 } from '../migrations/2026112210300-end-rides-without-a-network.js';
import { CreateZonesOnBoard2026112210400 } from '../migrations/2026112210400-create-zones-on-board.js';
import { LetKeysChange2026112210500 } from '../migrations/2026112210500-let-keys-change.js';
import { CreateReleases2026112210600 } from '../migrations/2026112210600-create-releases.js';
import { CreateAlerts2026112210700 } from '../migrations/2026112210700-create-alerts.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { PhoneCodeEntity } from './accounts/phone-code.entity.js';
import { RiderEntity } from './accounts/rider.entity.js';
import { StaffMemberEntity } from './accounts/staff-member.entity.js';
import { AlertEntity } from './alerts/alert.entity.js';
import { AlertsModule } from './alerts/alerts.module.js';
import { ScooterDoubtsEntity } from './alerts/scooter-doubts.entity.js';
import { AuditModule } from './audit/audit.module.js';
import { BillingModule } from './billing/billing.module.js';
import { CardEntity } from './cards/card.entity.js';
import { DebtEntity } from './billing/debt.entity.js';
import { PaymentEntity } from './billing/payment.entity.js';
import { StripeCustomerEntity } from './cards/stripe-customer.entity.js';
import { CardsModule } from './cards/cards.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { ScooterEntity } from './fleet/scooter.entity.js';
import { HintsModule } from './hints/hints.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { ScooterCredentialEntity } from './identity/scooter-credential.entity.js';
import { CrewEntity } from './maintenance/crew.entity.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { MaintenanceModule } from './maintenance/maintenance.module.js';
import { TaskEntity } from './maintenance/task.entity.js';
import { OnboardModule } from './onboard/onboard.module.js';
import { ScooterZonesEntity } from './onboard/scooter-zones.entity.js';
import { OfflineModule } from './offline/offline.module.js';
import type { Clock } from './platform/clock.js';
import type { CityConfig } from './platform/config.js';
import { databaseOptions } from './platform/database.provider.js';
import { PlatformModule } from './platform/platform.module.js';
import { PricingModule } from './pricing/pricing.module.js';
import { TariffEntity } from './pricing/tariff.entity.js';
import { RefundsModule } from './refunds/refunds.module.js';
import { ReservationEntity } from './reservations/reservation.entity.js';
import { ReservationsModule } from './reservations/reservations.module.js';
import { RideEntity } from './rides/ride.entity.js';
import { RidesModule } from './rides/rides.module.js';
import { CommandEntity } from './commands/command.entity.js';
import { CommandsModule } from './commands/commands.module.js';
import { TelematicsModule } from './telematics/telematics.module.js';
import { UplinkModule } from './uplink/uplink.module.js';
import { UpkeepModule } from './upkeep/upkeep.module.js';
import { ReleaseEntity } from './updates/release.entity.js';
import { ScooterUpdateEntity } from './updates/scooter-update.entity.js';
import { UpdatesModule } from './updates/updates.module.js';
import { ZoneVersionEntity } from './zones/zone-version.entity.js';
import { ZoneEntity } from './zones/zone.entity.js';
import { ZonesModule } from './zones/zones.module.js';

export const entities = [
  RiderEntity, PhoneCodeEntity, StaffMemberEntity, ZoneVersionEntity, ZoneEntity, TariffEntity, ScooterEntity,
  ScooterCredentialEntity, CommandEntity, StripeCustomerEntity, CardEntity, PaymentEntity, DebtEntity,
  ReservationEntity, RideEntity, CrewEntity, TaskEntity,
  ReleaseEntity, ScooterUpdateEntity,
  ScooterZonesEntity, AlertEntity, ScooterDoubtsEntity,
];

export const migrations = [
  CreateGround2026112209000, CreateAccounts2026112209100, CreateZonesAndTariffs2026112209200, CreateScooters2026112209300,
  CreateTelematics2026112209400, CreateLedgerAndPayments2026112209500, CreateRides2026112209600, CreateCrewsAndTasks2026112209700,
  HastenTelemetry2026112210100, EndRidesWithoutANetwork2026112210300,
  CreateZonesOnBoard2026112210400, LetKeysChange2026112210500,
  CreateReleases2026112210600, CreateAlerts2026112210700,
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
        CommandsModule, UplinkModule, OnboardModule, UpdatesModule, CardsModule, LedgerModule, BillingModule, HintsModule, ReservationsModule,
        RidesModule, RefundsModule, OfflineModule, MaintenanceModule, AlertsModule,
      ],
    };
  }
}
