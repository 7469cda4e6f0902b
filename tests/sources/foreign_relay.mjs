// A relay made of the npm packages @nostr-relay/*, in memory. Arguments: the folder of node_modules, the port.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
const [folder, port] = process.argv.slice(2);
const require = createRequire(pathToFileURL(join(folder, 'index.js')));
const { WebSocketServer } = require('ws');
const { NostrRelay } = require('@nostr-relay/core');
const { EventRepositorySqlite } = require('@nostr-relay/event-repository-sqlite');
const { Validator } = require('@nostr-relay/validator');
const events = new EventRepositorySqlite(':memory:');
await events.init?.();
const relay = new NostrRelay(events, { hostname: '127.0.0.1' });
// 2,000 tags and 100 kB by default
const validator = new Validator({ maxNumberOfTags: 10_000, maxContentLength: 524_288 });
const server = new WebSocketServer({ port: Number(port), host: '127.0.0.1' });
server.on('connection', socket => {
  relay.handleConnection(socket);
  socket.on('message', async data => {
    try {
      await relay.handleMessage(socket, await validator.validateIncomingMessage(data));
    } catch (error) {
      socket.send(JSON.stringify(['NOTICE', error.message]));
    }
  });
  socket.on('close', () => relay.handleDisconnect(socket));
  socket.on('error', () => socket.close());
});
