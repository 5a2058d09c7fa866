// The page with the map in a real browser: signs in, zooms in, and sees a report arrive that another phone sends.
import chromium from "@sparticuz/chromium";
import { chromium as browsers } from "playwright-core";

const given = JSON.parse(process.env.GIVEN);
const browser = await browsers.launch({
  executablePath: await chromium.executablePath(),
  args: chromium.args.filter((one) => one !== "--disable-web-security" && one !== "--allow-running-insecure-content"),
  headless: true,
});
const said = { requests: [], faults: [], loads: 0 };
let page;
try {
  await walk();
} catch (fault) {
  console.error(JSON.stringify(said));
  throw fault;
} finally {
  await browser.close();
}
console.log(JSON.stringify(said));
process.exit(0);

async function walk() {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "zh-CN" });
  page.on("request", (request) => said.requests.push(request.url()));
  page.on("websocket", (socket) => said.requests.push(socket.url()));
  page.on("console", (message) => message.type() === "error" && said.faults.push(message.text()));
  page.on("pageerror", (error) => said.faults.push(String(error)));
  page.on("load", () => { said.loads += 1; });
  page.setDefaultTimeout(45_000);
  await page.goto(`${given.address}/map`);
  said.before = await page.textContent("#live-text");

  await signIn(page, "a wrong password");
  await page.waitForFunction(() => document.getElementById("sign-in-problem").textContent !== "");
  said.refused = await page.textContent("#sign-in-problem");

  await signIn(page, given.password);
  await page.waitForSelector('body[data-live="live"]');
  await page.waitForFunction((least) => Number(document.getElementById("map").dataset.cases) >= least, given.cases);
  said.city = await counted(page);
  await settled(page);
  await page.screenshot({ path: given.pictures.city });

  // From farther away all of them are one tile's, too many to be shown one by one.
  await page.evaluate(() => document.getElementById("map").cityMap.map.getView().setZoom(13));
  await settled(page);
  said.zooms = [await zoomOf(page)];
  while ((await counted(page)).singles === 0 && said.zooms.length < 10) {
    await clickCluster(page);
    said.zooms.push(await zoomOf(page));
  }
  said.close = await counted(page);
  await clickSingle(page);
  await page.waitForSelector("#details:not([hidden])");
  said.details = await page.textContent("#details-body");
  await settled(page);
  await page.screenshot({ path: given.pictures.close });
  await page.click('[data-close="details"]');

  await page.evaluate(({ lng, lat }) => {
    const { map } = document.getElementById("map").cityMap;
    map.getView().setCenter(ol.proj.fromLonLat([lng, lat]));
    map.getView().setZoom(18.4);
  }, given.report.point);
  await settled(page);
  said.beforeReport = await counted(page);
  said.reported = await report();
  await page.waitForFunction(
    (id) => document.getElementById("map").cityMap.seen?.some((mark) => mark.getId() === id), said.reported,
  );
  said.afterReport = await counted(page);
  said.news = await page.textContent("#news");
  await page.screenshot({ path: given.pictures.live });

  await page.click('.switch:has(#show-heat)');
  await page.evaluate(() => document.getElementById("map").cityMap.map.getView().setZoom(15.5));
  await page.waitForFunction((least) => Number(document.getElementById("map").dataset.cases) === least, given.cases + 1);
  await settled(page);
  await page.screenshot({ path: given.pictures.heat });

  await page.click("#language");
  await page.setViewportSize({ width: 390, height: 844 });
  await settled(page);
  await page.screenshot({ path: given.pictures.phone });
  said.english = await page.textContent("#live-text");
  await page.click("#sign-out");
  await page.waitForSelector("#sign-in:not([hidden])");
  said.after = await page.textContent("#live-text");
}

async function signIn(page, password) {
  await page.fill("#phone", given.phone);
  await page.fill("#password", password);
  await page.click("#sign-in button");
}

async function report() {
  const answer = await fetch(`${given.address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: given.reporter },
    body: JSON.stringify({ documentId: given.submit, variables: { input: given.report } }),
  });
  return (await answer.json()).data.submitReport.id;
}

async function settled(page) {
  await page.evaluate(() => new Promise((resolve) => {
    const { map } = document.getElementById("map").cityMap;
    map.once("rendercomplete", resolve);
    map.render();
  }));
  await page.evaluate(() => document.fonts.ready);
}

function counted(page) {
  return page.evaluate(() => {
  const { cases, clusters, singles } = document.getElementById("map").dataset;
  return { cases: Number(cases), clusters: Number(clusters), singles: Number(singles) };
  });
}

function zoomOf(page) {
  return page.evaluate(() => document.getElementById("map").cityMap.map.getView().getZoom());
}

// Clicks the largest cluster and waits until the map has come nearer.
async function clickCluster(page) {
  const before = await zoomOf(page);
  const at = await pixelOf(page, "cluster");
  await page.mouse.click(at.x, at.y);
  await page.waitForFunction((zoom) => {
    const view = document.getElementById("map").cityMap.map.getView();
    return view.getZoom() > zoom && !view.getAnimating();
  }, before);
  await settled(page);
}

async function clickSingle(page) {
  const at = await pixelOf(page, "single");
  await page.mouse.click(at.x, at.y);
}

// What lies nearest to the middle, as panels lie over the edges; of clusters the largest of those.
function pixelOf(page, kind) {
  return page.evaluate((wanted) => {
  const { cityMap } = document.getElementById("map");
  const { map } = cityMap;
  const [width, height] = map.getSize();
  const found = cityMap.inView().filter(([, facts]) => {
    return wanted === "cluster" ? facts.count !== undefined : facts.of === "cases";
  }).map(([mark, facts]) => {
    const [x, y] = map.getPixelFromCoordinate(ol.extent.getCenter(mark.getGeometry().getExtent()));
    return { x, y, count: facts.count ?? 1 };
  }).filter(({ x, y }) => x > 330 && x < width - 350 && y > 80 && y < height - 120);
  found.sort((a, b) => b.count - a.count || Math.hypot(a.x - width / 2, a.y - height / 2) - Math.hypot(b.x - width / 2, b.y - height / 2));
  const top = document.getElementById("map").getBoundingClientRect().top;
  return found.length ? { x: found[0].x, y: found[0].y + top } : { x: width / 2, y: height / 2 + top };
  }, kind);
}
