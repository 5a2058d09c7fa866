// graphql-ws as an app uses it: listens, comes back by itself where it may, and says how it was closed.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const { url, tokens, query, operationName, messages, ...given } = JSON.parse(process.env.GIVEN);
const heard = [];
const closes = [];
let opened = 0;
let since = given.since;

const client = createClient({
  url,
  webSocketImpl: WebSocket,
  retryWait: async () => {},
  connectionParams: () => ({ authorization: tokens[Math.min(opened++, tokens.length - 1)], language: "en" }),
  on: { closed: (event) => closes.push([event.code, event.reason]) },
});

const ended = await new Promise((resolve) => {
  const stop = client.subscribe(
    { query, operationName, get variables() { return { since }; } },
    {
      next: (result) => {
        if (result.errors) return;
        const message = result.data.inboxMessages;
        since = message.id;
        heard.push([message.seq, message.text]);
        if (heard.length === messages) { stop(); resolve("enough"); }
      },
      error: (error) => resolve(error.code ? `closed ${error.code}` : "error"),
      complete: () => resolve("complete"),
    },
  );
});
await client.dispose();
console.log(JSON.stringify({ ended, heard, closes, opened }));
process.exit(0);
