// The embedded broker in a process of its own, with the doors of the city and a room beside it for floors.
import { built } from '../../scripts/ready.mjs';
import { beChild } from './child.mjs';

const FLOOR = /^bench\//;

await beChild(async () => {
  const { startBroker } = await built('src/embedded/broker.provider.js');
  const { mayRead, mayRetain, mayWrite, SERVICE_ACCOUNT } = await built('src/telematics/broker-doors.js');
  const doors = {
    serviceAccount: SERVICE_ACCOUNT,
    mayRead: (name, topic) => FLOOR.test(topic) || mayRead(name, topic),
    mayWrite: (name, topic) => FLOOR.test(topic) || mayWrite(name, topic),
    mayRetain,
  };
  const broker = await startBroker({ host: '127.0.0.1', port: 0, doors });
  const passwords = new Map();
  broker.openTo(async (username, password) => passwords.get(username) === password);
  return {
    told: { port: broker.port, serviceUrl: broker.serviceUrl },
    answers: {
      letIn: (accounts) => {
        for (const { username, password } of accounts) passwords.set(username, password);
      },
    },
    close: () => broker.stop(),
  };
});
