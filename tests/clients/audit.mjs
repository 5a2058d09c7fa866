// Holds a server against the GraphQL-over-HTTP specification with the audits of graphql-http.
import { serverAudits } from "graphql-http";

const { url } = JSON.parse(process.env.GIVEN);
const results = [];
for (const audit of serverAudits({ url })) {
  const result = await audit.fn();
  results.push({ id: result.id, name: result.name, status: result.status, reason: result.reason ?? null });
}
console.log(JSON.stringify({ results }));
