// RxDB pulls one scope: first all of it, then whatever the hints announce; prints what its collection held.
import { createRxDatabase } from 'rxdb';
import { replicateGraphQL } from 'rxdb/plugins/replication-graphql';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { createInterface } from 'node:readline';

const given = JSON.parse(process.env.GIVEN);
const database = await createRxDatabase({ name: 'phone', storage: getRxStorageMemory(), multiInstance: false });
const { cases } = await database.addCollections({
  cases: {
    schema: {
      version: 0,
      primaryKey: 'id',
      type: 'object',
      properties: {
        id: { type: 'string', maxLength: 64 },
        seq: { type: 'number' },
        case: { type: ['object', 'null'] },
      },
      required: ['id'],
    },
  },
});
let pulls = 0;
const replication = replicateGraphQL({
  collection: cases,
  replicationIdentifier: `${given.scope}-of-this-phone`,
  url: { http: `${given.address}/graphql`, ws: `${given.address.replace('http', 'ws')}/graphql` },
  headers: { authorization: given.authorization },
  deletedField: 'deleted',
  live: true,
  pull: {
    batchSize: given.batchSize,
    queryBuilder: (checkpoint, limit) => {
      pulls += 1;
      return { query: given.pullCases, variables: { scope: given.scope, limit, checkpoint: checkpoint?.text ?? null } };
    },
    streamQueryBuilder: () => ({ query: given.syncHints, variables: { scopes: [given.scope] } }),
    wsOptions: { connectionParams: { authorization: given.authorization } },
    responseModifier: (data, origin) =>
      origin === 'stream' ? 'RESYNC' : { documents: data.documents, checkpoint: { text: data.checkpoint } },
  },
});
const errors = [];
replication.error$.subscribe((error) => errors.push(String(error.parameters?.errors?.[0]?.message ?? error)));
await replication.awaitInitialReplication();

const shown = async () => {
  const found = await cases.find().exec();
  return Object.fromEntries(found.map((one) => [one.id, one.case.state]));
};
// Each line from the test names what the collection is to hold; the answer is what it held.
const lines = createInterface({ input: process.stdin });
console.log(JSON.stringify({ held: await shown() }));
for await (const line of lines) {
  const wanted = JSON.stringify(JSON.parse(line));
  const until = Date.now() + 30_000;
  let held = await shown();
  const sorted = (map) => JSON.stringify(Object.fromEntries(Object.entries(map).sort()));
  while (sorted(held) !== sorted(JSON.parse(wanted)) && Date.now() < until) {
    await new Promise((go) => setTimeout(go, 50));
    held = await shown();
  }
  console.log(JSON.stringify({ held, pulls, errors }));
}
await replication.cancel();
await database.close();
process.exit(0);
