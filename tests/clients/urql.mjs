// A page with urql: one query and one command as texts of the contract, over POST and over GET.
import { Client, fetchExchange } from "@urql/core";

const { url, token, me, submit, input } = JSON.parse(process.env.GIVEN);

async function read(preferGetMethod) {
  const client = new Client({
    url,
    preferGetMethod,
    exchanges: [fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${token}`, "x-yiwang-app": "seat/0.2.0" } },
  });
  const read = await client.query(me, {}).toPromise();
  const refused = await client.query("{ nothing }", {}).toPromise();
  return { client, id: read.data?.me?.id, refused: refused.error?.graphQLErrors[0]?.extensions?.code };
}

const get = await read("force");
const post = await read(false);
const commanded = await post.client.mutation(submit, { input }).toPromise();
const again = await post.client.mutation(submit, { input }).toPromise();
console.log(
  JSON.stringify({
    get: { id: get.id, refused: get.refused },
    post: { id: post.id, refused: post.refused },
    caseId: commanded.data?.submitReport?.id,
    again: again.data?.submitReport?.id,
    error: commanded.error?.message ?? null,
  }),
);
