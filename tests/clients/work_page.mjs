// SAQ's page with the queues in a real browser: a wrong password, the right one, the queues, one of them, one wake-up.
import chromium from "@sparticuz/chromium";
import { chromium as browsers } from "playwright-core";

const given = JSON.parse(process.env.GIVEN);
const browser = await browsers.launch({
  executablePath: await chromium.executablePath(),
  args: chromium.args.filter((one) => one !== "--disable-web-security" && one !== "--allow-running-insecure-content"),
  headless: true,
});
const said = { requests: [], faults: [] };
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "zh-CN" });
  page.on("request", (request) => request.url().startsWith("http") && said.requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && said.faults.push(message.text()));
  page.on("pageerror", (error) => said.faults.push(String(error)));
  page.setDefaultTimeout(30_000);
  await page.goto(`${given.address}/wakes`);

  await signIn(page, "a wrong password");
  await page.waitForFunction(() => document.getElementById("problem").textContent !== "");
  said.refused = await page.textContent("#problem");

  await signIn(page, given.password);
  const rows = page.locator("main tbody tr td:first-child");
  await rows.first().waitFor();
  said.queues = await rows.allTextContents();
  await page.getByText(given.queue, { exact: true }).click();
  await page.getByText("work_id").first().waitFor();
  said.jobs = await page.textContent("main");
  await page.locator("main a[href*='/jobs/']").first().click();
  await page.getByText("Attempts").waitFor();
  said.buttons = await page.locator("main [role=button]:visible").count();
} catch (fault) {
  console.error(JSON.stringify(said));
  throw fault;
} finally {
  await browser.close();
}
console.log(JSON.stringify(said));
process.exit(0);

async function signIn(page, password) {
  await page.fill("#phone", given.phone);
  await page.fill("#password", password);
  await page.click("#sign-in button");
}
