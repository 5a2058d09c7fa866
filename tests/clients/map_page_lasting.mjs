// The page with the map for hours on end: narrowed down, cut off, found closed cases, signed out elsewhere.
import chromium from "@sparticuz/chromium";
import { chromium as browsers } from "playwright-core";

const given = JSON.parse(process.env.GIVEN);
const browser = await browsers.launch({
  executablePath: await chromium.executablePath(),
  args: chromium.args.filter((one) => one !== "--disable-web-security" && one !== "--allow-running-insecure-content"),
  headless: true,
});
const said = { faults: [] };
const seen = (name) => page.evaluate((which) => Number(document.getElementById("map").dataset[which]), name);
const until = (name, wanted) => page.waitForFunction(
  ([which, count]) => Number(document.getElementById("map").dataset[which]) === count, [name, wanted],
);
const live = (state) => page.waitForSelector(`body[data-live="${state}"]`);
let page;
try {
  await walk();
} catch (fault) {
  console.error(JSON.stringify(said), await page?.textContent("body").catch(() => ""));
  throw fault;
} finally {
  await browser.close();
}
console.log(JSON.stringify(said));
process.exit(0);

async function walk() {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "zh-CN" });
  page.on("pageerror", (error) => said.faults.push(String(error)));
  page.setDefaultTimeout(30_000);
  const sockets = [];
  await page.routeWebSocket(/graphql/, (socket) => {
    sockets.push(socket);
    socket.connectToServer();
  });
  await page.goto(`${given.address}/map`);
  await page.fill("#phone", given.phone);
  await page.fill("#password", given.password);
  await page.click("#sign-in button");
  await live("live");
  await until("cases", given.open);

  // What is chosen is what is counted: stages, what has ended, and points of one layer.
  await page.click("#stages .chip:nth-child(1)");
  await until("cases", given.open - given.waiting);
  await page.click("#stages .chip:nth-child(5)");
  await until("cases", given.open - given.waiting + given.ended);
  await page.click("#reset");
  await until("cases", given.open);
  for (const [stage] of [1, 2, 3, 4].entries()) await page.click(`#stages .chip:nth-child(${stage + 1})`);
  await until("marks", 0);
  said.empty = await page.textContent("#in-view");
  await page.click("#layers .chip:nth-child(1)");
  await until("marks", given.toilets);
  await page.focus("#map");
  await page.keyboard.press("n");
  said.ringed = await page.textContent("#in-view");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#details:not([hidden]) .badge");
  said.point = await page.textContent("#details");
  await page.keyboard.press("Escape");
  said.focused = await page.evaluate(() => document.activeElement.id);
  await page.click("#reset");
  await until("cases", given.open);

  // The city closes the line; what happens meanwhile is not missed, and nobody loads the page again.
  await sockets.at(-1).close({ code: 1001 });
  await live("reconnecting");
  await report();
  await live("live");
  await until("cases", given.open + 1);
  said.sockets = sockets.length;

  // Ended by whoever: it leaves the map by itself.
  await fetch(`${given.control}/close`);
  await until("cases", given.open);

  // Signed out elsewhere: the form comes back and says why.
  await fetch(`${given.control}/sign-out`);
  await sockets.at(-1).close({ code: 4401 });
  await page.waitForSelector("#sign-in:not([hidden])");
  said.problem = await page.textContent("#sign-in-problem");
  said.left = await seen("marks").catch(() => null);
}

async function report() {
  const answer = await fetch(`${given.address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: given.reporter },
    body: JSON.stringify({ documentId: given.submit, variables: { input: given.report } }),
  });
  said.reported = (await answer.json()).data.submitReport.id;
}
