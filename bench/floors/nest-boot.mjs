// Floor of start-up, its service half: a Nest application on Fastify with TypeORM, one entity, one door.
// Run as a program: node nest-boot.mjs DATABASE_URL PORT.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, EntitySchema } from 'typeorm';

const [url, port] = process.argv.slice(2);

const thing = new EntitySchema({
  name: 'thing',
  columns: { id: { type: 'integer', primary: true }, name: { type: 'text' } },
});

class ThingController {
  constructor(db) {
    this.db = db;
  }

  all() {
    return this.db.getRepository(thing).find();
  }
}
Get()(ThingController.prototype, 'all', Object.getOwnPropertyDescriptor(ThingController.prototype, 'all'));
Controller()(ThingController);
Reflect.defineMetadata('design:paramtypes', [DataSource], ThingController);

class ThingModule {}
Module({
  imports: [TypeOrmModule.forRoot({ type: 'postgres', url, entities: [thing], synchronize: true })],
  controllers: [ThingController],
})(ThingModule);

const app = await NestFactory.create(ThingModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(port), '127.0.0.1');
