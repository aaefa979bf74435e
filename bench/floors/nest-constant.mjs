// Floor of near-me, the ceiling of the framework: a Nest route on Fastify that gives the same text to
// everybody, already written, as long as the product's answer is.
import 'reflect-metadata';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { beChild } from '../kit/child.mjs';

await beChild(async ({ body }) => {
  class ConstantController {
    around() {
      return body;
    }
  }
  const method = Object.getOwnPropertyDescriptor(ConstantController.prototype, 'around');
  Get()(ConstantController.prototype, 'around', method);
  Header('content-type', 'application/json; charset=utf-8')(ConstantController.prototype, 'around', method);
  Controller('rider/scooters')(ConstantController);
  class ConstantModule {}
  Module({ controllers: [ConstantController] })(ConstantModule);

  const app = await NestFactory.create(ConstantModule, new FastifyAdapter({ forceCloseConnections: true }), {
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  return { told: { url: `http://127.0.0.1:${app.getHttpServer().address().port}` }, close: () => app.close() };
});
