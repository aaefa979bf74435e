import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { ReservationsService } from './reservations.service.js';

@Module({ imports: [FleetModule], providers: [ReservationsService], exports: [ReservationsService] })
export class ReservationsModule {}
