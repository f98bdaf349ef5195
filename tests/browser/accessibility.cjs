// Every page of the gallery: axe finds nothing, nothing is wider than the screen, the policy is kept.
// usage: accessibility.cjs GALLERY_PROGRAM on|off WIDTH [FOLDER_FOR_PICTURES]
// off: as without JavaScript. axe itself needs it, so the pages' own script is emptied and the mark it leaves on the
// body taken away; journeys.cjs has a browser without any.
const fs = require('node:fs');
const {startGallery, startBrowser, signIn, check, finish} = require('./browser.cjs');

const [program, javaScript, widthText, pictures] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const pages = ['/', '/volunteers', '/volunteers?state=empty', '/volunteers?state=long', '/volunteers/new',
  '/volunteers/new?state=error', '/handover', '/handover?state=long', '/compare', '/compare?state=error',
  '/compare?state=long', '/sync', '/sync?state=empty', '/upload', '/upload?state=error', '/locked', '/nothing-here',
  '/everything?text=' + encodeURIComponent('<script>alert(1)</script>')];

async function violations(page) {
  // Through the debugger, which the pages' policy does not bind.
  const session = await page.context().newCDPSession(page);
  const run = (expression) => session.send('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true});
  await run(axe);
  const answer = await run(`axe.run(document, {runOnly: {type: 'tag', values: ${JSON.stringify(tags)}}})
    .then(r => JSON.stringify(r.violations.map(v => [v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 160)])))`);
  await session.detach();
  return answer.result.value;
}

async function contentWidth(page) {
  const session = await page.context().newCDPSession(page);
  const metrics = await session.send('Page.getLayoutMetrics');
  await session.detach();
  return metrics.cssContentSize.width;
}

async function lookAt(page, base, address, width) {
  await page.setViewportSize({width, height: 900});
  await page.goto(base + address);
  if (javaScript === 'off') {
    await page.evaluate(() => document.body.classList.remove('js-enabled', 'govuk-frontend-supported'));
  }
  if (page.url() !== base + address) throw new Error(`${address} led to ${page.url()}`);
  const name = `${address} at ${width} px`;
  const found = await violations(page);
  check(`${name}: axe finds nothing`, found === '[]', found);
  const wide = await contentWidth(page);
  check(`${name}: nothing is cut off or wider than the screen`, wide <= width, wide);
  const headings = await page.locator('h1').count();
  check(`${name}: there is one main heading`, headings === 1, headings);
  if (pictures) {
    const file = address.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'start';
    await page.screenshot({path: `${pictures}/${file}-${width}-js-${javaScript}.png`, fullPage: true});
  }
}

(async () => {
  if (pictures) fs.mkdirSync(pictures, {recursive: true});
  const gallery = await startGallery(program);
  const browser = await startBrowser();
  if (javaScript === 'off') {
    await browser.context.route('**/app.js', (route) => route.fulfill({contentType: 'text/javascript', body: ''}));
  }
  const width = Number(widthText);
  await lookAt(browser.page, gallery.base, '/sign-in', width);
  await signIn(browser.page, gallery.base);
  for (const address of pages) await lookAt(browser.page, gallery.base, address, width);
  check('the console is clean under the policy', browser.complaints.length === 0, browser.complaints.join('\n'));
  await browser.end();
  await gallery.end();
  finish();
})().catch((error) => { console.error(error); process.exit(1); });
