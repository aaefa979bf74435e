import { Module } from '@nestjs/common';
import { CrewSignInController } from './crew-sign-in.controller.js';
import { OperatorRidersController } from './operator-riders.controller.js';
import { OperatorSignInController } from './operator-sign-in.controller.js';
import { RiderProfileController } from './rider-profile.controller.js';
import { RidersService } from './riders.service.js';
import { SignInController } from './sign-in.controller.js';
import { SignInService } from './sign-in.service.js';
import { SmsClient } from './sms.client.js';
import { StaffService } from './staff.service.js';
import { RetentionService } from '../upkeep/retention.service.js';

@Module({
  controllers: [
    SignInController,
    RiderProfileController,
    CrewSignInController,
    OperatorSignInController,
    OperatorRidersController,
  ],
  providers: [SignInService, RidersService, StaffService, SmsClient],
  exports: [RidersService, StaffService],
})
export class AccountsModule {
  constructor(retention: RetentionService) {
    retention.add({ name: 'phone codes', days: 30, sql: 'delete from phone_codes where sent_at < $1' });
  }
}
