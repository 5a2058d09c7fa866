// RxDB both ways: cases are pulled, commands are pushed, and what became of them comes back into their documents.
import { createRxDatabase } from 'rxdb';
import { replicateGraphQL } from 'rxdb/plugins/replication-graphql';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { createInterface } from 'node:readline';

const given = JSON.parse(process.env.GIVEN);
const database = await createRxDatabase({ name: 'phone', storage: getRxStorageMemory(), multiInstance: false });
const told = { sent: 0, lost: 0, resets: 0, errors: [] };
let isOnline = false;
let answersToLose = 0;

// The network as it is outdoors: none at all, or one that takes the request and loses the answer.
const network = async (request) => {
  if (!isOnline) throw new Error('offline');
  const isPush = (await request.clone().text()).includes('mutation RunCommands');
  if (isPush) told.sent += 1;
  const answer = await fetch(request);
  if (isPush && answersToLose > 0) {
    answersToLose -= 1;
    told.lost += 1;
    throw new Error('offline');
  }
  return answer;
};
const shared = {
  url: { http: `${given.address}/graphql`, ws: `${given.address.replace('http', 'ws')}/graphql` },
  headers: { authorization: given.authorization },
  fetch: network,
  live: true,
  retryTime: 100,
};
const watched = (replication) => {
  replication.error$.subscribe((error) => {
    const texts = (error.parameters?.errors ?? [error]).map((one) => String(one.message ?? one));
    told.errors.push(...texts.filter((text) => text !== 'offline'));
  });
  return replication;
};

// Cases: one scope, pulled; a reset drops the collection and begins anew.
const CASES = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 64 }, seq: { type: 'number' }, case: { type: ['object', 'null'] } },
  required: ['id'],
};
let cases;
let casesReplication;
async function keepCases() {
  ({ cases } = await database.addCollections({ cases: { schema: CASES } }));
  const replication = watched(replicateGraphQL({
    ...shared,
    collection: cases,
    replicationIdentifier: given.scope,
    deletedField: 'deleted',
    pull: {
      batchSize: 100,
      queryBuilder: (checkpoint, limit) => ({
        query: given.pullCases, variables: { scope: given.scope, limit, checkpoint: checkpoint?.text ?? null },
      }),
      streamQueryBuilder: () => ({ query: given.syncHints, variables: { scopes: [given.scope] } }),
      wsOptions: { connectionParams: () => shared.headers },
      responseModifier: (data, origin) => {
        if (origin === 'stream') return 'RESYNC';
        if (data.resetRequired) setTimeout(() => startAnew(replication));
        const documents = data.resetRequired ? [] : data.documents;
        return { documents, checkpoint: { text: data.checkpoint } };
      },
    },
  }));
  casesReplication = replication;
}
async function startAnew(replication) {
  if (replication !== casesReplication) return;
  casesReplication = null;
  told.resets += 1;
  await replication.remove();
  await cases.remove();
  await keepCases();
}

// Commands: the queue of this phone, one document each, pushed as a batch.
const { commands } = await database.addCollections({
  commands: {
    schema: {
      version: 0,
      primaryKey: 'id',
      type: 'object',
      properties: {
        id: { type: 'string', maxLength: 36 },
        deviceSequence: { type: 'number' },
        deviceTime: { type: 'string' },
        baseVersion: { type: ['number', 'null'] },
        do: { type: 'object' },
        status: { type: 'string' },
        outcome: { type: ['object', 'null'] },
      },
      required: ['id', 'deviceSequence', 'do', 'status'],
    },
  },
});
const waiting = () => commands.find({ selector: { status: 'HELD' } }).exec();

// What the city answers becomes the master state of the command: its document with the outcome in it.
async function withOutcomes(outcomes) {
  const kept = await commands.findByIds(outcomes.map((one) => one.clientId)).exec();
  return outcomes
    .filter((one) => kept.has(one.clientId))
    .map((one) => ({
      ...kept.get(one.clientId).toMutableJSON(), status: one.status, outcome: one, _deleted: false,
    }));
}
const commandsReplication = watched(replicateGraphQL({
  ...shared,
  collection: commands,
  replicationIdentifier: 'commands',
  push: {
    batchSize: 50,
    modifier: (command) => (command.status === 'QUEUED' ? command : null),
    queryBuilder: (rows) => ({
      query: given.runCommands,
      variables: {
        input: {
          deviceId: given.deviceId,
          deviceTime: new Date().toISOString(),
          commands: rows.map(({ newDocumentState: { id, deviceSequence, deviceTime, baseVersion, do: what } }) => ({
            clientId: id, deviceSequence, deviceTime, baseVersion, do: what,
          })),
        },
      },
    }),
    responseModifier: async (data) => {
      if (data.__typename === 'Problem') throw new Error(data.code);
      if ((await waiting()).length > 0) setTimeout(() => commandsReplication.reSync());
      return withOutcomes(data.outcomes);
    },
  },
  pull: {
    batchSize: 200,
    queryBuilder: async (_, limit) => ({
      query: given.commandOutcomes,
      variables: { clientIds: (await waiting()).slice(0, limit).map((one) => one.id) },
    }),
    responseModifier: async (data) => ({
      documents: await withOutcomes(data.filter((one) => !['HELD', 'IN_PROGRESS'].includes(one.status))),
      checkpoint: {},
    }),
  },
}));
setInterval(async () => {
  if ((await waiting()).length > 0) commandsReplication.reSync();
}, given.askEveryMs);
await keepCases();

const shown = async () => ({
  cases: Object.fromEntries((await cases.find().exec()).map((one) => [one.id, one.case.state])),
  commands: Object.fromEntries((await commands.find().exec()).map((one) => [one.id, one.status])),
});
const sorted = (value) => JSON.stringify(value, (_, inner) =>
  inner && typeof inner === 'object' ? Object.fromEntries(Object.entries(inner).sort()) : inner);

// Each line from the test is something to do, and what the collections are to hold then; the answer is what they held.
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  isOnline = asked.isOnline ?? isOnline;
  answersToLose = asked.answersToLose ?? answersToLose;
  await commands.bulkInsert((asked.queue ?? []).map((one) => ({ ...one, status: 'QUEUED', outcome: null })));
  if (asked.authorization) {
    shared.headers = { authorization: asked.authorization };
    for (const one of [casesReplication, commandsReplication]) one.setHeaders(shared.headers);
  }
  for (const id of asked.drop ?? []) await (await commands.findOne(id).exec()).remove();
  if (asked.wakes) casesReplication.reSync();
  const until = Date.now() + 30_000;
  let held = await shown();
  while (asked.holds && sorted(held) !== sorted(asked.holds) && Date.now() < until) {
    await new Promise((go) => setTimeout(go, 50));
    held = await shown().catch(() => held);
  }
  const documents = (await commands.find().exec()).map((one) => one.toJSON());
  console.log(JSON.stringify({ holds: held, documents, ...told }));
}
process.exit(0);
